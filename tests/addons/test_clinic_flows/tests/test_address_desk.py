# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An address at the desk: a suggestion of the classifier is chosen on the card."""

from odoo.tests import tagged

from odoo.addons.clinic_base.tests.common import ClinicHttpCommon
from odoo.addons.clinic_base.tests.test_address import AddressCase


@tagged("post_install", "-at_install")
class TestAddressDesk(AddressCase, ClinicHttpCommon):
    def test_address_with_suggestions(self):
        self._load_region()
        self._make_user("t_registrar", "registrar", lang="ru_RU")
        patient = self._make_patient()
        self.start_tour(f"/odoo/patients/{patient.id}", "clinic_flows_address", login="t_registrar")
        row = patient.clinic_address_ids
        self.assertEqual((row.state, row.house, row.flat), ("confirmed", "5", "12"))
        self.assertEqual(patient.street, "ул Карла Маркса, д 5, кв 12")
