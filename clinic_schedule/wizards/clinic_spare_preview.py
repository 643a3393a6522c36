# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Command

from ..slot_algebra import fits, is_idle, reduced_price

#: Free times that are looked at; more days than these hold are told apart.
MOST_TIMES = 5000
DAYS = 14


class ClinicSparePreview(models.TransientModel):
    """What a rule makes cheaper just now: days of doctors with their load and the free times it reaches."""

    _name = "clinic.spare.preview"
    _description = "What a reduced price reaches now"

    rule_id = fields.Many2one("clinic.spare.rule", required=True, ondelete="cascade")
    line_ids = fields.One2many("clinic.spare.preview.line", "preview_id")
    cheap_count = fields.Integer(string="Free times that are cheaper", readonly=True)
    is_cut = fields.Boolean(readonly=True)

    @api.model
    def _open(self, rule):
        """The window for a rule that the user may read. Services of the rule, else all of the clinic."""
        rule.check_access("read")
        window = self.create({"rule_id": rule.id, **self._vals(rule)})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What is cheaper now"),
            "res_model": self._name,
            "res_id": window.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    @api.model
    def _vals(self, rule):
        # as the system: free times, loads and prices, no persons; the right to the rule was checked
        booking = self.env["clinic.booking"].with_user(SUPERUSER_ID)
        booking = booking.with_context(allowed_company_ids=rule.company_id.ids)
        slots = self._slots(booking, rule)
        value = rule._as_value()
        channel = (sorted(value.channels) if value.channels else ["reception"])[0]
        times = booking._spare_times(slots, channel)
        loads = booking._spare_loads(times)
        days, count = {}, 0
        for slot, time in zip(slots, times, strict=True):
            if not fits(value, time):
                continue
            full = slot["price_before"] or slot["price"]
            load = loads[time.resource, time.wall.date()]
            line = days.setdefault(
                (time.wall.date(), time.branch, time.resource),
                {"load": load, "cheap": 0, "before": [], "price": []},
            )
            if is_idle(value, load) and reduced_price(full, value) < full:
                line["cheap"] += 1
                line["before"].append(full)
                line["price"].append(reduced_price(full, value))
                count += 1
        lines = [
            Command.create(
                {
                    "day": day,
                    "branch_id": branch,
                    "resource_id": resource,
                    "load": round(100 * line["load"].now),
                    "forecast": round(100 * line["load"].forecast),
                    "chance": round(100 * line["load"].chance),
                    "cheap_count": line["cheap"],
                    "price_before": min(line["before"], default=0),
                    "price": min(line["price"], default=0),
                }
            )
            for (day, branch, resource), line in sorted(days.items())
        ]
        return {"line_ids": lines, "cheap_count": count, "is_cut": len(slots) >= MOST_TIMES}

    @api.model
    def _slots(self, booking, rule):
        services = booking.env["product.product"].search(
            [("clinic_is_service", "=", True), ("clinic_group_size", "=", 0)]
        )
        if rule.service_ids or rule.categ_ids:
            sections = services.filtered_domain([("categ_id", "child_of", rule.categ_ids.ids)])
            services = rule.service_ids & services | sections
        if not services:
            return []
        today = fields.Date.context_today(self)
        days = min(DAYS, rule.lead_to // 24 + 1) if rule.lead_to else DAYS
        return booking.search_slots(
            services,
            resources=rule.resource_ids or None,
            branches=rule.branch_ids or None,
            date_from=max(today, rule.date_from or today),
            date_to=fields.Date.add(today, days=days),
            limit=MOST_TIMES,
        )
