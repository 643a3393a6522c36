# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError

#: What the desk fills in when the patient of a provisional card stands before it.
CARD_FIELDS = ("family_name", "given_name", "patronymic", "birth_date", "sex")


class ClinicBoardArrival(models.AbstractModel):
    """A card made by phone is completed when the patient comes, or joined to the one he already has."""

    _inherit = "clinic.board"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def arrive(self, appointment_id):
        """Adds ``unfinished``: ``{"id", "name"}`` of a provisional card that the user may complete."""
        result = super().arrive(appointment_id)
        return {**result, "unfinished": self._unfinished(self._appointment(appointment_id).patient_id)}

    @api.model
    def _unfinished(self, patient):
        """The card if it waits to be completed and the user may do it, else False."""
        if not patient or not patient.is_provisional or not patient.has_access("write"):
            return False
        return {"id": patient.id, "name": patient.name}

    @api.model
    def unfinished_card(self, patient_id):
        """What is known of a provisional card, and cards of the same person. For the desk.

        :return: ``{"vals": {...}, "sexes": [[key, label]], "similar": [row], "may_join": bool}``
        """
        self._check_desk()
        patient = self._provisional(patient_id)
        vals = {name: patient[name] or "" for name in CARD_FIELDS}
        vals["birth_date"] = patient.birth_date.strftime("%d.%m.%Y") if patient.birth_date else ""
        asked = {**vals, "phone": ", ".join(patient.clinic_phone_ids.mapped("number"))}
        similar = self.env["res.partner"].clinic_find_similar(asked, limit=6)
        return {
            "vals": vals,
            "sexes": [list(pair) for pair in patient._fields["sex"]._description_selection(self.env)],
            "similar": [self._patient_row(card) for card in similar if card["id"] != patient.id][:5],
            "may_join": self.env["clinic.merge"].has_access("create"),
        }

    @api.model
    def complete_card(self, patient_id, vals):
        """Fill a provisional card in and confirm it. A missing or impossible value is refused in words.

        :param vals: any of ``family_name, given_name, patronymic, birth_date`` (as typed), ``sex``
        """
        self._check_desk()
        patient = self._provisional(patient_id)
        vals = {name: str(vals[name]).strip() for name in CARD_FIELDS if vals.get(name)}
        if vals.get("birth_date"):
            vals["birth_date"] = patient._read_birth_date(vals["birth_date"])
        patient.write(vals)
        patient.action_confirm_card()
        return True

    @api.model
    def join_card(self, patient_id, other_id):
        """The action that opens the proposal to join a provisional card with another one."""
        self._check_desk()
        return (
            self._provisional(patient_id) | self.env["res.partner"].browse(other_id)
        ).action_propose_merge()

    @api.model
    def _provisional(self, patient_id):
        patient = self.env["res.partner"].search(
            [("id", "=", patient_id), ("is_patient", "=", True), ("is_provisional", "=", True)]
        )
        if not patient:
            raise UserError(self.env._("This card is complete already. Reload the page."))
        return patient
