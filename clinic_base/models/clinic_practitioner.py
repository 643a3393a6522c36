# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..const import AUDIENCES


class ClinicPractitioner(models.Model):
    """A doctor or nurse who receives patients. Created by administrators.

    Delegates name, company, user and time zone to one ``resource.resource``.
    """

    _name = "clinic.practitioner"
    _description = "Practitioner"
    _inherit = ["mail.thread", "image.mixin", "clinic.site.visible.mixin"]
    _inherits = {"resource.resource": "resource_id"}
    _order = "sequence, id"

    resource_id = fields.Many2one(
        "resource.resource", required=True, ondelete="restrict", index=True, bypass_search_access=True
    )
    sequence = fields.Integer(default=10)
    specialty_ids = fields.Many2many("clinic.specialty", string="Specialties")
    branch_ids = fields.Many2many("clinic.branch", string="Branches")
    department_id = fields.Many2one("clinic.department", index="btree_not_null")
    room_id = fields.Many2one("clinic.room", string="Usual room", index="btree_not_null")
    audience = fields.Selection(AUDIENCES, required=True, default="all")
    age_min = fields.Integer(string="Age from", help="Full years; 0 means no limit.")
    age_max = fields.Integer(string="Age to", help="Full years, inclusive; 0 means no limit.")
    practice_since = fields.Date(help="Start of medical practice; experience is counted from it.")
    experience_years = fields.Integer(compute="_compute_experience_years")
    degree = fields.Char(translate=True, help="Category, degree, title.")
    about = fields.Html(translate=True, help="Text for patients on the site.")
    frmr_oid = fields.Char(string="FRMR OID", help="Identifier in the federal registry of medical workers.")
    frmr_post_code = fields.Char(string="FRMR post code")
    snils = fields.Char(string="SNILS", groups="clinic_base.group_clinic_administrator")
    color = fields.Integer()
    service_line_ids = fields.One2many(
        "clinic.practitioner.service", "practitioner_id", string="Services"
    )

    _resource_uniq = models.UniqueIndex(
        "(resource_id)", "This resource already belongs to a practitioner."
    )

    @api.depends("practice_since")
    def _compute_experience_years(self):
        today = fields.Date.context_today(self)
        for practitioner in self:
            since = practitioner.practice_since
            practitioner.experience_years = (
                today.year - since.year - ((today.month, today.day) < (since.month, since.day))
                if since
                else 0
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Create the practitioner with an own resource of kind practitioner."""
        return super().create(
            [
                {
                    "resource_type": "user",
                    "calendar_id": False,
                    **vals,
                    "clinic_kind": "practitioner",
                }
                for vals in vals_list
            ]
        )
