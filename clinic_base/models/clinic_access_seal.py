# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

#: Rows under one seal; so many are locked at once.
BATCH = 5000
#: Batches of one run of the scheduled action.
MAX_BATCHES = 20
FIRST_HASH = "0" * 64
#: What a seal covers, in this order. A column added later belongs to a new form, not to this one.
_ROW = SQL(
    "jsonb_build_array(e.id, e.moment, e.user_ref, e.user_login, e.action, e.model, e.res_ref,"
    " e.patient_ref, e.amount, e.detail, e.address)::text"
)
PRIVACY_GROUP = "clinic_base.group_clinic_privacy_officer"


class ClinicAccessSeal(models.Model):
    """One link of the chain over the access journal: a hash of a batch of rows and of the link before.

    Made by a scheduled action. Each new hash is also written to the server's log, so that the chain
    cannot be recomputed unnoticed by whoever changes the database alone.
    """

    _name = "clinic.access.seal"
    _description = "Seal of the access journal"
    _order = "id desc"
    _rec_name = "moment"
    _log_access = False

    moment = fields.Datetime(required=True, readonly=True)
    amount = fields.Integer(string="Records", readonly=True)
    first_ref = fields.Integer(string="First event", readonly=True)
    last_ref = fields.Integer(string="Last event", readonly=True)
    previous_hash = fields.Char(readonly=True)
    hash = fields.Char(readonly=True)

    def _auto_init(self):
        result = super()._auto_init()
        self.env["clinic.access.event"]._guard_table(self._table)
        return result

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        raise UserError(self.env["clinic.access.event"]._refusal())

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env["clinic.access.event"]._refusal())

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env["clinic.access.event"]._refusal())

    @api.model
    def _cron_seal(self):
        """Seal what has been written since the last run, batch by batch."""
        for _batch in range(MAX_BATCHES):
            sealed = self._seal_batch()
            left = self._count_unsealed()
            self.env["ir.cron"]._commit_progress(sealed, remaining=left)
            if not left:
                break

    @api.model
    def _seal_batch(self, limit=BATCH):
        """Seal the oldest rows without a seal, in their order.

        :return: how many rows were sealed
        """
        cr = self.env.cr
        # one chain: a second sealer waits here and then sees the first one's link
        cr.execute("LOCK TABLE clinic_access_seal IN SHARE ROW EXCLUSIVE MODE")
        cr.execute("SELECT hash FROM clinic_access_seal ORDER BY id DESC LIMIT 1")
        previous = (cr.fetchone() or (FIRST_HASH,))[0]
        cr.execute(
            SQL(
                """
                WITH batch AS (
                    SELECT id FROM clinic_access_event WHERE seal_ref IS NULL ORDER BY id LIMIT %s FOR UPDATE
                )
                SELECT count(*), min(e.id), max(e.id),
                       encode(sha256(convert_to(%s || string_agg(%s, E'\\n' ORDER BY e.id), 'UTF8')), 'hex'),
                       array_agg(e.id)
                FROM clinic_access_event e JOIN batch USING (id)
                """,
                limit,
                previous,
                _ROW,
            )
        )
        amount, first, last, digest, ids = cr.fetchone()
        if not amount:
            return 0
        cr.execute(
            SQL(
                "INSERT INTO clinic_access_seal (moment, amount, first_ref, last_ref, previous_hash, hash)"
                " VALUES (%s, %s, %s, %s, %s, %s) RETURNING id",
                fields.Datetime.now(),
                amount,
                first,
                last,
                previous,
                digest,
            )
        )
        seal_id = cr.fetchone()[0]
        cr.execute("UPDATE clinic_access_event SET seal_ref = %s WHERE id = ANY(%s)", [seal_id, ids])
        self.env["clinic.access.event"].invalidate_model(["seal_ref"])
        _logger.info("Access journal sealed: seal %s over %s rows, hash %s", seal_id, amount, digest)
        return amount

    @api.model
    def _count_unsealed(self):
        self.env.cr.execute("SELECT count(*) FROM clinic_access_event WHERE seal_ref IS NULL")
        return self.env.cr.fetchone()[0]

    @api.model
    def _find_breaks(self):
        """Ids of seals whose rows or place in the chain do not fit any more."""
        self.env.cr.execute(
            SQL(
                """
                SELECT s.id, s.previous_hash, s.hash, s.amount, count(e.id),
                       encode(sha256(convert_to(
                           s.previous_hash || coalesce(string_agg(%s, E'\\n' ORDER BY e.id), ''), 'UTF8'
                       )), 'hex')
                FROM clinic_access_seal s LEFT JOIN clinic_access_event e ON e.seal_ref = s.id
                GROUP BY s.id ORDER BY s.id
                """,
                _ROW,
            )
        )
        broken, previous = [], FIRST_HASH
        for seal_id, before, stored, amount, found, computed in self.env.cr.fetchall():
            if before != previous or stored != computed or amount != found:
                broken.append(seal_id)
            previous = stored
        return broken

    @api.model
    def action_check_integrity(self):
        """Recompute the whole chain and say what was found. For personal data officers."""
        if not self.env.user.has_group(PRIVACY_GROUP):
            raise AccessError(self.env._("Only a personal data officer checks the access journal."))
        broken = self.sudo()._find_breaks()
        count = self.search_count([])
        if broken:
            message = self.env._(
                "The journal was changed past the program: seals %(seals)s do not fit. "
                "Compare with the hashes in the server's log and with a backup.",
                seals=", ".join(map(str, broken[:10])),
            )
        else:
            message = self.env._(
                "The journal is whole: no row was changed, removed or put in past the program. "
                "Seals checked: %(count)s; events that wait for the next seal: %(open)s.",
                count=count,
                open=self.sudo()._count_unsealed(),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Integrity of the access journal"),
                "message": message,
                "type": "danger" if broken else "success",
                "sticky": bool(broken),
            },
        }
