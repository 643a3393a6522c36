# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class ClinicSlotClaim(models.Model):
    """Numbered places: of a group session when their number changes, of a reduced price that is lost."""

    _inherit = "clinic.slot.claim"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _lower_seats(self, session_id, seats):
        """Places at and above ``seats`` move to free ones below: the session has become smaller.

        The caller holds the session's row, so that nobody books meanwhile; whoever finds no free
        place below keeps his, and the caller refuses.

        :return: how many are left above
        """
        self._execute(
            "DELETE FROM clinic_slot_claim"
            " WHERE kind = 'seat' AND ref = %s AND state = 'hold' AND expires_at <= %s",
            [session_id, fields.Datetime.now()],
        )
        self._execute(
            """
            WITH high AS (
                SELECT id, row_number() OVER (ORDER BY lane) AS n FROM clinic_slot_claim
                 WHERE kind = 'seat' AND ref = %(session)s AND lane >= %(seats)s),
            free AS (
                SELECT lane, row_number() OVER (ORDER BY lane) AS n
                  FROM generate_series(0, %(seats)s - 1) AS g(lane)
                 WHERE NOT EXISTS (SELECT 1 FROM clinic_slot_claim c
                                    WHERE c.kind = 'seat' AND c.ref = %(session)s AND c.lane = g.lane)),
            moved AS (
                UPDATE clinic_slot_claim c SET lane = free.lane FROM high JOIN free USING (n)
                 WHERE c.id = high.id RETURNING c.id)
            SELECT count(*) FROM high WHERE id NOT IN (SELECT id FROM moved)
            """,
            {"session": session_id, "seats": seats},
        )
        left = self.env.cr.fetchone()[0]
        self.invalidate_model(flush=False)
        return left

    @api.model
    def _release_spare(self, appointment):
        """Give back the numbered place of a reduced price: the visit has the usual one."""
        self._execute(
            "DELETE FROM clinic_slot_claim WHERE appointment_id = %s AND kind = 'spare'", [appointment.id]
        )
        appointment.invalidate_recordset(["claim_ids"])
        self.invalidate_model(flush=False)
