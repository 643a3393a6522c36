# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import HttpCase, tagged


def _hoot_id(name):
    """How Hoot numbers a suite or test of this name."""
    number = 0
    for char in name:
        number = ((number << 5) - number + ord(char)) & 0xFFFFFFFF
    return f"{number:08x}"


def _is_fatal(message):
    return "[HOOT]" not in message


@tagged("post_install", "-at_install")
class TestBoardUnits(HttpCase):
    """The board's arithmetic in JavaScript: zones, grid, lanes, drop targets, focus."""

    def test_units(self):
        """Runs static/tests of this addon in Chromium."""
        suite = _hoot_id("@clinic_schedule")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=_is_fatal,
        )
