# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ClinicSpecialty(models.Model):
    """A medical specialty as patients look for it. Created by administrators."""

    _name = "clinic.specialty"
    _description = "Medical specialty"
    _inherit = ["clinic.site.visible.mixin"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    doctor_name = fields.Char(
        translate=True, help="How the doctor of this specialty is called, e.g. cardiologist."
    )
    code = fields.Char(help="Code in the federal nomenclature of specialties.", copy=False)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    practitioner_ids = fields.Many2many("clinic.practitioner", string="Practitioners")
    service_ids = fields.One2many("product.product", "clinic_specialty_id", string="Services")

    _code_uniq = models.UniqueIndex(
        "(code) WHERE code IS NOT NULL", "A specialty with this code already exists."
    )
    _rec_names_search = ["name", "doctor_name", "code"]
