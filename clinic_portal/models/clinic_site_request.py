# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class ClinicSiteRequest(models.Model):
    """A patient asks on the site for a visit that he cannot book himself, or to be called.

    Made by the site for services and doctors "on request" and when no time suits; worked off by
    registrars and operators, who book the visit and close the request.
    """

    _name = "clinic.site.request"
    _description = "Request from the site"
    _inherit = ["mail.thread"]
    _order = "state, id desc"

    name = fields.Char(compute="_compute_name")
    state = fields.Selection(
        [
            ("1_new", "New"),
            ("2_work", "In work"),
            ("3_done", "Booked"),
            ("4_refused", "Closed without a visit"),
        ],
        required=True,
        default="1_new",
        tracking=True,
        index=True,
    )
    patient_id = fields.Many2one("res.partner", required=True, ondelete="restrict", index=True)
    phone = fields.Char(groups="clinic_base.group_clinic_patient_contact")
    service_id = fields.Many2one("product.product", index="btree_not_null")
    practitioner_id = fields.Many2one("clinic.practitioner", index="btree_not_null")
    branch_id = fields.Many2one("clinic.branch", index="btree_not_null")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    wish = fields.Text(help="When it suits the patient, in his own words.")
    user_id = fields.Many2one("res.users", string="Who works on it", tracking=True, index="btree_not_null")
    token = fields.Char(readonly=True, copy=False, groups="base.group_system")

    _token_uniq = models.UniqueIndex("(token) WHERE token IS NOT NULL", "This request has already been sent.")

    @api.depends("patient_id", "service_id")
    def _compute_name(self):
        for request in self:
            request.name = " – ".join(
                filter(None, (request.patient_id.name, request.service_id.display_name))
            )

    def action_take(self):
        """Button: I am calling this patient."""
        self.write({"state": "2_work", "user_id": self.env.uid})

    def action_done(self):
        """Button: the visit is booked."""
        self.write({"state": "3_done"})

    def action_refuse(self):
        """Button: the patient needs no visit any more or could not be reached."""
        self.write({"state": "4_refused"})
