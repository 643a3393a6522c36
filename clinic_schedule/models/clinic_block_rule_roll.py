# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..slot_algebra import expand, local_date, overlaps, utc_to_wall

_logger = logging.getLogger(__name__)

#: Conflicts named in words.
MOST_NAMED = 6


class ClinicBlockRule(models.Model):
    """How regular closed time becomes dated absences, never over a visit."""

    _inherit = "clinic.block.rule"  # pylint: disable=consider-merging-classes-inherited

    preview = fields.Text(compute="_compute_preview")

    @api.depends(
        "resource_ids", "branch_id", "kind", "week", "parity", "anchor_date", "days_on", "days_off",
        "minute_from", "minute_to", "date_from", "date_to", "horizon_days", "active", "on_monday",
        "on_tuesday", "on_wednesday", "on_thursday", "on_friday", "on_saturday", "on_sunday",
    )  # fmt: skip
    @api.depends_context("lang")
    def _compute_preview(self):
        for rule in self:
            rule.preview = ""
            if not (rule.resource_ids and rule.branch_id and rule.date_from and 0 < rule.horizon_days <= 400):
                continue
            if rule.minute_from == rule.minute_to:
                continue
            made, gone, conflicts = rule._changes()
            words = [
                self.env._("Saved, it closes: %(count)s more times.", count=len(made)),
                self.env._("Opened again: %(count)s.", count=len(gone)) if gone else "",
                rule._conflict_words(conflicts) if conflicts else "",
            ]
            rule.preview = " ".join(filter(None, words))

    def _conflict_words(self, conflicts):
        tz = self.branch_id.tz
        times = [f"{utc_to_wall(start, tz):%d.%m %H:%M} {who.name}" for who, start, _stop in conflicts]
        more = "…" if len(times) > MOST_NAMED else ""
        return self.env._(
            "Not closed because of visits: %(count)s (%(times)s). Move these visits; the time is closed then"
            " by itself.",
            count=len(times),
            times=", ".join(times[:MOST_NAMED]) + more,
        )

    def _wanted(self, now):
        """``(resource, start, stop)`` that the pattern wants to be closed from now to the horizon."""
        self.ensure_one()
        if not self.active:
            return []
        today = local_date(now, self.branch_id.tz)
        low = max(self.date_from, today)
        high = today + timedelta(days=self.horizon_days)
        if self.date_to:
            high = min(high, self.date_to)
        if high < low:
            return []
        ranges = expand(self._pattern(), self._blocks(), low, high)
        resources = self.resource_ids._origin.filtered("active")
        return [(one, start, stop) for start, stop, _block in ranges if start > now for one in resources]

    def _changes(self, drop=False):
        """``(to make, absences to open, conflicts)``. What somebody changed or archived by hand stays."""
        self.ensure_one()
        now = fields.Datetime.now()
        absences = self.env["clinic.absence"].with_context(active_test=False)
        known = (
            absences.search([("rule_id", "=", self._origin.id), ("start", ">", now)])
            if self._origin
            else absences
        )
        wanted = [] if drop else self._wanted(now)
        keys = {(one.id, start, stop) for one, start, stop in wanted}
        text = self.note or self.reason_id.name
        own = known.filtered(lambda absence: absence.active and absence.made_as == absence._frame())
        right = own.filtered(lambda a: (a.resource_id.id, a.start, a.stop) in keys and a.board_text == text)
        standing = {(a.resource_id.id, a.start, a.stop) for a in right}
        by_hand = {}
        for absence in known - own:
            by_hand.setdefault(absence.resource_id.id, []).append((absence.start, absence.stop))
        missing = [
            item
            for item in wanted
            if (item[0].id, *item[1:]) not in standing
            and not any(overlaps(item[1:], pair) for pair in by_hand.get(item[0].id, ()))
        ]
        met = self.env["clinic.shift.operation"]._visits_met(missing)
        made = [item for number, item in enumerate(missing) if number not in met]
        return made, own - right, [missing[number] for number in sorted(met)]

    def _refresh(self, drop=False):
        """Bring the closed time of the future in line. Rights: those of absences.

        Past and running time is never touched. New conflicts become an activity.
        """
        for rule in self:
            made, gone, conflicts = rule._changes(drop)
            gone.with_context(clinic_block_rule=True).unlink()
            self.env["clinic.absence"].create(
                [
                    {
                        "resource_id": resource.id,
                        "start": start,
                        "stop": stop,
                        "kind": rule.reason_id.kind,
                        "reason": rule.note or rule.reason_id.name,
                        "board_text": rule.note or rule.reason_id.name,
                        "rule_id": rule.id,
                    }
                    for resource, start, stop in made
                ]
            )
            if drop:
                continue
            today = local_date(fields.Datetime.now(), rule.branch_id.tz)
            if conflicts and len(conflicts) > rule.conflict_count:
                rule._tell_conflicts(conflicts)
            rule.write({"conflict_count": len(conflicts), "refreshed_on": today})

    def _tell_conflicts(self, conflicts):
        """An activity for the one who keeps the rule."""
        self.ensure_one()
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Time was not closed because of visits"),
            note=self._conflict_words(conflicts),
            user_id=(self.responsible_id if self.responsible_id.active else self.env.user).id,
        )

    @api.model
    def _cron_refresh(self):
        """Once a day, and again as long as visits stand in the way; one rule cannot stop the others."""
        now = fields.Datetime.now()
        for rule in self.search([("active", "=", True)]):
            if rule.conflict_count or rule.refreshed_on != local_date(now, rule.branch_id.tz):
                try:
                    with self.env.cr.savepoint():
                        rule._refresh()
                except UserError:
                    _logger.warning("Regular time of rule %s was not closed", rule.id)
                self.env["ir.cron"]._commit_progress(1)

    def action_absences(self):
        """Button: the time that the rule closes."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Closed time"),
            "res_model": "clinic.absence",
            "view_mode": "list,calendar,form",
            "domain": [("rule_id", "=", self.id)],
        }


class ClinicAbsence(models.Model):
    """Adds the rule that closes the time again and again."""

    _inherit = "clinic.absence"  # pylint: disable=consider-merging-classes-inherited

    rule_id = fields.Many2one(
        "clinic.block.rule",
        string="Closed regularly by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_rule(self):
        if self.env.context.get("clinic_block_rule"):
            return
        for absence in self:
            if absence.rule_id and absence.stop > fields.Datetime.now():
                raise UserError(
                    self.env._(
                        "This time is closed by “%(rule)s”, which would close it again. Archive it to open"
                        " this one time, or change the rule.",
                        rule=absence.rule_id.display_name,
                    )
                )


class ClinicShiftTemplate(models.Model):
    """The cron that opens new days of shifts closes the regular time of these days, too."""

    _inherit = "clinic.shift.template"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _cron_roll(self):
        """Shifts first, then regular closed time."""
        result = super()._cron_roll()
        self.env["clinic.block.rule"]._cron_refresh()
        return result
