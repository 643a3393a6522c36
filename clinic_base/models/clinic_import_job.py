# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import time

from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

#: So often a batch is tried again after somebody else wrote what it wrote.
MAX_TURNS = 5
WAIT_SECONDS = 1


class ClinicImport(models.Model):
    """Jobs: each batch is a transaction of its own, so a kill loses no more than one."""

    _inherit = "clinic.import"

    @api.model
    def _cron_work(self):
        """Go on with every load that has a job and is not stopped."""
        for load in self.search([("job", "!=", False), ("is_paused", "=", False)], order="id"):
            try:
                done = load._run()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except Exception:
                # whatever it was, the other loads go on and a person is told
                _logger.exception("The import %s stopped", load.id)
                self.env.cr.rollback()
                load.is_paused = True
                load.notice = self.env._(
                    "Stopped by an error of the program; it stands in the log of the server. "
                    "Nothing of the batch was written. “Go on” tries again."
                )
                self.env["ir.cron"]._commit_progress()
                continue
            if not done:
                return

    def _run(self, tell=None, wait=False):
        """Work until the job is done, it is stopped, or the time of the scheduled action is over.

        Several processes may be at one load, batch by batch; a batch that met another one is done again.

        :param tell: called with ``(job, done, total)`` after each batch
        :param wait: stay until the job is done, also while another process is at it
        :return: whether there is time for another load
        """
        self.ensure_one()
        turn = 0
        while self.job and not self.is_paused:
            job = self.job
            try:
                # a clash with another process is told from a row that nobody can load by trying twice
                amount = self.with_context(clinic_import_retry=turn < MAX_TURNS)._run_batch()
            except (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, UniqueViolation):
                self.env.cr.rollback()
                turn += 1
                if turn > MAX_TURNS:
                    raise
                continue
            if amount is None:
                if not wait:
                    return True  # somebody else is at it
                self.env.cr.rollback()
                time.sleep(WAIT_SECONDS)
                left = 1
            else:
                turn = 0
                remaining = max(self.job_total - self.job_done, 1 if self.job else 0)
                left = self.env["ir.cron"]._commit_progress(amount, remaining=remaining)
            # the rows of the batch are no longer needed
            self.env.invalidate_all()
            if tell:
                tell(job, self.job_done, self.job_total)
            if self.job and left <= 0:
                return False
        return True

    def _run_batch(self):
        """The next batch of the job, or its end; how many rows, ``None`` while another process is at it."""
        if not self.try_lock_for_update():
            return None
        job = self.job
        amount = getattr(self, f"_step_{job}")()
        self.job_done = min(self.job_done + amount, self.job_total)
        if not amount:
            getattr(self, f"_end_{job}")()
            self.job = False
        self.env.flush_all()
        return amount
