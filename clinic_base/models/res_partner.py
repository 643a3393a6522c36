# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ..const import SEXES

CONTACT_GROUPS = "clinic_base.group_clinic_patient_contact"


class ResPartner(models.Model):
    """A patient is a contact with a card: name in three parts, birth date, sex, number."""

    _inherit = "res.partner"

    is_patient = fields.Boolean(index="btree_not_null")
    family_name = fields.Char(tracking=True)
    given_name = fields.Char(tracking=True)
    patronymic = fields.Char(tracking=True)
    birth_date = fields.Date(groups=CONTACT_GROUPS)
    sex = fields.Selection(SEXES)
    patient_number = fields.Char(string="Card number", copy=False, readonly=True, index="btree_not_null")
    patient_uuid = fields.Char(
        copy=False, readonly=True, index="btree_not_null"
    )
    patient_branch_id = fields.Many2one("clinic.branch", string="Branch of the card", index="btree_not_null")
    is_provisional = fields.Boolean(help="Made by phone from a surname and a number; to be completed at arrival.")
    name_to_check = fields.Boolean(help="The name was split by a program; somebody should look at it.")
    patient_alert = fields.Char(help="Shown to the staff at every booking.")
    merged_into_id = fields.Many2one("res.partner", copy=False, readonly=True, index="btree_not_null")
