# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .common import ROLES, ClinicCommon


class TestBuilders(ClinicCommon):
    """The builders themselves: every later addon stands on them."""

    def test_small_clinic(self):
        self.assertEqual(self.practitioner.resource_id.clinic_kind, "practitioner")
        self.assertEqual(self.room.resource_id.clinic_kind, "room")
        self.assertEqual(self.practitioner.service_line_ids.service_id, self.service)
        self.assertEqual(self.service.clinic_practitioner_line_ids.practitioner_id, self.practitioner)
        self.assertEqual(self.practitioner.tz, self.branch.tz)

    def test_every_builder(self):
        company = self._make_company()
        self.assertIn(company, self.env.user.company_ids)
        device_type = self._make_device_type()
        room_type = self._make_room_type()
        department = self._make_department(self.branch)
        self.assertEqual(department.company_id, self.company)
        room = self._make_room(self.branch, room_type_id=room_type.id, department_id=department.id)
        device = self._make_device(self.branch, device_type_id=device_type.id, room_id=room.id)
        self.assertEqual(device.resource_id.clinic_kind, "device")
        patient = self._make_patient(family_name="Petrova", patronymic=False)
        self.assertEqual(patient.name, "Petrova Anna")
        self.assertTrue(self._make_portal_user().share)

    def test_role_users(self):
        users = self._make_role_users()
        for role, group in ROLES.items():
            self.assertTrue(users[role].has_group(group), role)
        both = self._make_user("t_both", "doctor+director")
        self.assertTrue(both.has_group(ROLES["doctor"]) and both.has_group(ROLES["director"]))
