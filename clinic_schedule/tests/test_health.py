# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError

from .common import ScheduleCommon


class TestHealth(ScheduleCommon):
    """Without the constraint nothing prevents double booking: loud, and booking closes."""

    def _results(self):
        return {result["name"]: result["ok"] for result in self.env["clinic.health"].check()}

    def test_all_well(self):
        self._book()
        self.assertTrue(all(self._results().values()))
        texts = {result["name"]: result["message"] for result in self.env["clinic.health"].check()}
        self.assertIn("No holds are left", texts["hold_sweep"])

    def test_missing_constraint(self):
        self.env.cr.execute("ALTER TABLE clinic_slot_claim DROP CONSTRAINT clinic_slot_claim_no_overlap")
        self.addCleanup(delattr, self.env.registry, "clinic_guards_ok") if hasattr(
            self.env.registry, "clinic_guards_ok"
        ) else None
        self.env.registry.clinic_guards_ok = False
        self.assertFalse(self._results()["no_overlap"])
        with self.assertLogs("odoo.addons.clinic_schedule.models.clinic_health", "ERROR"):
            self.env["clinic.health"]._register_hook()
        with self.assertRaisesRegex(UserError, "Booking is closed"):
            self._book()
        with self.assertRaisesRegex(UserError, "Booking is closed"):
            self.booking.hold(self._slot(), "a-token-1")

    def test_visit_without_its_place(self):
        visit = self._book()
        self.env["clinic.slot.claim"]._release(visit)
        self.assertFalse(self._results()["claims"])

    def test_rights(self):
        user = self._make_user("t_plain", "registrar")
        with self.assertRaises(AccessError):
            self.env["clinic.health"].with_user(user).check()
        admin = self._make_user("t_chief", "clinic_admin")
        self.assertTrue(self.env["clinic.health"].with_user(admin).check())
