# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models


class ClinicRetentionRule(models.Model):
    """How long a kind of data must be kept, from which day on: data, not code.

    What is under such a rule is restricted, not destroyed, when a person demands erasure.
    """

    _name = "clinic.retention.rule"
    _description = "Rule of keeping data"
    _order = "category, valid_from desc"
    _rec_name = "category"

    category = fields.Selection(
        [
            ("medical", "Medical records"),
            ("contract", "Contracts and payments"),
            ("consent", "Consents and their withdrawals"),
            ("lead", "Contacts of people who never came"),
            ("call", "Recordings of calls"),
            ("journal", "Access journal"),
            ("act", "Acts of destruction"),
        ],
        required=True,
    )
    amount = fields.Integer(required=True)
    unit = fields.Selection([("months", "months"), ("years", "years")], required=True, default="years")
    counted_from = fields.Char(translate=True)
    valid_from = fields.Date(required=True, string="In force from")
    ground = fields.Char(help="Law or order; to be compared with the text in force.")

    _amount_positive = models.Constraint("CHECK (amount > 0)", "A rule keeps data for some time.")
    _category_uniq = models.UniqueIndex(
        "(category, valid_from)", "This kind of data has a rule from that day on already."
    )

    @api.model
    def _until(self, category, last):
        """Until which day data of a category must be kept that were last needed on the day ``last``."""
        rule = self.sudo().search(
            [("category", "=", category), ("valid_from", "<=", fields.Date.context_today(self))], limit=1
        )
        return last + relativedelta(**{rule.unit: rule.amount}) if rule else last
