# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..const import DEFAULT_STEP


class ClinicShiftQuota(models.Model):
    """How many visits of a shift one way of booking may take, and when that limit falls.

    Belongs to a shift, or to a template whose shifts get copies. A place is a claim of the kind ``quota``
    with the row's id, a lane below ``seats`` and the hours of the shift: the database keeps the limit.
    """

    _name = "clinic.shift.quota"
    _description = "Quota of a shift"
    _order = "id"

    shift_id = fields.Many2one("clinic.shift", index="btree_not_null", ondelete="cascade")
    template_id = fields.Many2one("clinic.shift.template", index="btree_not_null", ondelete="cascade")
    channel_id = fields.Many2one(
        "clinic.booking.channel",
        string="Way of booking",
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: all ways of booking that have no row of their own.",
    )
    seats = fields.Integer(string="Places", required=True, default=1, help="At most so many visits; 0: none.")
    release_hours = fields.Integer(
        string="Falls, hours before",
        help="So many hours before a visit the limit no longer counts for its time; 0: it never falls.",
    )
    used = fields.Integer(string="Taken", compute="_compute_used")

    _one_owner = models.Constraint(
        "CHECK ((shift_id IS NULL) <> (template_id IS NULL))", "A quota belongs to a shift or to a template."
    )
    _sensible = models.Constraint(
        "CHECK (seats >= 0 AND seats <= 200 AND release_hours >= 0 AND release_hours <= 2400)",
        "A quota has 0 to 200 places and falls at most 2400 hours before the visit.",
    )
    _shift_uniq = models.UniqueIndex(
        "(shift_id, COALESCE(channel_id, 0)) WHERE shift_id IS NOT NULL",
        "A shift has one quota for each way of booking.",
    )
    _template_uniq = models.UniqueIndex(
        "(template_id, COALESCE(channel_id, 0)) WHERE template_id IS NOT NULL",
        "A template has one quota for each way of booking.",
    )

    @api.depends("channel_id", "seats")
    def _compute_display_name(self):
        for quota in self:
            name = quota.channel_id.name or self.env._("Other ways of booking")
            quota.display_name = f"{name}: {quota.seats}"

    def _compute_used(self):
        """Sudo: the number is no secret of those who may read the shift."""
        rows = (
            self.env["clinic.slot.claim"]
            .sudo()
            ._read_group(
                [
                    ("kind", "=", "quota"),
                    ("ref", "in", self.ids),
                    "|",
                    ("state", "=", "booked"),
                    ("expires_at", ">", fields.Datetime.now()),
                ],
                ["ref"],
                ["__count"],
            )
        )
        counts = dict(rows)
        for quota in self:
            quota.used = counts.get(quota.id, 0)

    def _refusal(self):
        """Why nobody else is booked, for the staff: which quota, when it falls, who changes it."""
        self.ensure_one()
        words = [
            self.env._(
                "The shift has a quota for this way of booking, and all its places are taken: “%(way)s” –"
                " %(seats)s places.",
                way=self.channel_id.name or self.env._("Other ways of booking"),
                seats=self.seats,
            )
        ]
        if self.release_hours:
            words.append(
                self.env._("The quota falls %(hours)s hours before the visit.", hours=self.release_hours)
            )
        words.append(
            self.env._(
                "Choose another time, or ask the senior nurse: the quotas are in the shift, on the page"
                " “Quotas”."
            )
        )
        return " ".join(words)

    @api.constrains("seats", "shift_id")
    def _check_fits(self):
        for quota in self:
            shift = quota.shift_id
            if not shift:
                continue
            minutes = (shift.stop - shift.start).total_seconds() // 60
            most = int(minutes // (shift.step or DEFAULT_STEP))
            if quota.seats > most:
                raise ValidationError(
                    self.env._(
                        "A quota of %(seats)s places is larger than the shift: only %(most)s visits can begin"
                        " in it. Make the quota smaller.",
                        seats=quota.seats,
                        most=most,
                    )
                )

    def _as_tuples(self):
        """The rows as plain values, for comparing a shift with its template."""
        return sorted((quota.channel_id.id, quota.seats, quota.release_hours) for quota in self)

    @api.ondelete(at_uninstall=False)
    def _unlink_frees_places(self):
        self.env["clinic.slot.claim"].sudo()._release_quotas(self.ids)

    @api.model
    def _sql_of(self, shift_id, channel):
        """The row that counts for the channel in the shift (both SQL): its own, else that of the others."""
        return SQL(
            """
            SELECT q.id, q.seats, COALESCE(q.release_hours, 0) AS release_hours
              FROM clinic_shift_quota q LEFT JOIN clinic_booking_channel k ON k.id = q.channel_id
             WHERE q.shift_id = %s AND (q.channel_id IS NULL OR k.code = %s)
             ORDER BY q.channel_id IS NULL LIMIT 1
            """,
            shift_id,
            channel,
        )
