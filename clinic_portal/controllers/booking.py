# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import math

from odoo import fields, http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.clinic_schedule.exceptions import PleasePhone, PriceChanged, SlotTaken

from .common import clinic_phone, is_own_form, render_private, typed
from .done import ClinicDoneController
from .visitor import Visitor


class ClinicBookingController(ClinicDoneController):
    """The form: from the kept time to the booked visit. Every write goes through ``clinic.booking``."""

    @http.route("/clinic/booking", type="http", auth="public", website=True, methods=["GET"], sitemap=False)
    def booking(self, **params):
        """The form for the time this visitor has chosen."""
        visitor = Visitor(request)
        token, slot = visitor.latest
        if not token:
            # back from the page of the booked visit: it is booked, there is nothing to fill in any more
            return request.redirect("/clinic/done" if self._last_booked(visitor) else "/clinic", code=303)
        return self._render_form(visitor, token, slot, self._first_values())

    @http.route(
        "/clinic/booking",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
        csrf=False,  # checked in the method: a lost session must not lose what was typed
    )
    def booking_sent(self, action=None, slot=None, token=None, csrf_token=None, **post):
        """The sent form: another time, a code, or the booking itself."""
        visitor = Visitor(request)
        values = typed(post)
        if not is_own_form(csrf_token):
            return self._render_form(
                visitor, None, None, values, alert=self._old_page(), choose=True, status=400
            )
        kept = visitor.slot_of(token)
        if slot:
            return self._change_time(visitor, slot, values)
        done = self._done_visit(visitor, token)
        if done:
            return self._redirect_done(visitor, token, done)
        if not kept:
            message = request.env._(
                "This booking was begun in another browser or too long ago. What you typed is still"
                " here: please choose a time."
            )
            return self._render_form(visitor, None, None, values, alert=message, choose=True)
        forms = request.env["clinic.portal.form"]
        branch = request.env["clinic.branch"].sudo().browse(kept["branch_id"])
        outcome = forms._read(values, branch)
        forms._read_address(values, self._service(kept), branch, outcome)
        step = self._next_step(visitor, values, outcome, action)
        if step != "done" or self._has_too_many(outcome):
            sent = step == "code" and self._send_code(visitor, outcome)
            return self._render_form(visitor, token, kept, values, outcome=outcome, code_sent=sent)
        return self._book(visitor, token, kept, values, outcome)

    def _done_visit(self, visitor, token):
        """The visit this browser has already made of the token: the form was sent once more."""
        visit_id = visitor.booked_of(token)
        if visit_id:
            return request.env["clinic.appointment"].sudo().browse(visit_id).exists()
        return visitor.slot_of(token) and self._appointment(token, "booked", "confirmed")

    def _next_step(self, visitor, values, outcome, action):
        """What the sent form leads to; the Enter key does what its visible button would.

        :return: ``show`` (the form with its errors), ``code`` (send one) or ``done`` (everything
            is in order: book or file)
        """
        forms = request.env["clinic.portal.form"]
        if outcome["errors"]:
            return "show"
        if not outcome["person"]:
            return "show" if action == "code" else "done"
        if action == "code":
            return "code"
        if not values["code"].strip():
            if not self._code_pending(visitor, outcome):
                return "code"
            outcome["errors"]["code"] = request.env._("Please type the code from the message.")
            return "show"
        return "done" if forms._check_code(outcome, values["code"], visitor.secret) else "show"

    @staticmethod
    def _send_code(visitor, outcome):
        return request.env["clinic.portal.form"]._send_code(outcome, visitor.secret, visitor.address)

    @staticmethod
    def _has_too_many(outcome):
        """Note in the outcome that no more visits may be booked; told only to whom proved the phone."""
        people = request.env["clinic.portal.person"]
        if outcome["patient"]:
            if people._too_many_visits(patient=outcome["patient"]):
                outcome["errors"]["patient"] = people._too_many_sentence()
        elif people._too_many_visits(phone=outcome["person"]["phone"]):
            outcome["errors"]["phone"] = request.env._(
                "Several visits are already booked on the site from this number."
                " Please book the next one by phone."
            )
        return bool(outcome["errors"])

    def _change_time(self, visitor, slot, values):
        wanted = request.env["clinic.portal.catalogue"]._read_slot(slot)
        token, kept = visitor.latest
        if wanted and kept and kept.get("ticket"):
            # another time with the same ticket
            wanted = {**wanted, "ticket": kept["ticket"], "price": None}
        problem = self._take(visitor, wanted)
        token, kept = visitor.latest
        if not problem:
            return self._render_form(visitor, token, kept, values)
        return self._render_form(
            visitor, token, kept, values, alert=problem, choose=True, near=wanted or kept, status=409
        )

    def _book(self, visitor, token, slot, values, outcome):
        """Book the kept time; a hold that has run out is tried once more."""
        forms = request.env["clinic.portal.form"]
        branch = request.env["clinic.branch"].sudo().browse(slot["branch_id"])
        try:
            patient = forms._complete(outcome, values, branch, visitor.address)
            booking = self._booking(visitor)
            if not self._appointment(token, "held"):
                booking.hold(self._live(slot), token, minutes=1, channel="site")
            address = forms._read_address(values, self._service(slot), branch, outcome)
            place = {"visit_address": address} if address else {}
            appointment = booking.book(self._live(slot), patient, token=token, channel="site", **place)
            if patient not in forms._patients():
                # the family is seen by its relations, which end; a stranger's visit by its booker
                appointment.sudo().portal_partner_id = forms._account()
            request.env.cr.flush()
        except UserError as error:
            request.env.cr.rollback()
            done = self._done_visit(visitor, token)
            if done:
                return self._redirect_done(visitor, token, done)
            if isinstance(error, PriceChanged):
                # shown with its new price; who sends the form once more agrees to it
                slot = {**slot, "price": error.price, "before": 0}
                visitor.change_hold(token, slot)
            lost = isinstance(error, SlotTaken)
            outcome = forms._read(values, branch)
            return self._render_form(
                visitor,
                token,
                slot,
                values,
                outcome=outcome,
                alert=self._sentence(error),
                choose=not isinstance(error, PleasePhone | PriceChanged),
                status=409 if lost else 200,
            )
        return self._redirect_done(visitor, token, appointment)

    @staticmethod
    def _service(slot):
        """The service of a kept time; sudo: the site shows services to everybody."""
        return request.env["product.product"].sudo().browse(slot["service_id"])

    @staticmethod
    def _redirect_done(visitor, token, appointment):
        visitor.forget_hold(token)
        visitor.remember_booked(token, appointment.id)
        return request.redirect("/clinic/done", code=303)

    def _first_values(self):
        """An empty form; for an account what we know of it."""
        forms = request.env["clinic.portal.form"]
        patients, account = forms._patients(), forms._account()
        values = typed({})
        if patients:
            values["patient"] = str(patients[0].id)
        elif account:
            values.update(name=account.name or "", phone=account.phone or "")
        return values

    def _render_form(
        self,
        visitor,
        token,
        slot,
        values,
        outcome=None,
        alert=None,
        choose=False,
        near=None,
        code_sent=False,
        status=200,
    ):
        """The page with the form.

        :param choose: show other free times as buttons of the form (what was typed stays)
        """
        catalogue, forms = request.env["clinic.portal.catalogue"], request.env["clinic.portal.form"]
        held = self._appointment(token, "held") if token else None
        if token and not held and not choose:
            alert = alert or request.env._(
                "The time is no longer kept for you. Confirm to try it once more, or choose another one."
            )
            choose = True
        alternatives = []
        if choose:
            alternatives = catalogue._alternatives(self._live(near or slot))
        summary = self._summary(slot) if slot else None
        pending = self._code_pending(visitor, outcome)
        needs_code = not forms._patients() or values.get("patient") == "new"
        return render_private(
            "clinic_portal.booking_form",
            {
                "token": token,
                "summary": summary,
                "seconds_left": self._seconds_left(held),
                "values": values,
                "errors": (outcome or {}).get("errors", {}),
                "echo": (outcome or {}).get("echo"),
                "alert": alert,
                "alternatives": alternatives,
                "code_step": bool(pending),
                "code_sent": code_sent,
                "code_target": pending.phone_masked if pending else "",
                "codes_available": request.env["clinic.code.sender"]._available(),
                "codes_off": forms._codes_off(),
                "needs_code": needs_code,
                "clinic_phone": clinic_phone(summary and summary["branch"]),
                **self._people_values(),
            },
            status=status,
        )

    @staticmethod
    def _people_values():
        forms, people = request.env["clinic.portal.form"], request.env["clinic.portal.person"]
        today = people._today()
        patients = [
            {
                "id": str(card.id),
                "name": card.name,
                "echo": card.birth_date and people._birth_date_echo(card.birth_date, today),
                "consented": forms._has_consent(card),
            }
            for card in forms._patients()
        ]
        return {
            "patients": patients,
            "account": forms._account(),
            "consent_text": forms._text("personal_data"),
            "marketing_text": forms._text("marketing"),
        }

    @staticmethod
    def _code_pending(visitor, outcome):
        person = (outcome or {}).get("person") or {}
        codes = request.env["clinic.phone.code"]
        return codes._pending(person["phone"], visitor.secret) if person.get("phone") else codes

    @staticmethod
    def _seconds_left(held):
        if not held:
            return 0
        return max(0, math.floor((held.hold_expires_at - fields.Datetime.now()).total_seconds()))

    def _summary(self, slot):
        """What was chosen, for the top of the page."""
        catalogue = request.env["clinic.portal.catalogue"]
        shown = catalogue._show_slot(self._live(slot))
        doctor = catalogue._doctor_of(slot["resource_id"])
        service = self._service(slot)
        before = catalogue._price_text(slot["before"], service) if slot.get("before") else ""
        price = catalogue._slot_price(slot)
        return {**shown, "doctor": doctor, "service": service, "price": price, "before": before}
