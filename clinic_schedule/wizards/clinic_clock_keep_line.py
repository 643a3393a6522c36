# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

KINDS = [
    ("visit", "Visit"),
    ("shift", "Shift"),
    ("session", "Group session"),
    ("absence", "Absence"),
]

PROBLEMS = [
    ("taken", "The doctor, the room, the device or the patient is taken then"),
    ("overlap", "Another shift stands there"),
    ("shift", "Its shift stays where it is"),
    ("visits", "Visits booked since then would be left outside"),
    ("length", "The clock jumps in between: no sensible length is left"),
    ("group", "The session and its participants keep step"),
]

MODELS = {
    "visit": "clinic.appointment",
    "shift": "clinic.shift",
    "session": "clinic.group.session",
    "absence": "clinic.absence",
}


class ClinicClockKeepLine(models.TransientModel):
    """Something to come whose wall time differs from what was agreed. Written by ``clinic.clock`` only."""

    _name = "clinic.clock.keep.line"
    _description = "Line of the changed local time"
    _order = "problem, start, id"

    keep_id = fields.Many2one("clinic.clock.keep", required=True, index=True, ondelete="cascade")
    kind = fields.Selection(KINDS, string="What", required=True)
    res_id = fields.Integer(required=True)
    resource_id = fields.Many2one("resource.resource", string="Doctor, room or device", ondelete="cascade")
    number = fields.Char(string="No. of the visit")
    is_live = fields.Boolean()
    start = fields.Datetime(required=True)
    stop = fields.Datetime(required=True)
    new_start = fields.Datetime(required=True)
    new_stop = fields.Datetime(required=True)
    new_offset = fields.Integer()
    new_offset_stop = fields.Integer()
    now_offset = fields.Integer()
    now_offset_stop = fields.Integer()
    promised = fields.Datetime(help="Wall time of the branch, not UTC.")
    shown = fields.Datetime(help="Wall time of the branch, not UTC.")
    promised_wall = fields.Char(compute="_compute_walls", string="Agreed wall time")
    shown_wall = fields.Char(compute="_compute_walls", string="Wall time now")
    difference = fields.Char(compute="_compute_walls")
    problem = fields.Selection(PROBLEMS, string="Cannot be kept")

    @api.depends("promised", "shown")
    def _compute_walls(self):
        for line in self:
            line.promised_wall = line.promised and f"{line.promised:%d.%m.%Y %H:%M}"
            line.shown_wall = line.shown and f"{line.shown:%d.%m.%Y %H:%M}"
            minutes = round((line.shown - line.promised).total_seconds() / 60) if line.shown else 0
            sign = "−" if minutes < 0 else "+"
            line.difference = f"{sign}{abs(minutes) // 60}:{abs(minutes) % 60:02d}"

    def action_open(self):
        """Button: the visit, shift, session or absence itself, by the rights of the user."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": MODELS[self.kind],
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
