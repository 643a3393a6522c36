"""./clinic match: duplicate people in a CSV, without a database and before any environment exists."""

import csv
import datetime
import gc
import importlib
import importlib.util
import os
import subprocess
import sys
import time

from .beside import beside, cores
from .home import REPO, Home
from .out import Failure, duration, say, warn

COLUMNS = ("id", "cluster", "auto_cluster", "score", "why")
INSIDE = "CLINIC_MATCH_INSIDE"
#: Smaller files are read faster by one process; more than a few only wait for each other.
LEAST_SHARED, MOST_PROCESSES = 1_000_000, 4
#: Rows that one process brings to one form before the next one's turn.
BLOCK = 500
STEPS = {
    "read": "Читаю и привожу к одному виду",
    "keys": "Ищу, кого с кем сравнить",
    "compare": "Сравниваю",
    "learn": "Оцениваю веса признаков",
    "score": "Считаю веса пар",
    "clusters": "Собираю группы",
}
PROBLEMS = {
    "empty": "Файл пуст.",
    "not_text": "Это PDF, архив или другой файл. Сохраните таблицу как «CSV UTF-8» и повторите.",
    "web_page": "Это страница сайта, а не таблица. Откройте её в Excel и сохраните как «CSV UTF-8».",
    "damaged": "Файл повреждён или это не книга Excel. Сохраните таблицу как «CSV UTF-8» и повторите.",
    "protected": "Книга Excel защищена паролем или повреждена. Сохраните её как «CSV UTF-8» и повторите.",
    "too_large": "Файл больше {limit} МБ. Разделите его на части или сохраните как «CSV UTF-8».",
    "bomb": "Книга Excel в распакованном виде слишком велика. Сохраните таблицу как «CSV UTF-8» и повторите.",
    "too_wide": "Столбцов больше {limit}. Оставьте нужные и повторите.",
    "too_long": "Строк больше {limit}. Разделите файл на части.",
    "no_fields": "Среди заголовков нет ни одного знакомого столбца. Нужен хотя бы один из: ФИО (full_name), "
    "Фамилия (family_name), Имя (given_name), Дата рождения (birth_date), Телефон (phone), СНИЛС (snils).",
}


def match(source, target):
    """Entry of the call; moves into the suite's environment when there is one with rapidfuzz."""
    python = _environment()
    if python:
        os.environ[INSIDE] = "1"
        words = [str(python), str(REPO / "clinic"), "match", source, "--out", target]
        return subprocess.call(words)
    gc.disable()  # a million small objects that live to the end
    return run(source, target, say)


def _environment():
    """Python of the suite's environment when this one lacks rapidfuzz and that one has it."""
    if os.environ.get(INSIDE) or importlib.util.find_spec("rapidfuzz"):
        return None
    for folder in sorted(Home().root.glob("venv-*")):
        python = folder / "bin" / "python"
        if (folder / "clinic-ok").exists() and any(folder.glob("lib/python3*/site-packages/rapidfuzz")):
            return python
    return None


def table_file():
    """The package that reads tables, imported by its own name."""
    folder = str(REPO / "clinic_base")
    if folder not in sys.path:
        sys.path.append(folder)
    return importlib.import_module("table_file")


def packages():
    """``(person_match, function that reads phones or None)``, imported by their own names."""
    folder = str(REPO / "clinic_base")
    if folder not in sys.path:
        sys.path.append(folder)
    person_match = importlib.import_module("person_match")
    try:
        phone_ru = importlib.import_module("phone_ru")
    except ImportError:  # phonenumbers is not there yet
        return person_match, None
    return person_match, lambda text: [phone.e164 for phone in phone_ru.parse_phones(text).phones]


def run(source, target, tell, today=None):
    """Read, match, write; returns 0. :raises Failure: when the file cannot be read."""
    started = time.monotonic()
    person_match, _parse_phones = packages()
    tables = table_file()
    if person_match.measures().name == "python":
        warn("Нет библиотеки rapidfuzz: сравниваю на чистом Python. Пары те же, времени нужно больше.")
    today = today or datetime.date.today()
    if os.path.exists(target) and os.path.exists(source) and os.path.samefile(source, target):
        raise Failure("Файл результата совпадает с исходным. Укажите в --out другое имя.")
    try:
        cards, reading = read_cards(source, today, Progress(tell))
    except tables.TableFileError as error:
        raise Failure(PROBLEMS[error.code].format(limit=error.limit)) from None
    _tell_reading(reading, tell)
    moment = today.year * 10000 + today.month * 100 + today.day
    shared = beside if cores() > 1 and len(cards) >= person_match.LEAST_CARDS else None
    result = person_match.find_duplicates(cards, moment, progress=Progress(tell), beside=shared)
    written = write(result, target, person_match.brief)
    autos = len(result.auto_clusters)
    tell(
        f"Карт {len(cards)}, групп {len(result.clusters)} (в них карт {written}), из них без человека можно "
        f"объединить {autos}. Записано в {target} за {duration(time.monotonic() - started)}."
    )
    if len(cards) < person_match.LEAST_CARDS:
        tell(f"Карт меньше {person_match.LEAST_CARDS}: взяты готовые веса признаков, не по файлу.")
    return 0


