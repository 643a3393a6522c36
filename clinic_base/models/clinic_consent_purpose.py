# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import OWN_SIGNATURE


class ClinicConsentPurpose(models.Model):
    """Why personal data are processed: one row per purpose, each with its own consent text.

    Maintained by the personal data officer and clinic administrators. The code is what programs ask for.
    """

    _name = "clinic.consent.purpose"
    _description = "Purpose of processing personal data"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="Used by the site, messages and integrations; do not change it later."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    basis = fields.Selection(
        [
            ("consent", "Consent of the person"),
            ("contract", "Contract"),
            ("medical", "Medical care"),
            ("law", "Requirement of law"),
        ],
        string="Legal basis",
        required=True,
        default="consent",
        help="Only purposes based on consent need one; the others are allowed as they are.",
    )
    by_channel = fields.Boolean(
        help="The person may allow some channels only, for example advertising by e-mail but not by calls."
    )
    own_signature = fields.Selection(
        OWN_SIGNATURE,
        string="Patient signs himself",
        required=True,
        default="adult",
        help="Until this age a representative signs. The ages are in the settings of the clinic.",
    )
    term_months = fields.Integer(
        string="Term, months", help="After so many months the consent is to be given anew; 0: no term."
    )
    needs_person = fields.Boolean(
        string="For a named person", help="Each consent names one person, for example a relative."
    )
    accepts_declared = fields.Boolean(
        string="Accept the word of a parent",
        default=True,
        help="On the site nobody proves to be the parent. When this is on, such a consent counts until the"
        " desk gets a signed one; otherwise only a recorded representative may agree for a child.",
    )
    data_set = fields.Text(string="Data processed", translate=True)
    recipients = fields.Text(string="Who receives the data", translate=True)
    retention = fields.Text(string="How long the data are kept", translate=True)
    company_id = fields.Many2one("res.company")
    text_ids = fields.One2many("clinic.consent.text", "purpose_id", string="Texts")
    current_text_id = fields.Many2one(
        "clinic.consent.text", compute="_compute_current_text_id", string="Text in force"
    )

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "There already is a purpose with this code."
    )

    @api.constrains("term_months")
    def _check_term_months(self):
        if any(purpose.term_months < 0 for purpose in self):
            raise ValidationError(self.env._("A term is a number of months, or 0 for none."))

    @api.depends("text_ids.state", "text_ids.date_from")
    def _compute_current_text_id(self):
        for purpose in self:
            purpose.current_text_id = purpose._text_at(fields.Datetime.now())

    def _text_at(self, moment):
        """The text in force at a moment: the published one with the latest start."""
        self.ensure_one()
        texts = self.text_ids.filtered(lambda text: text.state == "published" and text.date_from <= moment)
        return texts.sorted(lambda text: (text.date_from, text.version))[-1:]

    @api.model
    def _find(self, code):
        """The purpose with this code: the current company's own one, else the common one."""
        purposes = self.search([("code", "=", code), ("company_id", "in", [self.env.company.id, False])])
        return purposes.sorted(lambda purpose: not purpose.company_id)[:1]
