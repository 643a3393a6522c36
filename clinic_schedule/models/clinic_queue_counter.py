# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

#: The Russian letter before the number: who had a time, and who came without one.
LETTERS = {False: "А", True: "Б"}


class ClinicQueueCounter(models.Model):
    """How many numbers of the live queue a branch has given out on a day.

    One row per branch and day, written by one statement. Two desks at the same moment: the second
    waits for the first, the database refuses it, and its request is repeated with the next number.
    """

    _name = "clinic.queue.counter"
    _description = "Numbers of the live queue"
    _order = "day desc, branch_id"
    _rec_name = "day"

    branch_id = fields.Many2one("clinic.branch", required=True, index=True, ondelete="cascade")
    day = fields.Date(required=True, help="On the calendar of the branch.")
    last = fields.Integer(string="Last number", required=True)

    _branch_day_uniq = models.UniqueIndex("(branch_id, day)", "A branch counts each day once.")

    @api.model
    def _next(self, branch, day):
        """The next number of the branch on the day. Sudo-free SQL: a counter is nobody's data."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO clinic_queue_counter (branch_id, day, last) VALUES (%s, %s, 1)
                    ON CONFLICT (branch_id, day) DO UPDATE SET last = clinic_queue_counter.last + 1
                RETURNING last
                """,
                branch.id,
                day,
            )
        )
        self.invalidate_model(flush=False)
        return rows[0][0]

    @api.model
    def _label(self, number, walk_in):
        """What stands on the ticket and on the wall: no name, only a letter and a number."""
        return f"{LETTERS[bool(walk_in)]}-{number:03d}" if number else ""
