"""The house of the design: floors and direct dependencies of each addon, and what lies at the top level.

A direct dependency beyond the table is allowed when docs/dependencies.md has a line that names it.
"""

from ..home import REPO

# addon: (floor, direct dependencies, installs itself when all its ends are there)
HOUSE = {
    "clinic_base": (1, {"mail", "phone_validation", "resource", "product", "contacts"}, False),
    "clinic_schedule": (2, {"clinic_base"}, False),
    "clinic_visit": (3, {"clinic_schedule"}, False),
    "clinic_crm_bridge": (3, {"clinic_schedule", "crm", "utm"}, True),
    "clinic_messaging": (3, {"clinic_schedule", "sms"}, False),
    "clinic_portal": (3, {"clinic_schedule", "website", "portal"}, False),
    "clinic_schedule_calendar": (3, {"clinic_schedule", "calendar"}, True),
    "clinic_campaign": (4, {"clinic_messaging", "mass_mailing"}, True),
    "clinic_billing": (4, {"clinic_visit", "account_payment"}, False),
    "clinic_remd": (4, {"clinic_visit"}, False),
    "clinic_fiscal_atol": (4, {"clinic_base", "account_payment"}, False),
    "clinic_fiscal_pos": (5, {"clinic_fiscal_atol", "point_of_sale"}, True),
    "clinic_schedule_pos": (5, {"clinic_schedule", "point_of_sale"}, True),
    "clinic_billing_pos": (5, {"clinic_billing", "point_of_sale"}, True),
    "clinic_telephony": (5, set(), False),
    "clinic_assistant": (5, set(), False),
    "clinic_exchange": (5, set(), False),
    "clinic_dashboard": (5, set(), False),
}
LATER = {"clinic_telephony", "clinic_assistant", "clinic_exchange", "clinic_dashboard"}
TOP_LEVEL = {
    ".ci",
    ".clinic",
    ".git",
    ".gitignore",
    ".oca_hooks.cfg",
    "LICENSE",
    "README.md",
    "clinic",
    "docs",
    "odoo.conf",
    "pyproject.toml",
    "requirements.txt",
    "requirements-test.txt",
    "tests",
    "tools",
}
# made by tools and editors, never committed
IGNORED = {"__pycache__", ".pytest_cache", ".hypothesis", ".ruff_cache", "node_modules", ".idea", ".vscode"}


def problems(name, manifest):
    """Deviations of one addon's dependencies from the table."""
    if name not in HOUSE:
        yield f"{name}: модуля нет в таблице design.md §2 (tools/testing/house.py)"
        return
    _floor, wanted, bridge = HOUSE[name]
    depends = set(manifest.get("depends", ()))
    for missing in sorted(wanted - depends):
        yield f"{name}: в манифесте нет зависимости {missing}"
    if name not in LATER:
        documented = _documented()
        for extra in sorted(depends - wanted):
            if f"{name}: {extra}" not in documented:
                line = f"{name}: {extra} – зачем"
                yield f"{name}: лишняя зависимость {extra} (нужна строка «{line}» в docs/dependencies.md)"
    if bool(manifest.get("auto_install")) != bridge:
        yield f"{name}: auto_install должен быть {'включён' if bridge else 'выключен'}"


def upward(name, manifest):
    """Arrows that do not lead downwards."""
    if name not in HOUSE:
        return
    floor = HOUSE[name][0]
    for other in manifest.get("depends", ()):
        if other in HOUSE and (HOUSE[other][0] > floor or (HOUSE[other][0] == floor and floor != 5)):
            yield f"{name} (этаж {floor}) стоит на {other} (этаж {HOUSE[other][0]})"


def _documented():
    path = REPO / "docs" / "dependencies.md"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def strangers(repo, suite):
    """Names at the top level of the repository that nobody agreed on."""
    known = TOP_LEVEL | IGNORED | set(suite)
    return [f"лишнее: {path.name}" for path in sorted(repo.iterdir()) if path.name not in known]
