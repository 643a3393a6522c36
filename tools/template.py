"""Template databases: Odoo with what the suite stands on, and the whole suite with warm assets.

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
    """Builds and finds the two layers of template databases (``warm``: with the assets of all pages)."""

    def __init__(self, home, odoo, databases, warm=True):
        self.home, self.odoo, self.databases, self.warm = home, odoo, databases, warm
        self._family = "tpl_suite_" if warm else "tpl_cold_"

    # --- layer 1: Odoo, Russian, what the suite depends on ------------------------------------

    def base_modules(self):
        return addons.foreign_depends(addons.suite(self.odoo.repo)) or ["base"]

    def base_name(self):
        requirements = (self.home.repo / "requirements.txt").read_text(encoding="utf-8")
        return "tpl_base_" + _key(RECIPE, self.odoo.source.key, requirements, self.base_modules())

    def base(self):
        """Name of the first layer, built when missing."""
        return self._ensure(self.base_name(), "tpl_base_", 1, self._build_base)

    def _build_base(self, name):
        modules = self.base_modules()
        with step(f"Готовлю шаблон базы: Odoo, русский язык, {len(modules)} модулей (один раз, минуты)"):
            self.databases.create(name, durable=False)
            self.odoo.install(name, ["base"], "--load-language=ru_RU", log="template.log")
            self.odoo.inside(name, "tools.prepare:russia")
            self.odoo.install(name, modules, log="template.log")
        if self.warm:
            with step("Собираю страницы Odoo заранее"):
                self.odoo.inside(name, "tools.prepare:warm", True, log="template.log")

    # --- layer 2: the suite with its assets ---------------------------------------------------

    def suite_name(self):
        return self._family + _key(self.base_name(), addons.digests(self.odoo.repo))

    def suite(self):
        """Name of the second layer, built when missing."""
        return self._ensure(self.suite_name(), self._family, KEEP_SUITES, self._build_suite)

    def _build_suite(self, name):
        base = self.base()
        names = addons.ordered(addons.suite(self.odoo.repo))
        with step(f"Готовлю шаблон клиники: {len(names)} модулей"):
            self.databases.create(name, base, durable=False)
            self.odoo.install(name, names, log="template.log")
            if self.warm:
                self.odoo.inside(name, "tools.prepare:warm", log="template.log")
            self.databases.set_parameter(
                name, "clinic.addon_digests", json.dumps(addons.digests(self.odoo.repo))
            )

    # --- both -----------------------------------------------------------------------------------

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
