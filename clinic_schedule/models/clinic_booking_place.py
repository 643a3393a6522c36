# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError


class ClinicBooking(models.AbstractModel):
    """What home visits ask for besides a time: an address in a place that the branch serves."""

    _inherit = "clinic.booking"  # pylint: disable=consider-merging-classes-inherited

    def _set_place(self, plan, patient, channel, vals):
        """Put the address of a home visit into ``vals`` and what is to be known of it into the journal.

        :raise UserError: a home visit without an address, or to a place that the branch does not serve
        """
        if plan.terms.place != "home":
            vals["visit_address"] = False
            return
        address = vals.get("visit_address") or self._card_address(patient)
        if not address:
            raise UserError(
                self.env._("A home visit needs an address. Write it, or add it to the patient's card.")
            )
        vals["visit_address"] = address
        note = self._district_note(plan.branch_id, address, channel)
        plan.note = "; ".join(filter(None, (plan.note, note)))

    def _card_address(self, patient):
        """The address of the card in one line: where the patient lives, else the first one."""
        rows = patient.clinic_address_ids
        row = rows.filtered(lambda one: one.kind == "residence")[:1] or rows[:1]
        return row.raw or ", ".join(filter(None, (patient.city, patient.street))) or ""

    def _district_note(self, branch_id, address, channel):
        """Words for the journal when the address is outside of the branch's list; refused if it says so."""
        # sudo: patients have no rights on branches; the list is no secret
        branch = self.env["clinic.branch"].sudo().browse(branch_id)
        if channel == "import" or branch._serves(address):
            return ""
        if branch.home_district_mode == "refuse":
            raise UserError(
                self.env._(
                    "Doctors of the branch “%(branch)s” do not go to this address. Places served: %(places)s."
                    " Choose another branch or a visit in the clinic.",
                    branch=branch.name,
                    places=", ".join(branch._home_places()),
                )
            )
        return self.env._("Address outside of the places served")
