# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.addons.base.models.res_partner import _tz_get


class ClinicBranch(models.Model):
    """One place of activity of the clinic: an address, a licence, one time zone.

    Created by clinic administrators. A branch belongs to one company, so that several
    legal entities may work under one roof.
    """

    _name = "clinic.branch"
    _description = "Clinic branch"
    _inherit = ["mail.thread", "clinic.site.visible.mixin"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(help="Short code used in card numbers and on printed forms.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    tz = fields.Selection(
        _tz_get,
        string="Time zone",
        required=True,
        default=lambda self: self.env.user.tz or "Europe/Moscow",
        help="The one zone in which this branch lives. Times of visits are shown in it.",
    )
    city = fields.Char(translate=True)
    address = fields.Char(translate=True, help="Street and house as patients should read it.")
    directions = fields.Text(translate=True, help="How to find the entrance; read aloud and printed.")
    phone = fields.Char()
    email = fields.Char()
    licence_number = fields.Char(string="Licence", tracking=True)
    licence_date = fields.Date(tracking=True)
    frmo_oid = fields.Char(string="FRMO OID", help="Identifier of the branch in the federal registry of medical organisations.")
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working hours",
        check_company=True,
        help="Hours of the reception, with holidays as days off of the calendar.",
    )
    department_ids = fields.One2many("clinic.department", "branch_id", string="Departments")
    room_ids = fields.One2many("clinic.room", "branch_id", string="Rooms")

    _code_uniq = models.UniqueIndex(
        "(company_id, code) WHERE code IS NOT NULL", "A branch with this code already exists."
    )

    @api.depends("name", "city")
    def _compute_display_name(self):
        for branch in self:
            branch.display_name = branch.name
