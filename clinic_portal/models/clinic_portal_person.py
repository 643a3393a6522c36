# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from babel.units import format_unit
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import format_date
from odoo.tools.misc import babel_locale_parse, get_lang

from odoo.addons.clinic_base.messages import birth_date_problem
from odoo.addons.clinic_base.person_match import (
    BirthDateError,
    fold,
    parse_birth_date,
    parse_full_name,
    sex_from_name,
)
from odoo.addons.clinic_base.phone_ru import parse_phones
from odoo.addons.clinic_schedule.slot_algebra import local_date

from ..const import DATE_MAX, NAME_MAX, PHONE_MAX


class ClinicPortalPerson(models.AbstractModel):
    """Reads what a visitor typed about himself and finds or makes his card.

    Nothing here tells the visitor whether a card existed.
    """

    _name = "clinic.portal.person"
    _description = "Person who books on the site"

    @api.model
    def _today(self, branch=None):
        """The date on the calendar of the branch, or of the clinic's first one."""
        branch = branch or self.env["clinic.branch"].sudo().search([], limit=1)
        return local_date(fields.Datetime.now(), branch.tz or "UTC")

    @api.model
    def _read(self, values, today):
        """Read the fields ``name``, ``birth_date`` and ``phone`` of a form.

        :param today: the date on the branch's calendar
        :return: ``(person, errors)``: ``person`` has ``name`` (PersonName), ``birth_date``,
            ``phone`` (E.164), each possibly missing; ``errors`` maps fields to sentences
        """
        person, errors = {}, {}
        for field, read in (("name", self._read_name), ("phone", self._read_phone)):
            person[field], errors[field] = read(values.get(field) or "")
        person["birth_date"], errors["birth_date"] = self._read_birth_date(
            values.get("birth_date") or "", today
        )
        return person, {field: text for field, text in errors.items() if text}

    @api.model
    def _read_name(self, text):
        text = text.strip()
        if not text:
            return None, self.env._("Please write the patient's name.")
        if len(text) > NAME_MAX:
            return None, self.env._(
                "The name is too long: please write only surname, first name and patronymic"
                " (at most %(most)s characters).",
                most=NAME_MAX,
            )
        name = parse_full_name(text)
        if not (name.family and name.given):
            return None, self.env._(
                "Please write surname and first name, and the patronymic if there is one,"
                " for example: Petrova Anna Ivanovna."
            )
        return name, None

    @api.model
    def _read_phone(self, text):
        if not text.strip():
            return None, self.env._("Please write a phone number: we send a code to it.")
        cell = parse_phones(text) if len(text) <= PHONE_MAX else None
        if cell and len(cell.phones) == 1 and not cell.rejected:
            return cell.phones[0].e164, None
        return None, self.env._(
            "This does not look like a phone number. Please write it with the code,"
            " for example +7 914 123-45-67."
        )

    @api.model
    def _read_birth_date(self, text, today):
        code = "unknown_format"
        try:
            if len(text) <= DATE_MAX:
                return parse_birth_date(text, today), None
        except BirthDateError as error:
            code = error.code
        return None, birth_date_problem(self.env, code)

    @api.model
    def _birth_date_echo(self, value, today):
        """The date as we understood it, with the age: "17 May 1985, 41 years"."""
        lang = get_lang(self.env)
        age = relativedelta(today, value)
        unit, number = ("year", age.years) if age.years else ("month", age.months)
        locale = babel_locale_parse(lang.code)
        words = format_date(self.env, value, lang_code=lang.code, date_format="d MMMM y")
        return ", ".join((words, format_unit(number, f"duration-{unit}", length="long", locale=locale)))

    @api.model
    def _find(self, person):
        """The one card with exactly this phone, name and birth date, or an empty record.

        Runs as superuser for a visitor who has confirmed the phone by a code. The patronymic
        is compared only when both sides have one; two fitting cards mean none: the registrars
        decide. The owner of an account types the phone of his card himself: to others such a
        card belongs only with a phone that was confirmed.
        """
        wanted = person["name"]
        fitting = self._cards_with_phone(person["phone"]).filtered(
            lambda card: (
                card.birth_date == person["birth_date"]
                and self._has_own_phone(card, person["phone"])
                and fold(card.family_name or "") == fold(wanted.family)
                and fold(card.given_name or "") == fold(wanted.given)
                and (
                    not (card.patronymic and wanted.patronymic)
                    or fold(card.patronymic) == fold(wanted.patronymic)
                )
            )
        )
        return fitting if len(fitting) == 1 else fitting.browse()

    @api.model
    def _has_own_phone(self, card, phone):
        """Whether the number on the card is the patient's, not one an account only typed."""
        if not card.user_ids or card == self.env["clinic.portal.form"]._account():
            return True
        return any(row.is_confirmed for row in card.clinic_phone_ids if row.e164 == phone)

    @api.model
    def _cards_with_phone(self, phone):
        """Living, unmerged cards that have this number."""
        return (
            self.env["res.partner"]
            .sudo()
            .search(
                [
                    ("is_patient", "=", True),
                    ("merged_into_id", "=", False),
                    ("clinic_phone_ids", "any", [("e164", "=", phone), ("active", "=", True)]),
                ],
                limit=50,
            )
        )

    @api.model
    def _find_or_create(self, person, branch):
        """The fitting card, or a new provisional one of the branch's company.

        Runs as superuser: site visitors have no rights on cards.
        """
        card = self._find(person)
        if card:
            return card
        name = person["name"]
        return (
            self.env["res.partner"]
            .sudo()
            .with_context(mail_create_nosubscribe=True)
            .create(self._prepare_card_vals(person, name, branch))
        )

    @api.model
    def _prepare_card_vals(self, person, name, branch):
        return {
            "is_patient": True,
            "is_provisional": True,
            "name_to_check": not name.confident,
            "name": name.full,
            "family_name": name.family,
            "given_name": name.given,
            "patronymic": name.patronymic,
            "birth_date": person["birth_date"],
            "sex": sex_from_name(name) or False,
            "phone": person["phone"],
            "patient_branch_id": branch.id,
            "lang": get_lang(self.env).code,
            "tz": branch.tz,
        }

    @api.model
    def _too_many_visits(self, phone=None, patient=None):
        """Whether the patient, or the people of a phone, have as many coming site visits as allowed."""
        most = self.env["clinic.portal.limit"]._value("clinic_portal.visits_per_phone")
        cards = patient or self._cards_with_phone(phone)
        visits = (
            self.env["clinic.appointment"]
            .sudo()
            .search_count(
                [
                    ("patient_id", "in", cards.ids),
                    ("channel", "=", "site"),
                    ("state", "in", ("booked", "confirmed")),
                    ("start", ">", fields.Datetime.now() - timedelta(hours=1)),
                ],
                limit=most,
            )
        )
        return visits >= most

    @api.model
    def _too_many_sentence(self):
        """What a patient is told whose limit of coming visits is reached."""
        return self.env._(
            "Several visits of this patient are already booked on the site. Please book the"
            " next one by phone."
        )
