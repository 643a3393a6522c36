# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ClinicIdentityDocumentKind(models.Model):
    """A kind of identity document: how its number is checked and when it is to be changed.

    Shipped as data that an administrator edits; ages and days of grace are such data, because the
    law changes them.
    """

    _name = "clinic.identity.document.kind"
    _description = "Kind of identity document"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="Used by print forms and exchange with other systems. Do not change it."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_identity = fields.Boolean(
        string="Proves identity",
        default=True,
        help="Shown in contracts and consents as the person's document.",
    )
    number_check = fields.Selection(
        [
            ("passport_rf", "Russian passport: 10 digits"),
            ("snils", "SNILS: 11 digits with a check sum"),
            ("birth_certificate", "Birth certificate: Roman number, two letters, 6 digits"),
            ("inn", "INN of a person: 12 digits with check digits"),
        ],
        help="How the typed number is checked. A doubt is a warning, never a refusal.",
    )
    number_example = fields.Char(help="Shown in the empty field.")
    has_validity = fields.Boolean(string="Has a term")
    renewal_ages = fields.Char(
        string="To be changed at the age of", help="Full years with commas, for example 20, 45."
    )
    grace_days = fields.Integer(
        string="Days to change it", help="Days after the birthday during which the old one is good."
    )
    state_code = fields.Char(
        string="Code in the state dictionary",
        help="Code of the kind in the ministry's dictionary of identity documents.",
    )

    _code_uniq = models.Constraint("UNIQUE (code)", "Another kind of document has this code.")

    def _renewal_years(self):
        """Ages at which a document of this kind is to be changed, as a sorted list of integers."""
        self.ensure_one()
        words = (self.renewal_ages or "").replace(";", ",").split(",")
        return sorted(int(word) for word in words if word.strip().isdecimal() and word.strip().isascii())
