# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..slot_algebra import clock_rules, rules_differ, utc_to_wall

#: How far ahead the rules of a zone are watched.
YEAR = timedelta(days=366)


class ClinicBranch(models.Model):
    """Remembers the rules of its zone, so that a decree that changes them is noticed."""

    _name = "clinic.branch"
    _inherit = ["clinic.branch", "mail.activity.mixin"]

    clock_rules = fields.Json(
        copy=False,
        groups="clinic_base.group_clinic_administrator",
        help="Offsets of the zone for a year from the day they were last looked at.",
    )

    @api.model
    def _cron_watch_clocks(self):
        """Once a day: an activity for the administrators when the clock of a branch follows other rules."""
        now = fields.Datetime.now().replace(second=0, microsecond=0)
        for branch in self.search([("active", "=", True)]):
            changed = branch._clock_changed(now)
            if changed:
                branch._tell_clock(changed)
            branch.clock_rules = [
                [fields.Datetime.to_string(moment), offset]
                for moment, offset in clock_rules(now, now + YEAR, branch.tz)
            ]

    def _clock_changed(self, now):
        """The first moment to come at which the zone no longer follows the rules remembered, or None."""
        self.ensure_one()
        known = [(fields.Datetime.to_datetime(moment), offset) for moment, offset in self.clock_rules or ()]
        if not known:
            return None
        # what has passed cannot be changed any more; the rule that held at its end holds now
        begun = [rule for rule in known if rule[0] <= now]
        known = [(now, begun[-1][1])] * bool(begun) + [rule for rule in known if rule[0] > now]
        return rules_differ(known, self.tz, now + YEAR - timedelta(days=1))

    def _tell_clock(self, moment):
        """An activity for every administrator of the company, once until it is done."""
        self.ensure_one()
        kind = self.env.ref("clinic_schedule.mail_activity_clock")
        administrators = self.env.ref("clinic_base.group_clinic_administrator").all_user_ids
        told = self.activity_ids.filtered(lambda activity: activity.activity_type_id == kind).user_id
        for user in administrators - told:
            if user.active and not user.share and self.company_id in user.company_ids:
                words = self.with_context(lang=user.lang)
                words.activity_schedule(
                    "clinic_schedule.mail_activity_clock",
                    summary=words.env._("The local time of the branch changes"),
                    note=words.env._(
                        "From %(day)s on the clock of the branch differs from what was known before. Open"
                        " Configuration → Schedule → Changed local time and decide about the visits and"
                        " shifts agreed before.",
                        day=f"{utc_to_wall(moment, self.tz):%d.%m.%Y}",
                    ),
                    user_id=user.id,
                )

    def action_clock(self):
        """Button: the window with what would show another wall time here."""
        self.ensure_one()
        return self.env["clinic.clock.keep"]._open(self)


class ClinicHealth(models.AbstractModel):
    """The programme and the database must have the same rules of the zones: reports count in the database."""

    _inherit = "clinic.health"  # pylint: disable=consider-merging-classes-inherited

    def _checks(self):
        return super()._checks() + [self._check_clocks()]

    def _check_clocks(self):
        now = fields.Datetime.now().replace(second=0, microsecond=0)
        wrong = []
        for tz in sorted(set(self.env["clinic.branch"].search(Domain("active", "=", True)).mapped("tz"))):
            rules = clock_rules(now, now + YEAR, tz)
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT EXTRACT(EPOCH FROM (r.at AT TIME ZONE 'UTC') AT TIME ZONE %s - r.at) / 60
                      FROM unnest(%s::timestamp[]) WITH ORDINALITY r(at, n) ORDER BY r.n
                    """,
                    tz,
                    [moment for moment, _offset in rules],
                )
            )
            if [int(row[0]) for row in rows] != [offset for _moment, offset in rules]:
                wrong.append(tz)
        return self._result(
            "clock_rules",
            not wrong,
            self.env._(
                "The programme and the database follow different rules of the local time: %(zones)s. Update"
                " the package tzdata of the system and of Python to the same release and restart both.",
                zones=", ".join(wrong),
            )
            if wrong
            else self.env._("The programme and the database follow the same rules of the local time."),
        )
