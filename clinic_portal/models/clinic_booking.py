# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError


class ClinicBooking(models.AbstractModel):
    """The rules of the site: consent, limits of kept times and visits, the last hour of changes.

    They hold for every visitor on every route; the pages only tell of them earlier and nicer.
    """

    _inherit = "clinic.booking"

    @api.model
    def _visitor_key(self):
        """Who is counted by limits: the account, else the browser that the page has named.

        A page names browser and network address in the context. An account of a patient may call
        from outside and name anything there, so it is counted by itself whatever it says.
        """
        user = self.env.user
        if user._is_portal():
            return f"user-{user.id}"
        return str(self.env.context.get("clinic_visitor") or f"user-{user.id}")

    @api.model
    def _visitor_hold_minutes(self):
        """How long the site keeps a time."""
        wanted = self.env["clinic.portal.limit"]._value("clinic_portal.hold_minutes")
        return min(wanted, self._setting("clinic_schedule.hold_minutes_max"))

    def _hold_minutes(self, minutes):
        if (minutes is None or minutes is False) and not self.env.user._is_internal():
            return self._visitor_hold_minutes()
        return super()._hold_minutes(minutes)

    def _check_visitor_hold(self, minutes):
        checked = super()._check_visitor_hold(minutes)
        limits, longest = self.env["clinic.portal.limit"], self._visitor_hold_minutes()
        if minutes > longest:
            raise UserError(
                self.env._("The site keeps a time for at most %(longest)s minutes.", longest=longest)
            )
        allowed = [limits._hit("hold.visitor", self._visitor_key(), "clinic_portal.holds_per_visitor")]
        address = self.env.context.get("clinic_address")
        if address:
            allowed.append(limits._hit("hold.address", address, "clinic_portal.holds_per_address"))
        if not all(allowed):
            raise UserError(self.env._("Too many times were chosen. Please wait an hour or book by phone."))
        return checked

    def _check_visitor_book(self, patient):
        checked = super()._check_visitor_book(patient)
        if not patient:
            raise UserError(self.env._("Please choose who is coming to the visit."))
        if not self.env["clinic.portal.form"]._has_consent(patient):
            raise UserError(
                self.env._(
                    "There is no consent to the processing of this patient's personal data. Please give it on"
                    " the booking page of the site, or book by phone."
                )
            )
        people = self.env["clinic.portal.person"]
        if people._too_many_visits(patient=patient):
            raise UserError(people._too_many_sentence())
        return checked

    def _check_visitor_change(self, appointment, action):
        checked = super()._check_visitor_change(appointment, action)
        # whoever says shortly before the visit that he will come is welcome
        if action != "confirmed" and not appointment._portal_may_change():
            raise UserError(appointment._portal_too_late())
        return checked
