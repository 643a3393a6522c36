# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import NamedTuple

from psycopg2 import IntegrityError

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: A policy of ``_clinic_merge_policy``: rows move, stay with the joined card, are joined by the
#: model's own ``_clinic_merge_combine``, or forbid the join.
POLICIES = ("repoint", "keep", "combine", "refuse")


class Link(NamedTuple):
    """A column that points to a patient. ``others``: the key column of a table without ids.
    ``where``: a condition that the row speaks of a contact at all."""

    table: str
    column: str
    model: str = ""
    others: tuple = ()
    where: object = SQL("TRUE")
    as_text: bool = False


class ClinicMerge(models.Model):
    """Links to the joined card: found in the metadata of the database and the registry, moved by SQL."""

    _inherit = "clinic.merge"

    def _models_by_table(self):
        return {
            model._table: name
            for name, model in self.env.items()
            if not model._abstract and model._auto and not model._table_query
        }

    def _links(self):
        """Every stored link to a contact, whoever owns the table."""
        known = self._models_by_table()
        return [
            link
            for link in (*self._foreign_keys(known), *self._reference_links())
            if self._policy_of(link) != "keep"
        ]

    def _policy_of(self, link):
        policies = {
            (model, column): policy
            for model, column, policy in self.env["res.partner"]._clinic_merge_policy()
        }
        return policies.get((link.model, link.column), policies.get((link.model, "*"), "repoint"))

    def _foreign_keys(self, known):
        self.env.cr.execute(
            """
            SELECT t.relname, a.attname,
                   ARRAY(SELECT o.attname::text FROM pg_attribute o
                          WHERE o.attrelid = t.oid AND o.attnum > 0 AND NOT o.attisdropped
                            AND o.attname <> a.attname ORDER BY o.attnum)
              FROM pg_constraint c
              JOIN pg_class t ON t.oid = c.conrelid
              JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
             WHERE c.contype = 'f' AND c.confrelid = 'res_partner'::regclass
               AND cardinality(c.conkey) = 1 AND t.relnamespace = current_schema()::regnamespace
             ORDER BY t.relname, a.attname
            """
        )
        for table, column, others in self.env.cr.fetchall():
            with_id = "id" in others
            yield Link(table, column, known.get(table, ""), () if with_id else tuple(others))

    def _reference_links(self):
        """Links that no foreign key guards: (model, id) pairs and reference fields."""
        for name, model in self.env.items():
            if model._abstract or not model._auto or model._transient:
                continue
            for field in model._fields.values():
                if not field.store or not field.column_type:
                    continue
                if field.type == "many2one_reference":
                    where = SQL("%s = 'res.partner'", SQL.identifier(field.model_field))
                    if name == "ir.attachment":
                        # pictures of the card belong to its fields
                        where = SQL("%s AND res_field IS NULL", where)
                    yield Link(model._table, field.name, name, (), where)
                elif field.type == "reference":
                    yield Link(model._table, field.name, name, (), as_text=True)

    def _value_of(self, link, card):
        return f"res.partner,{card.id}" if link.as_text else card.id

    def _condition(self, link, card):
        own_row = SQL("TRUE")
        if link.table == "res_partner":
            # what the joined card says of itself stays with it
            own_row = SQL("id NOT IN (%s, %s)", self.loser_id.id, self.survivor_id.id)
        return SQL(
            "%s = %s AND %s AND %s",
            SQL.identifier(link.column),
            self._value_of(link, card),
            link.where,
            own_row,
        )

    def _count_links(self):
        """``[(name of the model, rows)]`` that would move, the most first."""
        self.ensure_one()
        self.env.flush_all()
        counts = {}
        for link in self._links():
            if not link.model or link.model in ("mail.followers", "res.partner"):
                continue
            self.env.cr.execute(
                SQL(
                    "SELECT count(*) FROM %s WHERE %s",
                    SQL.identifier(link.table),
                    self._condition(link, self.loser_id),
                )
            )
            counts[link.model] = counts.get(link.model, 0) + self.env.cr.fetchone()[0]
        named = [
            (self.env["ir.model"]._get(model).name, amount) for model, amount in counts.items() if amount
        ]
        return sorted(named, key=lambda pair: (-pair[1], pair[0]))

    def _refused_links(self):
        """Names of models whose rows forbid the join."""
        names = []
        for link in self._links():
            if self._policy_of(link) == "refuse" and self._keys_of(link):
                names.append(self.env["ir.model"]._get(link.model).name)
        return names

    def _keys_of(self, link):
        """Keys of the rows that point to the joined card."""
        columns = ("id",) if not link.others else link.others[:1]
        self.env.cr.execute(
            SQL(
                "SELECT %s FROM %s WHERE %s ORDER BY 1",
                SQL.identifier(columns[0]),
                SQL.identifier(link.table),
                self._condition(link, self.loser_id),
            )
        )
        return [{columns[0]: value} for (value,) in self.env.cr.fetchall()]

    def _move_links(self):
        """Move every row that points to the joined card to the one that stays."""
        links = self._links()
        for link in links:
            if self._policy_of(link) == "combine":
                self.env[link.model]._clinic_merge_combine(self, link.column)
        for link in links:
            self._move_link(link)

    def _move_link(self, link):
        keys = self._keys_of(link)
        if not keys:
            return
        moved = self._repoint_all(link, keys)
        if moved:
            self.env["clinic.merge.line"]._note(
                self,
                "repoint",
                link.table,
                link.column,
                amount=len(moved),
                old=self._value_of(link, self.loser_id),
                new=self._value_of(link, self.survivor_id),
                keys=moved,
            )

    def _repoint_all(self, link, keys):
        """Move all rows at once, or one by one where a unique rule of the table refuses.

        :return: keys of the rows that moved; the others were double and are noted as removed
        """
        if self._try_repoint(link, keys):
            return keys
        moved = []
        for key in keys:
            if self._try_repoint(link, [key]):
                moved.append(key)
            else:
                self._remove_row(link.table, {**key, link.column: self._value_of(link, self.loser_id)})
        return moved

    def _try_repoint(self, link, keys):
        """Move rows, or leave all of them where a rule of the table refuses one."""
        try:
            with self.env.cr.savepoint(flush=False):
                self._repoint(link, keys)
        except IntegrityError:
            return False
        return True

    def _repoint(self, link, keys):
        name = next(iter(keys[0]))
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s = %s WHERE %s AND %s = ANY(%s)",
                SQL.identifier(link.table),
                SQL.identifier(link.column),
                self._value_of(link, self.survivor_id),
                self._condition(link, self.loser_id),
                SQL.identifier(name),
                [key[name] for key in keys],
            ),
            log_exceptions=False,
        )

    def _remove_row(self, table, key):
        """Remove a row that the card which stays already has; the whole row is noted first.

        Rows of link tables that hang on it are noted and go with it. Where another record hangs on
        it, the join is refused: nothing may disappear with a double.
        """
        where = SQL(" AND ").join(SQL("%s = %s", SQL.identifier(name), value) for name, value in key.items())
        rows = self._rows(table, where)
        for row in rows:
            if "id" in row:
                self._remove_dependents(table, row["id"])
        self.env["clinic.merge.line"]._note(self, "delete", table, amount=len(rows), rows=rows)
        self.env.cr.execute(SQL("DELETE FROM %s WHERE %s", SQL.identifier(table), where))

    def _remove_dependents(self, table, row_id):
        self.env.cr.execute(
            """
            SELECT t.relname, a.attname,
                   EXISTS (SELECT FROM pg_attribute o WHERE o.attrelid = t.oid AND o.attname = 'id')
              FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
              JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
             WHERE c.contype = 'f' AND c.confrelid = %s::regclass
            """,
            [table],
        )
        for dependent, column, is_record in self.env.cr.fetchall():
            where = SQL("%s = %s", SQL.identifier(column), row_id)
            rows = self._rows(dependent, where)
            if rows and is_record:
                raise UserError(
                    self.env._(
                        "Both cards have the same entry in “%(name)s”, and something depends on both. "
                        "Remove one of the two entries by hand and join the cards again.",
                        name=self._models_by_table().get(table, table),
                    )
                )
            if rows:
                self.env["clinic.merge.line"]._note(self, "delete", dependent, amount=len(rows), rows=rows)
                self.env.cr.execute(SQL("DELETE FROM %s WHERE %s", SQL.identifier(dependent), where))

    def _rows(self, table, where):
        """Whole rows as dicts of JSON values."""
        self.env.cr.execute(SQL("SELECT to_jsonb(t) FROM %s t WHERE %s", SQL.identifier(table), where))
        return [row for (row,) in self.env.cr.fetchall()]

    def _row_of(self, record):
        """The stored row of one record, all columns."""
        record.flush_recordset()
        return self._rows(record._table, SQL("id = %s", record.id))[0]

    def _note_row_change(self, record, before):
        """Write down which columns of a record differ from ``before`` (see ``_row_of``)."""
        after = self._row_of(record)
        changed = [
            name for name in after if after[name] != before[name] and name not in ("write_date", "write_uid")
        ]
        if changed:
            self.env["clinic.merge.line"]._note(
                self,
                "value",
                record._table,
                amount=len(changed),
                key={"id": record.id},
                old={name: before[name] for name in changed},
                new={name: after[name] for name in changed},
            )
