# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every screen of the suite opens for every role that may see it."""

import ast

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SuiteCase

VIEW_TYPES = ("form", "list", "kanban", "search", "calendar", "pivot", "graph", "activity")


@tagged("post_install", "-at_install")
class TestScreens(SuiteCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = cls._role_users()

    def _own_views(self):
        views = self._own_records("ir.ui.view", [("type", "in", VIEW_TYPES)])
        return views.filtered(lambda view: view.active and view.model in self.env)

    def test_every_view_loads_for_every_role(self):
        """A view that needs a field or group the role lacks would break the screen, not hide it."""
        bad = []
        views = self._own_views().filtered(lambda view: view.mode == "primary")
        for role, user in self.roles.items():
            for view in views:
                model = self.env[view.model].with_user(user)
                if not model.has_access("read"):
                    continue
                if view.group_ids and not view.group_ids & user.all_group_ids:
                    continue
                try:
                    model.get_views([(view.id, view.type)])
                except Exception as error:  # noqa: BLE001  whatever goes wrong is the finding
                    bad.append(f"{role}: {view.xml_id}: {error}")
        self.assertNothing(bad, "Views that do not load")

    def test_extended_views_load_for_every_role(self):
        """The views of Odoo that the suite extends still load."""
        bad = []
        extended = self._own_views().filtered(lambda view: view.mode == "extension")
        roots = {(self._root(view).id, view.type, view.model) for view in extended}
        for role, user in self.roles.items():
            for view_id, kind, name in roots:
                model = self.env[name].with_user(user)
                if model.has_access("read"):
                    try:
                        model.get_views([(view_id, kind)])
                    except Exception as error:  # noqa: BLE001  whatever goes wrong is the finding
                        bad.append(f"{role}: {name} {kind}: {error}")
        self.assertNothing(bad, "Extended views that do not load")

    @staticmethod
    def _root(view):
        while view.mode == "extension" and view.inherit_id:
            view = view.inherit_id
        return view

    def test_every_menu_opens_for_every_role(self):
        bad = []
        own = set(self._own_records("ir.ui.menu").ids)
        for role, user in self.roles.items():
            menus = self.env["ir.ui.menu"].with_user(user).load_menus(False)
            for key, menu in menus.items():
                if key == "root" or menu["id"] not in own or not menu.get("action_model"):
                    continue
                action = self.env[menu["action_model"]].sudo().browse(menu["action_id"])
                bad += [f"{role}: {menu['name']}: {text}" for text in self._problems(action, user)]
        self.assertNothing(bad, "Menus that do not open")

    def _problems(self, action, user):
        """What goes wrong when a user opens an action."""
        if action._name != "ir.actions.act_window":
            return []
        try:
            context = {**self.env.context, "uid": user.id, "active_id": False, "active_ids": []}
            context.update(self._evaluated(action.context or "{}", user))
            model = self.env[action.res_model].with_user(user).with_context(**context)
            views = [(view.view_id.id or False, view.view_mode) for view in action.view_ids]
            views = views or [(action.view_id.id or False, action.view_mode.split(",")[0])]
            model.get_views([*views, (action.search_view_id.id or False, "search")])
            if action.target != "new":
                domain = self._evaluated(action.domain or "[]", user)
                model.search(domain, limit=1)
        except AccessError as error:
            return [f"no access: {error}"]
        except Exception as error:  # noqa: BLE001  whatever goes wrong is the finding
            return [f"{type(error).__name__}: {error}"]
        return []

    def _evaluated(self, text, user):
        """Literal part of a context or domain; names of the web client get harmless values."""
        try:
            return ast.literal_eval(text)
        except (ValueError, SyntaxError):
            from odoo.tools.safe_eval import datetime, safe_eval, time

            values = {
                "uid": user.id,
                "active_id": False,
                "active_ids": [],
                "allowed_company_ids": user.company_ids.ids,
                "context_today": datetime.date.today,
                "datetime": datetime,
                "time": time,
                "True": True,
                "False": False,
            }
            return safe_eval(text, values)

    def test_buttons_exist_and_are_actions(self):
        bad = []
        for view in self._own_views():
            root = etree.fromstring(view.arch_db)
            for button in root.iter("button", "a"):
                if button.get("type") == "object":
                    bad += self._button(view, button)
        self.assertNothing(bad, "Buttons")

    def _button(self, view, button):
        name = button.get("name")
        models = self._models_around(view, button)
        found = [model for model in models if hasattr(self.env.registry[model], name)]
        if not found:
            return [f"{view.xml_id}: no method {name} on {', '.join(models)}"]
        ours = self.env.registry[found[0]]._original_module in self.modules
        if ours and not name.startswith("action_"):
            return [f"{view.xml_id}: {name} is not called action_…"]
        return []

    def _models_around(self, view, button):
        """Models the button may belong to: the view's, or that of an embedded x2many."""
        models, field = [view.model], None
        for parent in reversed([*button.iterancestors("field")]):
            field = self.env[models[-1]]._fields.get(parent.get("name"))
            if field is not None and field.comodel_name:
                models.append(field.comodel_name)
        return models[-1:] if field is not None else models
