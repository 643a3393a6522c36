# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models, tools
from odoo.tools import SQL

from ..const import ADULT_AGE

#: A number of a call centre or an HR department stands on hundreds of cards: enough is shown.
MAX_HOLDERS = 200
#: What the places in the order mean for the caller of the method.
RANKS = {0: "own", 1: "child", 2: "other"}


class ResPartner(models.Model):
    """Who may be calling: patients of a number, in the order in which the desk should think of them."""

    _inherit = "res.partner"

    @api.model
    def clinic_caller_lookup(self, number, limit=10):
        """Patients whom a call from ``number`` may be about; a list, because a family shares a phone.

        The patient whose own number it is comes first, then children for whom the holder acts or on
        whose cards the number stands, then the others; in each group who came last. For users who
        book visits; record rules apply; the lookup is noted in the access journal without the number.

        :param number: any spelling, as the exchange gives it
        :return: list of dicts as in ``_clinic_patient_dicts`` plus ``as`` (own, child, other) and
            ``last_visit`` (ISO moment or False); empty for an unknown or hidden number
        """
        self._check_clinic_search()
        e164 = self._phone_to_e164(str(number or "")[:64])
        found = self._caller_rows(e164, max(1, min(int(limit or 10), 50))) if e164 else []
        visible = self.search([("id", "in", [row[0] for row in found])])
        known = {row["id"]: row for row in visible._clinic_patient_dicts()}
        rows = [
            known[patient_id]
            | {"as": RANKS[rank], "last_visit": last_visit.isoformat() if last_visit else False}
            for patient_id, rank, last_visit in found
            if patient_id in known
        ]
        if not self.env.su:
            self.env["clinic.access.event"]._record(
                "search", visible or None, model=None if visible else self, detail="caller"
            )
        return rows

    @api.model
    def _caller_rows(self, e164, limit):
        """``[(patient id, rank, last visit)]``: one statement over indexes, whoever is asked about."""
        self.env["clinic.phone"].flush_model(["e164", "active", "owner", "partner_id"])
        self.env["clinic.relation"].flush_model()
        self.flush_model(["active", "is_patient", "birth_date", "merged_into_id"])
        today = fields.Date.context_today(self)
        values = (e164, today, today - relativedelta(years=ADULT_AGE), limit)
        function = self._caller_function()
        if function:
            return self.env.execute_query(SQL("SELECT * FROM %s%s", SQL.identifier(function), values))
        return self.env.execute_query(self._caller_sql(*values))

    @api.model
    def _caller_sql(self, e164, today, adult, limit):
        return SQL(
            """
            WITH holder AS (
                SELECT partner_id, owner FROM clinic_phone
                 WHERE active AND e164 = %(e164)s LIMIT %(most)s
            ), about AS (
                SELECT partner_id AS id, CASE WHEN owner = 'self' THEN 0 ELSE 2 END AS rank FROM holder
                 UNION ALL
                SELECT r.patient_id, 1 FROM holder h JOIN clinic_relation r ON r.actor_id = h.partner_id
                 WHERE r.active AND r.may_act AND (r.date_from IS NULL OR r.date_from <= %(today)s)
                   AND (r.date_to IS NULL OR r.date_to >= %(today)s)
            ), card AS (
                SELECT p.id,
                       min(CASE WHEN a.rank > 0 THEN CASE WHEN p.birth_date > %(adult)s THEN 1 ELSE 2 END
                                ELSE 0 END) AS rank
                  FROM about a JOIN res_partner p ON p.id = a.id
                 WHERE p.active AND p.is_patient GROUP BY p.id
            )
            SELECT card.id, card.rank, %(last_visit)s AS visited FROM card
             ORDER BY card.rank, visited DESC NULLS LAST, card.id LIMIT %(limit)s
            """,
            e164=e164,
            most=MAX_HOLDERS,
            today=today,
            adult=adult,
            last_visit=self._caller_last_visit(SQL.identifier("card", "id")),
            limit=limit,
        )

    def _register_hook(self):
        """The statement is planned much longer than it runs, so the database keeps its plan in a function.

        Made anew whenever the addons there are change the statement: its name says which one it is.
        """
        super()._register_hook()
        name = self._caller_name()
        if self._has_function(name):
            return
        # several servers may start at once
        self.env.cr.execute("SELECT pg_advisory_xact_lock(hashtext('clinic_caller'))")
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION %s (text, date, date, integer)
                RETURNS TABLE (out_id integer, out_rank integer, out_visited timestamp)
                LANGUAGE plpgsql STABLE AS %s
                """,
                SQL.identifier(name),
                f"BEGIN RETURN QUERY {self._caller_text()}; END",
            )
        )

    @api.model
    def _caller_text(self):
        sql = self._caller_sql(*(SQL(f"${place}") for place in range(1, 5)))
        return self.env.cr.mogrify(sql).decode()

    @api.model
    def _caller_name(self):
        return f"clinic_caller_{hashlib.blake2b(self._caller_text().encode(), digest_size=8).hexdigest()}"

    @api.model
    @tools.ormcache(cache="stable")
    def _caller_function(self):
        """Name of the function, or None where nobody has made it: then the statement itself is asked."""
        name = self._caller_name()
        return name if self._has_function(name) else None

    @api.model
    def _has_function(self, name):
        return bool(self.env.execute_query(SQL("SELECT FROM pg_proc WHERE proname = %s", name)))

    @api.model
    def _caller_last_visit(self, patient):
        """Hook: SQL for the moment of the last visit of the patient whose id ``patient`` is. None here."""
        return SQL("NULL::timestamp")
