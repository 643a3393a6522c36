# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta, timezone

from odoo.tests import BaseCase, tagged

from ..ics import build_feed, build_ics

START = datetime(2026, 11, 23, 6, 0, tzinfo=timezone.utc)


@tagged("standard", "at_install")
class TestIcs(BaseCase):
    """The calendar file obeys RFC 5545."""

    def _build(self, **vals):
        return build_ics(
            **{
                "uid": "visit-1@x",
                "start": START,
                "stop": START + timedelta(minutes=30),
                "stamp": START,
                "summary": "Visit",
                **vals,
            }
        )

    def test_moments_are_utc(self):
        irkutsk = timezone(timedelta(hours=8))
        text = self._build(start=START.astimezone(irkutsk))
        self.assertIn("DTSTART:20261123T060000Z\r\n", text)
        self.assertIn("DTEND:20261123T063000Z\r\n", text)

    def test_naive_moment_is_refused(self):
        with self.assertRaises(ValueError):
            self._build(start=datetime(2026, 11, 23, 6, 0))

    def test_lines_end_and_fold(self):
        text = self._build(description="Приём " * 60)
        self.assertTrue(text.endswith("END:VCALENDAR\r\n"))
        for line in text.split("\r\n"):
            self.assertLessEqual(len(line.encode()), 75)
        unfolded = text.replace("\r\n ", "")
        self.assertIn("DESCRIPTION:" + "Приём " * 60, unfolded)

    def test_special_characters(self):
        text = self._build(summary="a,b;c\\d\ne\r\nATTACH:http://x")
        self.assertIn("SUMMARY:a\\,b\\;c\\\\d\\ne\\nATTACH:http://x\r\n", text)
        self.assertNotIn("\r\nATTACH", text)

    def test_cancelled(self):
        text = self._build(cancelled=True)
        self.assertIn("METHOD:CANCEL", text)
        self.assertIn("STATUS:CANCELLED", text)
        self.assertNotIn("VALARM", text)

    def test_feed(self):
        event = {"uid": "v-1@x", "start": START, "stop": START + timedelta(minutes=30), "stamp": START}
        text = build_feed(
            "Доктор; А", [{**event, "summary": "Занято"}, {**event, "uid": "v-2@x", "summary": ""}]
        )
        self.assertEqual(text.count("BEGIN:VEVENT\r\n"), 2)
        self.assertEqual(text.count("BEGIN:VCALENDAR\r\n"), 1)
        self.assertIn("X-WR-CALNAME:Доктор\\; А\r\n", text)
        self.assertNotIn("VALARM", text)
        self.assertTrue(build_feed("x", []).endswith("END:VCALENDAR\r\n"))
