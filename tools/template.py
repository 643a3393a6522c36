"""Template databases: bare Odoo, Odoo with what the suite stands on, the whole suite with warm assets.

Each is named by a hash of what went into it, built under a temporary name and renamed when complete,
so a name that exists is a template that works.
"""

import hashlib
import json

from . import addons
from .lock import locked
from .out import say, step

RECIPE = 2  # raise when the steps below change
KEEP_SUITES = 2  # going back and forth between two branches should not cost a build


class Templates:
    """Builds and finds the layers of template databases."""

    def __init__(self, home, odoo, databases):
        self.home, self.odoo, self.databases = home, odoo, databases

    # --- layer 0: a Russian company in bare Odoo ------------------------------------------------

    def plain_name(self):
        requirements = (self.home.repo / "requirements.txt").read_text(encoding="utf-8")
        return "tpl_plain_" + _key(RECIPE, self.odoo.source.key, requirements)

    def plain(self):
        """Name of the lowest layer: only Odoo's ``base``; what an addon needs must be in its manifest."""
        return self._ensure(self.plain_name(), "tpl_plain_", 1, self._build_plain)

    def _build_plain(self, name):
        with step("Готовлю шаблон базы: Odoo и русский язык (один раз)"):
            self.databases.create(name, durable=False)
            self.odoo.install(name, ["base"], "--load-language=ru_RU", log="template.log")
            self.odoo.inside(name, "tools.prepare:russia", log="template.log")

    # --- layer 1: what the suite depends on ------------------------------------------------------

    def base_modules(self):
        return addons.foreign_depends(addons.suite(self.odoo.repo)) or ["base"]

    def base_name(self):
        return "tpl_base_" + _key(self.plain_name(), self.base_modules())

    def base(self):
        """Name of the layer with all modules of Odoo that the suite stands on, built when missing."""
        return self._ensure(self.base_name(), "tpl_base_", 1, self._build_base)

    def _build_base(self, name):
        modules = self.base_modules()
        plain = self.plain()
        with step(f"Готовлю шаблон базы: модулей Odoo – {len(modules)} (один раз, минуты)"):
            self.databases.create(name, plain, durable=False)
            self.odoo.install(name, modules, log="template.log")
        with step("Собираю страницы Odoo заранее"):
            self.odoo.inside(name, "tools.prepare:warm", True, log="template.log")

    # --- layer 2: the suite with its assets ---------------------------------------------------

    def suite_name(self):
        return "tpl_suite_" + _key(self.base_name(), addons.digests(self.odoo.repo))

    def suite(self):
        """Name of the second layer, built when missing."""
        return self._ensure(self.suite_name(), "tpl_suite_", KEEP_SUITES, self._build_suite)

    def _build_suite(self, name):
        base = self.base()
        names = addons.ordered(addons.suite(self.odoo.repo))
        with step(f"Готовлю шаблон клиники: модулей – {len(names)}"):
            self.databases.create(name, base, durable=False)
            self.odoo.install(name, names, log="template.log")
            self.odoo.inside(name, "tools.prepare:warm", log="template.log")
            self.databases.set_parameter(
                name, "clinic.addon_digests", json.dumps(addons.digests(self.odoo.repo))
            )

    def cold(self, odoo):
        """The suite as another checkout has it, on our first layer and without assets (upgrade tests)."""
        key = _key(self.base_name(), addons.digests(odoo.repo))

        def build(name):
            self.databases.create(name, self.base(), durable=False)
            names = addons.ordered(addons.suite(odoo.repo))
            # our first layer knows the addons of today: one that installs itself would be missed by that tree
            self.databases.hide_modules(name, set(addons.suite(self.odoo.repo)) - set(names))
            odoo.install(name, names, log="template-cold.log")

        return self._ensure("tpl_cold_" + key, "tpl_cold_", KEEP_SUITES, build)

    # --- all ------------------------------------------------------------------------------------

    def _ensure(self, name, family, keep, build):
        if self.databases.exists(name):
            return name
        with locked(self.home, family.strip("_")):
            if not self.databases.exists(name):
                building = self.databases.temporary(family.strip("_"))
                try:
                    build(building)
                    self.databases.rename(building, name)
                except BaseException:
                    self.databases.drop(building)
                    raise
                self._forget(family, name, keep)
        return name

    def _forget(self, family, newest, keep):
        """Drop the oldest templates of a family but for ``keep`` of them."""
        out = self.databases.sql(
            "postgres",
            "SELECT datname FROM pg_database WHERE datname LIKE :'family' || '%' AND datname <> :'newest' "
            "ORDER BY oid DESC",
            family=family,
            newest=newest,
        )
        for old in out.splitlines()[keep - 1 :]:
            say(f"  убираю устаревший шаблон {old}")
            self.databases.drop(old)


def _key(*parts):
    text = json.dumps(parts, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
