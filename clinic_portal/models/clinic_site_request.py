# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

ACTIVITY = "clinic_portal.mail_activity_type_request"
OPEN_STATES = ("1_new", "2_work")


class ClinicSiteRequest(models.Model):
    """A patient asks on the site for a visit that he cannot book himself, or to be called.

    Made by the site for services and doctors "on request" and when no time suits; worked off by
    registrars and operators, who book the visit and close the request. Each registrar of the
    branch gets an activity; whoever takes the request keeps it, and closing the request closes it.
    """

    _name = "clinic.site.request"
    _description = "Request from the site"
    _inherit = ["mail.thread", "mail.activity.mixin"]
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

    @api.model_create_multi
    def create(self, vals_list):
        """A new request asks the registrars of its branch to call the patient."""
        requests = super().create(vals_list)
        requests._ask_registrars()
        return requests

    def write(self, vals):
        """Whoever works on a request keeps its activity; a closed request has none left."""
        result = super().write(vals)
        if vals.keys() & {"state", "user_id"}:
            self._settle_activities()
        return result

    def _registrars(self):
        """Whom the request is for: registrars of the branch, else whoever may do their work there."""
        self.ensure_one()
        group = self.env.ref("clinic_base.group_clinic_registrar").sudo()
        users = group.all_user_ids.filtered(
            lambda user: (
                user.active
                and not user.share
                and self.company_id in user.company_ids
                and (not user.clinic_branch_ids or self.branch_id in user.clinic_branch_ids)
            )
        )
        return users.filtered(lambda user: group in user.group_ids) or users

    def _ask_registrars(self):
        """One activity for each registrar, or one for nobody when there is none.

        Sudo: visitors send requests. Nothing is mailed: the subject names the patient.
        """
        for request in self.sudo().with_context(mail_activity_quick_update=True):
            for user in request._registrars() or [self.env["res.users"]]:
                # read by the registrar, not by the visitor: his language and his calendar day
                texts = request.with_context(
                    lang=user.lang or self.env.lang, tz=user.tz or request.branch_id.tz
                )
                texts.activity_schedule(
                    ACTIVITY, user_id=user.id, summary=texts.env._("Call the patient about a visit")
                )

    def _settle_activities(self):
        """Leave the activity of the one who works on a request; finish it with the request.

        Sudo: activities of colleagues, on requests that this user has just been allowed to write.
        """
        states = dict(self._fields["state"]._description_selection(self.env))
        for request in self.sudo().with_context(mail_activity_quick_update=True):
            asked = request.activity_search([ACTIVITY])
            mine = asked.filtered(lambda activity, user=request.user_id: activity.user_id == user)
            if request.user_id and asked and not mine:
                mine = asked[:1]
                mine.user_id = request.user_id
            if request.state not in OPEN_STATES:
                mine = mine or asked[:1]
                (asked - mine).unlink()
                mine.action_feedback(feedback=states[request.state])
            elif request.user_id:
                (asked - mine).unlink()
            if request.state in OPEN_STATES and not asked:
                request._ask_registrars()

    def action_take(self):
        """Button: I am calling this patient."""
        self.write({"state": "2_work", "user_id": self.env.uid})

    def action_done(self):
        """Button: the visit is booked."""
        self._close("3_done")

    def action_refuse(self):
        """Button: the patient needs no visit any more or could not be reached."""
        self._close("4_refused")

    def _close(self, state):
        """Close requests; one that nobody had taken was worked off by this user."""
        for request in self:
            request.write({"state": state, "user_id": (request.user_id or self.env.user).id})
