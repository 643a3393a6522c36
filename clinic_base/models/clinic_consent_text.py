# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..form_separate import foreign_words, hides_advertising

#: Cannot change once published.
_FROZEN = {"body", "purpose_id", "version", "is_wider"}
#: Only publishing writes these.
_PUBLISHED = {"state", "text_hash", "date_from"}


class ClinicConsentText(models.Model):
    """One version of the text that people agree to; frozen once published."""

    _name = "clinic.consent.text"
    _description = "Version of a consent text"
    _order = "purpose_id, version desc"
    _rec_name = "version"

    purpose_id = fields.Many2one("clinic.consent.purpose", required=True, ondelete="cascade", index=True)
    version = fields.Integer(compute="_compute_version", store=True, readonly=False, precompute=True)
    body = fields.Text(required=True, string="Text")
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published")], default="draft", required=True, readonly=True
    )
    is_wider = fields.Boolean(
        string="Wider than before",
        help="More data, recipients or uses than in the version before: earlier consents no longer suffice"
        " and are to be given anew.",
    )
    date_from = fields.Datetime(string="In force from", readonly=True)
    text_hash = fields.Char(string="Hash", readonly=True, help="SHA-256 of the published text.")

    _version_uniq = models.UniqueIndex("(purpose_id, version)", "This version of the text already exists.")

    @api.depends("purpose_id")
    def _compute_version(self):
        for text in self:
            if not text.version:
                text.version = max(text.purpose_id.text_ids.mapped("version") or [0]) + 1

    @api.depends("version", "purpose_id.name")
    def _compute_display_name(self):
        for text in self:
            text.display_name = self.env._(
                "%(purpose)s, version %(version)s", purpose=text.purpose_id.name or "", version=text.version
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Every text begins as a draft, whatever the caller says."""
        begun = {"state": "draft", "text_hash": False, "date_from": False}
        return super().create([{**vals, **begun} for vals in vals_list])

    def action_publish(self):
        """Freeze the text and put it in force from now on. Earlier consents stay valid."""
        self.check_access("write")
        for text in self.filtered(lambda text: text.state == "draft"):
            text._check_separate()
            # past the own ``write``, which keeps these fields for publishing
            super(ClinicConsentText, text).write(  # pylint: disable=super-method-mismatch
                {
                    "text_hash": hashlib.sha256(text.body.encode()).hexdigest(),
                    "date_from": text.date_from or fields.Datetime.now(),
                    "state": "published",
                }
            )
        return True

    def _check_separate(self):
        """152-FZ art. 9: a consent is signed apart from everything else."""
        self.ensure_one()
        other = foreign_words(self.body)
        if other or not self.purpose_id.by_channel and hides_advertising(self.body):
            raise UserError(
                self.env._(
                    "The text also speaks of something that people sign apart: a contract, an intervention "
                    "or advertising. Each has a document of its own (152-FZ, article 9). Take it out."
                )
            )

    def write(self, vals):
        """Words of a draft may change, words that people agreed to may not."""
        if _PUBLISHED & vals.keys():
            raise UserError(self.env._("Use the button Publish to put a text in force."))
        if _FROZEN & vals.keys() and any(text.state == "published" for text in self):
            raise UserError(
                self.env._(
                    "This text is published: people have agreed to it word for word. "
                    "Add a new version instead of changing this one."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        if any(text.state == "published" for text in self):
            raise UserError(
                self.env._(
                    "A published text is kept as proof of what people agreed to. Archive the purpose instead."
                )
            )
