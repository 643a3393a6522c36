# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..const import LIVE
from ..slot_algebra import utc_to_wall


class ClinicShift(models.Model):
    """Adds what the shift is open for, in a form that the search reads without joins."""

    _inherit = "clinic.shift"  # pylint: disable=consider-merging-classes-inherited

    is_limited = fields.Boolean(compute="_compute_is_limited", store=True)
    channel_codes = fields.Char(compute="_compute_channel_codes", store=True)
    quota_ids = fields.One2many("clinic.shift.quota", "shift_id", string="Quotas", copy=True)
    has_quotas = fields.Boolean(compute="_compute_has_quotas", store=True)

    @api.depends("service_ids", "categ_ids")
    def _compute_is_limited(self):
        for shift in self:
            shift.is_limited = bool(shift.service_ids or shift.categ_ids)

    @api.depends("channel_ids")
    def _compute_channel_codes(self):
        for shift in self:
            shift.channel_codes = ",".join(sorted(shift.channel_ids.mapped("code"))) or False

    @api.depends("quota_ids")
    def _compute_has_quotas(self):
        for shift in self:
            shift.has_quotas = bool(shift.quota_ids)

    def write(self, vals):
        """The places of quotas follow the hours of their shift."""
        result = super().write(vals)
        if {"start", "stop", "step"} & vals.keys():
            quotas = self.quota_ids
            quotas._check_fits()
            self.flush_recordset(["start", "stop"])
            self.env["clinic.slot.claim"].sudo()._refit_quotas(quotas.ids)
        return result

    def _pattern_vals(self):
        """What of a shift, besides its hours, comes from a template."""
        self.ensure_one()
        return {
            "resource_id": self.resource_id.id,
            "branch_id": self.branch_id.id,
            "room_id": self.room_id.id,
            "step": self.step,
            "audience": self.audience,
            "service_ids": sorted(self.service_ids.ids),
            "categ_ids": sorted(self.categ_ids.ids),
            "channel_ids": sorted(self.channel_ids.ids),
            "quotas": self.quota_ids._as_tuples(),
        }

    def _hours_words(self):
        """The hours on the clock of the branch: “09:00–15:00”."""
        self.ensure_one()
        low, high = (utc_to_wall(moment, self.branch_id.tz) for moment in (self.start, self.stop))
        return f"{low:%H:%M}–{high:%H:%M}"

    def _with_visits(self):
        """The ids of the shifts within which visits are still to come or under way."""
        appointments = self.env["clinic.appointment"]
        self.flush_model(["resource_id", "branch_id", "start", "stop"])
        appointments.flush_model(["resource_id", "branch_id", "start", "state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT s.id FROM clinic_shift s
                 WHERE s.id = ANY(%s)
                   AND EXISTS (SELECT 1 FROM clinic_appointment a
                                WHERE a.resource_id = s.resource_id AND a.branch_id = s.branch_id
                                  AND a.start >= s.start AND a.start < s.stop AND a.state = ANY(%s))
                """,
                self.ids,
                list(LIVE),
            )
        )
        return {row[0] for row in rows}

    def _opened(self, services):
        """Those of the services that the shift gives; all of them when it is not limited, or is empty."""
        if not self.is_limited:
            return services
        sections = self.env["product.category"].search([("id", "child_of", self.categ_ids.ids)])
        return services.filtered(lambda one: one in self.service_ids or one.categ_id in sections)

    @api.model
    def _sql_open_for(self, shift, service):
        """Condition: the shift ``shift`` (alias) gives the service, an expression of its id."""
        services, sections = (self._fields[name] for name in ("service_ids", "categ_ids"))
        return SQL(
            """(%(shift)s.is_limited IS NOT TRUE
                OR EXISTS (SELECT 1 FROM %(services)s r
                            WHERE r.%(services_shift)s = %(shift)s.id AND r.%(service_id)s = %(service)s)
                OR EXISTS (SELECT 1 FROM %(sections)s r
                             JOIN product_category top ON top.id = r.%(section_id)s
                             JOIN product_category low ON low.parent_path LIKE top.parent_path || '%%'
                             JOIN product_template tmpl ON tmpl.categ_id = low.id
                             JOIN product_product prod ON prod.product_tmpl_id = tmpl.id
                            WHERE r.%(sections_shift)s = %(shift)s.id AND prod.id = %(service)s))""",
            shift=SQL.identifier(shift),
            service=service,
            services=SQL.identifier(services.relation),
            services_shift=SQL.identifier(services.column1),
            service_id=SQL.identifier(services.column2),
            sections=SQL.identifier(sections.relation),
            sections_shift=SQL.identifier(sections.column1),
            section_id=SQL.identifier(sections.column2),
        )

    @api.model
    def _sql_quota_window(self, shift, channel, live):
        """Range of starts that the quota of the channel leaves open; ``live``: which claims ``c`` count."""
        if not channel or channel == "import":
            return SQL("tsrange(NULL, NULL)")
        return SQL(
            """CASE WHEN %(shift)s.has_quotas IS NOT TRUE THEN tsrange(NULL, NULL) ELSE COALESCE((
                   SELECT CASE WHEN q.seats > (SELECT count(*) FROM clinic_slot_claim c
                                                WHERE c.kind = 'quota' AND c.ref = q.id AND %(live)s)
                               THEN tsrange(NULL, NULL)
                               WHEN q.release_hours = 0 THEN 'empty'::tsrange
                               ELSE tsrange(NULL, %(now)s + make_interval(hours => q.release_hours), '[]') END
                     FROM (%(quota)s) q), tsrange(NULL, NULL)) END""",
            shift=SQL.identifier(shift),
            live=live,
            now=fields.Datetime.now(),
            quota=self.env["clinic.shift.quota"]._sql_of(SQL("%s.id", SQL.identifier(shift)), channel),
        )

    @api.model
    def _sql_open_to(self, shift, channel):
        """Condition: the shift may be booked through the channel; imports go anywhere."""
        if not channel or channel == "import":
            return SQL("TRUE")
        codes = SQL("%s.channel_codes", SQL.identifier(shift))
        return SQL("(%s IS NULL OR %s = ANY(string_to_array(%s, ',')))", codes, channel, codes)
