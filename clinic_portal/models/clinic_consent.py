# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.clinic_base.ages import full_years
from odoo.addons.clinic_base.const import ADULT_AGE

from .clinic_portal_form import CONSENT_PURPOSE

PARENTS = ("mother", "father", "parent")


class ClinicConsent(models.Model):
    """Consents in the cabinet: the patient's own and those of the people for whom he acts.

    Portal users have no right on the model; the cabinet asks the methods here, which first find out
    whose consents the signed-in account may see.
    """

    _inherit = "clinic.consent"

    @api.model
    def _portal_account(self):
        return self.env["clinic.portal.form"]._account()

    @api.model
    def _portal_patients(self):
        """The account itself, when a patient, and those for whom it acts by a recorded right in force.

        The right of a parent ends with the childhood, also where nobody has written the end down.
        """
        account, today = self._portal_account(), fields.Date.context_today(self)
        relations = self.env["clinic.relation"].sudo()
        return (
            self.env["clinic.portal.form"]
            ._patients()
            .filtered(
                lambda card: (
                    card == account
                    or not card.birth_date
                    or full_years(card.birth_date, today) < ADULT_AGE
                    or relations._acting(account, card).kind not in PARENTS
                )
            )
        )

    @api.model
    def _portal_consents(self):
        """All consents that the signed-in account may see, as the superuser, the latest event first.

        Of a patient who signs a medical paper himself already but is not of age yet, the parent sees no
        such consent: who may be told about the health is the patient's own affair.
        """
        rows = self.sudo().search([("patient_id", "in", self._portal_patients().ids)])
        rows = rows.filtered(lambda row: row._portal_is_seen())
        return rows.sorted(
            lambda row: (max(row.granted_at, row.withdrawn_at or row.granted_at), row.id), True
        )

    def _portal_is_seen(self):
        self.ensure_one()
        born, now = self.patient_id.birth_date, fields.Datetime.now()
        own = self.patient_id == self._portal_account()
        teen = bool(born) and full_years(born, now) < ADULT_AGE
        return own or not teen or self._is_younger(born, now, self.purpose_id.own_signature)

    @api.model
    def _portal_may_sign(self, patient, purpose):
        """Whether the account gives and takes back this patient's consents of a purpose.

        Whoever is old enough does so himself; for a younger one the representative does.
        """
        born, now = patient.birth_date, fields.Datetime.now()
        young = bool(born) and self._is_younger(born, now, purpose.own_signature)
        if patient == self._portal_account():
            return not young
        of_age = not born or full_years(born, now) >= ADULT_AGE
        return patient in self._portal_patients() and (young or of_age)

    @api.model
    def _portal_find(self, number):
        """The consent with this id, when the account sees it, else an empty record."""
        return self._portal_consents().filtered(lambda row: row.id == number)

    def _portal_key(self):
        """Rows of one key follow each other: the last event of them decides."""
        return self.patient_id, self.purpose_id, self.channel, self.named_person_id

    def _portal_status(self):
        """Code of what a row is worth now: ``active, withdrawn, expired, again``."""
        if self.state == "withdrawn":
            return "withdrawn"
        reason = self._weakness(self.purpose_id, fields.Datetime.now())
        return {"": "active", "expired": "expired"}.get(reason, "again")

    @api.model
    def _portal_people(self):
        """What the page shows: for each patient the consents that decide, the earlier ones, the offers."""
        latest, earlier = {}, {}
        for row in self._portal_consents():
            key = row._portal_key()
            if key in latest:
                earlier.setdefault(latest[key], []).append(row)
            else:
                latest[key] = row
        return [
            {
                "patient": patient,
                "rows": [
                    {
                        "consent": row,
                        "status": row._portal_status(),
                        "earlier": earlier.get(row, []),
                        "may_withdraw": row.state == "granted"
                        and self._portal_may_sign(patient, row.purpose_id),
                        "effects": row.purpose_id._withdrawal_words(),
                    }
                    for row in latest.values()
                    if row.patient_id == patient
                ],
                "offers": self._portal_offers(patient),
            }
            for patient in self._portal_patients()
        ]

    @api.model
    def _portal_offers(self, patient):
        """Purposes that the account may agree to now with a tick, with their text in force."""
        purposes = self.env["clinic.consent.purpose"].sudo()
        domain = Domain("give_on_site", "=", True) & Domain("basis", "=", "consent")
        domain &= Domain("needs_person", "=", False)
        domain &= Domain("company_id", "in", [self.env.company.id, False])
        own, offers = {}, []
        for purpose in purposes.search(domain):
            # the company's own purpose stands for the common one
            if purpose.code not in own or purpose.company_id:
                own[purpose.code] = purpose
        for purpose in own.values():
            text = purpose.current_text_id
            open_ = self._portal_open_channels(patient, purpose)
            if text and open_ and self._portal_may_sign(patient, purpose):
                offers.append({"purpose": purpose, "text": text, "channels": open_})
        return offers

    @api.model
    def _portal_open_channels(self, patient, purpose):
        """``[(code, name)]`` of the channels not agreed to; ``[("", "")]`` where channels play no part."""
        if not purpose.by_channel:
            return [] if self.may(patient, purpose).allowed else [("", "")]
        return [
            (code, name)
            for code, name in self._fields["channel"]._description_selection(self.env)
            if not self.may(patient, purpose, code).allowed
        ]

    @api.model
    def _portal_give(self, patient, text_id, channels, address):
        """Record a tick of the cabinet.

        :param text_id: the version that was shown; another one in force by now is not agreed to
        :param channels: codes; every open one means the consent is for all channels
        :return: whether anything was recorded
        """
        offer = next((one for one in self._portal_offers(patient) if one["text"].id == text_id), None)
        wanted = [code for code, _name in offer["channels"] if code in channels] if offer else []
        if not wanted:
            return False
        account = self._portal_account()
        every = len(self._fields["channel"]._description_selection(self.env))
        for channel in [False] if len(wanted) == every else wanted:
            # sudo: patients have no rights on consents; that he may sign was checked above
            self.sudo()._grant(
                patient,
                offer["purpose"],
                "site",
                channel=channel or False,
                ip_address=address,
                signer=account,
                text=offer["text"],
            )
        return True

    def _portal_withdraw(self, address):
        """Take a consent back from the cabinet, with the earlier ones of its kind.

        :return: False where this account may not
        """
        self.ensure_one()
        if not self._portal_may_sign(self.patient_id, self.purpose_id):
            return False
        same = self._portal_consents().filtered(lambda row: row._portal_key() == self._portal_key())
        open_ = same.filtered(lambda row: row.state == "granted")
        open_._withdraw("site", ip_address=address)
        if open_ and self.purpose_id.code == CONSENT_PURPOSE:
            self._portal_tell_officer(open_)
        return True

    @api.model
    def _portal_tell_officer(self, consents):
        """A request for the officer: the law counts days until what need not be kept is destroyed."""
        request = (
            self.env["clinic.subject.request"]
            .sudo()
            .create(
                {
                    "patient_id": consents.patient_id.id,
                    "company_id": consents.patient_id.company_id.id or self.env.company.id,
                    "kind": "withdrawal",
                    "way": "site",
                    "identity_note": self.env._("Signed in to the cabinet"),
                    "wish": self.env._("Withdrawn in the cabinet by the person."),
                    "consent_ids": consents.ids,
                }
            )
        )
        request.action_check_identity()
