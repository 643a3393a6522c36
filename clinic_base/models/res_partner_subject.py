# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, format_date, format_datetime, html2plaintext


class Erase(NamedTuple):
    """What happens to the rows of a model that point to an erased patient.

    ``action``: ``delete``, ``wipe`` (``values`` are written, the row stays) or ``keep`` (the row has
    nothing personal once the card is anonymous). ``category``: of ``clinic.retention.rule``, or
    ``identity``: rows that must stay while anything else must. ``parent``: the ``key`` of another line:
    ``field`` then points to its rows, and what is held there is held here.
    """

    model: str
    field: str
    action: str
    values: dict = {}
    category: str = ""
    parent: str = ""

    @property
    def key(self):
        """Tells the line from others; names it as a parent."""
        return f"{self.model}.{self.field}" + (f" < {self.parent}" if self.parent else "")


class ResPartner(models.Model):
    """Rights of the person: what we know of him, restriction of its use, destruction."""

    _inherit = "res.partner"

    processing_restricted = fields.Boolean(
        string="Use of data is restricted",
        readonly=True,
        copy=False,
        help="The person or the law forbids any use but keeping; messages and advertising are not sent.",
    )
    erased_at = fields.Datetime(string="Data destroyed", readonly=True, copy=False)

    def write(self, vals):
        if {"processing_restricted", "erased_at"} & vals.keys() and not self.env.su:
            raise AccessError(
                self.env._("The use of data is restricted by a request of the person, not on the card.")
            )
        return super().write(vals)

    @api.model
    def _clinic_erase_spec(self):
        """What happens to everything that points to an erased patient: a list of ``Erase``.

        Extend with ``super()._clinic_erase_spec() + […]``; a test asks for a line for every link of a
        model of the suite. Attachments, messages and activities of the rows go with every line
        that is carried out.
        """
        gone = [
            ("clinic.phone", "partner_id", "delete"),
            ("clinic.relation", "patient_id", "delete"),
            ("clinic.relation", "actor_id", "delete"),
            ("clinic.former.name", "patient_id", "delete", {}, "identity"),
            ("clinic.identity.document", "patient_id", "delete", {}, "identity"),
            ("clinic.guarantee.letter", "patient_id", "delete", {}, "contract"),
            ("clinic.coverage", "patient_id", "delete", {}, "contract"),
            ("clinic.patient.distinct", "first_id", "delete"),
            ("clinic.patient.distinct", "second_id", "delete"),
            ("clinic.match.key", "partner_id", "delete"),
            ("clinic.match.waiting", "partner_id", "delete"),
            ("clinic.match.pair", "first_id", "delete"),
            ("clinic.match.pair", "second_id", "delete"),
            ("clinic.match.member", "partner_id", "delete"),
            ("clinic.import.row", "patient_id", "delete"),
            ("clinic.blacklist", "patient_id", "delete"),
            ("clinic.attachment", "patient_id", "delete"),
        ]
        proof = {"note": None, "ip_address": None, "withdrawn_ip": None, "signer_ground": None}
        request = {"requester_name": None, "identity_note": None, "wish": None, "answer": None}
        candidate = {"candidate_id": None, "why": None, "detail": None}
        wiped = [
            ("clinic.phone", "owner_partner_id", "wipe", {"owner_partner_id": None}),
            ("clinic.consent", "patient_id", "wipe", proof, "consent"),
            ("clinic.consent", "signer_id", "wipe", {"signer_id": None}, "consent"),
            ("clinic.import.row", "candidate_id", "wipe", candidate),
            ("clinic.coverage", "payer_id", "keep"),
            ("clinic.coverage.programme", "payer_id", "keep"),
            # the steps of a join hold names and phones (encrypted); without them it is not undone any more
            ("clinic.merge", "survivor_id", "keep", {}, "identity"),
            ("clinic.merge", "loser_id", "keep", {}, "identity"),
            *(
                (model, "merge_id", "delete", {}, "", f"clinic.merge.{side}")
                for model in ("clinic.merge.line", "clinic.merge.choice")
                for side in ("survivor_id", "loser_id")
            ),
            ("clinic.subject.request", "patient_id", "wipe", request),
        ]
        return [Erase(*line) for line in (*gone, *wiped)]

    def _clinic_erase_more(self):
        """Remove what no column links to these patients: addons extend it. ``self`` includes joined cards."""
        self.env.execute_query(
            SQL(
                "DELETE FROM clinic_import_link WHERE model = 'res.partner' AND res_id = ANY(%s) RETURNING 1",
                self.ids,
            )
        )
        self.env.execute_query(
            SQL(
                "UPDATE clinic_match_cluster SET reason = NULL, hold_reason = NULL WHERE id IN"
                " (SELECT cluster_id FROM clinic_match_member WHERE partner_id = ANY(%s)) RETURNING 1",
                self.ids,
            )
        )

    def _clinic_erase_problems(self):
        """Sentences why these cards cannot be destroyed now. Extend with ``super()._… + […]``."""
        if self.user_ids.filtered(lambda user: not user.share):
            return [
                self.env._(
                    "This patient is also an employee with an account. Give the account a contact of its "
                    "own first: the data of employees are kept by other rules."
                )
            ]
        return []

    def _clinic_retention_facts(self):
        """``[(category, last day)]`` of what may have to be kept of ``self``; addons add theirs.

        A consent is kept as long as somebody may ask for the proof, counted from its end; one that is in
        force ends now. Who signed for another or was named by one is a part of that proof.
        """
        links = ("patient_id", "signer_id", "named_person_id")
        domain = fields.Domain.OR([(link, "in", self.ids)] for link in links)
        today = fields.Date.context_today(self)
        days = [
            min((row.withdrawn_at or row.valid_to).date(), today)
            if row.withdrawn_at or row.valid_to
            else today
            for row in self.env["clinic.consent"].search(domain)
        ]
        return [("consent", max(days))] if days else []

    def _clinic_subject_sections(self):
        """What we know of one person, for his access report: addons extend it.

        :return: list of dicts ``code``, ``title``, ``rows`` (lists of texts), ``head`` (names of the columns)
        """
        self.ensure_one()
        # archived phones and documents are kept, so they are told
        self = self.with_context(active_test=False)  # noqa: PLW0642
        env = self.env
        person = [
            ("name", self.name),
            ("sex", dict(self._fields["sex"]._description_selection(env)).get(self.sex)),
            ("birth_date", self.birth_date),
            ("patient_number", self.patient_number),
            ("patient_branch_id", self.patient_branch_id.name),
            ("email", self.email),
            ("contact_address", " ".join((self.contact_address or "").split())),
            ("patient_alert", self.patient_alert),
            ("create_date", self.create_date),
            ("create_uid", self.create_uid.name),
        ]
        label = {name: self._fields[name]._description_string(env) for name, _value in person}
        label |= {"name": env._("Full name"), "create_uid": env._("Source: entered by")}
        return [
            self._subject_section("person", env._("The card"), [(label[n], v) for n, v in person if v]),
            self._subject_list("phones", env._("Phones"), self.clinic_phone_ids, ("number", "owner", "note")),
            self._subject_list(
                "documents",
                env._("Documents (the last characters of the numbers)"),
                self.clinic_document_ids,
                ("kind_id", "number", "issued_by", "issued_on", "valid_to"),
            ),
            self._subject_list(
                "coverage",
                env._("Policies and contracts"),
                self.clinic_coverage_ids,
                ("kind", "payer_id", "number", "valid_from", "valid_to"),
            ),
            self._subject_list(
                "relatives",
                env._("Who acts for the patient"),
                self.clinic_representative_ids,
                ("actor_id", "kind", "may_act", "may_know_health", "date_to"),
            ),
            self._subject_list(
                "attachments",
                env._("Attachment to a doctor or a programme"),
                env["clinic.attachment"].search([("patient_id", "=", self.id)]),
                ("label", "ground", "date_from", "date_to"),
            ),
            self._subject_list(
                "blacklist",
                env._("Black list"),
                env["clinic.blacklist"].search([("patient_id", "=", self.id)]),
                ("reason", "create_date", "lift_reason"),
            ),
            self._subject_list(
                "former_names",
                env._("Former names"),
                self.clinic_former_name_ids,
                ("family_name", "given_name", "patronymic", "valid_to"),
            ),
            self._subject_list(
                "consents",
                env._("Consents"),
                self.clinic_consent_ids,
                ("purpose_id", "channel", "way", "granted_at", "valid_to", "state", "withdrawn_at"),
            ),
            self._subject_list(
                "purposes",
                env._("Purposes, grounds, recipients and terms of processing"),
                env["clinic.consent.purpose"].search([("company_id", "in", [env.company.id, False])]),
                ("name", "basis", "data_set", "recipients", "retention"),
            ),
            self._subject_list(
                "acts_for",
                env._("Whom the person acts for"),
                env["clinic.relation"].search([("actor_id", "=", self.id)]),
                ("patient_id", "kind", "may_act", "date_to"),
            ),
            self._subject_joined(),
            self._subject_attachments(),
            self._subject_messages(),
            self._subject_access_log(),
        ]

    def _subject_joined(self):
        """Cards that were joined to this one keep what stood on them."""
        names = ("patient_number", "name", "birth_date", "phone", "email")
        joined = self.env["clinic.erasure"]._cards(self) - self
        return self._subject_list("joined", self.env._("Cards that were joined to this one"), joined, names)

    def _subject_messages(self):
        """What was written about and to the person, without the program's own notes of changes."""
        cards = self.env["clinic.erasure"]._cards(self)
        messages = self.env["mail.message"].search(
            [
                ("message_type", "!=", "notification"),
                "|",
                "&", ("model", "=", "res.partner"), ("res_id", "in", cards.ids),
                "|", ("author_id", "in", cards.ids), ("partner_ids", "in", cards.ids),
            ]
        )  # fmt: skip
        rows = [
            (row.date, " ".join(filter(None, (row.subject, html2plaintext(row.body or "").strip()))))
            for row in messages
        ]
        rows = [row for row in rows if row[1]]
        return self._subject_section(
            "messages", self.env._("Messages"), rows, [self.env._("Date"), self.env._("Text")]
        )

    def _subject_attachments(self):
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", self.id), ("res_field", "=", False)]
        )
        return self._subject_list("files", self.env._("Files"), files, ("name", "mimetype", "create_date"))

    def _subject_access_log(self):
        """How often the card was opened, printed, exported: by kind, month and number of employees."""
        rows = self.env.execute_query(
            SQL(
                "SELECT to_char(moment, 'YYYY-MM'), action, count(*), count(DISTINCT user_ref)"
                " FROM clinic_access_event WHERE patient_ref = %s GROUP BY 1, 2 ORDER BY 1, 2",
                self.id,
            )
        )
        actions = dict(self.env["clinic.access.event"]._fields["action"]._description_selection(self.env))
        head = [self.env._("Month"), self.env._("Action"), self.env._("Times"), self.env._("Employees")]
        rows = [(month, actions.get(action, action), count, people) for month, action, count, people in rows]
        return self._subject_section("access", self.env._("Who worked with the data"), rows, head)

    @api.model
    def _subject_section(self, code, title, rows, head=()):
        texts = [[self._subject_cell(cell) for cell in row] for row in rows]
        return {"code": code, "title": title, "head": list(head), "rows": texts}

    @api.model
    def _subject_cell(self, value):
        """Text of a value as people read it: days and times on the clock of who prints the report."""
        if value is None or value is False:
            return ""
        if isinstance(value, datetime):
            return format_datetime(self.env, value, dt_format="short")
        return format_date(self.env, value) if isinstance(value, date) else str(value)

    @api.model
    def _subject_list(self, code, title, records, names):
        """A section with a row per record; values as people see them."""
        fields_ = [records._fields[name] for name in names]
        head = [field._description_string(self.env) for field in fields_]
        return self._subject_section(
            code, title, [[self._subject_text(row, field) for field in fields_] for row in records], head
        )

    @api.model
    def _subject_text(self, record, field):
        value = record[field.name]
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value)
        if field.type == "boolean":
            return self.env._("yes") if value else self.env._("no")
        return value.display_name if field.relational else value
