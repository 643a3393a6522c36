# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter, defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.base.models.res_partner import _tz_get

from ..const import ABSENCE_KINDS
from ..slot_algebra import utc_to_wall

DAY = timedelta(days=1)


class ClinicAbsence(models.Model):
    """A stretch of time in which a practitioner, room or device takes nobody.

    Entered by senior nurses. Search and booking obey it as long as it is active; visits booked
    before stay, and stand in the list of visits to be moved.
    """

    _name = "clinic.absence"
    _description = "Absence"
    _order = "start desc, id desc"

    resource_id = fields.Many2one(
        "resource.resource",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('clinic_kind', '!=', False)]",
    )
    company_id = fields.Many2one(related="resource_id.company_id", store=True, index=True)
    kind = fields.Selection(ABSENCE_KINDS, required=True, default="other")
    start = fields.Datetime(required=True)
    stop = fields.Datetime(required=True)
    tz = fields.Selection(_tz_get, compute="_compute_tz", string="Time zone of the branch")
    reason = fields.Char()
    visit_count = fields.Integer(
        string="Visits to be moved", compute="_compute_visit_count", search="_search_visit_count"
    )
    active = fields.Boolean(default=True)

    _stop_after_start = models.Constraint("CHECK (stop > start)", "An absence must end after it starts.")
    _window_idx = models.Index("(resource_id, stop) WHERE active")

    @api.depends("resource_id")
    def _compute_tz(self):
        """The clock of the branch where the resource stands or works first of all.

        Sudo: the zone of a branch is no secret, whoever reads the absence.
        """
        for absence in self.sudo():
            absence.tz = absence._clock_branch().tz or absence.resource_id.tz or "UTC"

    def _clock_branch(self):
        """The branch by whose clock the absence counts; the caller may read the directory."""
        self.ensure_one()
        resource = self.resource_id
        return (
            resource.clinic_room_ids.branch_id
            | resource.clinic_device_ids.branch_id
            | resource.clinic_practitioner_ids.branch_ids
        )[:1]

    @api.depends("resource_id", "start", "stop", "active")
    def _compute_visit_count(self):
        """Visits of each absence that wait to be moved. Of one that is being written: those it would meet."""
        visits = self.env["clinic.appointment"]
        counts = Counter()
        if self.ids:
            counts.update(row[1] for row in self.env.execute_query(visits._away_sql(absence_ids=self.ids)))
        for absence in self:
            unsaved = not absence._origin or absence._origin != absence
            if unsaved and absence.resource_id and absence.start and absence.stop:
                absence.visit_count = visits._count_met(absence.resource_id, absence.start, absence.stop)
            else:
                absence.visit_count = counts[absence.id]

    @api.model
    def _search_visit_count(self, operator, value):
        """Only “any” and “none” are asked for."""
        if (operator, value) not in ((">", 0), ("in", [0]), ("in", {0})):
            return NotImplemented
        found = Domain(
            "id",
            "in",
            SQL("(SELECT absence_id FROM (%s) away)", self.env["clinic.appointment"]._away_sql()),
        )
        return found if operator == ">" else ~found

    def action_move_visits(self):
        """Button: the window “Move visits” with the visits of this absence. Rights: those of booking."""
        self.ensure_one()
        rows = self.env.execute_query(self.env["clinic.appointment"]._away_sql(absence_ids=self.ids))
        return self.env["clinic.absence.move"]._open([("id", "in", [row[0] for row in rows])], self)

    def action_visits(self):
        """Button: the visits that these absences meet."""
        visits = self.env["clinic.appointment"]
        rows = self.env.execute_query(visits._away_sql(absence_ids=self.ids))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Visits to be moved"),
            "res_model": "clinic.appointment",
            "views": [
                (self.env.ref("clinic_schedule.clinic_red_list_view_list").id, "list"),
                (False, "form"),
            ],
            "domain": [("id", "in", sorted({row[0] for row in rows}))],
        }

    @api.depends("resource_id", "kind", "start", "stop")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for absence in self:
            name = ", ".join(filter(None, [absence.resource_id.name, kinds.get(absence.kind)]))
            if absence.start and absence.stop:
                first, last = (utc_to_wall(moment, absence.tz) for moment in (absence.start, absence.stop))
                if absence.whole_days:
                    last -= DAY
                    name += f" {first:%d.%m.%Y}" + (f" – {last:%d.%m.%Y}" if first != last else "")
                elif first.date() == last.date():
                    name += f" {first:%d.%m.%Y %H:%M}–{last:%H:%M}"
                else:
                    name += f" {first:%d.%m.%Y %H:%M} – {last:%d.%m.%Y %H:%M}"
            absence.display_name = name

    @api.model_create_multi
    def create(self, vals_list):
        """Create absences and tell open boards."""
        absences = super().create(vals_list)
        absences._notify_boards()
        absences._forget_visits()
        return absences

    def write(self, vals):
        """Change absences and tell open boards about the old and the new time."""
        self._notify_boards()
        result = super().write(vals)
        self._notify_boards()
        self._forget_visits()
        return result

    def unlink(self):
        """Delete absences; their visits are not to be moved any more."""
        result = super().unlink()
        self._forget_visits()
        return result

    @api.model
    def _forget_visits(self):
        """What is known in this transaction of the visits to be moved may be wrong now."""
        self.env["clinic.appointment"].invalidate_model(["needs_move", "away_text"], flush=False)

    @api.ondelete(at_uninstall=False)
    def _unlink_tell_boards(self):
        self._notify_boards()

    def _notify_boards(self):
        """Tell the boards of the branches where the resources have shifts in that time.

        A room or device need not have any: the shifts of its branch count for it.
        """
        if not self:
            return
        self.flush_model(["resource_id", "start", "stop"])
        self.env["clinic.shift"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT s.branch_id, a.resource_id, s.local_date
                  FROM clinic_absence a
                  JOIN clinic_shift s ON s.resource_id = a.resource_id AND s.active
                                     AND s.start < a.stop AND s.stop > a.start
                 WHERE a.id = ANY(%(ids)s)
                 UNION
                SELECT s.branch_id, a.resource_id, s.local_date
                  FROM clinic_absence a
                  JOIN (SELECT resource_id, branch_id FROM clinic_room
                         UNION ALL SELECT resource_id, branch_id FROM clinic_device) u
                       ON u.resource_id = a.resource_id
                  JOIN clinic_shift s ON s.branch_id = u.branch_id AND s.active
                                     AND s.start < a.stop AND s.stop > a.start
                 WHERE a.id = ANY(%(ids)s)
                """,
                ids=self.ids,
            )
        )
        told = defaultdict(lambda: (set(), set()))
        for branch_id, resource_id, day in rows:
            resources, days = told[branch_id]
            resources.add(resource_id)
            days.add(day)
        for branch_id, (resources, days) in told.items():
            branch = self.env["clinic.branch"].browse(branch_id)
            self.env["clinic.booking"]._bus_changed(branch, sorted(resources), days, "absence")
