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

    def _sign_in(self):
        user = self._make_portal_user()
        user.partner_id.is_patient = True
        self._consent(user.partner_id)
        self.authenticate("t_portal", "t_portal")
        return {"patient": str(user.partner_id.id), "service": str(self.service.id)}

    def _requests(self):
        return self.env["clinic.site.request"].search([("service_id", "=", self.service.id)])

    def test_sent_twice(self):
        data = self._sign_in()
        self._get(f"/clinic/request?service={self.service.id}")
        data.update(token=self._hidden("token"), csrf_token=self._hidden("csrf_token"), action="confirm")
        self.assertTrue(data["token"])
        for _again in range(2):
            self._post("/clinic/request", **data)
            self.assertTrue(self.answer.url.endswith("/clinic/request/done"), self._text())
        self.assertEqual(len(self._requests()), 1)

    def test_many_requests(self):
        self.env["ir.config_parameter"].set_param("clinic_portal.requests_per_visitor", "2")
        data = self._sign_in()
        for _number in range(3):
            self._get(f"/clinic/request?service={self.service.id}")
            self._post("/clinic/request", action="confirm", wish="After five", **data)
        self.assertIn("Too many requests", self._text())
        self.assertIn("After five", self.answer.text)
        self.assertEqual(len(self._requests()), 2)

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

    def test_lost_session(self):
        """An old page is no error page of Odoo: what was typed stays, and the form can be sent again."""
        for mark in ("", "nonsense", "0000o1"):
            self._get(f"/clinic/request?service={self.service.id}")
            data = {"service": str(self.service.id), **self._person(wish="After five")}
            self._post("/clinic/request", action="confirm", csrf_token=mark, **data)
            self.assertEqual(self.answer.status_code, 400)
            self.assertIn("open for too long", self._text())
            for typed in ("After five", "Petrova Anna Ivanovna", "17.05.1985"):
                self.assertIn(typed, self.answer.text)
        self.assertFalse(self._requests())
        self._post("/clinic/request", action="code", **data)
        self._post("/clinic/request", action="confirm", code=self._last_code(), **data)
        self.assertTrue(self.answer.url.endswith("/clinic/request/done"), self._text())
        self.assertEqual(len(self._requests()), 1)
