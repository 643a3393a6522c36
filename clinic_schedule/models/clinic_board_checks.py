# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from odoo.addons.clinic_base.models.clinic_print_state import MISSING

#: Who pays -> the kind of policy that must be in force on the day.
POLICIES = {"insurer": "dms", "employer": "employer", "oms": "oms"}


class ClinicBoardChecks(models.AbstractModel):
    """What the desk sees to while the patient stands before it: the list shown by the key “Arrived”."""

    _inherit = "clinic.board"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def arrive(self, appointment_id):
        """Adds ``checks``: what is not in order (see ``_arrival_checks``), and ``patient``."""
        result = super().arrive(appointment_id)
        visit = self._appointment(appointment_id)
        checks = [check for check in self._arrival_checks(visit) if not check["ok"]]
        return {
            **result,
            "queue": visit.queue_label,
            "checks": checks,
            "patient": {"id": visit.patient_id.id, "name": visit.patient_id.name or ""},
        }

    @api.model
    def _arrival_checks(self, appointment):
        """List of ``{"key", "ok", "text"}``, the gravest first. Addons above extend it with
        ``super()._arrival_checks(appointment) + […]``, billing by debts.

        Sudo: the caller has marked the arrival, so the visit is his; what is in order is told to him and
        nothing of what stands in the papers.
        """
        visit = appointment.sudo()
        if not visit.patient_id:
            return []
        return [
            *self._check_papers(visit),
            self._check_card(visit.patient_id),
            *self._check_representative(visit.patient_id),
            *self._check_payer(visit),
        ]

    @api.model
    def _check_papers(self, visit):
        """Contract and consents that everybody needs and this patient has not signed."""
        forms = self.env["clinic.print.form"].sudo()
        package = forms._package_of(visit.patient_id).filtered(
            lambda form: form.ticked and form.needs_signature
        )
        labels = {
            "none": self.env._("to be printed and signed"),
            "printed": self.env._("printed, not signed"),
            "expired": self.env._("has expired"),
            "outdated": self.env._("there is a new version, to be signed anew"),
        }
        return [
            {
                "key": "paper",
                "ok": state.state not in MISSING,
                "text": self.env._(
                    "Paper “%(paper)s”: %(state)s", paper=form.name, state=labels.get(state.state, "")
                ),
            }
            for form, state in package._states(visit.patient_id).items()
        ]

    @api.model
    def _check_card(self, patient):
        """Gaps in the card; a provisional card is completed in its own part of the dialog."""
        known = {
            self.env._("given name"): patient.given_name,
            self.env._("birth date"): patient.birth_date,
            self.env._("sex"): patient.sex,
            self.env._("phone"): patient.clinic_phone_ids or patient.is_child,
        }
        gaps = [label for label, value in known.items() if not value]
        text = self.env._("Gaps in the card: %(gaps)s", gaps=", ".join(gaps))
        return {"key": "card", "ok": not gaps, "text": text}

    @api.model
    def _check_representative(self, patient):
        if not patient.is_child:
            return []
        text = self.env._("A child: nobody is named who may act for the patient")
        return [
            {"key": "representative", "ok": bool(patient.clinic_representative_ids), "text": text},
        ]

    @api.model
    def _check_payer(self, visit):
        """A policy in force for who pays, and prepayment if the card asks for it."""
        checks = []
        kind = POLICIES.get(visit.payer_kind)
        if kind:
            good = visit.patient_id.clinic_coverage_ids.filtered(
                lambda policy: policy.kind == kind and policy._is_good_on(visit.local_date)
            )
            payer = dict(visit._fields["payer_kind"]._description_selection(self.env))[visit.payer_kind]
            text = self.env._("Pays: %(payer)s, but no policy is in force on this day", payer=payer)
            checks.append({"key": "payer", "ok": bool(good), "text": text})
        if visit.prepayment:
            text = self.env._("Only with prepayment: check that it was paid")
            checks.append({"key": "prepayment", "ok": False, "text": text})
        return checks
