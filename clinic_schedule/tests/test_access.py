# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import get_public_method
from odoo.tests import tagged

from .common import ScheduleCommon

READ, WRITE, ALL, NONE = "r", "rw", "rwcu", ""

#: role -> rights on (shift, absence, reason, appointment, journal, claim, event)
MODELS = (
    "clinic.shift", "clinic.absence", "clinic.appointment.reason", "clinic.appointment",
    "clinic.appointment.journal", "clinic.slot.claim", "clinic.booking.event",
)  # fmt: skip
RIGHTS = {
    "registrar": (READ, READ, READ, WRITE, READ, READ, NONE),
    "senior_nurse": (ALL, ALL, READ, WRITE, READ, READ, NONE),
    "clinic_admin": (ALL, ALL, ALL, WRITE, READ, READ, READ),
    "operator": (READ, READ, READ, WRITE, READ, READ, NONE),
    "external_caller": (NONE, NONE, NONE, READ, NONE, NONE, NONE),
    "doctor": (READ, READ, READ, WRITE, READ, READ, NONE),
    "head_doctor": (READ, READ, READ, WRITE, READ, READ, NONE),
    "statistician": (NONE, NONE, NONE, NONE, NONE, NONE, NONE),
    "marketer": (NONE, NONE, NONE, NONE, NONE, NONE, READ),
    "director": (READ, READ, READ, READ, READ, READ, READ),
    "privacy_officer": (NONE, NONE, NONE, NONE, NONE, NONE, NONE),
    "integration": (READ, READ, READ, WRITE, READ, READ, NONE),
    "registrar+marketer": (READ, READ, READ, WRITE, READ, READ, READ),
    "doctor+director": (READ, READ, READ, WRITE, READ, READ, READ),
    "base.group_user": (NONE, NONE, NONE, NONE, NONE, NONE, NONE),
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}

#: What an external caller sees of a visit.
OPEN_FIELDS = {
    "id", "display_name", "number", "patient_id", "branch_id", "company_id", "tz", "start", "stop",
    "wall_start", "wall_stop",
    "local_date", "state", "color", "is_past", "create_uid", "create_date", "write_uid", "write_date",
}  # fmt: skip

PUBLIC = {
    "clinic.booking": {
        "search_slots", "find_alternatives", "hold", "release", "book", "reschedule", "cancel", "confirm",
        "undo", "log_event",
    },
    "clinic.my.day": {
        "load", "step", "propose_next", "book_next", "preview_absence", "ask_absence", "withdraw_absence",
        "set_late",
    },
    "clinic.health": {"check"},
    "clinic.availability": set(),
    "clinic.slot.claim": set(),
}  # fmt: skip

STAFF = ("registrar", "senior_nurse", "operator", "doctor", "head_doctor")


