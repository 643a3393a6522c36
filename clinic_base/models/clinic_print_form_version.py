# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..form_separate import declares_consent, foreign_words
from ..form_text import fields_of, fill, plain_text, problems
from .clinic_print_form import PURPOSE_KINDS

#: Cannot change once published.
_FROZEN = {"body", "form_id", "version", "is_wider"}
#: Only publishing writes these.
_PUBLISHED = {"state", "body_hash", "date_from", "published_by_id"}
CONSENT_TEXT = "consent.text"


class ClinicPrintFormVersion(models.Model):
    """One version of the text of a form; frozen once published, because people sign its words."""

    _name = "clinic.print.form.version"
    _description = "Version of a print form"
    _order = "form_id, version desc"
    _rec_name = "version"

    form_id = fields.Many2one("clinic.print.form", required=True, ondelete="cascade", index=True)
    kind = fields.Selection(related="form_id.kind")
    version = fields.Integer(compute="_compute_version", store=True, readonly=False, precompute=True)
    body = fields.Html(
        string="Text", required=True, sanitize=True, sanitize_attributes=True, sanitize_form=True
    )
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published")], default="draft", required=True, readonly=True
    )
    is_wider = fields.Boolean(
        string="To be signed anew", help="Papers of earlier versions no longer suffice and are printed again."
    )
    date_from = fields.Datetime(string="In force from", readonly=True)
    published_by_id = fields.Many2one("res.users", string="Published by", readonly=True)
    body_hash = fields.Char(string="Hash", readonly=True, help="SHA-256 of the published text.")

    _version_uniq = models.UniqueIndex("(form_id, version)", "This version of the form already exists.")

    @api.depends("form_id")
    def _compute_version(self):
        for version in self:
            if not version.version:
                version.version = max(version.form_id.version_ids.mapped("version") or [0]) + 1

    @api.depends("version", "form_id.name")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(form)s, version %(version)s", form=version.form_id.name or "", version=version.version
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Every text begins as a draft, whatever the caller says."""
        begun = dict.fromkeys(_PUBLISHED, False) | {"state": "draft"}
        return super().create([{**vals, **begun} for vals in vals_list])

    def write(self, vals):
        """Words of a draft may change, printed words may not."""
        if _PUBLISHED & vals.keys():
            raise UserError(self.env._("Use the button Publish to put a version in force."))
        if _FROZEN & vals.keys() and any(version.state == "published" for version in self):
            raise UserError(
                self.env._(
                    "This version is published: people sign its words. Press New version and change that one."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        if any(version.state == "published" for version in self):
            raise UserError(
                self.env._(
                    "A published version is kept, because papers with its words exist. Archive the form."
                )
            )

    def action_publish(self):
        """Check the text, freeze it and put it in force from now on. Rights: who edits forms."""
        self.check_access("write")
        for version in self.filtered(lambda version: version.state == "draft"):
            version._check_text()
            # past the own ``write``, which keeps these fields for publishing
            super(ClinicPrintFormVersion, version).write(  # pylint: disable=super-method-mismatch
                {
                    "body_hash": hashlib.sha256(version.body.encode()).hexdigest(),
                    "date_from": fields.Datetime.now(),
                    "published_by_id": self.env.uid,
                    "state": "published",
                }
            )
        return True

    def action_new_version(self):
        """A draft with the words in force, to be changed. Rights: who edits forms."""
        return self.form_id.action_new_version()

    def action_open(self):
        """The version on a page of its own, with room for its text."""
        self.ensure_one()
        return self._get_records_action(name=self.display_name)

    def action_preview(self):
        """Look at the text filled for a patient; nothing is printed or kept."""
        self.ensure_one()
        self.check_access("read")
        wizard = self.env["clinic.print.preview"].create({"version_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview"),
            "res_model": "clinic.print.preview",
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def _fill(self, source):
        """The words of this version for a ``PrintSource``. The caller writes the event of the print."""
        self.ensure_one()
        names = fields_of(self.body)
        return fill(self.body, self.env["clinic.print.field"]._values(source, names))

    def _check_text(self):
        """Refuse a text that cannot be printed or that says several things people must sign apart."""
        known = self.env["clinic.print.field"]._names()
        for version in self:
            found = problems(version.body, known)
            if found:
                sentences = [version._sentence(problem) for problem in found[:5]]
                raise UserError("\n".join(sentences))
            version._check_separate()

    def _sentence(self, problem):
        words = {
            "unknown": self.env._(
                "There is no field “%(what)s”. Insert fields from the list beside the text.",
                what=problem.detail,
            ),
            "braces": self.env._(
                "Braces around a field do not close or were torn by formatting: “%(what)s”. "
                "Delete the field and insert it anew.",
                what=problem.detail,
            ),
            "attribute": self.env._(
                "A field stands inside a link or picture: “%(what)s”. Fields are text only.",
                what=problem.detail,
            ),
            "outside": self.env._(
                "The text loads something from elsewhere: “%(what)s”. Paper must not depend on it: "
                "take it out.",
                what=problem.detail,
            ),
            "element": self.env._(
                "“%(what)s” is not for paper. Take it out of the text.", what=problem.detail
            ),
            "empty": self.env._("The form has no text. Write it first."),
        }
        return words[problem.code]

    def _check_separate(self):
        """152-FZ art. 9: a consent to a use of personal data is a document of its own."""
        self.ensure_one()
        text, names = plain_text(self.body), fields_of(self.body)
        if self.kind == "consent":
            self._check_consent(text, names)
        elif CONSENT_TEXT in names and self.kind not in PURPOSE_KINDS or declares_consent(text):
            raise UserError(
                self.env._(
                    "This form also contains a consent to a use of personal data. Such a consent is a "
                    "document of its own (152-FZ, article 9): take it out of here and keep it as a form of "
                    "the kind “Consent to a use of personal data”."
                )
            )

    def _check_consent(self, text, names):
        if names.count(CONSENT_TEXT) != 1 or self.body.count(CONSENT_TEXT) != 1:
            raise UserError(
                self.env._(
                    "A consent shows the text of its purpose exactly once: insert the field “Text in force "
                    "of the purpose”. Its words are changed in the purpose, so that each has its version."
                )
            )
        if declares_consent(text) or foreign_words(text):
            raise UserError(
                self.env._(
                    "Around the text of the purpose this form says something else that people sign: another "
                    "consent, a contract or an intervention. Each of them is a document of its own "
                    "(152-FZ, article 9). Leave only who signs, the text and the signature."
                )
            )
