# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .board_common import BoardHttpCommon


@tagged("post_install", "-at_install")
class TestOperationsTour(BoardHttpCommon):
    """Time is closed from the board and opened again by one click, in Chromium."""

    def test_close_time(self):
        nurse = self._make_user("t_ops_tour", "senior_nurse")
        self.start_tour("/odoo/clinic-board", "clinic_board_close_time", login=nurse.login)
        operation = self.env["clinic.shift.operation"].search([], limit=1)
        self.assertEqual((operation.kind, operation.state, operation.user_id), ("block", "undone", nurse))
        absence = (
            self.env["clinic.absence"]
            .with_context(active_test=False)
            .search([("operation_id", "=", operation.id)])
        )
        self.assertFalse(absence.active)
        self.assertEqual(absence.start, self._instant(10))