def read_cards(source, today, progress=None):
    """``(cards, what was noticed in the file)``; a large file is read by several processes.

    :raises TableFileError: when the file cannot be read
    """
    person_match, parse_phones = packages()
    normaliser = person_match.Normaliser(today, parse_phones)
    large = os.path.getsize(source) >= LEAST_SHARED
    shares = min(cores(), MOST_PROCESSES) if large else 1
    records, reading = table_file().read_people(source)
    others = [
        beside(lambda turn=turn: list(_values(normaliser, table_file().read_people(source)[0], turn, shares)))
        for turn in range(1, shares)
    ]
    own = _values(normaliser, records, 0, shares, progress)
    whole = [[normaliser.card_of(values) for values in own]]
    whole += [[normaliser.card_of(values) for values in other()] for other in others]
    cards = []
    for place in range(0, max(map(len, whole)), BLOCK):
        for share in whole:
            cards += share[place : place + BLOCK]
    for number, card in enumerate(cards, 1):
        if not card.id.strip():
            card.id = f"строка {number}"
    return cards, reading


def _values(normaliser, records, turn, shares, progress=None):
    """What the rows of every ``shares``-th block say, from the block ``turn`` on."""
    for number, record in enumerate(records):
        if progress and not number % 10_000:
            progress("read", number, 0)
        if number // BLOCK % shares == turn:
            yield normaliser.values(record)


class Progress:
    """Says what is done now, at most every two seconds, so that short work stays quiet."""

    def __init__(self, tell, every=2.0):
        self._tell, self._every, self._last = tell, every, time.monotonic()

    def __call__(self, step, done, whole):
        now = time.monotonic()
        if now - self._last < self._every:
            return
        self._last = now
        share = f" {100 * done // whole} %" if whole > 1 and done else f" {done}" if done else ""
        self._tell(f"  {STEPS[step]}{share} …")


def _tell_reading(reading, tell):
    known = ", ".join(f"{title} → {name}" for name, title in reading.columns.items() if title != name)
    tell(f"Кодировка {reading.encoding}, столбцов узнано {len(reading.columns)}, строк {reading.rows}.")
    if known:
        tell(f"  {known}")
    if reading.unknown:
        tell(f"  не использованы: {', '.join(reading.unknown[:20])}")
    if reading.deleted:
        warn(f"Строк с пометкой удаления: {reading.deleted}; они пропущены.")
    if reading.other_sheets:
        warn(f"Листы с другим заголовком не прочитаны: {', '.join(reading.other_sheets[:10])}.")
    if reading.no_id:
        warn("Столбца id нет: вместо него будет «строка N» – номер строки данных без заголовка.")
    if reading.ragged:
        warn(f"Строк с другим числом столбцов: {reading.ragged}; взяты те ячейки, что есть.")
    if reading.cut:
        warn(f"Слишком длинных ячеек: {reading.cut}; взято их начало.")
    if reading.broken:
        warn("Часть файла читается не так, как задумано (незакрытая кавычка или файл обрезан).")


def write(result, target, brief):
    """The table of clusters; returns how many rows. The file appears whole or not at all."""
    guarded = table_file().guarded
    draft = f"{target}.part"
    auto_of = {number: index for index, group in enumerate(result.auto_clusters, 1) for number in group}
    written = 0
    try:
        with open(draft, "w", encoding="utf-8", newline="") as stream:
            table = csv.writer(stream)
            table.writerow(COLUMNS)
            for index, group in enumerate(result.clusters, 1):
                for number in group:
                    other, found = _best(number, group, result)
                    why = f"с {guarded(result.cards[other].id)}: {brief(found)}"
                    auto = f"A{auto_of[number]}" if number in auto_of else ""
                    row = (guarded(result.cards[number].id), f"C{index}", auto, f"{found.weight:.2f}", why)
                    table.writerow(row)
                    written += 1
        os.replace(draft, target)
    finally:
        if os.path.exists(draft):
            os.unlink(draft)
    return written


def _best(number, group, result):
    """The card of the cluster that speaks for this one the most."""
    found = []
    for other in group:
        if other != number:
            pair = (number, other) if number < other else (other, number)
            match = result.edges.get(pair)
            if match:
                found.append((match.weight, -other, other, match))
    if not found:
        for other in group:
            if other != number:
                match = result.scorer.score(result.cards[number], result.cards[other])
                found.append((match.weight, -other, other, match))
    return max(found, key=lambda row: row[:2])[2:]
