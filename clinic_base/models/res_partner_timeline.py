# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime, html2plaintext

STAFF_GROUP = "clinic_base.group_clinic_user"
CONTACT_GROUP = "clinic_base.group_clinic_patient_contact"
MAX_ROWS = 100
DONE_JOINS = [("done_at", "!=", False)]
NOTES = [("model", "=", "res.partner"), ("message_type", "=", "comment")]
MAX_TEXT = 300


class ResPartner(models.Model):
    """Everything that happened with a patient, newest first, from a registry of sources."""

    _inherit = "res.partner"

    @api.model
    def _clinic_timeline_sources(self):
        """Where events of a patient come from; extend with ``super()._clinic_timeline_sources() + […]``.

        A source is a dict: ``kind`` and ``label`` (several sources may share a kind), ``icon``
        (Font Awesome), ``model``, ``patient`` (its column with the patient), ``date`` (its stored moment),
        ``domain`` (further condition, may be left out), ``groups`` (who sees the source, besides those
        with a right to read the model; may be left out) and ``line``: a function of a record of the
        model that returns ``{"title", "detail"}`` and perhaps ``"when"``, a text instead of the moment in
        the user's zone. Record rules of the model hold.
        """
        return [
            {
                "kind": "phone",
                "label": self.env._("Phones"),
                "icon": "fa-phone",
                "model": "clinic.phone",
                "patient": "partner_id",
                "date": "create_date",
                "groups": CONTACT_GROUP,
                "line": lambda row: {
                    "title": self.env._("Phone added: %(number)s", number=row.number or ""),
                    "detail": " · ".join(filter(None, [row._timeline_owner(), row.note])),
                },
            },
            {
                "kind": "document",
                "label": self.env._("Documents"),
                "icon": "fa-id-card-o",
                "model": "clinic.identity.document",
                "patient": "patient_id",
                "date": "create_date",
                "line": lambda row: {"title": row.kind_id.name, "detail": row.number or ""},
            },
            {
                "kind": "coverage",
                "label": self.env._("Policies"),
                "icon": "fa-shield",
                "model": "clinic.coverage",
                "patient": "patient_id",
                "date": "create_date",
                "line": lambda row: {"title": row.display_name, "detail": row.number or ""},
            },
            {
                "kind": "consent",
                "label": self.env._("Consents"),
                "icon": "fa-check-square-o",
                "model": "clinic.consent",
                "patient": "patient_id",
                "date": "granted_at",
                "groups": CONTACT_GROUP,
                "line": lambda row: {
                    "title": self.env._("Consent: %(purpose)s", purpose=row.purpose_id.name),
                    "detail": self._timeline_label(row, "state"),
                },
            },
            {
                "kind": "attachment",
                "label": self.env._("Attachments"),
                "icon": "fa-link",
                "model": "clinic.attachment",
                "patient": "patient_id",
                "date": "create_date",
                "line": lambda row: {
                    "title": self.env._("Attached to: %(whom)s", whom=row.label),
                    "detail": row.ground or "",
                },
            },
            {
                "kind": "blacklist",
                "label": self.env._("Black list"),
                "icon": "fa-ban",
                "model": "clinic.blacklist",
                "patient": "patient_id",
                "date": "set_at",
                "line": lambda row: {
                    "title": self.env._("Put on the black list: %(reason)s", reason=row.reason),
                    "detail": row.set_by_id.name,
                },
            },
            {
                "kind": "merge",
                "label": self.env._("Joins of cards"),
                "icon": "fa-compress",
                "model": "clinic.merge",
                "patient": "survivor_id",
                "date": "done_at",
                "domain": DONE_JOINS,
                "line": lambda row: {
                    "title": self.env._(
                        "Joined with the card %(number)s", number=row.loser_id.patient_number or ""
                    ),
                    "detail": self._timeline_label(row, "state"),
                },
            },
            {
                "kind": "note",
                "label": self.env._("Notes"),
                "icon": "fa-comment-o",
                "model": "mail.message",
                "patient": "res_id",
                "date": "date",
                "domain": NOTES,
                "groups": CONTACT_GROUP,
                "line": lambda row: {
                    "title": html2plaintext(row.body or "")[:MAX_TEXT],
                    "detail": row.author_id.name or "",
                },
            },
        ]

    @api.model
    def _timeline_label(self, record, name):
        return dict(record._fields[name]._description_selection(self.env)).get(record[name], "")

    def clinic_timeline(self, kinds=None, cursor=None, limit=30):
        """A page of the patient's events, newest first. For the staff; each source keeps its own rights.

        :param kinds: kinds of sources to show; all when empty
        :param cursor: ``next`` of the page before
        :return: ``{"rows": [{key, kind, icon, when, title, detail, res_model, res_id}], "next": cursor or
            False, "kinds": [[kind, label]]}``; the look is noted in the access journal
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(STAFF_GROUP):
            raise AccessError(self.env._("The history of a patient is for the staff of the clinic."))
        limit = max(1, min(int(limit or 30), MAX_ROWS))
        cursor = self._timeline_cursor(cursor)
        sources = [source for source in self._clinic_timeline_sources() if self._sees_source(source)]
        found = []
        for number, source in enumerate(sources):
            if not kinds or source["kind"] in kinds:
                found += self._timeline_ids(number, source, cursor, limit + 1)
        found.sort(key=lambda row: (-row[0].timestamp(), row[1], -row[2]))
        page = found[:limit]
        self.env["clinic.access.event"]._record("read", self, detail="clinic_timeline")
        return {
            "rows": self._timeline_rows(sources, page),
            "next": [page[-1][0].isoformat(), *page[-1][1:]] if len(found) > limit else False,
            "kinds": list({source["kind"]: [source["kind"], source["label"]] for source in sources}.values()),
        }

    @api.model
    def _sees_source(self, source):
        model = self.env[source["model"]]
        allowed = self.env.su or not source.get("groups") or self.env.user.has_groups(source["groups"])
        return allowed and model.has_access("read")

    @api.model
    def _timeline_cursor(self, cursor):
        """``(moment, number of the source, id)`` or None."""
        if not cursor:
            return None
        try:
            moment, number, row_id = cursor
            return datetime.fromisoformat(moment), int(number), int(row_id)
        except (TypeError, ValueError):
            raise UserError(self.env._("This page of the history does not exist. Reload the card.")) from None

    def _timeline_ids(self, number, source, cursor, limit):
        """``[(moment, number, id)]`` of one source, at most ``limit``, older than the cursor."""
        model = self.env[source["model"]].with_context(active_test=False)
        query = model._search(Domain(source["patient"], "=", self.id) & Domain(source.get("domain") or []))
        field = model._fields[source["date"]]
        moment = SQL("date_trunc('second', %s)", SQL.identifier(query.table, field.name, to_flush=field))
        row_id = SQL.identifier(query.table, "id")
        query.add_where(SQL("%s IS NOT NULL", moment))
        if cursor:
            at, source_number, last_id = cursor
            older = SQL("%s < %s", moment, at)
            if number > source_number:
                older = SQL("%s <= %s", moment, at)
            elif number == source_number:
                older = SQL("(%s, %s) < (%s, %s)", moment, row_id, at, last_id)
            query.add_where(older)
        query.order = SQL("%s DESC, %s DESC", moment, row_id)
        query.limit = limit
        rows = self.env.execute_query(query.select(moment, row_id))
        return [(at, number, res_id) for at, res_id in rows]

    @api.model
    def _timeline_rows(self, sources, page):
        """The page in words; records of one source are read together."""
        ids, rows = {}, []
        for _moment, number, res_id in page:
            ids.setdefault(number, []).append(res_id)
        records = {
            (number, record.id): record
            for number, found in ids.items()
            for record in self.env[sources[number]["model"]].browse(found)
        }
        for moment, number, res_id in page:
            source = sources[number]
            line = source["line"](records[number, res_id])
            rows.append(
                {
                    "key": f"{source['model']},{res_id}",
                    "kind": source["kind"],
                    "icon": source["icon"],
                    "when": line.get("when")
                    or format_datetime(self.env, moment, dt_format="dd.MM.yyyy HH:mm"),
                    "title": line["title"],
                    "detail": line.get("detail") or "",
                    "res_model": source["model"],
                    "res_id": res_id,
                }
            )
        return rows
