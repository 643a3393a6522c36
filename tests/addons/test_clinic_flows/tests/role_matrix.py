# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Role × field × route: a value that a role cannot read is not to be had by any other route either."""

import os
import random
from functools import partial

from odoo.service.model import call_kw
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from .common import QUIET

WHOLE = bool(os.environ.get("CLINIC_TEST_ALL"))
SEED = os.environ.get("CLINIC_TEST_SEED", "")
SAMPLE = 60  # pairs of role and model in the plain run
#: Models of Odoo that carry fields of the suite or stand behind its models.
EXTENDED = ("res.partner", "res.users", "product.product", "resource.resource", "resource.calendar")
PLAIN_TYPES = {
    "boolean",
    "char",
    "date",
    "datetime",
    "float",
    "html",
    "integer",
    "json",
    "many2one",
    "monetary",
    "reference",
    "selection",
    "text",
}
#: Everybody gets these by other means, and Odoo itself needs them everywhere.
OPEN = {"id", "display_name", "create_uid", "write_uid", "create_date", "write_date"}


class RoleMatrixMixin:
    """The oracle is plain reading: where it refuses or answers empty, every route must do the same.

    Mixed into the test case of the demo clinic: it wants a telling record of every model.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = cls._role_users()
        for role, group in (("employee", "base.group_user"), ("portal", "base.group_portal")):
            cls.users[role] = new_test_user(cls.env, f"matrix_{role}", group, context=QUIET)
        allowed = cls.env.ref("base.group_allow_export")
        for user in cls.users.values():
            if user._is_internal():
                user.group_ids += allowed
        cls.records = {model._name: cls._example(model) for model in cls._models()}

    @classmethod
    def _models(cls):
        own = [model for model in cls._own_models() if not model._abstract and not model._transient]
        return [*own, *(cls.env[name] for name in EXTENDED)]

    @classmethod
    def _example(cls, model):
        """A telling record: of people a patient with contact data who is nobody of the staff."""
        domain = []
        if model._name == "res.partner":
            domain = [("is_patient", "=", True), ("phone", "!=", False), ("user_ids", "=", False)]
        elif model._name == "res.users":
            domain = [("partner_id.is_patient", "=", True)]
        return model.with_context(active_test=False).search(domain, limit=1)

    def _rpc(self, user, model, method, *args, **kwargs):
        """What a program gets; None for any refusal."""
        try:
            with self.env.cr.savepoint(flush=False):
                return call_kw(self.env(user=user)[model], method, list(args), kwargs)
        except Exception:  # noqa: BLE001  a refusal may have any form here; what counts is the answer
            return None

    def _pairs(self):
        pairs = [
            (role, name) for role in sorted(self.users) for name in sorted(self.records) if self.records[name]
        ]
        return pairs if WHOLE else random.Random(SEED).sample(pairs, min(SAMPLE, len(pairs)))

    @mute_logger(
        "odoo.sql_db", "odoo.models", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model"
    )
    def test_closed_values_stay_closed_by_every_route(self):
        leaks, closed, truths = [], 0, {}
        for role, name in self._pairs():
            for field in self._fields_of(name):
                if (name, field) not in truths:
                    truths[name, field] = self._value(self.env.ref("base.user_root"), name, field)
                truth = truths[name, field]
                if not truth or self._value(self.users[role], name, field):
                    continue
                closed += 1
                leaks += [
                    f"{role} gets {name}.{field} by {route}"
                    for route in self._routes(role, name, field, truth)
                ]
            self.env.invalidate_all()
        self.assertNothing(leaks, f"Values that a role cannot read but gets (seed {SEED!r})")
        self.assertGreater(closed, 100, "the matrix compares something")

    def _fields_of(self, name):
        fields = self.env[name]._fields.items()
        return [key for key, field in fields if field.type in PLAIN_TYPES and field.store and key not in OPEN]

    def _value(self, user, name, field):
        rows = self._rpc(user, name, "read", self.records[name].ids, [field], load=None)
        return rows and rows[0].get(field)

    def _routes(self, role, name, field, truth):
        """Names of the routes by which a closed value comes out."""
        user, me = self.users[role], [("id", "=", self.records[name].id)]
        hit = [*me, (field, "=", truth)]
        ask = partial(self._rpc, user, name)
        answers = {
            "search": ask("search_count", hit),
            "negated search": ask("search_count", [*me, "!", (field, "!=", truth)]),
            "order": ask("search", me, order=field),
            "search_read": _told(ask("search_read", me, [field], load=None), field),
            "web_search_read": _told((ask("web_search_read", me, {field: {}}) or {}).get("records"), field),
            "group": _told(ask("formatted_read_group", me, [field], ["__count"]), field),
            "aggregate": _told(ask("formatted_read_group", me, [], [f"{field}:max"]), f"{field}:max"),
            "export": any(
                any(row)
                for row in (ask("export_data", self.records[name].ids, [field]) or {}).get("datas", ())
            ),
        }
        answers.update(self._paths(user, name, field, truth))
        return [route for route, answer in answers.items() if answer]

    def _paths(self, user, name, field, truth):
        """Routes over records that point to this one."""
        target = self.records[name].id
        for other in self.records:
            for key, link in self.env[other]._fields.items():
                if link.type == "many2one" and link.store and link.comodel_name == name and other != name:
                    scope = [(key, "=", target)]
                    path = f"{key}.{field}"
                    yield (
                        f"search over {other}.{path}",
                        self._rpc(user, other, "search_count", [*scope, (path, "=", truth)]),
                    )
                    groups = self._rpc(user, other, "formatted_read_group", scope, [path], ["__count"])
                    yield f"group over {other}.{path}", _told(groups, path)


def _told(rows, key):
    """Whether an answer carries a value under a key."""
    return any(row.get(key) for row in rows or ())
