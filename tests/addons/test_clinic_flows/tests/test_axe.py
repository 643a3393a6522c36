# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""axe-core looks at every page of the site and at the reception board: nothing serious or critical."""

import os
from pathlib import Path
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.clinic_portal.tests.common import PortalHttpCommon

#: Where ``./clinic test`` has put axe-core (tools/testing/axe.py), or why it could not.
FILE, WHY = "CLINIC_AXE_FILE", "CLINIC_AXE_MISSING"


@tagged("post_install", "-at_install")
class TestAxe(PortalHttpCommon):
    """Tours that stop at every page; what they find is told together at their end."""

    browser_size = "360x740"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["website"].search([]).company_id.clinic_call_phone = "+73952000000"

    def setUp(self):
        super().setUp()
        path = os.environ.get(FILE)
        if not path:
            why = os.environ.get(WHY) or "it is obtained by ./clinic test"
            self.assertFalse(os.environ.get("CI"), f"axe-core is missing: {why}")
            self.skipTest(f"axe-core is missing: {why}")
        self.env["ir.attachment"].create(
            {
                "name": "clinic_axe.js",
                "url": "/clinic_axe.js",
                "mimetype": "application/javascript",
                "public": True,
                "raw": Path(path).read_bytes(),
            }
        )

    def _patient(self, consent):
        user = self._make_portal_user()
        user.partner_id.write({"is_patient": True, "birth_date": "1990-01-02"})
        if consent:
            self._consent(user.partner_id)
        return user

    def test_visitor(self):
        self._book(self._make_patient(), 3)
        # the dice, not our code: the browser cannot look into the backend
        with patch("secrets.randbelow", return_value=42042):
            address = f"/clinic?doctor={self.practitioner.id}&taken={self._slot(3)}"
            self.start_tour(address, "clinic_axe_visitor", login=None, timeout=240)

    def test_patient(self):
        self._book(self._patient(consent=True).partner_id, 5)
        self.start_tour("/my/visits", "clinic_axe_patient", login="t_portal", timeout=240)

    def test_request(self):
        self._patient(consent=False)
        self.start_tour(
            f"/clinic/request?service={self.service.id}", "clinic_axe_request", login="t_portal", timeout=120
        )

    def test_board(self):
        self._make_user("t_registrar", "registrar")
        visit = self._book(self._make_patient(), 2)
        self.assertTrue(visit)
        self.start_tour("/odoo/clinic-board", "clinic_axe_board", login="t_registrar", timeout=120)
