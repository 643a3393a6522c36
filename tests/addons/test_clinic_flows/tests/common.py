# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the invariants look at: the installed addons of the suite, their models, their records."""

from odoo.tests import TransactionCase, new_test_user

from odoo.addons.clinic_base.tests.common import ROLES, ClinicBuilders

SUITE = "clinic_"


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
            groups = f"base.group_user,{groups}"
            users[role] = new_test_user(cls.env, login=f"suite_{role}", groups=groups, lang="ru_RU")
        return users

    def assertNothing(self, offenders, rule):
        """Fail with the whole list of offenders, not with the first."""
        offenders = sorted({str(offender) for offender in offenders})
        self.assertFalse(offenders, f"{rule}:\n  " + "\n  ".join(offenders))
