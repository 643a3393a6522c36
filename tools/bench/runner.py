"""First half of ./clinic bench, outside the virtual environment: prepares and hands over."""

import os
import subprocess

from .. import proc, setup
from ..out import Failure


def main(names, small):
    ground = setup.ready(for_tests=True)
    if not any((ground.home.repo / "tests" / "bench").glob("*.py")):
        raise Failure("Замеров ещё нет: папка tests/bench пуста.")
    ground.templates.suite()
    command = [ground.odoo.python, "-m", "tools.bench.main", *names, *(["--small"] if small else [])]
    env = ground.odoo.environment(PYTHONPATH=str(ground.home.repo))
    return subprocess.call(
        [os.fspath(part) for part in command],
        env=env,
        cwd=ground.home.repo,
        preexec_fn=proc.die_with_parent,
    )
