# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from odoo.addons.clinic_schedule.exceptions import SlotTaken

from .common import is_own_form, log_event, params_of, session_mark
from .site import ClinicSite
from .visitor import Visitor


class ClinicHoldController(ClinicSite):
    """The first tap: a time is kept for this visitor, or given back."""

    @http.route(
        "/clinic/hold",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
        csrf=False,  # checked in the method: an old page brings the fresh times
    )
    def hold(self, slot=None, back=None, screen=None, ticket=None, csrf_token=None, **post):
        """Keep the tapped time for this visitor; a lost time brings the same screen with others."""
        visitor = Visitor(request)
        if not is_own_form(csrf_token):
            lost = {"message": self._old_page(), "alternatives": []}
            return self._render_search(params_of(back), lost=lost, status=400)
        wanted = request.env["clinic.portal.catalogue"]._read_slot(slot)
        if wanted and ticket:
            wanted["ticket"] = str(ticket)
        problem = self._take(visitor, wanted)
        if not problem:
            return request.redirect("/clinic/booking", code=303)
        return self._after_lost(problem, params_of(back), ticket=ticket, wanted=wanted, screen=screen)

    def _after_lost(self, problem, params, ticket=None, wanted=None, screen=None):
        """The screen that the time was tapped on, with other times."""
        catalogue = request.env["clinic.portal.catalogue"]
        lost = {"message": problem, "alternatives": catalogue._alternatives(wanted, limit=6)}
        doctor = catalogue._shown("clinic.practitioner", params.get("doctor"))
        if screen == "doctor" and doctor:
            return self._render_doctor(doctor, params, lost=lost, status=409)
        return self._render_search(params, lost=lost, status=409)

    @http.route(
        ["/clinic/hold", "/clinic/release"],
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def hold_opened(self, **params):
        """Addresses of buttons that somebody opens like pages lead to the first screen."""
        return request.redirect("/clinic", code=303)

    def _take(self, visitor, wanted):
        """Hold a slot for the visitor instead of his former one.

        :return: nothing, or the sentence that says why not; then nothing has changed
        """
        if not wanted:
            return request.env._("This time cannot be booked. Please choose one of the free times.")
        former, former_slot = visitor.latest
        if former and self._is_same(former_slot, wanted) and self._appointment(former, "held"):
            return None
        token = visitor.make_token()
        try:
            booking = self._booking(visitor)
            for known, _slot in visitor.holds:
                booking.release(known)
            held = booking.hold(wanted, token, channel="site").sudo()
        except UserError as error:
            request.env.cr.rollback()
            if isinstance(error, SlotTaken):
                self._log_chosen(visitor, wanted)
            return self._sentence(error)
        visitor.forget_all_holds()
        # the visit has the price of the time that is kept
        kept = {**wanted, "price": held.price, "before": held.price_before}
        visitor.remember_hold(token, self._stored(kept))
        self._log_chosen(visitor, wanted)
        return None

    @staticmethod
    def _log_chosen(visitor, wanted):
        """A time was tapped; whether it was still free is the booking service's line."""
        log_event("chosen", visitor, service=wanted["service_id"], resource=wanted["resource_id"])

    @staticmethod
    def _old_page():
        return request.env._(
            "This page was open for too long. Nothing has been booked: please choose a time."
        )

    @classmethod
    def _is_same(cls, kept, wanted):
        """Whether the tapped time is the one that is kept already."""
        stored = cls._stored(wanted)
        return all(
            kept.get(name) == stored.get(name) for name in ("service_id", "resource_id", "start", "ticket")
        )

    @staticmethod
    def _stored(slot):
        """A slot as the session can keep it."""
        return {**slot, "start": fields.Datetime.to_string(slot["start"])}

    @staticmethod
    def _live(slot):
        """A slot of the session as the booking service takes it."""
        return slot and {**slot, "start": fields.Datetime.to_datetime(slot["start"])}

    @staticmethod
    def _sentence(error):
        """What to tell the visitor; nothing about rights or about records he may not know of."""
        if isinstance(error, AccessError | MissingError):
            return request.env._("This time cannot be booked. Please choose one of the free times.")
        if isinstance(error, SlotTaken):
            return request.env._("This time has just been taken. These times are free:")
        return str(error.args[0] if error.args else error)

    def _appointment(self, token, *states):
        """The visit of a token of this visitor, in one of the states; expired holds do not count.

        Reads as superuser: the token, known to this session only, is the right.
        """
        appointments = request.env["clinic.appointment"].sudo()
        found = appointments.search([("token", "=", token), ("state", "in", states)], limit=1)
        if found.state == "held" and found.hold_expires_at <= fields.Datetime.now():
            return appointments
        return found

    @staticmethod
    def _booking(visitor):
        """The booking service for this visitor, whose browser and address its limits count."""
        booking = request.env["clinic.portal.catalogue"]._booking()
        return booking.with_context(
            clinic_visitor=visitor.secret,
            clinic_address=visitor.address,
            clinic_journey={"session": session_mark(visitor)},
        )

    @http.route(
        "/clinic/release",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
        csrf=False,  # the token of the time is a secret of this browser itself
    )
    def release(self, token=None, **post):
        """Give the kept time back and choose another one."""
        visitor = Visitor(request)
        if visitor.slot_of(token):
            self._booking(visitor).release(token)
            visitor.forget_hold(token)
        return request.redirect("/clinic", code=303)
