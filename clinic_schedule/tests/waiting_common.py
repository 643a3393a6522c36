# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields

from .common import ScheduleBuilders


class WaitingBuilders(ScheduleBuilders):
    """People of the waiting list, freed places, and the cron without its commits."""

    @classmethod
    def _wait(cls, patient=None, service=None, days=0, **vals):
        """An entry that has waited for so many days."""
        entry = cls.env["clinic.waiting.entry"].create(
            {
                "patient_id": (patient or cls._make_patient()).id,
                "service_id": (service or cls.service).id,
                **vals,
            }
        )
        entry.waiting_since = fields.Datetime.now() - timedelta(days=days)
        return entry

    @classmethod
    def _run_waves(cls):
        """What the cron does, wave after wave, till nothing is due."""
        waves = cls.env["clinic.waiting.wave"]
        for _step in range(50):
            work = waves.search(
                ["|", ("state", "=", "due"), "&", ("state", "=", "running"),
                 ("round_ends_at", "<=", fields.Datetime.now())], order="id", limit=1,
            )  # fmt: skip
            if not work:
                return
            waves._continue(work)
        raise AssertionError("the waves never end")

    @classmethod
    def _cancel(cls, visit):
        cls.env["clinic.booking"].cancel(visit, "patient")

    @classmethod
    def _later(cls, wave, minutes=60):
        """The time of the round's answers has passed."""
        past = fields.Datetime.now() - timedelta(minutes=1)
        wave.write({"round_ends_at": past})
        wave.offer_ids.filtered(lambda offer: offer.state == "open").write({"expires_at": past})
