"""Real processes and commits: races R1 to R17, a killed import (I1), small but for ``--all``."""

import json
import subprocess

from .. import proc
from .tally import Tally

RACES = (*(f"R{number}" for number in range(1, 18)), "I1")
TIMEOUT, LONG_TIMEOUT = 1500, 5400


def run(context):
    """One check per race; only what is right or wrong counts here, times are the benches' business."""
    tally, ground = Tally(), context.ground
    names = [name for name in RACES if (context.repo / "tests" / "bench" / f"{name.lower()}.py").exists()]
    if not names:
        tally.skip("гонки", "в tests/bench нет замеров R1–R17, I1")
        return tally
    ground.templates.suite()
    log = context.home.logs / "races.log"
    command = [ground.odoo.python, "-m", "tools.bench.main", *names]
    if not context.everything:
        command.append("--small")
    with open(log, "wb") as stream:
        done = subprocess.run(
            [str(part) for part in command],
            stdout=subprocess.PIPE,
            stderr=stream,
            text=True,
            env=ground.odoo.environment(PYTHONPATH=str(context.repo)),
            cwd=context.repo,
            timeout=LONG_TIMEOUT if context.everything else TIMEOUT,
            check=False,
            preexec_fn=proc.die_with_parent,
        )
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    answers = {line["bench"]: line for line in lines}
    for name in names:
        tally.check(f"гонка {name}", problems(answers.get(name), log))
    return tally


def problems(answer, log):
    """What is wrong with the answer of a race; slowness is not."""
    if answer is None:
        return [f"нет ответа, журнал {log}"]
    if "winners" not in answer:
        return [f"{answer.get('error', 'нет числа победителей')}, журнал {log}"]
    found = []
    if answer["winners"] != answer["expected"]:
        found.append(f"победителей {answer['winners']}, а должно быть {answer['expected']}")
    found += [f"{key}: {answer[key]}" for key in ("overlaps", "deadlocks", "errors") if answer.get(key)]
    if answer.get("tokens_ok") is False:
        found.append("один ключ дал не одну запись")
    return found
