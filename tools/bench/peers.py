"""What benches compare the suite with: packages in a folder of their own, never in the environment."""

from .. import wheels

DECLARED = "tests/bench/requirements.txt"
#: The name of the folder must not begin like the other: a new list clears the folders of its name.
ODOO_NAME, ODOO_DECLARED = "neighbours", "tests/bench/requirements-odoo.txt"


def obtain(home, python):
    """Folder with the packages; builds it when it is missing. :raises Failure: no network or mirror"""
    return wheels.obtain(home, python, "peers", DECLARED, _what(DECLARED))


def obtain_addons(home, python):
    """Folder with other people's addons for Odoo, below it ``odoo/addons``. :raises Failure: as above"""
    return wheels.obtain(home, python, ODOO_NAME, ODOO_DECLARED, _what(ODOO_DECLARED))


def _what(declared):
    return f"Не удалось установить пакеты для сравнения из {declared}"
