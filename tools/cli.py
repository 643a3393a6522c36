"""Dispatch of ./clinic: one function per call, imports inside them so that a call stays quick."""

import argparse
import os
import sys

from .out import Failure, say

LATER = {
    "import": "перенос пациентов из другой системы",
    "emulate": "эмуляторы кассы, РЭМД и мессенджеров",
}


def parser():
    top = argparse.ArgumentParser(
        prog="./clinic", description="Клиника на Odoo 19: запуск, тесты, замеры, резервные копии."
    )
    calls = top.add_subparsers(dest="call", metavar="ВЫЗОВ", required=True)
    run = calls.add_parser("run", help="запустить демонстрационную клинику")
    run.add_argument("--port", type=_port, default=8069, help="порт на 127.0.0.1 (8069)")
    run.add_argument("--empty", action="store_true", help="новая пустая клиника с мастером первого запуска")
    run.add_argument("--background", action="store_true", help="вернуться, когда сервер запущен")
    test = calls.add_parser("test", help="проверки и тесты")
    test.add_argument("names", nargs="*", help="части, модули или метки; ничего – всё")
    test.add_argument("--all", action="store_true", help="длинные проверки целиком")
    bench = calls.add_parser("bench", help="замеры")
    bench.add_argument("names", nargs="*", help="имена замеров, например A1 R1; ничего – все")
    bench.add_argument("--small", action="store_true", help="данные в 20 раз меньше")
    backup = calls.add_parser("backup", help="сохранить базу и файлы")
    backup.add_argument("file", nargs="?", help="куда (по умолчанию .clinic/backups)")
    restore = calls.add_parser("restore", help="вернуть базу из копии")
    restore.add_argument("file", nargs="?", help="откуда (по умолчанию последняя копия)")
    for each in (backup, restore):
        each.add_argument("--database", help="имя базы (по умолчанию база последнего запуска)")
    shell = calls.add_parser("shell", help="Python внутри базы (переменная env)")
    shell.add_argument("--database", help="имя базы (по умолчанию база последнего запуска)")
    calls.add_parser("stop", help="остановить сервер и PostgreSQL")
    reset = calls.add_parser("reset", help="удалить всё, что создал ./clinic")
    reset.add_argument("--yes", action="store_true", help="удалить и настоящую клинику")
    calls.add_parser("status", help="что установлено и что работает")
    match = calls.add_parser("match", help="найти дубли пациентов в CSV; база не нужна")
    match.add_argument("file", help="CSV с любыми из столбцов, названных в docs/admin/match.md")
    match.add_argument("--out", required=True, metavar="CLUSTERS.csv", help="куда записать группы дублей")
    for name, text in LATER.items():
        later = calls.add_parser(name, help=text + " (пока нет)")
        later.add_argument("rest", nargs=argparse.REMAINDER)
    return top


def _port(text):
    value = int(text)
    if not 1 <= value <= 65535:
        raise argparse.ArgumentTypeError("порт – число от 1 до 65535")
    return value


def main(words):
    # a parent's blocked or ignored Ctrl-C must not make us unstoppable
    os.umask(0o022)
    arguments = parser().parse_args(words)
    if arguments.call in LATER:
        say(f"Пока нет: {LATER[arguments.call]}. Этого вызова в этой версии ещё нет.")
        return 2
    try:
        return globals()["call_" + arguments.call](arguments) or 0
    except Failure as failure:
        print(f"\nНе получилось. {failure}", file=sys.stderr, flush=True)
        return 1
    except PermissionError as error:
        text = f"Нет доступа к {error.filename}. Если папку .clinic создал другой пользователь, запускайте "
        text += "./clinic от его имени или укажите свою папку: CLINIC_HOME=~/clinic-home ./clinic …"
        print(f"\nНе получилось. {text}", file=sys.stderr, flush=True)
        return 1
    except OSError as error:
        print(f"\nНе получилось. {error.strerror}: {error.filename or ''}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        print("\nПрервано. Можно запустить ещё раз: начатое продолжится.", file=sys.stderr, flush=True)
        return 130


def call_run(arguments):
    from . import running

    return running.run(arguments.port, arguments.empty, arguments.background)


def call_test(arguments):
    from .testing import runner

    return runner.main(arguments.names, arguments.all)


def call_bench(arguments):
    from .bench import runner

    return runner.main(arguments.names, arguments.small)


def call_backup(arguments):
    from . import running

    return running.backup_call(arguments.file, arguments.database)


def call_restore(arguments):
    from . import running

    return running.restore_call(arguments.file, arguments.database)


def call_shell(arguments):
    from . import running

    return running.shell(arguments.database)


def call_stop(_arguments):
    from . import running

    return running.stop()


def call_reset(arguments):
    from . import running

    return running.reset(arguments.yes)


def call_match(arguments):
    from . import match

    return match.match(arguments.file, arguments.out)


def call_status(_arguments):
    from . import running

    return running.status()
