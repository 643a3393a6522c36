# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .board_common import BoardHttpCommon


@tagged("post_install", "-at_install")
class TestAbsenceTour(BoardHttpCommon):
    """Absence → substitution, in Chromium: a senior nurse moves everybody by one click."""

    def test_substitute(self):
        nurse = self._make_user("t_tour_nurse", "senior_nurse")
        substitute = self._make_practitioner(
            self.branch, self.specialty, self.service, name="Substituteva Anna Petrovna"
        )
        self._make_shift(substitute)
        visit = self._book(self.patient, 9)
        absence = self.env["clinic.absence"].create(
            {
                "resource_id": visit.resource_id.id,
                "kind": "sick",
                "date_from": visit.local_date,
                "date_to": visit.local_date,
            }
        )
        self.start_tour(f"/odoo/clinic-absences/{absence.id}", "clinic_absence_substitute", login=nurse.login)
        self.assertEqual(visit.practitioner_id, substitute)
        self.assertFalse(absence.visit_count)
