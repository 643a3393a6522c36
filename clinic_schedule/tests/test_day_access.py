# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .day_common import DayCommon

READ, NONE = "r", ""
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}

DESK = ("registrar", "operator", "integration")
MEDICS = ("doctor", "head_doctor")
NURSES = ("senior_nurse", "clinic_admin")

#: model -> role -> rights; roles that are not named have none
RIGHTS = {
    "clinic.absence.request": {
        "doctor": READ, "head_doctor": READ, "senior_nurse": READ, "clinic_admin": READ,
    },
    "clinic.queue.counter": {"clinic_admin": READ},
    "clinic.delay": dict.fromkeys((*DESK, "director", *MEDICS, *NURSES), READ),
    "clinic.queue.screen": dict.fromkeys(NURSES, "rwcu"),
    "clinic.calendar.feed": dict.fromkeys((*NURSES, "doctor", "head_doctor"), "rwcu"),
    "clinic.walk.in": dict.fromkeys((*DESK, *MEDICS, *NURSES), "rc"),
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestDayAccess(DayCommon):
    def test_matrix(self):
        cast = self._make_role_users_left()
        for model, rights in RIGHTS.items():
            for role, user in cast.items():
                for letter, operation in OPERATIONS.items():
                    has = self.env[model].with_user(user).has_access(operation)
                    self.assertEqual(has, letter in rights.get(role, NONE), f"{role} {operation} {model}")

    def _make_role_users_left(self):
        """A user of every role: those of the day and the rest."""
        roles = ("clinic_admin", "operator", "statistician", "privacy_officer", "integration")
        return {**self.users, **self._make_role_users(*roles)}
