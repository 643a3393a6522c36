# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: Columns of a contact that say nothing of the person once the rest is gone.
_HARMLESS = {
    "id", "create_uid", "create_date", "write_uid", "write_date", "active", "is_patient", "is_company",
    "lang", "tz", "type", "employee", "company_id", "patient_uuid", "patient_number", "patient_branch_id",
    "merged_into_id", "partner_share", "commercial_partner_id", "color", "is_provisional", "name_to_check",
    "message_bounce", "autopost_bills",
}  # fmt: skip
#: What is forgotten of messages: old and new values, queued mails, addresses, texts.
_MESSAGE_QUERIES = (
    "DELETE FROM mail_tracking_value WHERE mail_message_id = ANY(%s) RETURNING 1",
    "DELETE FROM mail_mail WHERE mail_message_id = ANY(%s) RETURNING 1",
    "UPDATE mail_notification SET mail_email_address = NULL WHERE mail_message_id = ANY(%s) RETURNING 1",
    """
    UPDATE mail_message SET body = '', subject = NULL, email_from = NULL, reply_to = NULL,
           incoming_email_to = NULL, incoming_email_cc = NULL, message_id = NULL
     WHERE id = ANY(%s) RETURNING 1
    """,
)


class ClinicErasure(models.AbstractModel):
    """Destroys what is known of a patient, by ``res.partner._clinic_erase_spec``, and proves it.

    The card itself is made anonymous in place: links to it stay valid. What the rules of keeping
    protect stays and is named. Called by ``clinic.subject.request`` only.
    """

    _name = "clinic.erasure"
    _description = "Destruction of personal data"

    @api.model
    def _cards(self, patient):
        """The card, and all that were joined to it."""
        # whoever called has checked the right; rows of every addon and company take part
        cards = found = patient.sudo().with_context(active_test=False)
        while found := cards.search([("merged_into_id", "in", found.ids)]) - cards:
            cards |= found
        return cards

    @api.model
    def _held(self, cards):
        """``{category: last day}`` of what must be kept still."""
        held, rules = {}, self.env["clinic.retention.rule"]
        for category, last in cards._clinic_retention_facts():
            until = rules._until(category, last)
            if until >= fields.Date.context_today(self):
                held[category] = max(until, held.get(category, until))
        return held

    @api.model
    def _plan(self, patient):
        """What would go and what must stay: dicts ``model, name, rows, action, until``."""
        cards = self._cards(patient)
        held, plan = self._held(cards), []
        until = max(held.values(), default=None)
        for line in cards._clinic_erase_spec():
            rows = self._rows(line, cards)
            if rows:
                last = held.get(line.category) or (until if line.category == "identity" else None)
                name = self.env["ir.model"]._get(line.model).name
                plan.append({"line": line, "name": name, "rows": rows, "until": last})
        return plan, until

    @api.model
    def _rows(self, line, cards):
        model = self.env[line.model].with_context(active_test=False)
        query = SQL(
            "SELECT id FROM %s WHERE %s = ANY(%s)",
            SQL.identifier(model._table),
            SQL.identifier(line.field),
            cards.ids,
        )
        self.env.flush_all()
        return [row[0] for row in self.env.execute_query(query)]

    @api.model
    def _destroy(self, patient):
        """Carry the plan out.

        :return: list of ``(name of the model, what was done, rows)`` for the act and the journal
        """
        self._check_possible(patient)
        cards = self._cards(patient)
        # from here on SQL works past the cache
        self.env.flush_all()
        plan, until = self._plan(patient)
        # first what is found by the numbers and names that the rest removes
        cards._clinic_erase_more()
        done = []
        for step in plan:
            line = step["line"]
            if step["until"] or line.action == "keep":
                continue
            self._forget_documents(line.model, step["rows"])
            done.append((line.model, line.action, len(step["rows"])))
            self._carry_out(line, step["rows"])
        self._forget_documents("res.partner", cards.ids, with_fields=True)
        self._forget_messages(cards)
        self._forget_accounts(cards)
        self._forget_contacts(cards)
        if until:
            cards.sudo().write({"processing_restricted": True})
        else:
            self._make_anonymous(cards)
        done.append(("res.partner", "restrict" if until else "wipe", len(cards)))
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        return done

    @api.model
    def _check_possible(self, patient):
        users = self._cards(patient).with_context(active_test=False).user_ids
        if users.filtered(lambda user: not user.share):
            raise UserError(
                self.env._(
                    "This patient is also an employee with an account. Give the account a contact of its "
                    "own first: the data of employees are kept by other rules."
                )
            )

    @api.model
    def _carry_out(self, line, ids):
        table = SQL.identifier(self.env[line.model]._table)
        if line.action == "delete":
            query = SQL("DELETE FROM %s WHERE id = ANY(%s) RETURNING id", table, ids)
        else:
            values = SQL(", ").join(SQL("%s = %s", SQL.identifier(k), v) for k, v in line.values.items())
            query = SQL("UPDATE %s SET %s WHERE id = ANY(%s) RETURNING id", table, values, ids)
        # past the guards of proof (consents): the law demands it here
        self.env.execute_query(query)

    @api.model
    def _forget_documents(self, model, ids, with_fields=False):
        """Files, messages and tasks of records; pictures in fields of theirs, too, when asked."""
        attachments = self.env["ir.attachment"].search(
            [
                ("res_model", "=", model),
                ("res_id", "in", ids),
                ("res_field", "in", self._picture_fields(model, with_fields)),
            ]
        )
        messages = self.env["mail.message"].search([("model", "=", model), ("res_id", "in", ids)])
        attachments |= messages.attachment_ids
        attachments.unlink()
        self._wipe_messages(messages)
        for table in ("mail_activity", "mail_followers"):
            self.env.execute_query(
                SQL(
                    "DELETE FROM %s WHERE res_model = %s AND res_id = ANY(%s) RETURNING 1",
                    SQL.identifier(table), model, ids,
                )
            )  # fmt: skip

    @api.model
    def _picture_fields(self, model, with_fields):
        names = [name for name, field in self.env[model]._fields.items() if field.type in ("binary", "image")]
        return [False, *names] if with_fields else [False]

    @api.model
    def _wipe_messages(self, messages):
        """Bodies, subjects, addresses, old and new values; the fact and the time of a message stay."""
        ids = messages.ids
        if not ids:
            return
        for query in _MESSAGE_QUERIES:
            self.env.execute_query(SQL(query, ids))

    @api.model
    def _forget_messages(self, cards):
        """What the patient wrote or was sent, wherever it stands."""
        messages = self.env["mail.message"].search(
            ["|", ("author_id", "in", cards.ids), ("notified_partner_ids", "in", cards.ids)]
        )
        own = messages.filtered(lambda message: message.author_id in cards)
        self._wipe_messages(own)
        for query in (
            "DELETE FROM mail_notification WHERE res_partner_id = ANY(%s) RETURNING 1",
            "DELETE FROM mail_followers WHERE partner_id = ANY(%s) RETURNING 1",
            "DELETE FROM res_partner_bank WHERE partner_id = ANY(%s) RETURNING 1",
            "DELETE FROM res_partner_res_partner_category_rel WHERE partner_id = ANY(%s) RETURNING 1",
            "DELETE FROM ir_model_data WHERE model = 'res.partner' AND res_id = ANY(%s) RETURNING 1",
        ):
            self.env.execute_query(SQL(query, cards.ids))

    @api.model
    def _forget_accounts(self, cards):
        """Accounts of the site: closed, without login, password, keys and devices."""
        users = cards.with_context(active_test=False).user_ids
        for user in users:
            self.env.execute_query(
                SQL(
                    "UPDATE res_users SET login = %s, password = NULL, active = FALSE, signature = NULL"
                    " WHERE id = %s RETURNING id",
                    f"erased-{user.id}",
                    user.id,
                )
            )
        for table in ("res_users_apikeys", "res_device_log", "auth_totp_device"):
            if users and self._has_table(table):
                self.env.execute_query(
                    SQL(
                        "DELETE FROM %s WHERE user_id = ANY(%s) RETURNING 1", SQL.identifier(table), users.ids
                    )
                )

    @api.model
    def _has_table(self, table):
        return bool(self.env.execute_query(SQL("SELECT to_regclass(%s)", table))[0][0])

    @api.model
    def _forget_contacts(self, cards):
        """Contact data of the card, which no rule of keeping needs, and traces of them by value."""
        emails = [email for email in cards.mapped("email_normalized") if email]
        phones = [phone for phone in cards.mapped("phone_sanitized") if phone]
        names = [name for name in cards.mapped("name") if name]
        self.env.execute_query(SQL("DELETE FROM mail_blacklist WHERE email = ANY(%s) RETURNING 1", emails))
        self.env.execute_query(SQL("DELETE FROM phone_blacklist WHERE number = ANY(%s) RETURNING 1", phones))
        # the queue of the bus is emptied daily by itself; what names the person goes now
        for text in (*emails, *phones, *names):
            self.env.execute_query(
                SQL("DELETE FROM bus_bus WHERE position(%s in message::text) > 0 RETURNING 1", text)
            )
        self._set_columns(
            cards,
            [
                "phone", "phone_sanitized", "email", "email_normalized", "street", "street2", "city", "zip",
                "website", "function", "comment", "patient_alert", "clinic_search_text", "signup_type",
            ],
        )  # fmt: skip

    @api.model
    def _make_anonymous(self, cards):
        fields_ = cards._fields.values()
        names = [
            field.name
            for field in fields_
            if field.store and field.column_type and field.name not in _HARMLESS and not field.required
            and field.type in ("char", "text", "html", "date", "json", "properties", "selection")
        ]  # fmt: skip
        self._set_columns(cards, [name for name in names if name not in ("name", "complete_name")])
        self.env.execute_query(
            SQL(
                "UPDATE res_partner SET name = %(name)s || id, complete_name = %(name)s || id,"
                " active = FALSE, processing_restricted = TRUE, erased_at = %(now)s"
                " WHERE id = ANY(%(ids)s) RETURNING id",
                name=self.env._("Destroyed card") + " ",
                now=fields.Datetime.now(),
                ids=cards.ids,
            )
        )

    @api.model
    def _set_columns(self, cards, names):
        known = [name for name in names if name in cards._fields and cards._fields[name].column_type]
        nothing = SQL(", ").join(SQL("%s = NULL", SQL.identifier(name)) for name in known)
        self.env.execute_query(
            SQL("UPDATE res_partner SET %s WHERE id = ANY(%s) RETURNING id", nothing, cards.ids)
        )

    @api.model
    def _traces(self, patient):
        """What to look for after the destruction: taken before it."""
        cards = self._cards(patient)
        numbers = [phone.number for phone in cards.clinic_phone_ids] + cards.mapped("phone_sanitized")
        digits = {"".join(filter(str.isdigit, number))[-10:] for number in numbers if number}
        return {
            "names": [
                (card.family_name, card.given_name) for card in cards if card.family_name and card.given_name
            ],
            "digits": sorted(digit for digit in digits if len(digit) == 10),
            "emails": sorted({email for email in cards.mapped("email_normalized") if email}),
        }

    @api.model
    def _prove(self, traces):
        """The proof query: ``[(table, column, rows)]`` of all text in the database that names the person."""
        self.env.flush_all()
        tests = [
            SQL("(t.v ILIKE %s AND t.v ILIKE %s)", f"%{family}%", f"%{given}%")
            for family, given in traces["names"]
        ]
        tests += [
            SQL("regexp_replace(t.v, '[^0-9]', '', 'g') LIKE %s", f"%{digits}%")
            for digits in traces["digits"]
        ]
        tests += [SQL("t.v ILIKE %s", f"%{email}%") for email in traces["emails"]]
        if not tests:
            return []
        wanted = SQL(" OR ").join(tests)
        found = []
        for table, columns in self._text_columns():
            # one look at the whole row first: nearly every table has nothing
            row = SQL(
                "concat_ws(E'\\n', %s)", SQL(", ").join(SQL("%s::text", SQL.identifier(c)) for c in columns)
            )
            if not self._count_matches(table, row, wanted):
                continue
            for column in columns:
                count = self._count_matches(table, SQL("%s::text", SQL.identifier(column)), wanted)
                if count:
                    found.append((table, column, count))
        return found

    @api.model
    def _count_matches(self, table, value, wanted):
        query = SQL(
            "SELECT count(*) FROM (SELECT %s AS v FROM %s) t WHERE %s", value, SQL.identifier(table), wanted
        )
        ((count,),) = self.env.execute_query(query)
        return count

    @api.model
    def _text_columns(self):
        """``[(table, names of its columns with text)]`` of the whole database."""
        return self.env.execute_query(
            SQL(
                "SELECT c.table_name, array_agg(c.column_name::text ORDER BY c.column_name)"
                " FROM information_schema.columns c"
                " JOIN information_schema.tables t USING (table_schema, table_name)"
                " WHERE c.table_schema = current_schema AND t.table_type = 'BASE TABLE'"
                " AND c.data_type IN ('text', 'character varying', 'character', 'json', 'jsonb')"
                " GROUP BY 1 ORDER BY 1"
            )
        )
