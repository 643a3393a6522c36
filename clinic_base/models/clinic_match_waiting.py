# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

#: Where the cards stand that a transaction has changed so far.
PENDING = "clinic.match.waiting"


class ClinicMatchWaiting(models.Model):
    """Patients whose cards changed since the matcher looked at them.

    A table of its own, so that the matcher never touches the cards: nobody who edits one waits for it.
    """

    _name = "clinic.match.waiting"
    _description = "Card that waits for the matcher"
    _log_access = False
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    moment = fields.Datetime(required=True)

    _one_per_card = models.UniqueIndex("(partner_id)", "This card is already waiting.")

    @api.model
    def _put_at_end(self, ids):
        """Let these cards wait from the end of the transaction on.

        Their rows are the last ones that it locks, and in one go: two people who save the same cards in
        different ways would otherwise hold a card each and wait for each other.
        """
        if PENDING not in self.env.cr.precommit.data:
            self.env.cr.precommit.data[PENDING] = set()
            self.env.cr.precommit.add(self._settle)
        self.env.cr.precommit.data[PENDING].update(ids)

    @api.model
    def _settle(self):
        """Put the cards that this transaction has changed so far, for who reads the table now."""
        ids = self.env.cr.precommit.data.pop(PENDING, ())
        if ids:
            # a card may be gone again: made inside a step that was taken back
            self._put(self.env["res.partner"].browse(sorted(ids)).exists().ids)
            # any user's change wakes the program's own action
            self.env.ref("clinic_base.ir_cron_match").sudo()._trigger()

    @api.model
    def _put(self, ids):
        """Let these cards wait. The row is touched even if it stands there: the matcher that is just
        reading the card then fails and looks again."""
        if not ids:
            return
        self.env["res.partner"].flush_model(["id"])
        self.env.cr.execute(
            SQL(
                "INSERT INTO clinic_match_waiting (partner_id, moment) SELECT unnest(%s::int[]), %s"
                " ON CONFLICT (partner_id) DO UPDATE SET moment = EXCLUDED.moment",
                sorted(ids),
                fields.Datetime.now(),
            )
        )

    @api.model
    def _put_all(self):
        """Let every patient wait."""
        self.env["res.partner"].flush_model(["is_patient", "active"])
        self.env.cr.execute(
            SQL(
                "INSERT INTO clinic_match_waiting (partner_id, moment)"
                " SELECT id, %s FROM res_partner WHERE is_patient AND active"
                " ON CONFLICT (partner_id) DO NOTHING",
                fields.Datetime.now(),
            )
        )

    @api.model
    def _take(self, limit):
        """Ids of cards that wait, in a fixed order; ``_drop`` ends their waiting."""
        self._settle()
        return [
            partner_id
            for (partner_id,) in self.env.execute_query(
                SQL("SELECT partner_id FROM clinic_match_waiting ORDER BY partner_id LIMIT %s", limit)
            )
        ]

    @api.model
    def _drop(self, ids):
        """End the waiting; locked in the order of ``_put``, so that nobody waits for each other."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM clinic_match_waiting WHERE id IN (SELECT id FROM clinic_match_waiting"
                " WHERE partner_id = ANY(%s) ORDER BY partner_id FOR UPDATE)",
                sorted(ids),
            )
        )

    @api.model
    def _count(self):
        return self.env.execute_query(SQL("SELECT count(*) FROM clinic_match_waiting"))[0][0]
