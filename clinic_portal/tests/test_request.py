# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PHONE, PortalHttpCommon


@tagged("post_install", "-at_install")
class TestRequest(PortalHttpCommon):
    """Services on request take a request instead of a booking."""

    def _send(self, action, **vals):
        data = {"doctor": str(self.practitioner.id), "service": str(self.service.id), **self._person(**vals)}
        return self._post("/clinic/request", action=action, **data)

    def test_request(self):
        self.practitioner.service_line_ids.online = "request"
        self._get("/clinic")
        self.assertIn(f"/clinic/request?service={self.service.id}", self.answer.text)
        self._get(f"/clinic/request?service={self.service.id}&doctor={self.practitioner.id}")
        self.assertIn(self.practitioner.name, self._text())
        self._send("code", wish="After\x00 five", name="Petrova\x00 Anna Ivanovna")
        self._send("confirm", wish="After\x00 five", code=self._last_code())
        self.assertTrue(self.answer.url.endswith("/clinic/request/done"), self._text())
        request = self.env["clinic.site.request"].search([("service_id", "=", self.service.id)])
        self.assertEqual(
            (request.practitioner_id, request.phone, request.wish, request.state, request.branch_id),
            (self.practitioner, PHONE, "After five", "1_new", self.branch),
        )
        self.assertEqual(request.patient_id.name, "Petrova Anna Ivanovna")
        self.assertTrue(request.patient_id.clinic_consent_ids)

    def test_service_on_request_is_not_booked(self):
        self.practitioner.service_line_ids.online = "request"
        self._hold(0)
        self.assertEqual(self.answer.status_code, 409)

    def test_bad_requests(self):
        self._get("/clinic/request")
        self._send("code", wish="x" * 10_000, name="")
        self.assertIn("too long", self._text())
        self._post("/clinic/request", action="code", doctor="abc", **self._person())
        self.assertIn("choose a doctor or a service", self._text())
        self._send("confirm", code="000000")
        self.assertIn("clinic_code_error", self.answer.text)
        self.assertFalse(self.env["clinic.site.request"].search([("service_id", "=", self.service.id)]))

    def test_steps_and_access(self):
        request = self.env["clinic.site.request"].create(
            {"patient_id": self._make_patient().id, "service_id": self.service.id}
        )
        users = self._make_role_users("registrar", "operator", "marketer", "external_caller")
        mine = request.with_user(users["registrar"])
        mine.action_take()
        self.assertEqual((request.state, request.user_id), ("2_work", users["registrar"]))
        mine.action_done()
        self.assertEqual(request.state, "3_done")
        request.with_user(users["operator"]).action_refuse()
        for role in ("marketer", "external_caller"):
            with self.assertRaises(AccessError):
                request.with_user(users[role]).read(["state"])
        with self.assertRaises(AccessError):
            request.with_user(self._make_portal_user()).read(["state"])
