# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every text of the suite has its Russian translation."""

import re

import polib

from odoo.modules.module import get_module_path
from odoo.tests import tagged
from odoo.tools.translate import TranslationModuleReader

from .common import SuiteCase

SHOWN = 60
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")


@tagged("post_install", "-at_install")
class TestTexts(SuiteCase):
    def _catalogue(self, module, name):
        try:
            return polib.pofile(f"{get_module_path(module)}/i18n/{name}")
        except OSError:
            return None

    def test_russian_is_complete(self):
        """Every text that Odoo would export stands in ru.po with a translation that is not fuzzy."""
        for module in self.modules:
            with self.subTest(module=module):
                catalogue = self._catalogue(module, "ru.po")
                self.assertIsNotNone(catalogue, "i18n/ru.po is missing")
                done = {entry.msgid for entry in catalogue if entry.msgstr and "fuzzy" not in entry.flags}
                wanted = {row[4] for row in TranslationModuleReader(self.env.cr, modules=[module])}
                missing = sorted(wanted - done)
                self.assertFalse(missing, "not translated:\n  " + "\n  ".join(map(repr, missing[:SHOWN])))

    def test_template_is_up_to_date(self):
        """The .pot holds exactly what Odoo exports."""
        for module in self.modules:
            with self.subTest(module=module):
                catalogue = self._catalogue(module, f"{module}.pot")
                self.assertIsNotNone(catalogue, f"i18n/{module}.pot is missing")
                wanted = {row[4] for row in TranslationModuleReader(self.env.cr, modules=[module])}
                missing = sorted(wanted - {entry.msgid for entry in catalogue})
                self.assertFalse(
                    missing, "not in the template:\n  " + "\n  ".join(map(repr, missing[:SHOWN]))
                )

    def test_placeholders_agree(self):
        """A translation with another placeholder raises when it is used."""
        bad = []
        for module in self.modules:
            for entry in self._catalogue(module, "ru.po") or []:
                source, translated = (
                    sorted(PLACEHOLDER.findall(text)) for text in (entry.msgid, entry.msgstr)
                )
                if entry.msgstr and source != translated:
                    bad.append(f"{module}: {entry.msgid!r} → {entry.msgstr!r}")
        self.assertNothing(bad, "Placeholders differ")
