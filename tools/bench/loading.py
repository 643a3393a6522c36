"""Makes tests/bench importable under the name ``clinic_bench``."""

import importlib
import sys
import types

from ..home import REPO

FOLDER = REPO / "tests" / "bench"


def install():
    if "clinic_bench" not in sys.modules:
        package = types.ModuleType("clinic_bench")
        package.__path__ = [str(FOLDER)]
        sys.modules["clinic_bench"] = package


def module(name):
    install()
    return importlib.import_module(f"clinic_bench.{name}")


def benches():
    """{NAME: module} of all benches, in the order of their names."""
    found = {}
    for path in sorted(FOLDER.glob("*.py")):
        loaded = module(path.stem)
        names = getattr(loaded, "NAME", None)
        if names:
            found[names] = loaded
    return dict(sorted(found.items()))
