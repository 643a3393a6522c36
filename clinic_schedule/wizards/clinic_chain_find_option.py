# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from babel.dates import format_datetime

from odoo import api, fields, models
from odoo.tools import babel_locale_parse

from ..slot_algebra import utc_to_wall


class ClinicChainFindOption(models.TransientModel):
    """A coming that was found: a time for each service, by the clock of the branch."""

    _name = "clinic.chain.find.option"
    _description = "Coming that was found"
    _order = "id"

    find_id = fields.Many2one("clinic.chain.find", required=True, index=True, ondelete="cascade")
    branch_id = fields.Many2one("clinic.branch", required=True, ondelete="cascade")
    place_ids = fields.One2many("clinic.chain.find.place", "option_id")
    waiting = fields.Integer(string="Waiting (min)")
    currency_id = fields.Many2one(related="branch_id.company_id.currency_id")
    price = fields.Monetary(compute="_compute_texts")
    when = fields.Char(compute="_compute_texts")
    steps = fields.Char(string="Visits", compute="_compute_texts")
    moves = fields.Boolean(compute="_compute_texts")

    @api.depends_context("lang")
    @api.depends("place_ids.start", "branch_id.tz")
    def _compute_texts(self):
        locale = babel_locale_parse(self.env.lang or "en_US")
        for option in self:
            places, tz = option.place_ids.sorted("start"), option.branch_id.tz or "UTC"
            walls = [utc_to_wall(place.start, tz) for place in places]
            option.price = sum(places.mapped("price"))
            option.moves = bool(option.find_id.chain_id)
            option.when = places and "{}–{:%H:%M}".format(
                format_datetime(walls[0], "EEE dd.MM, HH:mm", locale=locale),
                utc_to_wall(places[-1].stop, tz),
            )
            option.steps = " → ".join(
                f"{wall:%H:%M} {place.service_id.name}, {place.resource_id.name}"
                for wall, place in zip(walls, places, strict=True)
            )

    def action_take(self):
        """Button: book this coming, or move the visits to it; nothing when one of its times is lost."""
        self.ensure_one()
        return self.find_id._take([place._slot(self.branch_id) for place in self.place_ids])
