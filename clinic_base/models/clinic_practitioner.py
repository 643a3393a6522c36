# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..ages import full_years
from ..const import AUDIENCES, PRACTITIONER_ROLES


class ClinicPractitioner(models.Model):
    """A doctor or nurse who receives patients. Created by administrators.

    Delegates name, company, user and time zone to one ``resource.resource``.
    """

    _name = "clinic.practitioner"
    _description = "Practitioner"
    _inherit = ["mail.thread", "avatar.mixin", "clinic.site.visible.mixin"]
    _inherits = {"resource.resource": "resource_id"}
    _order = "sequence, id"

    resource_id = fields.Many2one(
        "resource.resource", required=True, ondelete="restrict", index=True, bypass_search_access=True
    )
    sequence = fields.Integer(default=10)
    short_name = fields.Char(compute="_compute_short_name", help="Surname and initials.")
    role = fields.Selection(
        PRACTITIONER_ROLES,
        string="Works as",
        required=True,
        default="doctor",
        help="Nurses have services, shifts and visits of their own, as doctors do.",
    )
    specialty_ids = fields.Many2many("clinic.specialty", string="Specialties")
    branch_ids = fields.Many2many("clinic.branch", string="Branches")
    department_id = fields.Many2one("clinic.department", index="btree_not_null")
    room_id = fields.Many2one("clinic.room", string="Usual room", index="btree_not_null")
    audience = fields.Selection(AUDIENCES, string="Receives", required=True, default="all")
    age_min = fields.Integer(string="Age from", help="Full years; 0 means no limit.")
    age_max = fields.Integer(string="Age to", help="Full years, inclusive; 0 means no limit.")
    practice_since = fields.Date(help="Start of medical practice; experience is counted from it.")
    experience_years = fields.Integer(string="Experience, years", compute="_compute_experience_years")
    degree = fields.Char(string="Category and degree", translate=True, help="Category, degree, title.")
    about = fields.Html(translate=True, help="Text for patients on the site.")
    frmr_oid = fields.Char(string="FRMR OID", help="Identifier in the federal registry of medical workers.")
    frmr_post_code = fields.Char(string="FRMR post code")
    snils = fields.Char(string="SNILS", groups="clinic_base.group_clinic_administrator", copy=False)
    color = fields.Integer()
    service_line_ids = fields.One2many("clinic.practitioner.service", "practitioner_id", string="Services")
    service_count = fields.Integer(compute="_compute_service_count")

    _resource_uniq = models.UniqueIndex("(resource_id)", "This resource already belongs to a practitioner.")
    _ages = models.Constraint(
        "CHECK (COALESCE(age_min, 0) BETWEEN 0 AND 150 AND COALESCE(age_max, 0) BETWEEN 0 AND 150"
        " AND (COALESCE(age_max, 0) = 0 OR COALESCE(age_min, 0) <= age_max))",
        "The ages of the practitioner's patients are wrong: “from” cannot be greater than “to”,"
        " and both are full years between 0 and 150.",
    )

    @api.depends("name")
    def _compute_short_name(self):
        for practitioner in self:
            words = (practitioner.name or "").split()
            initials = "".join(f"{word[0]}." for word in words[1:3])
            practitioner.short_name = " ".join(filter(None, [*words[:1], initials]))

    @api.depends("practice_since")
    def _compute_experience_years(self):
        today = fields.Date.context_today(self)
        for practitioner in self:
            since = practitioner.practice_since
            practitioner.experience_years = max(full_years(since, today), 0) if since else 0

    @api.depends("service_line_ids")
    def _compute_service_count(self):
        for practitioner in self:
            practitioner.service_count = len(practitioner.service_line_ids.service_id)

    @api.onchange("branch_ids")
    def _onchange_branch_ids(self):
        """The first branch gives the zone; a doctor of one company's branches belongs to it."""
        if self.branch_ids and not self._origin:
            self.tz = self.branch_ids[0].tz
            if len(self.branch_ids.company_id) == 1:
                self.company_id = self.branch_ids.company_id

    @api.constrains("branch_ids", "company_id")
    def _check_branch_company(self):
        for practitioner in self:
            company = practitioner.company_id
            foreign = practitioner.branch_ids.filtered(lambda branch, c=company: branch.company_id != c)
            if company and foreign:
                raise ValidationError(
                    self.env._(
                        "%(doctor)s belongs to the company “%(company)s”, but the branch “%(branch)s” "
                        "belongs to another one. Clear the company if the doctor works for several "
                        "legal entities.",
                        doctor=practitioner.name,
                        company=company.name,
                        branch=foreign[0].name,
                    )
                )

    @api.constrains("snils")
    def _check_snils(self):
        for practitioner in self.filtered("snils"):
            digits = "".join(char for char in practitioner.snils if char.isdigit())
            total = sum(int(digit) * weight for digit, weight in zip(digits, range(9, 0, -1), strict=False))
            if len(digits) != 11 or total % 101 % 100 != int(digits[9:]):
                raise ValidationError(
                    self.env._(
                        "This SNILS is not valid: it has eleven digits, and the last two are a check "
                        "number. Please compare it with the document."
                    )
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

    def unlink(self):
        """Delete the resource too: nothing else may use it."""
        resources = self.resource_id
        result = super().unlink()
        resources.unlink()
        return result

    def copy_data(self, default=None):
        """A copy is another person: without the user's login."""
        return [
            dict(
                vals,
                name=(default or {}).get("name") or self.env._("%s (copy)", practitioner.name),
                user_id=(default or {}).get("user_id", False),
            )
            for practitioner, vals in zip(self, super().copy_data(default=default), strict=True)
        ]

    @api.model
    def _site_domain(self, booking=False):
        """Also one branch, the department and one specialty, where stated, must be open to patients."""
        domain = super()._site_domain(booking)
        domain &= Domain("branch_ids", "any", self.env["clinic.branch"]._site_domain(booking))
        department = self.env["clinic.department"]._site_domain(booking)
        domain &= Domain("department_id", "=", False) | Domain("department_id", "any", department)
        specialty = self.env["clinic.specialty"]._site_domain(booking)
        return domain & (Domain("specialty_ids", "=", False) | Domain("specialty_ids", "any", specialty))

    def action_view_services(self):
        """Button: the services of this practitioner as an editable list."""
        self.ensure_one()
        actions = self.env["ir.actions.act_window"]
        action = actions._for_xml_id("clinic_base.clinic_practitioner_service_action")
        return {
            **action,
            "domain": [("practitioner_id", "=", self.id)],
            "context": {"default_practitioner_id": self.id},
        }
