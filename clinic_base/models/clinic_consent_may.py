# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from typing import NamedTuple

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..ages import full_years
from ..const import ADULT_AGE

#: Ways in which somebody of the clinic saw the person who signed.
SEEN_WAYS = ("paper", "esign")
MEDICAL_AGE = 15


class Permission(NamedTuple):
    """Answer of ``may``: allowed or not, a code of the reason, the consent that decided (or empty)."""

    allowed: bool
    reason: str
    consent: object


class Event(NamedTuple):
    """A grant or a withdrawal; of two at one moment the withdrawal is the later one."""

    moment: object
    withdrawn: int
    serial: int
    row: object


class ClinicConsent(models.Model):
    """The question that every sender asks, and who could sign."""

    _inherit = "clinic.consent"

    @api.private
    @api.model
    def may(self, patient, purpose, channel=None, at=None, person=None):
        """Whether the data of ``patient`` may be used for ``purpose`` by ``channel`` at a moment.

        Every sender asks here before it sends anything and keeps the reason with what it did. Of the
        events the latest decides; of one day's events of joined cards a withdrawal does. A joined card
        is answered for by the card that stayed. Runs as the superuser: the answer is yes or no, and
        senders may not read consents. No answer here stops a visit or a treatment.

        :param patient: record or id
        :param purpose: record or code
        :param person: for purposes with a named person: who wants to be told (record or id)
        :rtype: Permission; the reason is ``granted`` or the legal basis (``contract``, ``medical``,
            ``law``); otherwise ``none, withdrawn, expired, wider, of_age, signer, restricted`` or what
            ``_objection`` says
        """
        purpose = self._purpose(purpose)
        patient = self._living_card(patient)
        at = fields.Datetime.to_datetime(at) or fields.Datetime.now()
        objection = self._objection(patient, purpose, channel, at)
        if objection:
            return Permission(False, objection, self.browse())
        if purpose.basis != "consent":
            return Permission(True, purpose.basis, self.browse())
        row, reason = self._deciding(patient, purpose, channel, at, person)
        return Permission(not reason, reason or "granted", row)

    @api.model
    def _may(self, patient, purpose, channel=None, at=None):
        """The former name of ``may``."""
        return self.may(patient, purpose, channel, at)

    @api.model
    def _objection(self, patient, purpose, channel, at):
        """A code why nothing may be done with the data whatever was agreed to, or an empty string.

        A restriction stops everything that neither the law nor the treatment asks for. Extension point.
        """
        restricted = patient.processing_restricted and purpose.basis not in ("law", "medical")
        return "restricted" if restricted else ""

    @api.model
    def _living_card(self, patient):
        """The card that answers for ``patient`` (record or id): itself, or the one it was joined into."""
        card = self.env["res.partner"].sudo().browse(patient if isinstance(patient, int) else patient.id)
        seen = card
        while card.merged_into_id and card.merged_into_id not in seen:
            card = card.merged_into_id
            seen |= card
        return card

    @api.model
    def _deciding(self, patient, purpose, channel, at, person):
        """The consent that decides and the reason against it, empty when it allows."""
        person_id = person if isinstance(person, int) else person.id if person else False
        rows = self.sudo().search(
            [
                ("patient_id", "=", patient.id),
                ("purpose_id.code", "=", purpose.code),
                ("granted_at", "<=", at),
                ("channel", "in", [channel, False] if channel else [False]),
            ]
        )
        if purpose.needs_person:
            rows = rows.filtered(lambda row: row.named_person_id.id == person_id)
        event = self._last_event(rows, patient, at)
        if not event:
            return self.browse(), "none"
        if event.withdrawn:
            return event.row, "withdrawn"
        return event.row, event.row._weakness(purpose, at)

    @api.model
    def _last_event(self, rows, patient, at):
        """The event that decides among ``rows`` at ``at``, or None.

        Events of one card are told apart by their moments. Where cards were joined, two of one day are
        not: what one card withdrew the other cannot have granted anew, so the withdrawal decides.
        """
        events = [Event(row.granted_at, 0, row.id, row) for row in rows]
        events += [
            Event(row.withdrawn_at, 1, row.id, row)
            for row in rows
            if row.withdrawn_at and row.withdrawn_at <= at
        ]
        if not events:
            return None
        zone = pytz.timezone(patient.patient_branch_id.tz or "Europe/Moscow")
        last_day = max(self._day(event.moment, zone) for event in events)
        by_card = defaultdict(list)
        for event in events:
            if self._day(event.moment, zone) == last_day:
                by_card[event.row.card_uuid or False].append(event)
        return max(
            (max(own, key=lambda event: event[:3]) for own in by_card.values()),
            key=lambda event: (event.withdrawn, *event[:3]),
        )

    @api.model
    def _day(self, moment, zone):
        return pytz.utc.localize(moment).astimezone(zone).date()

    def _weakness(self, purpose, at):
        """Why this granted row does not suffice at ``at``, or an empty string."""
        self.ensure_one()
        if self.valid_to and self.valid_to < at:
            return "expired"
        later = self.purpose_id.text_ids.filtered(
            lambda text: (
                text.state == "published"
                and text.is_wider
                and text.version > self.text_id.version
                and text.date_from <= at
            )
        )
        if later:
            return "wider"
        born = self.patient_id.birth_date
        own_age = self._own_age(purpose)
        if born and full_years(born, self.granted_at) < own_age <= full_years(born, at):
            return "of_age"
        if self.signed_as in ("unverified", "minor") and not purpose.accepts_declared:
            return "signer"
        return ""

    @api.model
    def _own_age(self, purpose):
        """From how many years the patient signs himself for this purpose: settings of the clinic."""
        return self._age_setting(purpose.own_signature)

    @api.model
    def _age_setting(self, kind):
        name, default = {
            "medical": ("clinic_base.consent_age_medical", MEDICAL_AGE),
        }.get(kind, ("clinic_base.consent_age", ADULT_AGE))
        # sudo: two numbers of the clinic's settings
        value = self.env["ir.config_parameter"].sudo().get_param(name, "")
        return int(value) if value.isdecimal() else default

    @api.model
    def _is_younger(self, born, on, kind):
        """Whether somebody born on a day is too young on another to sign himself."""
        return full_years(born, on) < self._age_setting(kind)

    @api.model
    def _signature(self, patient, purpose, signer, way, moment):
        """In what quality ``signer`` (empty: the patient) signs, as values of a consent.

        :raise UserError: on paper a child or somebody without a recorded right cannot sign
        """
        card = patient.sudo()
        born = card.birth_date
        young = bool(born) and self._is_younger(born, moment, purpose.own_signature)
        signer = signer if signer != patient else signer.browse()
        if not signer:
            if young and way in SEEN_WAYS:
                raise UserError(
                    self.env._(
                        "The patient is younger than %(age)s years, so a representative signs. "
                        "Choose who signed, or add the parent on the page Family first.",
                        age=self._own_age(purpose),
                    )
                )
            return {"signer_id": False, "signed_as": "minor" if young else "self"}
        # sudo: whether the signer had the right is a fact of the card, not of the user who records it
        relation = self.env["clinic.relation"].sudo()._acting(signer, card, fields.Date.to_date(moment))
        if not relation and way in SEEN_WAYS:
            raise UserError(
                self.env._(
                    "The signer has no right to act for this patient on that day. "
                    "Add the right with its ground on the page Family, or let the patient sign."
                )
            )
        return {
            "signed_as": "representative" if relation else "unverified",
            "relation_id": relation.id,
            "signer_ground": relation.ground,
        }
