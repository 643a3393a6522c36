# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.person_match import fold
from odoo.addons.clinic_schedule.models.clinic_booking_checks import TEXT_LIMITS

CONSENT_PURPOSE = "personal_data"
MARKETING_PURPOSE = "marketing"


class ClinicPortalForm(models.AbstractModel):
    """The form of the site booking: who comes, the phone's code, the consents.

    Used by the pages of booking and of requests. Keeps nothing; runs as superuser where the
    visitor has no rights, always on what the visitor proved: his account or the phone's code.
    """

    _name = "clinic.portal.form"
    _description = "Form of the site booking"

    @api.model
    def _account(self):
        """The contact of the signed-in account; empty for a visitor who is not signed in."""
        user = self.env.user
        return self.env["res.partner"].sudo() if user._is_public() else user.sudo().partner_id

    @api.model
    def _patients(self):
        """For whom the signed-in account may book: himself first, then his family."""
        account = self._account()
        if not account:
            return account
        # sudo: portal users cannot read relations; they are asked for the account itself only
        return self.env["clinic.relation"].sudo()._patients_of(account)

    @api.model
    def _text(self, purpose):
        """The consent text in force for a purpose, or an empty record."""
        found = self.env["clinic.consent.purpose"].sudo()._find(purpose)
        return found.current_text_id if found else self.env["clinic.consent.text"].sudo()

    @api.model
    def _has_consent(self, patient):
        return self.env["clinic.consent"].may(patient, CONSENT_PURPOSE).allowed

    @api.model
    def _read(self, values, branch):
        """Understand a sent form.

        :param values: ``name, birth_date, phone, code, patient, consent, marketing`` as typed
        :return: outcome: ``errors`` (field -> sentence), ``patient`` (a card of the account or
            None), ``person`` (what a new person typed), ``echo`` (the birth date in words)
        """
        outcome = {"errors": {}, "patient": None, "person": None, "echo": None}
        patients = self._patients()
        choice = str(values.get("patient") or "")
        if patients and choice != "new":
            outcome["patient"] = patients.filtered(lambda card: str(card.id) == choice) or None
            if not outcome["patient"]:
                outcome["errors"]["patient"] = self.env._("Please choose who is coming to the visit.")
        else:
            people = self.env["clinic.portal.person"]
            today = people._today(branch)
            outcome["person"], outcome["errors"] = people._read(values, today)
            if outcome["person"]["birth_date"]:
                outcome["echo"] = people._birth_date_echo(outcome["person"]["birth_date"], today)
        self._check_consent(values, outcome)
        return outcome

    @api.model
    def _check_consent(self, values, outcome):
        if outcome["patient"] and self._has_consent(outcome["patient"]):
            return
        text = self._text(CONSENT_PURPOSE)
        given = str(values.get("consent") or "")
        if not text:
            outcome["errors"]["consent"] = self.env._(
                "The clinic has not published the text of the consent yet, so the site may not take"
                " your data. Please book by phone."
            )
        elif not given:
            outcome["errors"]["consent"] = self.env._(
                "Without your consent we may not take your data. Please tick the box, or book by phone."
            )
        elif given != str(text.id):
            outcome["errors"]["consent"] = self.env._(
                "The text of the consent has changed meanwhile. Please read it and tick the box again."
            )

    @api.model
    def _read_address(self, values, service, branch, outcome):
        """The address of a home visit as typed, or an error of ``address``; nothing of other visits.

        A patient of the account whose card has an address may leave the field empty.
        """
        if service.clinic_place != "home":
            return ""
        typed, booking = str(values.get("address") or "").strip(), self.env["clinic.booking"].sudo()
        address = typed or (outcome["patient"] and booking._card_address(outcome["patient"].sudo()))
        try:
            if not address:
                raise UserError(self.env._("Please write where the doctor is to come."))
            if len(typed) > TEXT_LIMITS["visit_address"]:
                raise UserError(self.env._("Please write the address shorter."))
            booking._district_note(branch.id, address, "site")
        except UserError as error:
            outcome["errors"]["address"] = str(error)
        return typed

    @api.model
    def _send_code(self, outcome, visitor, address):
        """Send a code to the phone of a new person; a problem becomes an error of ``code``."""
        status, _record = self.env["clinic.phone.code"]._issue(outcome["person"]["phone"], visitor, address)
        problems = {
            "off": self._codes_off(),
            "limited": self.env._("Too many codes were asked for. Please wait an hour or book by phone."),
            "failed": self.env._(
                "The code could not be sent just now. Please try once more or book by phone."
            ),
        }
        if status != "sent":
            outcome["errors"]["code"] = problems[status]
        return status == "sent"

    @api.model
    def _codes_off(self):
        return self.env._(
            "Confirmation codes are not set up in this clinic yet, so new patients cannot book on the"
            " site. Please phone the clinic: we will find a time for you."
        )

    @api.model
    def _check_code(self, outcome, typed, visitor):
        """Check the code of a new person; a problem becomes an error of ``code``."""
        if not outcome["person"]:
            return True
        status, record = self.env["clinic.phone.code"]._verify(outcome["person"]["phone"], visitor, typed)
        problems = {
            "wrong": self.env._("The code is not right. Please look at the message and type it again."),
            "exhausted": self.env._("There were too many wrong codes. Please ask for a new one."),
            "none": self.env._(
                "No code has been sent to this number, or it is too old. Please ask for a new one."
            ),
        }
        if status != "ok":
            outcome["errors"]["code"] = problems[status]
            return False
        outcome["code"] = record
        return True

    @api.model
    def _complete(self, outcome, values, branch, address):
        """The card to book for, with the consents written and the phone confirmed.

        Call it after ``_check_code``, in the transaction of the booking.
        """
        patient = outcome["patient"] or self._card(outcome["person"], branch)
        if outcome["person"]:
            outcome["code"]._mark_used()
            phones = patient.sudo().clinic_phone_ids
            phones.filtered(lambda phone: phone.e164 == outcome["person"]["phone"])._confirm("code")
        consents = self.env["clinic.consent"].sudo()
        ticked = [CONSENT_PURPOSE] if values.get("consent") and not self._has_consent(patient) else []
        marketing = self._text(MARKETING_PURPOSE)
        # only the text that was shown is agreed to: another one may be in force by now
        ticked += [MARKETING_PURPOSE] if marketing and values.get("marketing") == str(marketing.id) else []
        for purpose in ticked:
            consents._grant(
                patient,
                purpose,
                "site",
                ip_address=address,
                signer=self._account() or None,
                text=self._text(purpose),
            )
        return patient

    @api.model
    def _card(self, person, branch):
        """The card of a new person; an account without a card becomes the card of its owner."""
        people = self.env["clinic.portal.person"]
        account, found = self._account(), people._find(person)
        if found or not account or account.is_patient or self._patients():
            return found or people._find_or_create(person, branch)
        words = {fold(word) for word in (account.name or "").split()}
        if not {fold(person["name"].family), fold(person["name"].given)} <= words:
            return people._find_or_create(person, branch)
        account.write(people._prepare_card_vals(person, person["name"], branch))
        return account
