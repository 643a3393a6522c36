# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Rules about what the database really holds."""

from odoo.tests import tagged

from .common import SuiteCase


@tagged("post_install", "-at_install")
class TestDatabase(SuiteCase):
    def test_every_model_has_access_rows(self):
        access = self.env["ir.model.access"].search([("active", "=", True)])
        covered = set(access.mapped("model_id.model"))
        bad = [
            model._name for model in self._own_models() if not model._abstract and model._name not in covered
        ]
        self.assertNothing(bad, "Models without a row in ir.model.access.csv")

    def test_no_access_without_a_group(self):
        """A row without a group is open to everybody, the public included."""
        rows = self._own_records("ir.model.access")
        bad = [f"{row.name} ({row.model_id.model})" for row in rows if not row.group_id]
        self.assertNothing(bad, "Access rows without a group")

    def test_declared_constraints_are_in_the_database(self):
        """Odoo only logs an error when the database refuses a constraint."""
        self.env.cr.execute(
            "SELECT conname FROM pg_constraint UNION ALL SELECT relname FROM pg_class WHERE relkind = 'i'"
        )
        present = {row[0] for row in self.env.cr.fetchall()}
        bad = []
        for model in self._own_models():
            if model._abstract or not model._auto:
                continue
            for entry in model._table_objects.values():
                if entry.get_definition(self.env.registry) and entry.full_name(model) not in present:
                    bad.append(f"{model._name}: {entry.full_name(model)}")
        self.assertNothing(bad, "Constraints and indexes that are declared but not in the database")

    def test_inverse_columns_are_indexed(self):
        """A one2many without an index on its inverse reads the whole table."""
        bad = []
        for model in self._own_models():
            for field in model._fields.values():
                if field.type != "one2many" or not field.store and field.compute or not field.inverse_name:
                    continue
                inverse = self.env[field.comodel_name]._fields.get(field.inverse_name)
                if inverse is None or not inverse.store or inverse.type != "many2one":
                    continue
                if not self._is_indexed(self.env[field.comodel_name], inverse):
                    bad.append(f"{inverse.model_name}.{inverse.name} (for {model._name}.{field.name})")
        self.assertNothing(bad, "One2many whose inverse has no index")

    def _is_indexed(self, model, field):
        if field.index or model._abstract or not model._auto or field.model_name.split(".")[0] != "clinic":
            return True
        self.env.cr.execute("SELECT indexdef FROM pg_indexes WHERE tablename = %s", [model._table])
        return any(f"({field.name}" in row[0] for row in self.env.cr.fetchall())
