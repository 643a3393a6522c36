# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..slot_algebra import local_date, utc_to_wall

_logger = logging.getLogger(__name__)

REPORT = "clinic_schedule.report_day_list"


class ClinicEmergencyList(models.Model):
    """The lists of tomorrow of one branch as a file, for a day on which the programme cannot be reached.

    Made in the evening by a scheduled action, kept for some days. The desk opens, saves or prints it.
    """

    _name = "clinic.emergency.list"
    _description = "List for the case of an outage"
    _order = "date desc, branch_id"
    _rec_name = "file_name"

    branch_id = fields.Many2one("clinic.branch", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="branch_id.company_id", store=True, index=True)
    date = fields.Date(string="Day", required=True, readonly=True, index=True)
    # read through its page only, which notes the reading; the attachment follows the field
    file = fields.Binary(readonly=True, attachment=True, groups=fields.NO_ACCESS)
    file_name = fields.Char(readonly=True)
    visit_count = fields.Integer(string="Visits", readonly=True)
    made_at = fields.Datetime(string="Made on", readonly=True)

    _branch_date_uniq = models.UniqueIndex("(branch_id, date)", "A branch has one list for a day.")

    def write(self, vals):
        """Lists are printed by the program: who reads them may not change what they say."""
        if not self.env.su:
            raise UserError(
                self.env._("Lists for an outage are made by the program. Make them anew instead.")
            )
        return super().write(vals)

    def _open(self):
        """The stream of the file; before it is given away, the access journal says that the list was read.

        Rights: whoever sees the list.
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: the file is closed to all but this page
        own = self.sudo()
        self.env["clinic.access.event"]._record_now("list", model=self, amount=own.visit_count, detail=REPORT)
        return own.env["ir.binary"]._get_stream_from(own, "file", filename_field="file_name")

    @api.model
    def _cron_make(self):
        """Make the lists of tomorrow where the evening has come, and delete old ones.

        The hour of the branch's clock and the days are settings; without days nothing is made. Every
        branch by itself: one that fails cannot stop the others.
        """
        days = self.env["clinic.booking"]._setting("clinic_schedule.emergency_list_days")
        hour = self.env["clinic.booking"]._setting("clinic_schedule.emergency_list_hour")
        now = fields.Datetime.now()
        for branch in self.env["clinic.branch"].search([("active", "=", True)]):
            wall = utc_to_wall(now, branch.tz)
            self.search(
                [("branch_id", "=", branch.id), ("date", "<=", wall.date() - timedelta(days=days))]
            ).unlink()
            tomorrow = wall.date() + timedelta(days=1)
            made = self.search_count([("branch_id", "=", branch.id), ("date", "=", tomorrow)], limit=1)
            if days <= 0 or wall.hour < hour or made:
                continue
            try:
                with self.env.cr.savepoint():
                    self._make(branch, tomorrow)
            except Exception:  # pylint: disable=broad-except
                # whatever the printer says: the next run tries again, the other branches go on
                _logger.warning("The list of tomorrow of branch %s was not printed", branch.id, exc_info=True)
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _make(self, branch, date):
        """Print the day and keep the file; a list of that day is replaced. As the system: it sees all."""
        system = self.with_user(self.env.ref("base.user_root")).sudo()
        system = system.with_context(lang=system._language(branch), force_report_rendering=True)
        visits = system._count_visits(branch, date)
        entry = system.search([("branch_id", "=", branch.id), ("date", "=", date)])
        entry = entry or system.create({"branch_id": branch.id, "date": date})
        if visits:
            # noted as the system's: the watch over people's exports does not count it
            self.env["clinic.access.event"].with_user(system.env.user)._record_now(
                "export", model=entry, amount=visits, detail=REPORT
            )
        data = {"dates": [fields.Date.to_string(date)], "branch_ids": branch.ids}
        content, kind = system._render(data)
        entry.write(
            {
                "file": base64.b64encode(content),
                "file_name": f"{date} {branch.name}.{kind}".replace("/", "-"),
                "visit_count": visits,
                "made_at": fields.Datetime.now(),
            }
        )
        return entry.with_env(self.env)

    @api.model
    def _language(self, branch):
        """Of an administrator's mother tongue rather than of the robot: that of the company."""
        return branch.company_id.partner_id.lang or self.env.user.lang

    @api.model
    def _render(self, data):
        """PDF, or a page for the browser where wkhtmltopdf is not installed."""
        report = self.env["ir.actions.report"]
        data = {**data, "every_resource": True}
        if report.get_wkhtmltopdf_state() in ("install", "broken"):
            return report._render_qweb_html(REPORT, [], data=data)[0], "html"
        return report._render_qweb_pdf(REPORT, [], data=data)[0], "pdf"

    @api.model
    def _count_visits(self, branch, date):
        self.env["clinic.appointment"].flush_model(["branch_id", "local_date", "state"])
        rows = self.env.execute_query(
            SQL(
                "SELECT count(*) FROM clinic_appointment WHERE branch_id = %s AND local_date = %s"
                " AND state = ANY(%s)",
                branch.id,
                date,
                ["booked", "confirmed", "arrived", "in_progress", "done"],
            )
        )
        return rows[0][0]

    @api.model
    def action_make_now(self):
        """Button: the lists of tomorrow of the user's branches anew, e.g. before works on the network.

        Rights: whoever may write lists (senior nurses).
        """
        self.check_access("write")
        for branch in self.env["clinic.board"]._own_branches():
            self._make(branch, local_date(fields.Datetime.now(), branch.tz) + timedelta(days=1))
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_open(self):
        """Button: the file in a new tab."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/clinic/emergency-list/{self.id}",
            "target": "new",
        }
