# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

#: Models whose records are named in the journal: they are no patients.
_NAMED = ("res.users", "res.groups")
_PATH = re.compile(r"[/.:]")


class ClinicAccessEvent(models.Model):
    """The journal in words of the clinic: names of models, fields, groups and reports, not their codes."""

    _inherit = "clinic.access.event"

    what = fields.Char(compute="_compute_words")
    detail_text = fields.Char(string="Details", compute="_compute_words")
    is_alert = fields.Boolean(
        string="Part of an anomaly", compute="_compute_is_alert", search="_search_is_alert"
    )

    @api.depends("model", "res_ref", "detail")
    @api.depends_context("lang")
    def _compute_words(self):
        for event in self:
            event.what = event._word_what()
            event.detail_text = event._word_detail()

    def _word_what(self):
        if not self.model:
            return False
        # names of models and accounts are no secret to those who read the journal
        name = self.env["ir.model"].sudo()._get(self.model).name or self.model
        if self.model == "res.partner":
            name = self.env._("Card of a patient")
        if self.model in _NAMED and self.res_ref:
            record = self.env[self.model].sudo().browse(self.res_ref).exists()
            if record:
                return f"{name}: {record.display_name}"
        return name

    def _word_detail(self):
        words = [self._word(token) for token in (self.detail or "").split(", ") if token]
        return ", ".join(dict.fromkeys(words)) or False

    def _word(self, token):
        """A field, group, report or kind of search in the language of the reader."""
        if token[0] in "+-" and "." in token:
            group = self.env.ref(token[1:], raise_if_not_found=False)
            return f"{token[0]} {group.sudo().display_name if group else token[1:]}"
        done = {
            "delete": self.env._("deleted"),
            "wipe": self.env._("made anonymous"),
            "restrict": self.env._("contact data deleted, the rest restricted"),
        }
        if self.action == "erase" and token in done:
            return done[token]
        searched = {
            "words": self.env._("by name"),
            "birth_date": self.env._("by birth date"),
            "cards": self.env._("by card number"),
            "numbers": self.env._("by number"),
            "caller": self.env._("by the number of a caller"),
        }
        if self.action == "search" and token in searched:
            return searched[token]
        shown = {
            "clinic_timeline": self.env._("History"),
            "look-alike cards": self.env._("Cards side by side"),
        }
        if self.action == "read" and token in shown:
            return shown[token]
        if self.action == "print":
            report = self.env["ir.actions.report"].sudo().search([("report_name", "=", token)], limit=1)
            return report.name or token
        return self._word_path(token)

    def _word_path(self, token):
        if token == "name" and self.model == "res.partner":
            return self.env._("Full name")
        model, labels = self.env.get(self.model), []
        for name in _PATH.split(token):
            field = model._fields.get(name) if model is not None else None
            if field is None:
                break
            labels.append(field._description_string(self.env))
            model = self.env.get(field.comodel_name) if field.relational else None
        return " / ".join(labels) or token

    def _compute_is_alert(self):
        found = self.search([("id", "in", self.ids), ("is_alert", "=", True)])
        for event in self:
            event.is_alert = event in found

    @api.model
    def _search_is_alert(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = SQL(
            """
            SELECT e.id FROM clinic_access_event e JOIN clinic_access_alert a
                ON a.user_ref = coalesce(e.user_ref, 0) AND e.moment > a.moment - interval '1 hour'
                   AND e.moment <= a.moment
             WHERE e.action = ANY(string_to_array(a.actions, ','))
            """
        )
        wanted = Domain("id", "in", found)
        return wanted if True in value else ~wanted
