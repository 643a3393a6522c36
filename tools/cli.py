"""Dispatch of ./clinic: one function per call, imports inside them so that a call stays quick."""

import argparse
import os
import re
import sys

from .out import Failure, say

LAST = "имя базы (по умолчанию база последнего запуска)"
LATER = {
    "emulate": "эмуляторы кассы, РЭМД и мессенджеров",
}


# argparse speaks English only; what it says about a wrong call
ERRORS = (
    (r"argument (\S+): expected one argument", r"после \1 нужно значение"),
    (r"argument ВЫЗОВ: invalid choice: (\S+) .*", r"нет такого вызова: \1"),
    (r"unrecognized arguments: (.*)", r"лишнее в строке: \1"),
    (r"ambiguous option: (\S+) .*", r"непонятный ключ: \1"),
    (r"the following arguments are required: (.*)", r"не хватает: \1"),
    (r"argument (\S+): (.*)", r"\1: \2"),
)


class Parser(argparse.ArgumentParser):
    """Help and errors in Russian, as all the rest."""

    def __init__(self, **words):
        super().__init__(add_help=False, allow_abbrev=False, **words)
        self._positionals.title, self._optionals.title = "что", "ключи"
        self.add_argument("-h", "--help", action="help", help="показать эту справку")

    def format_usage(self):
        return super().format_usage().replace("usage:", "вызов:", 1)

    def format_help(self):
        return super().format_help().replace("usage:", "вызов:", 1)

    def error(self, message):
        for pattern, text in ERRORS:
            if re.fullmatch(pattern, message):
                message = re.sub(pattern, text, message)
                break
        self.exit(2, f"{message[:1].upper()}{message[1:]}.\nСправка: {self.prog} --help\n")


def parser():
    top = Parser(prog="./clinic", description="Клиника на Odoo 19: запуск, тесты, замеры, резервные копии.")
    calls = top.add_subparsers(dest="call", metavar="ВЫЗОВ")
    run = calls.add_parser("run", help="запустить демонстрационную клинику")
    run.add_argument("--port", type=_port, default=8069, metavar="ПОРТ", help="порт на 127.0.0.1 (8069)")
    run.add_argument("--empty", action="store_true", help="новая пустая клиника с мастером первого запуска")
    run.add_argument("--background", action="store_true", help="вернуться, когда сервер запущен")
    test = calls.add_parser("test", help="проверки и тесты")
    test.add_argument("names", nargs="*", metavar="ИМЯ", help="части, модули или метки; ничего – всё")
    test.add_argument("--all", action="store_true", help="длинные проверки целиком")
    bench = calls.add_parser("bench", help="замеры")
    bench.add_argument("names", nargs="*", metavar="ИМЯ", help="имена замеров, например A1 R1; ничего – все")
    bench.add_argument("--small", action="store_true", help="данные в 20 раз меньше")
    backup = calls.add_parser("backup", help="сохранить базу и файлы")
    backup.add_argument("file", nargs="?", metavar="ФАЙЛ", help="куда (по умолчанию .clinic/backups)")
    restore = calls.add_parser("restore", help="вернуть базу из копии")
    restore.add_argument("file", nargs="?", metavar="ФАЙЛ", help="откуда (по умолчанию последняя копия)")
    for each in (backup, restore):
        each.add_argument("--database", metavar="БАЗА", help=LAST)
    pseudonymise = calls.add_parser("pseudonymise", help="копия базы без людей: для тестов и разработчиков")
    pseudonymise.add_argument("--out", required=True, metavar="ФАЙЛ", help="куда записать копию")
    pseudonymise.add_argument("--database", metavar="БАЗА", help=LAST)
    shell = calls.add_parser("shell", help="Python внутри базы (переменная env)")
    shell.add_argument("--database", metavar="БАЗА", help=LAST)
    calls.add_parser("stop", help="остановить сервер и PostgreSQL")
    reset = calls.add_parser("reset", help="удалить всё, что создал ./clinic")
    reset.add_argument("--yes", action="store_true", help="удалить и настоящую клинику")
    calls.add_parser("status", help="что установлено и что работает")
    match = calls.add_parser("match", help="найти дубли пациентов в CSV; база не нужна")
    match.add_argument("file", metavar="FILE.csv", help="столбцы названы в docs/admin/match.md")
    match.add_argument("--out", required=True, metavar="CLUSTERS.csv", help="куда записать группы дублей")
    load = calls.add_parser("import", help="загрузить пациентов и другое из файла прежней программы")
    load.add_argument(
        "kind",
        choices=("patients", "services", "doctors", "shifts", "visits", "bookings", "balances"),
        metavar="ЧТО",
        help="patients, services, doctors, shifts, visits, bookings или balances",
    )
    load.add_argument("file", metavar="ФАЙЛ", help="CSV, TXT, XLSX, XLS или DBF")
    load.add_argument("--dry-run", action="store_true", help="проверить и испытать, ничего не загружая")
    load.add_argument("--source", metavar="ПРОГРАММА", help="краткое имя прежней программы, например 1c77")
    load.add_argument("--profile", metavar="ПРОФИЛЬ", help="сохранённый профиль столбцов, часть его названия")
    load.add_argument("--attach", action="store_true", help="дополнять карты, если это точно тот же человек")
    load.add_argument("--rejects", metavar="ФАЙЛ.xlsx", help="куда записать отказы (рядом с исходным)")
    load.add_argument("--database", metavar="БАЗА", help=LAST)
    for name, text in LATER.items():
        later = calls.add_parser(name, help=text + " (пока нет)")
        later.add_argument("rest", nargs=argparse.REMAINDER)
    return top


def _port(text):
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError("порт – число от 1 до 65535")
    return int(text)


def main(words):
    # a parent's blocked or ignored Ctrl-C must not make us unstoppable
    os.umask(0o022)
    arguments = parser().parse_args(words)
    if not arguments.call:
        parser().print_help()
        return 2
    if arguments.call in LATER:
        say(f"Вызова ./clinic {arguments.call} ({LATER[arguments.call]}) в этой версии ещё нет.")
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


def call_pseudonymise(arguments):
    from . import running

    return running.pseudonymise_call(arguments.out, arguments.database)


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


def call_import(arguments):
    from . import importing

    return importing.load(vars(arguments))


def call_status(_arguments):
    from . import running

    return running.status()