@tagged("post_install", "-at_install")
class TestAccess(ScheduleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: cls._make_user(f"a_{role.replace('+', '_').replace('.', '_')}", role) for role in RIGHTS
        }
        cls.visit = cls._book(patient=cls.patient)

    def _service_as(self, role):
        return self.env["clinic.booking"].with_user(self.users[role])

    def test_matrix(self):
        for role, rights in RIGHTS.items():
            for model, allowed in zip(MODELS, rights, strict=True):
                for letter, operation in OPERATIONS.items():
                    has = self.env[model].with_user(self.users[role]).has_access(operation)
                    self.assertEqual(has, letter in allowed, f"{role} {operation} {model}")

    def test_external_caller_sees_little(self):
        visit = self.visit.with_user(self.users["external_caller"])
        self.assertEqual(set(visit.fields_get()), OPEN_FIELDS)
        self.assertTrue(visit.read(["display_name", "start"]))
        for name in ("service_id", "practitioner_id", "price", "note"):
            with self.assertRaises(AccessError):
                visit.read([name])
            with self.assertRaises(AccessError):
                visit.search([(name, "=", 1)])

    def test_external_caller_gets_no_more_by_grouping_export_order_or_names(self):
        visits = self.visit.with_user(self.users["external_caller"])
        for name in ("service_id", "practitioner_id", "resource_id", "price", "note", "channel", "user_id"):
            for way, call in (
                ("group", lambda n=name: visits.formatted_read_group([], [n], ["__count"])),
                ("count", lambda n=name: visits.formatted_read_group([], ["branch_id"], [f"{n}:count"])),
                ("web", lambda n=name: visits.web_read_group([], [n], ["__count"])),
                ("domain", lambda n=name: visits.search_count([(n, "=", 7)])),
                ("export", lambda n=name: visits.export_data([n])),
                ("read", lambda n=name: visits.search_read([], [n])),
                ("web_read", lambda n=name: visits.web_search_read([], {n: {}})),
                ("order", lambda n=name: visits.search([], order=n)),
                ("names", lambda n=name: visits.name_search("", [(n, "=", 7)])),
            ):
                # no right to export at all is an error of the users' kind
                error = UserError if way == "export" else AccessError
                with self.subTest(field=name, way=way), self.assertRaises(error):
                    call()
        for call in (visits.formatted_read_group, visits.web_read_group):
            with self.subTest(call=call.__name__), self.assertRaises(AccessError):
                call([], ["device_ids"], ["__count"])
        for path in ("claim_ids.ref", "journal_ids.note", "service_id.name", "practitioner_id.name"):
            with self.subTest(path=path), self.assertRaises(AccessError):
                visits.search([(path, "!=", False)])

    def test_nobody_of_another_company_gets_anything_by_rpc(self):
        company = self._make_company()
        for role in ("clinic_admin", "senior_nurse", "director", "integration", "external_caller"):
            user = self._make_user(f"x_{role}", role, company_id=company.id, company_ids=company.ids)
            for model in MODELS[:2] + MODELS[3:6]:
                records = self.env[model].with_user(user)
                if not records.has_access("read"):
                    continue
                with self.subTest(role=role, model=model):
                    self.assertFalse(records.search([]))
                    self.assertEqual(sum(row[0] for row in records._read_group([], [], ["__count"])), 0)
                    self.assertFalse(records.name_search(""))

    def test_a_shift_belongs_to_the_company_of_its_doctor(self):
        company = self._make_company()
        branch = self._make_branch(company_id=company.id)
        doctor = self._make_practitioner(branches=branch, company_id=company.id)
        self.assertTrue(self._make_shift(doctor, branch=branch))
        with self.assertRaisesRegex(ValidationError, "company"):
            self._make_shift(doctor, day=2)
        nurse = self._make_user("x_nurse", "senior_nurse")
        with self.assertRaises(UserError):
            self.env["clinic.absence"].with_user(nurse).create(
                {
                    "resource_id": doctor.resource_id.id,
                    "start": self._at(1, 540),
                    "stop": self._at(1, 600),
                }
            )
        both = self._make_practitioner(branches=branch | self.branch, company_id=False)
        self.assertTrue(self._make_shift(both))

    def test_what_rpc_may_call(self):
        for model, names in PUBLIC.items():
            for name in dir(self.env.registry[model]):
                own = any(
                    name in vars(piece) and "clinic" in (piece.__module__ or "")
                    for piece in self.env.registry[model].mro()
                )
                if not own or name.startswith("_") or not callable(getattr(self.env[model], name, None)):
                    continue
                if name in ("create", "write", "unlink"):
                    continue
                self.assertIn(name, names, f"{model}.{name} is open to RPC")
                self.assertTrue(get_public_method(self.env[model], name))

    def test_staff_books(self):
        reason = self.env.ref("clinic_schedule.reason_move_patient_asked")
        for minutes, role in zip((570, 600, 630, 660, 690), STAFF, strict=True):
            booking = self._service_as(role)
            slot = next(
                s for s in booking.search_slots(self.service, limit=50) if s["start"] == self._at(1, minutes)
            )
            visit = booking.book(slot, self._make_patient(), channel="phone")
            self.assertEqual(visit.user_id, self.users[role])
            with self.assertRaisesRegex(UserError, "reason"):
                booking.cancel(visit, "patient")
            with self.assertRaisesRegex(UserError, "reason"):
                booking.reschedule(visit, slot)
            booking.confirm(visit, "phone")
            booking.undo(visit)
            booking.reschedule(visit, slot, reason)
            visit.read()

    def test_others_do_not_book(self):
        for role in (
            "external_caller",
            "statistician",
            "marketer",
            "director",
            "privacy_officer",
            "base.group_user",
        ):
            booking = self._service_as(role)
            for call in (
                lambda booking=booking: booking.search_slots(self.service),
                lambda booking=booking: booking.book(self._slot(600), self.patient),
                lambda booking=booking: booking.book(self._slot(600), self.patient, channel="site"),
                lambda booking=booking: booking.hold(self._slot(600), "a-token-1"),
                lambda booking=booking: booking.cancel(self.visit, "patient"),
                lambda booking=booking: booking.reschedule(self.visit, self._slot(600)),
                lambda booking=booking: booking.confirm(self.visit, "phone"),
                lambda booking=booking: booking.undo(self.visit),
                lambda booking=booking: booking.find_alternatives(self._slot(600)),
                lambda booking=booking: booking.log_event("shown"),
            ):
                with self.assertRaises(AccessError):
                    call()

    def test_channels(self):
        registrar, integration = self._service_as("registrar"), self._service_as("integration")
        for channel in ("site", "bot", "api", "import"):
            with self.assertRaises(AccessError):
                registrar.search_slots(self.service, channel=channel)
        for channel in ("api", "bot", "aggregator", "import"):
            integration.search_slots(self.service, channel=channel)

    def test_portal(self):
        user = self._make_portal_user()
        user.partner_id.write({"is_patient": True, "family_name": "Portalova", "given_name": "Anna"})
        self._consent(user.partner_id)
        booking = self.env["clinic.booking"].with_user(user)
        with self.assertRaises(AccessError):
            booking.search_slots(self.service)
        slots = booking.search_slots(self.service, channel="site")
        self.assertTrue(slots)
        with self.assertRaises(UserError):
            booking.book(slots[0], self.patient, channel="site")
        with self.assertRaises(AccessError):
            booking.book(slots[0], user.partner_id, channel="phone")
        visit = booking.book(slots[0], user.partner_id, channel="site", token="portal-token")
        self.assertEqual(visit.sudo().state, "booked")
        for foreign in (self.visit, self.visit.id):
            with self.assertRaises(AccessError):
                booking.cancel(foreign, "patient")
        with self.assertRaises(AccessError):
            booking.undo(self.visit)

    def test_relation(self):
        user = self._make_portal_user("t_mother")
        child = self._make_patient(birth_date="2018-01-01")
        self._consent(child)
        booking = self.env["clinic.booking"].with_user(user)
        slot = booking.search_slots(self.service, channel="site")[0]
        with self.assertRaises(UserError):
            booking.book(slot, child, channel="site")
        self.env["clinic.relation"].create(
            {"patient_id": child.id, "actor_id": user.partner_id.id, "kind": "mother"}
        )
        self.assertTrue(booking.book(slot, child, channel="site"))

    def test_token_of_somebody_else(self):
        mine, other = self._make_portal_user("t_one"), self._make_portal_user("t_two")
        for user in (mine, other):
            user.partner_id.write({"is_patient": True, "family_name": "Ivanova", "given_name": "Anna"})
        booking = self.env["clinic.booking"]
        slot = booking.with_user(mine).search_slots(self.service, channel="site")[0]
        hold = booking.with_user(mine).hold(slot, "secret-of-mine")
        with self.assertRaisesRegex(UserError, "not valid"):
            booking.with_user(other).book(slot, other.partner_id, token="secret-of-mine", channel="site")
        self.assertEqual(hold.sudo().state, "held")

    def test_visitor_signs_in(self):
        """A hold made before signing in passes to the account; the controller runs as sudo."""
        public = self.env.ref("base.public_user")
        user = self._make_portal_user()
        user.partner_id.write({"is_patient": True, "family_name": "Ivanova", "given_name": "Anna"})
        self._consent(user.partner_id)
        booking = self.env["clinic.booking"]
        slot = booking.with_user(public).sudo().search_slots(self.service, channel="site")[0]
        booking.with_user(public).sudo().hold(slot, "token-of-visitor")
        visit = booking.with_user(user).book(slot, user.partner_id, token="token-of-visitor", channel="site")
        self.assertEqual(visit.sudo().state, "booked")

    def test_company_border(self):
        company = self._make_company()
        stranger = self._make_user("t_stranger", "registrar", company_id=company.id, company_ids=company.ids)
        self.assertFalse(self.env["clinic.appointment"].with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            self.env["clinic.booking"].with_user(stranger).cancel(
                self.visit, "patient", self.env.ref("clinic_schedule.reason_cancel_ill")
            )
        self.assertFalse(self.env["clinic.booking"].with_user(stranger).search_slots(self.service))
