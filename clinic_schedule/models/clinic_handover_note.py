# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..slot_algebra import local_date

#: Notes of days that passed longer ago are deleted: people stand in them.
KEEP_DAYS = 90

#: Nobody reads more while handing over.
LONGEST = 500


class ClinicHandoverNote(models.Model):
    """A short note of the reception for the next shift: about a day of a branch, or of one doctor there.

    Written by whoever books, read by all who see the schedule; stands at the head of the doctor's column
    and above the board until it is marked as done.
    """

    _name = "clinic.handover.note"
    _description = "Note for the next shift"
    _order = "date desc, done, id desc"
    _rec_name = "text"

    branch_id = fields.Many2one(
        "clinic.branch",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["clinic.board"]._own_branches()[:1],
    )
    company_id = fields.Many2one(related="branch_id.company_id", store=True, index=True)
    resource_id = fields.Many2one(
        "resource.resource",
        string="About",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('clinic_kind', '!=', False)]",
        help="Doctor, room or device; empty: the whole day of the branch.",
    )
    date = fields.Date(string="Day", required=True, index=True, default=lambda self: self._today())
    text = fields.Char(string="What to hand over", required=True, size=LONGEST)
    done = fields.Boolean(readonly=True, copy=False)
    done_by_id = fields.Many2one(
        "res.users", string="Done by", readonly=True, copy=False, index="btree_not_null"
    )
    done_at = fields.Datetime(string="Done on", readonly=True, copy=False)
    author_id = fields.Many2one(
        "res.users",
        string="Written by",
        required=True,
        readonly=True,
        index=True,
        copy=False,
        default=lambda self: self.env.user,
    )

    _open_idx = models.Index("(date, branch_id) WHERE done IS NOT TRUE")
    _not_empty = models.Constraint("CHECK (btrim(text) <> '')", "Write what the next shift has to know.")

    @api.model
    def _today(self):
        branch = self.env["clinic.board"]._own_branches()[:1]
        return local_date(fields.Datetime.now(), branch.tz or self.env.user.tz or "UTC")

    @api.model_create_multi
    def create(self, vals_list):
        """Write notes in the own name and tell the boards."""
        notes = super().create([{**vals, "author_id": self.env.uid, "done": False} for vals in vals_list])
        notes._notify_boards()
        return notes

    def write(self, vals):
        """Change notes and tell the boards of the old and the new day; done by its button only."""
        if {"done", "done_by_id", "done_at", "author_id"} & vals.keys():
            raise UserError(self.env._("A note is marked as done by its button: it keeps who did it."))
        self._notify_boards()
        result = super().write(vals)
        self._notify_boards()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_tell_boards(self):
        self._notify_boards()

    def action_done(self):
        """Button: seen to. Rights: whoever may write notes."""
        self.check_access("write")
        for note in self.filtered(lambda one: not one.done):
            note._mark(True)
        self._notify_boards()
        return True

    def action_reopen(self):
        """Button: not done after all."""
        self.check_access("write")
        self.filtered("done")._mark(False)
        self._notify_boards()
        return True

    def _mark(self, done):
        """The buttons' write."""
        vals = {
            "done": done,
            "done_by_id": self.env.uid if done else False,
            "done_at": fields.Datetime.now() if done else False,
        }
        return super().write(vals)  # pylint: disable=super-method-mismatch

    def _notify_boards(self):
        """Tell the open boards that notes changed (ids and dates only)."""
        for note in self:
            if note.branch_id and note.date:
                self.env["clinic.booking"]._bus_changed(
                    note.branch_id, note.resource_id.ids, {note.date}, "note"
                )

    @api.autovacuum
    def _gc_notes(self):
        """Notes of days long past are deleted: what stood in them has been seen to or does not matter."""
        last = fields.Date.today() - timedelta(days=KEEP_DAYS)
        # sudo: the rows of all companies grow old
        self.sudo().search([("date", "<", last)], limit=10000).unlink()


class ClinicBoard(models.AbstractModel):
    """Open notes stand at the head of the columns, and above the board for the whole day."""

    _inherit = "clinic.board"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _load_columns(self, scope):
        """Adds ``notes`` to each column and to the screen: texts of the open notes."""
        data = super()._load_columns(scope)
        found = self.env["clinic.handover.note"].search_fetch(
            [
                ("date", "in", scope["dates"]),
                ("branch_id", "in", scope["branches"].ids),
                ("done", "=", False),
            ],
            ["date", "branch_id", "resource_id", "text"],
            order="id",
        )
        texts = {}
        for note in found:
            key = (note.date.isoformat(), note.branch_id.id, note.resource_id.id)
            texts.setdefault(key, []).append(note.text)
        for column in data["columns"]:
            column["notes"] = texts.get((column["date"], column["branch_id"], column["resource_id"]), [])
        data["notes"] = [{"text": note.text, "about": note.resource_id.sudo().name or ""} for note in found]
        return data
