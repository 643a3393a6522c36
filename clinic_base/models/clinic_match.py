# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..person_match import (
    BLOCK_CAP,
    CAPS,
    NORMALISATION,
    Census,
    Comparer,
    Model,
    Normaliser,
    Scorer,
    check_card,
    hashed_keys,
)
from ..phone_ru import parse_phones
from ..vault import VaultError

#: Another number: the queue is kept in another shape, so every card is looked at anew.
QUEUE = 2
#: Numbers with more holders say nothing about a person.
MASS_PHONE = 15
#: kind of a sealed number -> field of the matcher
DOCUMENT_KINDS = {
    "snils": "snils",
    "passport_rf": "passport",
    "birth_certificate": "passport",
    "foreign_passport": "passport",
}


class ClinicMatch(models.AbstractModel):
    """Cards of the database for ``person_match``: reading them, their blocking keys, likely doubles.

    Set-based: a batch of cards is read by four statements. Nothing here decides anything for a
    person; see ``clinic.match.pair`` for the queue.
    """

    _name = "clinic.match"
    _description = "Matcher of patients"

    @api.model
    def _secret(self, ring=...):
        """Key of the blocking hashes: from the vault where there is one, else of this database.

        :param ring: the keys of the vault where the caller has asked for them already, or None
        """
        ring = self.env["clinic.vault"]._ring_or_none() if ring is ... else ring
        if ring:
            return bytes.fromhex(ring.blind("blocking keys", "clinic.match"))
        text = self.env["ir.config_parameter"].sudo().get_param("database.secret") or ""
        return hashlib.blake2b(text.encode(), digest_size=16, person=b"clinic.match").digest()

    @api.model
    def _generation(self):
        """Changes when keys made before can no longer be compared with new ones."""
        return f"{NORMALISATION}.{QUEUE}:{hashlib.blake2b(self._secret(), digest_size=6).hexdigest()}"

    @api.model
    def _today(self):
        return fields.Date.context_today(self)

    @api.model
    def _normaliser(self):
        code = self.env.company.clinic_city_code
        return Normaliser(
            self._today(), lambda text: [phone.e164 for phone in parse_phones(text, code).phones]
        )

    # ------------------------------------------------------------------ reading cards

    @api.model
    def _cards(self, ids, ring=...):
        """Cards of active patients by id.

        :param ids: ids of partners
        :param ring: as of ``_secret``; None leaves the numbers of documents out
        :return: dict id -> ``person_match.Card`` with ``id`` as text
        """
        self.env.flush_all()
        normaliser = self._normaliser()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT id, family_name, given_name, patronymic, sex, birth_date, email, create_date,
                       concat_ws(', ', city, street) AS address
                  FROM res_partner
                 WHERE id = ANY(%s) AND is_patient AND active AND merged_into_id IS NULL
                """,
                list(ids),
            )
        )
        known = [row["id"] for row in rows]
        phones, documents, former = self._phones(known), self._documents(known, ring), self._former(known)
        cards = {}
        for row in rows:
            record = {
                name: value for name, value in row.items() if value and name not in ("id", "create_date")
            }
            record |= {"id": str(row["id"]), **documents.get(row["id"], {})}
            record["birth_date"] = row["birth_date"].isoformat() if row["birth_date"] else ""
            record["created"] = row["create_date"].isoformat() if row["create_date"] else ""
            card = normaliser.card(record)
            numbers = phones.get(row["id"], [])
            card.phones = tuple(number for number, _own in numbers)
            card.others_phone = bool(numbers) and not any(own for _number, own in numbers)
            names = [normaliser.card({"family_name": name}).surname for name in former.get(row["id"], ())]
            card.former = tuple(name for name in names if name is not None)
            cards[row["id"]] = card
        return cards

    @api.model
    def _phones(self, ids):
        """``{id: [(digits, own)]}`` of active numbers."""
        found = defaultdict(list)
        for partner_id, e164, owner in self.env.execute_query(
            SQL(
                "SELECT partner_id, e164, owner FROM clinic_phone"
                " WHERE partner_id = ANY(%s) AND active AND e164 IS NOT NULL ORDER BY is_primary DESC, id",
                ids,
            )
        ):
            found[partner_id].append((e164.lstrip("+"), owner == "self"))
        return found

    @api.model
    def _former(self, ids):
        found = defaultdict(list)
        for patient_id, name in self.env.execute_query(
            SQL(
                "SELECT patient_id, family_name FROM clinic_former_name"
                " WHERE patient_id = ANY(%s) ORDER BY id",
                ids,
            )
        ):
            found[patient_id].append(name)
        return found

    @api.model
    def _documents(self, ids, ring=...):
        """``{id: {field of the matcher: number}}``; numbers that do not open are left out."""
        found = defaultdict(dict)
        ring = self.env["clinic.vault"]._ring_or_none() if ring is ... else ring
        if not ring:
            return found
        for model, kind, sealed, patient_id, uuid in self.env.execute_query(
            SQL(
                """
                SELECT 'clinic.identity.document', k.code, d.number_sealed, p.id, p.patient_uuid
                  FROM clinic_identity_document d
                  JOIN clinic_identity_document_kind k ON k.id = d.kind_id
                  JOIN res_partner p ON p.id = d.patient_id
                 WHERE d.patient_id = ANY(%(ids)s) AND d.active AND d.number_sealed IS NOT NULL
                 UNION ALL
                SELECT 'clinic.coverage', 'policy', c.number_sealed, p.id, p.patient_uuid
                  FROM clinic_coverage c JOIN res_partner p ON p.id = c.patient_id
                 WHERE c.patient_id = ANY(%(ids)s) AND c.active AND c.kind = 'oms'
                   AND c.number_sealed IS NOT NULL
                """,
                ids=list(ids),
            )
        ):
            field = "policy" if kind == "policy" else DOCUMENT_KINDS.get(kind)
            if field:
                try:
                    found[patient_id].setdefault(field, ring.open(sealed, (model, "number", uuid)))
                except VaultError:
                    # a number that does not open is no evidence; the card itself says what is wrong
                    continue
        return found

    # ------------------------------------------------------------------ likely doubles

    @api.model
    def _candidates(self, keys, without=()):
        """Ids of patients that share a key, blocks over their cap left out.

        :param keys: ``[(kind, hash)]``
        """
        return sorted(set(self._candidates_of({0: keys})[0]) - set(without))

    @api.model
    def _candidates_of(self, keys_of):
        """The same for many cards by one statement.

        :param keys_of: ``{card id: [(kind, hash)]}``
        :return: ``{card id: [ids of patients, itself left out]}``
        """
        caps = {number: CAPS.get(kind, BLOCK_CAP) for keys in keys_of.values() for kind, number in keys}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT h.hash, array_agg(c.partner_id)
                  FROM unnest(%s::bigint[], %s::int[]) AS h(hash, cap)
                 CROSS JOIN LATERAL (
                       SELECT DISTINCT k.partner_id
                         FROM (SELECT partner_id FROM clinic_match_key
                                WHERE hash = h.hash LIMIT h.cap + 1) k) c
                 GROUP BY h.hash
                """,
                list(caps),
                list(caps.values()),
            )
        )
        blocks = {number: people for number, people in rows if len(people) <= caps[number]}
        return {
            card_id: sorted({each for _kind, number in keys for each in blocks.get(number, ())} - {card_id})
            for card_id, keys in keys_of.items()
        }

    @api.model
    def _scorer(self, cards):
        """Scorer for these cards: the stored model, phones held by a crowd are no evidence."""
        today = self._today()
        census = Census()
        numbers = {f"+{phone}" for card in cards for phone in card.phones}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT number FROM unnest(%s::text[]) AS number
                 WHERE (SELECT count(*)
                          FROM (SELECT DISTINCT p.id
                                  FROM clinic_phone c JOIN res_partner p ON p.id = c.partner_id
                                 WHERE c.active AND c.e164 = number
                                   AND p.is_patient AND p.active AND p.merged_into_id IS NULL
                                 LIMIT %s) holders) > %s
                """,
                list(numbers),
                MASS_PHONE + 1,
                MASS_PHONE,
            )
        )
        census.phones = frozenset(e164.lstrip("+") for (e164,) in rows)
        comparer = Comparer(census, today.year * 10000 + today.month * 100 + today.day)
        return Scorer(self._model(), comparer)

    @api.model
    def _model(self):
        return self.env["clinic.match.model"].sudo()._latest() or Model()

    @api.model
    def _check_record(self, record, without=(), limit=10):
        """Patients who may be the person of ``record``, the likeliest first.

        :param record: mapping with fields of ``person_match.FIELDS``, as typed
        :param without: ids to leave out
        :return: ``[(id, Match, Card, Card of the patient, Scorer)]``
        """
        card = self._normaliser().card(record)
        if card.is_empty:
            return []
        ring = self.env["clinic.vault"]._ring_or_none()
        keys = hashed_keys(card, self._secret(ring))
        ids = self._candidates(keys, without) if keys else ()
        if not ids:
            return []
        # numbers of the others are opened only to be compared with numbers of this one
        cards = self._cards(ids, ring if card.documents else None)
        scorer = self._scorer([card, *cards.values()])
        found = check_card(card, cards.values(), scorer, limit)
        return [(int(other.id), match, card, other, scorer) for other, match in found]
