# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
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


_QUEUED_LETTERS = """
    DELETE FROM mail_mail m USING mail_mail_res_partner_rel r
     WHERE r.mail_mail_id = m.id AND r.res_partner_id = ANY(%s) RETURNING 1
"""
#: Tables of Odoo's apps whose rows mean nothing without the person.
_QUEUES = {"mail_push_device", "sms_sms", "snailmail_letter", "website_visitor", "mail_message_reaction"}


class ClinicErasure(models.AbstractModel):
    """What hangs on the card itself: files, messages, accounts, contact data, the name."""

    _inherit = "clinic.erasure"

    @api.model
    def _forget_documents(self, model, ids, of_card=False, with_files=True):
        """Files, messages and tasks of records.

        :param of_card: pictures in fields go, too
        :param with_files: False: the files stay, because rules of keeping protect the card
        """
        names = self._picture_fields(model) if of_card else []
        attachments = self.env["ir.attachment"].search(
            [
                ("res_model", "=", model),
                ("res_id", "in", ids),
                ("res_field", "in", [False, *names] if with_files else names),
            ]
        )
        messages = self.env["mail.message"].search([("model", "=", model), ("res_id", "in", ids)])
        if with_files:
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
    def _picture_fields(self, model):
        return [name for name, field in self.env[model]._fields.items() if field.type in ("binary", "image")]

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
            ["|", ("author_id", "in", cards.ids), ("partner_ids", "in", cards.ids)]
        )
        # a message to several people is a text about somebody else, perhaps: the proof query reads it
        own = messages.filtered(lambda message: message.author_id in cards or message.partner_ids <= cards)
        self._wipe_messages(own)
        for query in (
            _QUEUED_LETTERS,
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
    def _forget_elsewhere(self, cards):
        """Rows of Odoo's own apps that know the card: windows, queues, visitors of the site."""
        temporary = {model._table for model in self.env.values() if model._transient and model._auto}
        for table, column in self._links_of_cards():
            if table in temporary or table in _QUEUES:
                self.env.execute_query(
                    SQL(
                        "DELETE FROM %s WHERE %s = ANY(%s) RETURNING 1",
                        SQL.identifier(table), SQL.identifier(column), cards.ids,
                    )
                )  # fmt: skip

    @api.model
    def _links_of_cards(self):
        """``[(table, column)]`` of everything in the database that points to a contact, whoever made it."""
        return self.env.execute_query(
            SQL(
                """
                SELECT t.relname::text, a.attname::text
                  FROM pg_constraint c
                  JOIN pg_class t ON t.oid = c.conrelid
                  JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
                 WHERE c.contype = 'f' AND c.confrelid = 'res_partner'::regclass
                   AND t.relnamespace = current_schema::regnamespace
                 ORDER BY 1, 2
                """
            )
        )

    @api.model
    def _forget_contacts(self, cards):
        """Contact data of the card, which no rule of keeping needs, and traces of them by value."""
        names = [name for name in cards.mapped("name") if name]
        # what a relative's card has, too, is not this person's alone: a refusal of letters stays in force
        emails, phones = self._own_emails(cards), self._own_phones(cards)
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
    def _own_emails(self, cards):
        """E-mail addresses of these cards that no other contact has."""
        emails = {email for email in cards.mapped("email_normalized") if email}
        others = self._other_contacts([("email_normalized", "in", list(emails))], cards)
        return sorted(emails - set(others.mapped("email_normalized")))

    @api.model
    def _own_phones(self, cards):
        """Numbers of these cards (E.164) that no other contact has, and that are their own."""
        rows = self.env["clinic.phone"].sudo().with_context(active_test=False)
        own = rows.search([("partner_id", "in", cards.ids)])
        phones = {row.e164 for row in own if row.e164}
        phones |= {phone for phone in cards.mapped("phone_sanitized") if phone}
        shared = set(
            rows.search([("e164", "in", list(phones)), ("partner_id", "not in", cards.ids)]).mapped("e164")
        )
        others = self._other_contacts([("phone_sanitized", "in", list(phones))], cards)
        return sorted(phones - shared - set(others.mapped("phone_sanitized")))

    @api.model
    def _other_contacts(self, domain, cards):
        everyone = self.env["res.partner"].sudo().with_context(active_test=False)
        return everyone.search([*domain, ("id", "not in", cards.ids)])
