# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter

from odoo import api, fields, models
from odoo.service.model import retrying
from odoo.tools import SQL

from ..person_match import BLOCK_CAP, CAPS, hashed_keys
from .clinic_match import MASS_PHONE

#: Kind of the keys of phones, whose blocks have a second limit.
PHONE = "phone"
GENERATION = "clinic_base.match_generation"
#: Cards of one transaction, and of each next try when somebody changed one of them meanwhile.
BATCHES = (500, 100, 20, 4, 1)


class ClinicMatchKey(models.Model):
    """Blocking keys of patients: keyed 64-bit hashes of what two cards of one person share.

    Written by ``_refresh`` only, when a card changes. ``hash`` is a bigint, which the ORM has no field
    for, so the column is made here and read by SQL.
    """

    _name = "clinic.match.key"
    _description = "Key of a patient's card"
    _log_access = False
    _rec_name = "kind"

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade", index=True)
    kind = fields.Char(required=True)

    def _auto_init(self):
        result = super()._auto_init()
        self.env.cr.execute("ALTER TABLE clinic_match_key ADD COLUMN IF NOT EXISTS hash bigint")
        self.env.cr.execute("CREATE INDEX IF NOT EXISTS clinic_match_key_hash_idx ON clinic_match_key (hash)")
        return result

    @api.model
    def _refresh(self, ids):
        """Write the keys of these patients anew; those who are none any more lose theirs.

        :return: ids of other cards that have to be looked at again
        """
        match = self.env["clinic.match"]
        secret = match._secret()
        cards = match._cards(ids)
        rows = [
            (partner_id, kind, number)
            for partner_id, card in cards.items()
            for kind, number in dict.fromkeys(hashed_keys(card, secret))
        ]
        gone = self.env.execute_query(
            SQL("DELETE FROM clinic_match_key WHERE partner_id = ANY(%s) RETURNING kind, hash", list(ids))
        )
        if rows:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO clinic_match_key (partner_id, kind, hash)"
                    " SELECT * FROM unnest(%s::int[], %s::text[], %s::bigint[])",
                    [row[0] for row in rows],
                    [row[1] for row in rows],
                    [row[2] for row in rows],
                )
            )
        changes = Counter(row[1:] for row in rows)
        changes.subtract(gone)
        return self._crossed(ids, {block: change for block, change in changes.items() if change})

    @api.model
    def _crossed(self, ids, changes):
        """The other cards of blocks that have grown over a limit or shrunk below one.

        Whether a block is compared, and whether its phone is a crowd's, depends on its size: what is said
        about cards that nobody touched changes with it. The answer must not depend on who came first.

        :param ids: patients at work, who will be looked at anyway
        :param changes: ``{(kind, hash): how many cards more, or less if negative}``
        """
        if not changes:
            return []
        sizes = dict(
            self.env.execute_query(
                # not one look-up for each: on a table without statistics each would read it whole
                SQL(
                    "SELECT hash, count(*) FROM clinic_match_key WHERE hash = ANY(%s) GROUP BY hash",
                    [number for _kind, number in changes],
                )
            )
        )
        crossed = [
            number
            for (kind, number), change in changes.items()
            for limit in (CAPS.get(kind, BLOCK_CAP), *([MASS_PHONE] if kind == PHONE else []))
            if (sizes.get(number, 0) > limit) != (sizes.get(number, 0) - change > limit)
        ]
        if not crossed:
            return []
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT partner_id FROM clinic_match_key"
                " WHERE hash = ANY(%s) AND partner_id <> ALL(%s)",
                crossed,
                list(ids),
            )
        )
        return [partner_id for (partner_id,) in rows]

    @api.model
    def _cron_work(self):
        """Keys, pairs and groups of cards that changed since the last run, in batches.

        One matcher works at a time. A batch during which somebody changed one of its cards fails at the
        database and is done again with fewer cards.
        """
        self._start_generation()
        self.env["clinic.match.cluster"]._drop_thin()
        while True:
            sizes = iter(BATCHES)
            done, left = retrying(lambda sizes=sizes: self._work_batch(next(sizes)), self.env)
            if not done:
                return
            if not self.env["ir.cron"]._commit_progress(done, remaining=left):
                return

    @api.model
    def _work_batch(self, size):
        """``(cards done, cards left)``; nothing is done while another matcher is at work."""
        if not self._lock():
            return 0, 0
        waiting = self.env["clinic.match.waiting"]
        ids = waiting._take(size)
        if ids:
            self._work(ids)
        return len(ids), waiting._count()

    @api.model
    def _lock(self):
        """Be the only matcher until the end of the transaction; nobody who edits a card waits for it.

        The row is written, not only locked: a matcher whose snapshot is older than the end of another
        one's work would not see its keys, so the database refuses and the batch starts anew.
        """
        return bool(
            self.env.execute_query(
                SQL(
                    "UPDATE ir_config_parameter SET write_date = now() at time zone 'UTC' WHERE id IN"
                    " (SELECT id FROM ir_config_parameter WHERE key = %s FOR UPDATE SKIP LOCKED)"
                    " RETURNING id",
                    GENERATION,
                )
            )
        )

    @api.model
    def _work(self, ids):
        """Bring keys, pairs and groups of these patients up to date; archived ones lose their keys."""
        others = self._refresh(ids)
        self.env["clinic.match.pair"]._renew(ids)
        self.env["clinic.match.cluster"]._regroup(ids)
        waiting = self.env["clinic.match.waiting"]
        if others:
            # all rows in one order, at the end: who saves a card waits no longer than this takes
            waiting._put([*others, *ids])
        waiting._drop(ids)

    @api.model
    def _start_generation(self):
        """After a change of the normalisation or of the secret every card waits for new keys."""
        parameters = self.env["ir.config_parameter"].sudo()
        generation = self.env["clinic.match"]._generation()
        if parameters.get_param(GENERATION) != generation:
            self.env["clinic.match.waiting"]._put_all()
            parameters.set_param(GENERATION, generation)
