"""What benches compare the suite with: packages in a folder of their own, never in the environment."""

from .. import wheels

DECLARED = "tests/bench/requirements.txt"


def obtain(home, python):
    """Folder with the packages; builds it when it is missing. :raises Failure: no network or mirror"""
    what = f"Не удалось установить пакеты для сравнения из {DECLARED}"
    return wheels.obtain(home, python, "peers", DECLARED, what)
