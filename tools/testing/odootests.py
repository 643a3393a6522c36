"""Odoo tests of the suite: install on a clone of the template, run, read the log, check the state."""

from .. import addons
from ..odoo import Odoo
from ..server import free_port
from . import axe, logparse
from .tally import Tally

FLOWS = "test_clinic_flows"
FIRST_TEST_PORT = 8100


def run(context, wanted=(), tags=()):
    """Test the addons ``wanted`` (all when empty) or explicit test tags; returns a Tally."""
    ground = context.ground
    everything = [*addons.ordered(addons.suite(ground.home.repo)), *test_addons(ground.home.repo)]
    names = [name for name in everything if name in wanted] if wanted else everything
    if not names:
        tally = Tally()
        tally.skip("Odoo", "в папке нет модулей для этих тестов")
        return tally
    database = ground.databases.temporary("test")
    ground.databases.create(database, ground.templates.base(), durable=False)
    log = ground.home.logs / f"{context.log_name}.log"
    log.unlink(missing_ok=True)
    try:
        install = names if not tags or wanted else everything
        code = _call(context, database, install, tags or [f"/{name}" for name in names], log)
        text = log.read_text(encoding="utf-8", errors="replace")
        installed = ground.databases.modules(database)
    finally:
        ground.databases.drop(database)
    return _judge(logparse.read(text), names, installed, code, log, bool(tags))


def test_addons(repo):
    return sorted(path.parent.name for path in (repo / "tests" / "addons").glob("*/__manifest__.py"))


def _call(context, database, names, tags, log):
    ground = context.ground
    odoo: Odoo = ground.odoo
    return odoo.call(
        database,
        "-i",
        ",".join(names),
        "--test-tags=" + ",".join(tags),
        f"--http-port={free_port(FIRST_TEST_PORT, tell=False)}",
        f"--screenshots={ground.home.root / 'screenshots'}",
        log=log.name,
        what="Тесты Odoo",
        check=False,
        **context.variables(),
        **axe.environment(context),
    )


def _judge(run, names, installed, code, log, tagged):
    tally = Tally(passed=run.passed, skipped=len(run.skipped))
    for (module, name), text in run.broken.items():
        tally.failed += 1
        tally.failures.append((f"{module}: {name}", text))
    for logger, text in run.errors:
        tally.failed += 1
        tally.failures.append((f"ошибка в журнале, которой не ждал ни один тест ({logger})", text))
    tally.notes += [f"{module} {name}: {why}" for (module, name), why in run.skipped.items()]
    tally.check("туры не пропущены из-за браузера", run.without_browser())
    tally.check("модули установлены", [f"{name} не установлен" for name in names if name not in installed])
    counts = run.per_module()
    if not tagged:
        tally.check(
            "у каждого модуля есть тесты", [f"{name}: 0 тестов" for name in names if not counts.get(name)]
        )
    if code and not tally.failed:
        tally.check("Odoo", [f"закончилась с кодом {code}, журнал {log}"])
    if tagged and not run.started:
        tally.check("метки", ["по этим меткам не нашлось ни одного теста"])
    tally.lines += [f"{name}: {counts[name]}" for name in sorted(counts)]
    suspicious = [text[0] for logger, text in run.warnings if "clinic" in logger or "clinic" in text[0]]
    tally.notes += [f"предупреждение Odoo: {text}" for text in dict.fromkeys(suspicious)]
    return tally
