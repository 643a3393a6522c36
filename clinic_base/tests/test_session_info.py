# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.tests import tagged

from ..models.ir_http import IrHttp
from .common import ClinicCommon


@tagged("post_install", "-at_install")
class TestSessionInfo(ClinicCommon):
    """What the suite adds to every page that is opened costs a fixed number of queries."""

    def _added(self, user, queries):
        """What we add for a user; Odoo's own part is left out, so that only ours is counted."""
        http = self.env["ir.http"].with_user(user)
        lineage = type(http).__mro__
        below = next(each for each in lineage[lineage.index(IrHttp) + 1 :] if "session_info" in vars(each))
        with patch.object(below, "session_info", lambda _self: {}):
            for _turn in range(2):
                IrHttp.session_info(http)
                self.env.invalidate_all()
            # the user, the company, the PIN; and of an administrator whether the clinic is empty
            with self.assertQueryCount(queries):
                return IrHttp.session_info(http)

    def test_desk(self):
        user = self._make_user("t_session_registrar", "registrar")
        info = self._added(user, 3)
        self.assertEqual(info["clinic_desk"]["has_pin"], False)
        self.assertIs(info["clinic_dadata"], False)

    def test_administrator(self):
        self.assertIn("clinic_desk", self._added(self._make_user("t_session_admin", "clinic_admin"), 4))

    def test_people_who_are_not_of_the_clinic(self):
        self.assertNotIn("clinic_desk", self._added(self._make_portal_user(), 0))
