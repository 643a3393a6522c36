# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..messages import birth_date_problem, phone_problem
from ..person_match import fold, parse_quick_entry
from ..phone_ru import PhoneError, format_phone, parse_phone, parse_phones, split_phones
from .res_partner_name import NAME_PARTS

MAX_TEXT = 1000
_ACCEPTED = {
    *NAME_PARTS,
    "name",
    "text",
    "birth_date",
    "phone",
    "sex",
    "email",
    "patient_branch_id",
    "comment",
}


class ResPartner(models.Model):
    """Registration in seconds: a surname and a phone are enough."""

    _inherit = "res.partner"

    @api.model
    def clinic_parse_patient_text(self, text):
        """Fields read out of one line such as "Иванова Мария Петровна 12.03.85 8 914 …".

        For users who book visits. Raises a UserError for a day that does not exist.

        :return: dict with ``family_name, given_name, patronymic, birth_date`` (ISO or False),
            ``phone`` (the first one or an empty string), ``note`` and ``sex``
        """
        self._check_clinic_search()
        code = self.env.company.clinic_city_code
        split = partial(split_phones, city_code=code)
        entry = parse_quick_entry(self._checked_text(text), fields.Date.context_today(self), split)
        if entry.birth_date_error:
            raise UserError(birth_date_problem(self.env, entry.birth_date_error))
        parts = {
            "family_name": entry.name.family,
            "given_name": entry.name.given,
            "patronymic": entry.name.patronymic,
        }
        return {
            **parts,
            "birth_date": entry.birth_date.isoformat() if entry.birth_date else False,
            "phone": format_phone(entry.phones[0].e164, code) if entry.phones else "",
            "note": entry.note,
            "sex": self._guess_sex(parts),
        }

    @api.model
    def clinic_quick_create_patient(self, vals):
        """Make a card at booking; a surname and a phone are enough for a provisional one.

        For users who book visits and may create contacts. Bad input (31 February, a wrong phone, a
        text pasted into the name) is refused with a sentence and nothing is written.

        :param vals: any of ``family_name, given_name, patronymic, name, birth_date, phone, sex, email,
            patient_branch_id, comment``, or ``text``: all of it in one line
        :return: dict of the new patient, see ``_clinic_patient_dicts``
        """
        self._check_clinic_search()
        vals = {key: value for key, value in dict(vals or {}).items() if key in _ACCEPTED and value}
        text = vals.pop("text", None)
        if text:
            parsed = self.clinic_parse_patient_text(text)
            vals = {**{key: value for key, value in parsed.items() if value and key != "note"}, **vals}
        for key in ("phone", "email", "comment"):
            self._checked_text(vals.get(key))
        vals.update(self._clean_name_parts(vals))
        if not any(vals.get(part) for part in NAME_PARTS) and vals.get("name"):
            vals.update(self._split_patient_name(vals.pop("name")))
        if not vals.get("family_name"):
            raise UserError(self.env._("A card needs a surname. Enter the patient's surname."))
        vals["phone"] = self._checked_phone(vals.get("phone"))
        if "birth_date" in vals:
            vals["birth_date"] = self._read_birth_date(vals["birth_date"])
        complete = vals.get("given_name") and vals.get("birth_date")
        patient = self.create({**vals, "is_patient": True, "is_provisional": not complete})
        return patient._clinic_patient_dicts()[0]

    @api.model
    def clinic_find_similar(self, vals, limit=10):
        """Cards that may be the same person as ``vals``: the same phone, or, of cards that the matcher
        has not read yet, the same surname, given name and birth date. For users who
        book visits; record rules apply.

        :return: list of dicts as in ``_clinic_patient_dicts`` plus ``why`` (``phone``,
            ``name_birth_date``) and ``family`` (True when the phone is shared no more widely than a
            family may share it)
        """
        self._check_clinic_search()
        limit = max(1, min(int(limit), 50))
        found = self._similar_cards(dict(vals or {}), limit)

        def order(card):
            return -found[card.id].get("likely", 0.0), found[card.id]["why"][:1] == ["phone"]

        visible = self.search([("id", "in", list(found)), ("is_patient", "=", True)])
        best = visible.sorted(order)[:limit]
        rows = {row["id"]: row | found[row["id"]] for row in best._clinic_patient_dicts()}
        return [rows[card.id] for card in best]

    @api.model
    def _similar_cards(self, vals, limit):
        """``{id: keys to add to the row}`` of cards that may be the same person, whoever may see them.

        Hook: a better judge adds cards, and ``likely`` (0–1) by which they are sorted.
        """
        numbers, names = self._similar_numbers(vals.get("phone")), self._similar_name(vals)
        reasons = defaultdict(list)
        for reason, card_id in self._similar_rows(numbers, *names) if numbers or names else ():
            reasons[card_id].append(reason)
        family = sum("phone" in why for why in reasons.values()) < self._phone_share_limit()
        return {card_id: {"why": sorted(why), "family": family} for card_id, why in reasons.items()}

    @api.model
    def _checked_text(self, text):
        if text and len(str(text)) > MAX_TEXT:
            raise UserError(
                self.env._(
                    "The text has %(size)s characters, at most %(limit)s are allowed. "
                    "Check that nothing else was pasted into the field.",
                    size=len(str(text)),
                    limit=MAX_TEXT,
                )
            )
        return text

    @api.model
    def _checked_phone(self, text):
        """The text of exactly one good number or several of them; a UserError otherwise."""
        code = self.env.company.clinic_city_code
        cell = parse_phones(text, code)
        if cell.phones and not cell.rejected:
            return text
        try:
            parse_phone(text, code)
        except PhoneError as error:
            raise UserError(phone_problem(self.env, error.code)) from None
        return text

    @api.model
    def _similar_numbers(self, text):
        cell = parse_phones(self._checked_text(text), self.env.company.clinic_city_code)
        return [phone.e164 for phone in cell.phones]

    @api.model
    def _similar_name(self, vals):
        """``(beginning of the text for search, birth date)``, or nothing when one of them is missing."""
        if not vals.get("birth_date"):
            return ()
        parts = dict(self._clean_name_parts(vals))
        if not parts.get("family_name") and vals.get("name"):
            parts = self._split_patient_name(vals["name"])
        if not (parts.get("family_name") and parts.get("given_name")):
            return ()
        start = fold(f" {parts['family_name']} {parts['given_name']} ")
        return start, self._read_birth_date(vals["birth_date"])

    @api.model
    def _similar_rows(self, numbers, start=None, born=None):
        """``[(reason, id)]`` by one statement: cards with one of the phones; and namesakes of the day among
        the cards that the matcher has not read yet. It finds the others itself, and by more than that."""
        self.env["clinic.phone"].flush_model(["e164", "partner_id", "active"])
        self.flush_model(["clinic_search_text", "birth_date", "is_patient"])
        self.env["clinic.match.waiting"]._settle()
        return self.env.execute_query(
            SQL(
                """
                (SELECT DISTINCT 'phone', partner_id FROM clinic_phone
                  WHERE active AND e164 = ANY(%(numbers)s) LIMIT 50)
                 UNION ALL
                (SELECT 'name_birth_date', p.id
                   FROM clinic_match_waiting w JOIN res_partner p ON p.id = w.partner_id
                  WHERE p.is_patient AND p.birth_date = %(born)s
                    AND starts_with(p.clinic_search_text, %(start)s) LIMIT 50)
                """,
                numbers=numbers,
                born=born,
                start=start,
            )
        )
