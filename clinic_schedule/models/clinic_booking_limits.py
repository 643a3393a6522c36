# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ..const import LIVE, PATIENT_CHANNELS
from ..exceptions import PleasePhone

#: Fields of the company that a booking reads: limits of patients, and the currency of its price.
LIMITS = ["clinic_limit_no_shows", "clinic_no_show_rule", "clinic_limit_open", "currency_id"]
#: Missed visits of this time count.
MEMORY = timedelta(days=365)


class ClinicBooking(models.AbstractModel):
    """Limits for patients in the ways of booking without the staff; the staff is told, not stopped.

    They are a courtesy to other patients and no guard of places: of requests at one moment as many as
    run together may slip over a limit.
    """

    _inherit = "clinic.booking"  # pylint: disable=consider-merging-classes-inherited

    def _check_limits(self, plan, patient, channel, held=None):
        """Refuse another visit to who has enough ahead or missed too many; what the journal is to know."""
        if not patient or channel == "import":
            return
        company = self._company_of(plan.branch_id)
        missed = self._missed_visits(patient, company)
        if channel not in PATIENT_CHANNELS:
            if missed:
                note = self.env._("Missed visits in a year: %(count)s", count=missed)
                plan.note = "; ".join(filter(None, (plan.note, note)))
            return
        if missed and company.clinic_no_show_rule == "phone":
            raise PleasePhone(self._please_phone(plan.branch_id))
        most = company.clinic_limit_open
        if most and self._count_coming(patient, company, most, held) >= most:
            raise UserError(
                self.env._(
                    "This patient already has %(count)s visits ahead. Cancel one that is not needed, or book"
                    " the next one by phone: we will help.",
                    count=most,
                )
            )

    def _company_of(self, branch_id):
        """The company of a branch with its limits; no other field of both rows is read for a booking."""
        # sudo: limits are for everybody, the caller has checked the branch
        branch = self.env["clinic.branch"].sudo().browse(branch_id)
        branch.fetch(["company_id", "tz"])
        branch.company_id.fetch(LIMITS)
        return branch.company_id

    def _missed_visits(self, patient, company):
        """Visits that the patient has missed in a year, 0 as long as the rule does not count."""
        limit = company.clinic_limit_no_shows
        if not limit:
            return 0
        count = (
            self.env["clinic.appointment"]
            .sudo()
            .search_count(
                [
                    ("patient_id", "=", patient.id),
                    ("company_id", "=", company.id),
                    ("state", "=", "no_show"),
                    ("start", ">", fields.Datetime.now() - MEMORY),
                ]
            )
        )
        return count if count >= limit else 0

    def _count_coming(self, patient, company, most, held=None):
        domain = [
            ("patient_id", "=", patient.id),
            ("company_id", "=", company.id),
            ("state", "in", LIVE),
            ("stop", ">", fields.Datetime.now()),
            ("id", "!=", held.id if held else 0),
        ]
        return self.env["clinic.appointment"].sudo().search_count(domain, limit=most)

    def _requires_prepayment(self, patient, branch_id):
        """Hook: whether a new visit of the patient is booked only with prepayment.

        Here: the card says so, or too many visits were missed. Addons that take payments ask it too.
        """
        if not patient:
            return False
        company = self._company_of(branch_id)
        missed = company.clinic_no_show_rule == "prepay" and self._missed_visits(patient, company)
        return bool(patient.needs_prepayment or missed)

    def _check_moves(self, appointment, channel):
        """Refuse another move by the patient himself when the visit was moved often enough."""
        most = appointment.company_id.clinic_limit_moves
        if channel not in PATIENT_CHANNELS or not most or appointment.state == "held":
            return
        moved = (
            self.env["clinic.appointment.journal"]
            .sudo()
            .search_count(
                [
                    ("appointment_id", "=", appointment.id),
                    ("action", "=", "moved"),
                    ("channel", "in", PATIENT_CHANNELS),
                    ("state_from", "!=", "held"),
                ],
                limit=most,
            )
        )
        if moved >= most:
            raise UserError(
                self.env._(
                    "This visit was already moved %(count)s times. To move it once more, please phone the"
                    " clinic: we will find a time together.",
                    count=most,
                )
            )
