# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Rules about the Python code of models, as the running registry sees it."""

import inspect
import re

from odoo.tests import tagged

from .common import SuiteCase

CALLED = re.compile(r"\bmodel\.(\w+)\(")


@tagged("post_install", "-at_install")
class TestCode(SuiteCase):
    def test_models_say_what_a_row_is(self):
        """Every new model has a description and a docstring."""
        bad = [f"{model._name}: no _description" for model in self._own_models() if self._nameless(model)]
        for name, piece in self._own_classes():
            if name == piece._name and piece._module == self.env[name]._original_module and not piece.__doc__:
                bad.append(f"{name}: no docstring on {piece.__module__}.{piece.__qualname__}")
        self.assertNothing(bad, "Models without a description")

    @staticmethod
    def _nameless(model):
        return not model._description or model._description == model._name

    def test_public_methods_are_documented(self):
        """What anybody may call by RPC says what it does, for whom."""
        bad = []
        for name, piece in self._own_classes():
            for method, function in vars(piece).items():
                if method.startswith("_") or not inspect.isfunction(function):
                    continue
                if not function.__doc__ and not self._inherited(piece, method):
                    bad.append(f"{name}.{method} ({piece._module})")
        self.assertNothing(bad, "Public methods without a docstring")

    def _inherited(self, piece, method):
        """True for overrides: the overridden method carries the documentation."""
        return any(
            method in vars(other)
            for other in self.env.registry[piece._name].mro()
            if other is not piece and getattr(other, "pool", None) is None
        )

    def test_cron_methods_are_private_and_documented(self):
        bad = []
        for cron in self._own_records("ir.cron"):
            names = CALLED.findall(cron.code or "")
            if not names:
                bad.append(f"{cron.cron_name}: calls no method of a model")
            for name in names:
                method = getattr(self.env.registry[cron.model_name], name, None)
                if not name.startswith("_cron_"):
                    bad.append(f"{cron.model_name}.{name} is not called _cron_…")
                elif method is None or not method.__doc__:
                    bad.append(f"{cron.model_name}.{name} is missing or has no docstring")
        self.assertNothing(bad, "Scheduled actions")

    def test_links_to_people_are_indexed(self):
        """Merging and erasing look every link to a person up."""
        bad = []
        for model in self._own_models():
            if model._abstract or model._transient or not model._auto:
                continue
            for field in model._fields.values():
                to_person = field.type == "many2one" and field.comodel_name == "res.partner" and field.store
                if to_person and not field.index and not self._leads_an_index(model, field):
                    bad.append(f"{model._name}.{field.name}")
        self.assertNothing(bad, "Many2one to res.partner without an index")

    def _leads_an_index(self, model, field):
        """True when some index of the table begins with the column."""
        pattern = rf"\((\"?){field.name}\1[ ,)]"
        rows = self._index_definitions(model._table)
        return any(re.search(pattern, definition) for definition in rows)

    def _index_definitions(self, table):
        self.env.cr.execute("SELECT indexdef FROM pg_indexes WHERE tablename = %s", [table])
        return [row[0] for row in self.env.cr.fetchall()]
