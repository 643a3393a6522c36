# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from ..person_match import fold, parse_search
from ..phone_ru import mask_phone, search_digits

BOOKING_GROUP = "clinic_base.group_clinic_booking"
CONTACT_GROUP = "clinic_base.group_clinic_patient_contact"
MAX_LIMIT = 100
#: Read with the card for ``_clinic_flags``.
FLAG_FIELDS = ("clinic_blacklisted", "call_representative", "needs_prepayment")
#: Lengths to which a bare number is padded with zeros when it may be a card number.
CARD_WIDTHS = range(1, 11)


class ResPartner(models.Model):
    """The registrar's search box: one line finds patients by name, birth, phone or card."""

    _inherit = "res.partner"

    clinic_search_text = fields.Char(
        compute="_compute_clinic_search_text", store=True, copy=False, groups=fields.NO_ACCESS
    )
    clinic_patient_query = fields.Char(
        string="Patient",
        compute="_compute_clinic_patient_query",
        search="_search_clinic_patient_query",
        help="Surname, birth year or date, phone or its last digits, card number.",
    )

    _clinic_search_gin = models.Index(
        # without the pending list: a search must never walk through what was written since the last vacuum
        "USING gin (clinic_search_text gin_trgm_ops) WITH (fastupdate = off)"
        " WHERE clinic_search_text IS NOT NULL"
    )

    def _auto_init(self):
        self.env.cr.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        return super()._auto_init()

    @api.depends(
        "is_patient",
        "family_name",
        "given_name",
        "patronymic",
        "clinic_former_name_ids.family_name",
        "clinic_former_name_ids.given_name",
    )
    def _compute_clinic_search_text(self):
        for partner in self:
            # by id: the text must not depend on the order of the cache
            rows = partner.clinic_former_name_ids.sorted("id")
            former = [(row.family_name, row.given_name) for row in rows]
            names = [(partner.family_name, partner.given_name, partner.patronymic), *former]
            words = dict.fromkeys(part for name in names for part in name if part)
            text = fold(" ".join(words)) if partner.is_patient else ""
            partner.clinic_search_text = f" {text} " if text else False

    def _compute_clinic_patient_query(self):
        self.clinic_patient_query = False

    def _search_clinic_patient_query(self, operator, value):
        if operator not in ("ilike", "like", "in"):
            return NotImplemented
        texts = [value] if isinstance(value, str) else list(value)
        return Domain.OR(self._clinic_search_domain(text) for text in texts)

    @api.model
    def _search_display_name(self, operator, value):
        """Contacts are also found as patients; where only patients are wanted, only as patients."""
        patients_only = self.env.context.get("clinic_patients_only")
        positive = operator in ("ilike", "like") and isinstance(value, str) and value.strip()
        if not positive or not self.env.user._is_internal():
            return super()._search_display_name(operator, value)
        if patients_only:
            return self._clinic_search_domain(value)
        found = self._search(self._clinic_search_domain(value), limit=MAX_LIMIT).get_result_ids()
        return Domain(super()._search_display_name(operator, value)) | Domain("id", "in", found)

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Fields that accept patients only use the search box for patients."""
        wanted = Domain(domain or Domain.TRUE)
        if any(
            condition.field_expr == "is_patient" and condition.operator in ("=", "in") and condition.value
            for condition in wanted.iter_conditions()
        ):
            patients = self.with_context(clinic_patients_only=True)
            return super(ResPartner, patients).name_search(name, domain, operator, limit)
        return super().name_search(name, domain, operator, limit)

    @api.model
    def clinic_search_patients(self, text, limit=20):
        """Patients that the line ``text`` means, the best first.

        For users who book visits; record rules apply. Phones are whole for roles that see contact
        data and masked for the others.

        :param text: "Иванова 85", any spelling of a phone or its last four digits, birth date, card number
        :return: list of dicts, see ``_clinic_patient_dicts``
        """
        self._check_clinic_search()
        domain = self._clinic_search_domain(text)
        if domain.is_false():
            return []
        query = self._search(domain)
        query.order = self._clinic_search_order(text)
        query.limit = max(1, min(int(limit or 20), MAX_LIMIT))
        patients = self.browse(row[0] for row in self.env.execute_query(query.select()))
        if not self.env.su:
            # what was typed may be a name or a phone, so only its kind is noted
            kinds = [
                name
                for name in ("words", "birth_date", "cards", "numbers")
                if getattr(self._clinic_search_query(text), name)
            ]
            self.env["clinic.access.event"]._record(
                "search", model=self, amount=len(patients), detail=", ".join(kinds)
            )
        return patients._clinic_patient_dicts()

    @api.model
    def _check_clinic_search(self):
        if not self.env.su and not self.env.user.has_group(BOOKING_GROUP):
            raise AccessError(
                self.env._(
                    "Your role does not look patients up. Ask a clinic administrator for a booking role."
                )
            )

    @api.model
    def _clinic_search_query(self, text):
        return parse_search(text, fields.Date.context_today(self), search_digits)

    @api.model
    def _clinic_search_domain(self, text):
        """Domain of the patients meant by a line; nobody when it says nothing that may be searched."""
        query = self._clinic_search_query(text)
        if query.is_empty:
            return Domain.FALSE
        sees_contacts = self.env.su or self.env.user.has_group(CONTACT_GROUP)
        # The stored text is filled by SQL below, so the ORM must be told to flush it.
        conditions = [("is_patient", "=", True)]
        for alternatives in query.words:
            conditions.append(self._words_domain(alternatives))
        if query.birth_date:
            conditions.append(
                self._ids_domain(self._birth_sql(query.birth_date)) if sees_contacts else Domain.FALSE
            )
        for card in query.cards:
            conditions.append(self._ids_domain(self._card_sql(card)))
        for number in query.numbers:
            guesses = self._number_guesses(number, sees_contacts)
            conditions.append(self._ids_domain(*guesses) if guesses else Domain.FALSE)
        return Domain.AND(Domain([c]) if isinstance(c, tuple) else c for c in conditions)

    @api.model
    def _words_domain(self, alternatives):
        patterns = [_pattern(word) for word in alternatives]

        def to_sql(model, alias, query):
            field = model._fields["clinic_search_text"]
            column = SQL.identifier(alias, "clinic_search_text", to_flush=field)
            return SQL("(%s)", SQL(" OR ").join(SQL("%s LIKE %s", column, pattern) for pattern in patterns))

        return Domain.custom(to_sql=to_sql)

    @api.model
    def _ids_domain(self, *subselects):
        union = SQL(" UNION ALL ").join(subselects)
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL("%s IN (%s)", SQL.identifier(alias, "id"), union)
        )

    @api.model
    def _number_guesses(self, number, sees_contacts):
        """Subselects of partner ids, one for each thing the digits may be."""
        guesses = []
        if number.card:
            guesses.append(self._card_sql(number.card))
        if sees_contacts and number.tail:
            guesses.append(self._phone_sql(SQL("last4 = %s", number.tail)))
        elif sees_contacts and number.phone:
            whole = len(number.phone) >= 11
            guesses.append(
                self._phone_sql(
                    SQL("e164 = %s", f"+{number.phone}")
                    if whole
                    else SQL("e164 LIKE %s", f"%{number.phone}%")
                )
            )
        if sees_contacts and number.year:
            guesses.append(self._birth_sql(date(number.year, 1, 1), date(number.year, 12, 31)))
        if sees_contacts and number.date:
            guesses.append(self._birth_sql(number.date))
        return guesses

    @api.model
    def _phone_sql(self, condition):
        phone_fields = self.env["clinic.phone"]._fields
        return SQL(
            "SELECT partner_id FROM clinic_phone WHERE active AND %s %s",
            condition,
            SQL(to_flush=phone_fields["e164"]),
        )

    @api.model
    def _birth_sql(self, first, last=None):
        return SQL(
            "SELECT id FROM res_partner WHERE is_patient AND birth_date BETWEEN %s AND %s %s",
            first,
            last or first,
            SQL(to_flush=self._fields["birth_date"]),
        )

    @api.model
    def _card_sql(self, card):
        numbers = {card, *(card.zfill(width) for width in CARD_WIDTHS)} if card.isdigit() else {card}
        return SQL(
            "SELECT COALESCE(merged_into_id, id) FROM res_partner WHERE patient_number IN %s %s",
            tuple(sorted(numbers)),
            SQL(to_flush=self._fields["patient_number"]),
        )

    @api.model
    def _clinic_search_order(self, text):
        """Surnames that begin with the first word come first, then by the alphabet.

        The order starts with an expression, so that the planner never walks the index of names.
        """
        words = self._clinic_search_query(text).words
        rank = SQL("lower(res_partner.complete_name)")
        if words:
            starts = [f" {_escape(word)}%" for word in words[0]]
            likes = SQL(" OR ").join(SQL("res_partner.clinic_search_text LIKE %s", start) for start in starts)
            rank = SQL("(%s) DESC, %s", likes, rank)
        # ``Query.order`` takes text or SQL without parameters apart from this wrapper.
        return SQL("%s, res_partner.id", rank)

    def _clinic_patient_dicts(self):
        """What dialogs show of patients: ``id, display_name, birth_date, age, phones, patient_number,
        branch, is_provisional, alert``. Without the right to contact data phones are masked and the
        birth date is left out. Rows of phones, branch names and the alert are read as the superuser
        after that decision, because doctors of other companies share them and every caller has
        checked that the user books or reads the schedule.
        """
        sees_contacts = self.env.su or self.env.user.has_group(CONTACT_GROUP)
        self.fetch(["name", "patient_number", "patient_branch_id", "is_provisional"])
        cards = self.sudo()
        cards.fetch(["birth_date", "patient_alert", *FLAG_FIELDS])
        phones = cards.env["clinic.phone"].search_fetch(
            [("partner_id", "in", self.ids)],
            ["partner_id", "e164", "raw", "extension", "owner", "is_primary"],
        )
        own_phones = phones.grouped("partner_id")
        rows = []
        for card in cards:
            own = own_phones.get(card, phones.browse())
            rows.append(
                {
                    "id": card.id,
                    "display_name": card.name,
                    "birth_date": card.birth_date.isoformat() if sees_contacts and card.birth_date else False,
                    "age": card.age if sees_contacts and card.birth_date else False,
                    "is_child": card.is_child if sees_contacts else False,
                    "phones": [phone.number if sees_contacts else mask_phone(phone.e164) for phone in own],
                    "patient_number": card.patient_number or "",
                    "branch": card.patient_branch_id.name or "",
                    "is_provisional": card.is_provisional,
                    "alert": card.patient_alert or "",
                }
            )
        return rows


def _escape(word):
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _pattern(word):
    """Three letters are found anywhere in a word, fewer only at its beginning."""
    return f"%{_escape(word)}%" if len(word) > 2 else f"% {_escape(word)}%"
