# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import etree

from odoo import Command
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .common import PortalCommon

TYPE = "clinic_portal.mail_activity_type_request"


@tagged("post_install", "-at_install")
class TestRequestDesk(PortalCommon):
    """What the registrars see of a request and how they work it off."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_branch = cls._make_branch()
        cls.here = cls._make_registrar("t_here", cls.branch)
        cls.also_here = cls._make_registrar("t_also", cls.branch)
        cls.there = cls._make_registrar("t_there", cls.other_branch)
        cls.everywhere = cls._make_registrar("t_everywhere")
        cls.doctor = cls._make_user("t_doctor", "doctor")
        cls.patient = cls._make_patient()

    @classmethod
    def _make_registrar(cls, login, branches=None):
        user = cls._make_user(login, "registrar")
        user.clinic_branch_ids = branches
        return user

    def _request(self, **vals):
        # as a visitor sends it
        return (
            self.env["clinic.site.request"]
            .with_user(self.env.ref("base.public_user"))
            .sudo()
            .create(
                {
                    "patient_id": self.patient.id,
                    "service_id": self.service.id,
                    "branch_id": self.branch.id,
                    "company_id": self.company.id,
                    **vals,
                }
            )
            .sudo(False)
            .with_env(self.env)
        )

    def _activities(self, request, **context):
        return (
            self.env["mail.activity"]
            .with_context(**context)
            .search([("res_model", "=", request._name), ("res_id", "=", request.id)])
        )

    def _asked(self, request):
        mine = self.here | self.also_here | self.there | self.everywhere | self.doctor
        return self._activities(request).user_id & mine

    def test_registrars_of_the_branch_are_asked(self):
        mails = self.env["mail.mail"].search_count([])
        request = self._request()
        self.assertEqual(self._asked(request), self.here | self.also_here | self.everywhere)
        activities = self._activities(request)
        self.assertEqual(activities.activity_type_id, self.env.ref(TYPE))
        self.assertEqual(set(activities.mapped("state")), {"today"})
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        # the link of the activity: the request, which the registrar may open
        mine = activities.filtered(lambda one: one.user_id == self.here).with_user(self.here)
        opened = self.env[mine.res_model].with_user(self.here).browse(mine.res_id)
        self.assertEqual((opened, opened.patient_id), (request, self.patient))

    def test_taking(self):
        request = self._request()
        request.with_user(self.here).action_take()
        self.assertEqual(self._activities(request).user_id, self.here)
        self.assertEqual((request.state, request.user_id), ("2_work", self.here))
        request.user_id = self.there
        self.assertEqual(self._activities(request).user_id, self.there)

    def test_closing(self):
        for button, state in (("action_done", "3_done"), ("action_refuse", "4_refused")):
            request = self._request()
            request.with_user(self.here).action_take()
            getattr(request.with_user(self.here), button)()
            self.assertEqual(request.state, state)
            self.assertFalse(self._activities(request))
            done = self._activities(request, active_test=False)
            self.assertEqual((done.user_id, done.state), (self.here, "done"))

    def test_closing_without_taking(self):
        request = self._request()
        request.with_user(self.also_here).action_refuse()
        self.assertEqual(request.user_id, self.also_here)
        self.assertFalse(self._activities(request))
        self.assertEqual(self._activities(request, active_test=False).user_id, self.also_here)

    def test_only_the_desk_and_the_operators_see_requests(self):
        """A doctor books, but requests are worked off by registrars and operators."""
        request = self._request()
        menu = self.env.ref("clinic_portal.menu_clinic_site_request")
        operator = self._make_user("t_operator", "operator")
        for user, sees in ((self.here, True), (operator, True), (self.doctor, False)):
            with self.subTest(user=user.login):
                self.assertEqual(request.with_user(user).has_access("read"), sees)
                menus = self.env["ir.ui.menu"].with_user(user).load_menus(False)
                self.assertEqual(menu.id in menus, sees)

    def test_dragged_on_the_kanban(self):
        request = self._request()
        request.with_user(self.here).write({"state": "3_done"})
        self.assertFalse(self._activities(request))

    def test_nobody_at_the_desk(self):
        registrars = self.env.ref("clinic_base.group_clinic_registrar").all_user_ids
        registrars.clinic_branch_ids = [Command.set(self.other_branch.ids)]
        request = self._request()
        activity = self._activities(request)
        self.assertEqual((len(activity), len(activity.user_id)), (1, 0))
        request.with_user(self.here).action_take()
        self.assertEqual(self._activities(request).user_id, self.here)

    def test_filters_of_the_list(self):
        fresh, taken, closed = (self._request() for _number in range(3))
        taken.with_user(self.here).action_take()
        closed.with_user(self.here).action_refuse()
        view = self.env.ref("clinic_portal.clinic_site_request_view_search")
        arch = self.env["clinic.site.request"].get_view(view.id, "search")["arch"]
        for name, wanted in (("open", fresh | taken), ("untaken", fresh), ("handled", closed)):
            (node,) = etree.fromstring(arch).xpath(f"//filter[@name='{name}']")
            domain = [("patient_id", "=", self.patient.id), *safe_eval(node.get("domain"))]
            self.assertEqual(set(self.env["clinic.site.request"].search(domain)), set(wanted))
        action = self.env.ref("clinic_portal.clinic_site_request_action")
        self.assertIn("search_default_open", action.context)
        self.assertIn("not handled", action.help)

    def test_limits_are_settings(self):
        settings = self.env["res.config.settings"].create(
            {"clinic_portal_requests_per_visitor": 2, "clinic_portal_requests_per_address": 9}
        )
        settings.execute()
        limits = self.env["clinic.portal.limit"]
        self.assertEqual(limits._value("clinic_portal.requests_per_visitor"), 2)
        self.assertEqual(limits._value("clinic_portal.requests_per_address"), 9)
        arch = self.env.ref("clinic_portal.res_config_settings_view_form").arch
        for name in ("clinic_portal_requests_per_visitor", "clinic_portal_requests_per_address"):
            self.assertIn(name, arch)
            self.assertTrue(settings._fields[name].help)
