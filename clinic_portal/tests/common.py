# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Builders and a small browser for the tests of the site booking."""

import re
from datetime import datetime, time, timedelta
from html import unescape

import pytz

from odoo import fields
from odoo.http import Request
from odoo.tests import HttpCase, TransactionCase

from odoo.addons.clinic_base.tests.common import ClinicBuilders

PHONE = "+79145550101"


class PortalBuilders(ClinicBuilders):
    """The small clinic with a doctor who works tomorrow from 9 to 15."""

    @classmethod
    def _make_site_clinic(cls):
        cls._prepare_clinic()
        cls._make_small_clinic()
        cls.practitioner.name = "Doctorova Maria Petrovna"
        cls.branch.write({"city": "Irkutsk", "address": "Lenina 1", "directions": "Second floor"})
        cls.env["ir.config_parameter"].set_param("clinic_base.demo_database", "1")
        cls.shift = cls._make_day_shift(cls.practitioner)

    @classmethod
    def _make_day_shift(cls, practitioner, branch=None, days=1, hour=9, hours=6, **vals):
        """A shift ``days`` days from today on the branch's calendar, from ``hour`` local time."""
        branch = branch or cls.branch
        zone = pytz.timezone(branch.tz)
        day = pytz.utc.localize(fields.Datetime.now()).astimezone(zone).date() + timedelta(days=days)
        begin = zone.localize(datetime.combine(day, time(hour))).astimezone(pytz.utc).replace(tzinfo=None)
        return cls.env["clinic.shift"].create(
            {
                "resource_id": practitioner.resource_id.id,
                "branch_id": branch.id,
                "start": begin,
                "stop": begin + timedelta(hours=hours),
                "step": 30,
                **vals,
            }
        )

    @classmethod
    def _slot(cls, number=0, service=None, practitioner=None):
        """The start number ``number`` of the shift as a button names it, without the price."""
        service, practitioner = service or cls.service, practitioner or cls.practitioner
        start = cls.shift.start + timedelta(minutes=30 * number)
        parts = (service.id, practitioner.resource_id.id, cls.branch.id, start.isoformat())
        return "|".join(map(str, parts))

    @staticmethod
    def _time_of(value):
        """What a button names, without its price."""
        return "|".join(value.split("|")[:4])

    @classmethod
    def _book(cls, patient, number=0, **vals):
        """A booked visit in the start number ``number`` of the shift."""
        slot = {
            "service_id": cls.service.id,
            "resource_id": cls.practitioner.resource_id.id,
            "start": cls.shift.start + timedelta(minutes=30 * number),
        }
        return cls.env["clinic.booking"].book(slot, patient, channel="reception", **vals)


class PortalCommon(PortalBuilders, TransactionCase):
    """The site clinic for tests without the web server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_site_clinic()


class PortalHttpCommon(PortalBuilders, HttpCase):
    """The site clinic for tests through real routes; subclasses are ``post_install``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_site_clinic()
        cls.env["website"].search([]).default_lang_id = cls.env.ref("base.lang_en")
        cls.env["website"].search([]).language_ids = cls.env.ref("base.lang_en")

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)
        self.answer = None

    # -- a small browser -----------------------------------------------------------------

    def _get(self, url):
        self.answer = self.url_open(url)
        return self.answer

    def _post(self, url, **data):
        """Send a form the way the last page would: with its anti-forgery mark and token."""
        if self.answer is None or 'name="csrf_token"' not in self.answer.text:
            self._get("/clinic")
        data.setdefault("csrf_token", self._hidden("csrf_token") or Request.csrf_token(self))
        if "token" not in data and url in ("/clinic/booking", "/clinic/release", "/clinic/request"):
            data["token"] = self._hidden("token")
        self.answer = self.url_open(url, data=data)
        return self.answer

    def _hidden(self, name):
        found = re.search(rf'name="{name}" value="([^"]*)"', self.answer.text)
        return unescape(found.group(1)) if found else ""

    def _buttons_on_page(self):
        return [unescape(value) for value in re.findall(r'name="slot"[^>]*value="([^"]+)"', self.answer.text)]

    def _slots_on_page(self):
        return [self._time_of(value) for value in self._buttons_on_page()]

    def _text(self):
        """The visible words of the last page."""
        body = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", self.answer.text, flags=re.DOTALL)
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())

    # -- steps ---------------------------------------------------------------------------

    def _hold(self, number=0, **data):
        return self._post("/clinic/hold", slot=self._slot(number), **data)

    def _person(self, **vals):
        text = self.env["clinic.portal.form"]._text("personal_data")
        return {
            "name": "Petrova Anna Ivanovna",
            "birth_date": "17.05.1985",
            "phone": "8 914 555-01-01",
            "consent": str(text.id),
            **vals,
        }

    def _last_code(self):
        return self.env["clinic.phone.code"].search([("state", "=", "sent")], limit=1).demo_code

    def _send_code(self, **vals):
        self._post("/clinic/booking", action="code", **self._person(**vals))
        return self._last_code()

    def _book_as_new(self, number=0, **vals):
        """The whole way of a new patient; returns the visit."""
        self._hold(number)
        code = self._send_code(**vals)
        self._post("/clinic/booking", action="confirm", code=code, **self._person(**vals))
        return self._visits()[:1]

    def _visits(self, *states):
        domain = [("resource_id", "=", self.practitioner.resource_id.id)]
        domain += [("state", "in", states or ("booked", "confirmed"))]
        return self.env["clinic.appointment"].search(domain, order="id desc")
