"""Checks that need no database: linters, file budgets, the house of design.md, Odoo-free tests."""

import ast
import re
import xml.etree.ElementTree

from .. import addons
from ..proc import environment, run, tail
from . import febrl, house
from .tally import Tally

WARN_LINES, MAX_LINES, MAX_FUNCTION = 400, 600, 50
# XML, translations and data are long without being complex
COUNTED_SUFFIXES = {".py", ".js", ".scss", ".css", ".sh"}
DATA_FOLDERS = {"lib", "data", "node_modules", "__pycache__"}
PYTHON_PLACES = ("tools", "tests")


def _places(repo):
    return [*addons.suite(repo), *(place for place in PYTHON_PLACES if (repo / place).exists()), "clinic"]


def lint(context):
    """ruff, pylint-odoo and OCA's checks; one check per tool and addon."""
    repo, tally = context.repo, Tally()
    python = context.python
    tools = [
        ("ruff", [python, "-m", "ruff", "check", "--output-format=concise", "--no-cache", *_places(repo)])
    ]
    folders = [repo / name for name in addons.suite(repo)]
    folders += [path.parent for path in (repo / "tests" / "addons").glob("*/__manifest__.py")]
    for folder in folders:
        short = folder.relative_to(repo)
        tools.append((f"pylint-odoo {short}", [python, "-m", "pylint", CONTINUED, short]))
        tools.append((f"oca-checks-odoo-module {short}", [python, "-c", OCA_MODULE, short]))
        translations = [path.relative_to(repo) for path in sorted(folder.glob("i18n/*.po*"))]
        if translations:
            tools.append((f"oca-checks-po {short}", [python, "-c", OCA_PO, *translations]))
    for name, command in tools:
        tally.check(name, _tool(context, command))
    return tally


# a model that is too long for one file goes on in a second one (file budgets); after the configuration
CONTINUED = "--disable=consider-merging-classes-inherited"
OCA_MODULE = "from oca_pre_commit_hooks.cli import main; main()"
OCA_PO = "from oca_pre_commit_hooks.cli_po import main; main()"


def _tool(context, command):
    log = context.home.logs / "lint.log"
    log.parent.mkdir(exist_ok=True)
    start = log.stat().st_size if log.exists() else 0
    code = run(
        context.home, command, log, env=environment(context.home), cwd=context.repo, check=False, quiet=True
    )
    if not code:
        return []
    return [line.strip() for line in tail(log, start, lines=60).splitlines() if line.strip()] or [
        f"код {code}"
    ]


def budgets(context):
    """File length: warn above 400 lines, fail above 600; functions above 50 lines are named."""
    tally = Tally()
    for place in _places(context.repo):
        tally.check(f"размеры файлов {place}", _too_long(context.repo, place, tally.notes))
    return tally


def _too_long(repo, place, notes):
    for path in sorted(counted_files(repo, place)):
        text = path.read_text(encoding="utf-8")
        lines, name = text.count("\n"), str(path.relative_to(repo))
        if lines > MAX_LINES:
            yield f"{name}: {lines} строк, предел {MAX_LINES}"
        elif lines > WARN_LINES:
            notes.append(f"{name}: {lines} строк, лучше не больше {WARN_LINES}")
        if path.suffix == ".py":
            notes += [f"{name}: {text}" for text in long_functions(text)]


def long_functions(source):
    """Functions of a Python source that are longer than the budget."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = node.end_lineno - node.lineno + 1
            if length > MAX_FUNCTION:
                yield f"функция {node.name}: {length} строк, лучше не больше {MAX_FUNCTION}"


def counted_files(repo, place):
    base = repo / place
    for path in [base] if base.is_file() else base.rglob("*"):
        code = path.suffix in COUNTED_SUFFIXES or path == repo / "clinic"
        if code and path.is_file() and not DATA_FOLDERS & set(path.relative_to(repo).parts):
            yield path


def plan(context):
    """The table of design.md §2 against the manifests, and what the top level may hold."""
    tally = Tally()
    suite = addons.suite(context.repo)
    for name, manifest in suite.items():
        tally.check(f"зависимости {name}", house.problems(name, manifest))
        tally.check(f"уровни {name}", house.upward(name, manifest))
        tally.check(f"импорты {name}", foreign_imports(context.repo / name, manifest, suite))
    tally.check("верхний уровень папки", house.strangers(context.repo, suite))
    return tally


IMPORT = re.compile(r"odoo\.addons\.(clinic_\w+)")


def foreign_imports(folder, manifest, suite):
    """Imports of suite addons that are not below this one."""
    allowed, queue = {folder.name}, [folder.name]
    while queue:
        for other in suite.get(queue.pop(), {}).get("depends", ()):
            if other in suite and other not in allowed:
                allowed.add(other)
                queue.append(other)
    for path in sorted(folder.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
        for node in ast.walk(tree):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                found = IMPORT.match(name)
                if found and found[1] not in allowed:
                    yield f"{path.relative_to(folder.parent)}:{node.lineno} импортирует {found[1]}"


def unit(context, names=()):
    """pytest over tests/unit (packages without Odoo, and the command's own modules)."""
    tally = Tally()
    if not (context.repo / "tests" / "unit").exists():
        tally.skip("pytest", "папки tests/unit нет")
        return tally
    report = context.home.run / "pytest.xml"
    log = context.home.logs / "pytest.log"
    report.unlink(missing_ok=True)
    log.unlink(missing_ok=True)
    env = environment(
        context.home,
        HYPOTHESIS_STORAGE_DIRECTORY=str(context.home.root / "hypothesis"),
        **context.variables(),
        **febrl.environment(context),
    )
    command = [context.python, "-m", "pytest", "-q", f"--junitxml={report}"]
    command += ["-o", f"cache_dir={context.home.root / 'pytest_cache'}", *(names or ["tests/unit"])]
    code = run(context.home, command, log, env=env, cwd=context.repo, check=False, quiet=True)
    if not report.exists():
        tally.check("pytest", [f"не запустился (код {code})", *tail(log).splitlines()])
        return tally
    for case in xml.etree.ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        broken = [*case.iter("failure"), *case.iter("error")]
        if case.find("skipped") is not None:
            tally.skip(name, case.find("skipped").get("message", ""))
        else:
            tally.check(name, [line for part in broken for line in (part.text or "").splitlines()[-25:]])
    return tally
