# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the invariants look at: the installed addons of the suite, their models, their records."""

import importlib.util
import sys
from pathlib import Path

from odoo.tests import TransactionCase, new_test_user

import odoo.addons.clinic_base
from odoo.addons.clinic_base.tests.common import ROLES, ClinicBuilders

SUITE = "clinic_"
QUIET = {"no_reset_password": True, "mail_create_nosubscribe": True, "tracking_disable": True}
#: The package is loaded by its file: the repository's folder must not be on sys.path here.
_DEMO = "clinic_demo_loader"


def demo():
    """The package that fills the demo clinic (``tools/demo``)."""
    if _DEMO not in sys.modules:
        folder = Path(odoo.addons.clinic_base.__file__).parents[1] / "tools" / "demo"
        spec = importlib.util.spec_from_file_location(
            _DEMO, folder / "__init__.py", submodule_search_locations=[str(folder)]
        )
        sys.modules[_DEMO] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[_DEMO])
    return sys.modules[_DEMO]


class SuiteCase(ClinicBuilders, TransactionCase):
    """Base of the invariants; reports every offender of a rule at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        modules = cls.env["ir.module.module"].search(
            [("name", "=like", SUITE + "%"), ("state", "=", "installed")]
        )
        cls.modules = sorted(modules.mapped("name"))

    @classmethod
    def _own_models(cls):
        """Models that an addon of the suite brought into the world."""
        return [
            cls.env[name]
            for name, model in sorted(cls.env.registry.items())
            if model._original_module in cls.modules
        ]

    @classmethod
    def _own_classes(cls):
        """(model, class) of every piece of a model that an addon of the suite defines."""
        for name, model in sorted(cls.env.registry.items()):
            for piece in model._model_classes__:
                if getattr(piece, "_module", None) in cls.modules:
                    yield name, piece

    @classmethod
    def _own_records(cls, model, domain=()):
        """Records of a model that came from data files of the suite."""
        data = cls.env["ir.model.data"].search([("model", "=", model), ("module", "in", cls.modules)])
        records = cls.env[model].with_context(active_test=False)
        return records.search([("id", "in", data.mapped("res_id")), *domain])

    @classmethod
    def _role_users(cls):
        """{role: user}: one per role of the suite, and two usual combinations."""
        combined = {
            "doctor_director": "clinic_base.group_clinic_doctor,clinic_base.group_clinic_director",
            "registrar_marketer": "clinic_base.group_clinic_registrar,clinic_base.group_clinic_marketer",
        }
        users = {}
        for role, groups in {**ROLES, **combined}.items():
            if not all(cls.env.ref(group, raise_if_not_found=False) for group in groups.split(",")):
                continue
            groups, login = f"base.group_user,{groups}", f"suite_{role}"
            users[role] = new_test_user(cls.env, login, groups, context=QUIET, lang="ru_RU")
        return users

    def assertNothing(self, offenders, rule):
        """Fail with the whole list of offenders, not with the first."""
        offenders = sorted({str(offender) for offender in offenders})
        self.assertFalse(offenders, f"{rule}:\n  " + "\n  ".join(offenders))
