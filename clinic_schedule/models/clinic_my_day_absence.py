# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..slot_algebra import local_day
from .clinic_absence_request import OWN_KINDS

#: How many answers to requests stand on the page.
MOST = 10


class ClinicMyDay(models.AbstractModel):
    """A doctor changes the own schedule: a break, an earlier end, a day off, a vacation."""

    _inherit = "clinic.my.day"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _more(self, doctor, day):
        """Adds ``requests`` (the doctor's own that still matter) and the kinds to choose from."""
        own = doctor == self._own_practitioner()
        kinds = dict(self.env["clinic.absence"]._fields["kind"]._description_selection(self.env))
        return {
            **super()._more(doctor, day),
            "kinds": [[key, kinds[key]] for key in OWN_KINDS] if own else [],
            "requests": self._requests(doctor, day) if own else [],
        }

    @api.model
    def _requests(self, doctor, day):
        """Those that wait, those decided of the day and later, newest first."""
        requests = self.env["clinic.absence.request"]
        low = local_day(day, doctor.tz or "UTC")[0]
        domain = Domain("resource_id", "=", doctor.resource_id.id) & Domain("state", "!=", "withdrawn")
        domain &= Domain("stop", ">", low)
        labels = dict(requests._fields["state"]._description_selection(self.env))
        kinds = dict(requests._fields["kind"]._description_selection(self.env))
        return [
            {
                "id": request.id,
                "name": kinds[request.kind],
                "when": request.wall_text,
                "state": request.state,
                "label": labels[request.state],
                "answer": request.answer or "",
                "absence_id": request.absence_id.id,
            }
            for request in requests.search(domain, limit=MOST)
        ]

    @api.model
    def _own_card(self):
        """The card of the signed-in doctor; nobody asks for another."""
        self._check_reader()
        own = self._own_practitioner()
        if not own:
            raise AccessError(
                self.env._("Only a doctor asks for an own absence. Senior nurses enter it under “Absences”.")
            )
        return own

    @api.model
    def preview_absence(self, vals):
        """What asking for an absence would do: ``{"visits", "approval", "when"}``. Changes nothing.

        :param vals: ``kind, date_from, date_to, whole_days, hour_from, hour_to, reason``; hours of the branch
        """
        return self.env["clinic.absence.request"]._preview(self._own_card(), dict(vals))

    @api.model
    def ask_absence(self, vals):
        """Ask for an own absence; rights: the doctor himself. Applied at once or by approval, as the
        setting of the company says.

        :return: ``{"id", "state"}``
        """
        request = self.env["clinic.absence.request"]._ask(self._own_card(), dict(vals))
        return {"id": request.id, "state": request.state}

    @api.model
    def withdraw_absence(self, request_id):
        """Take a request, or the absence made of it, back. Rights: the doctor himself."""
        self._own_card()
        self.env["clinic.absence.request"].search([("id", "=", request_id)]).action_withdraw()
        return True
