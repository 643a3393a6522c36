"""CSV exports of people as programs write them → records with the fields of :data:`~.card.FIELDS`."""

import codecs
import csv
import re
from dataclasses import dataclass, field

from .card import FIELDS

MAX_CELL = 2000
FIELD_LIMIT = 16 * 1024 * 1024
SAMPLE = 256 * 1024
DELIMITERS = ";,\t|"

NO_HEADER, NO_FIELDS, NOT_TEXT, EMPTY = "no_header", "no_fields", "not_text", "empty"

_ALIASES = {
    "id": (
        "id ид код номер карта №карты номеркарты номеркартыпациента idпациента кодпациента uid guid "
        "ref ссылка externalid clientid patientid recid recordid №п/п №"
    ),
    "source": "source источник система база филиал",
    "created": (
        "created createdat createddate дата_создания датасоздания создан создана датарегистрации "
        "заведена датазаведения firstvisit датапервогообращения createdate regdate"
    ),
    "full_name": (
        "fullname name фио имяпациента пациент клиент полноеимя ф.и.о. фиопациента фиоклиента "
        "фамилияимяотчество fio patient client наименование fullname_ru displayname"
    ),
    "family_name": "familyname surname lastname фамилия фам secondname family sname",
    "given_name": "givenname firstname имя given fname",
    "patronymic": "patronymic middlename отчество отч secname fathername mname",
    "sex": "sex gender пол",
    "birth_date": (
        "birthdate birthday dateofbirth dob др д.р. датарождения деньрождения рождение born birth "
        "годрождения датарожд г.р. гр"
    ),
    "phone": (
        "phone телефон тел тел. мобильный мобильныйтелефон сотовый phonenumber mobile телефон1 phone1 "
        "номертелефона контактныйтелефон телефоны phones tel"
    ),
    "phone2": (
        "phone2 телефон2 домашний домашнийтелефон доптелефон дополнительныйтелефон рабочийтелефон "
        "homephone workphone второйтелефон"
    ),
    "email": "email e-mail почта эл.почта электроннаяпочта mail адресэл.почты эл.адрес",
    "address": (
        "address адрес адреспроживания адресрегистрации место_жительства местожительства "
        "домашнийадрес addr"
    ),
    "snils": "snils снилс страховойномер",
    "policy": "policy полис омс полисомс номерполиса енп дмс полисдмс oms insurance policynumber",
    "passport": (
        "passport паспорт документ удостоверение серияиномер паспортныеданные document номерпаспорта"
    ),
    "note": (
        "note notes примечание комментарий заметка заметки comment comments remark доп.информация "
        "дополнительно"
    ),
}


def _fold_header(text):
    return re.sub(r"[\s_\-\"'№#:]+", "", str(text).strip().lower().replace("ё", "е"))


_FIELD_OF = {}
for _field, _words in _ALIASES.items():
    for _word in _words.split():
        _FIELD_OF.setdefault(_fold_header(_word), _field)
_FIELD_OF.pop("", None)


class PeopleFileError(ValueError):
    """The file cannot be read as a table of people; ``code`` is a constant of this module."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


@dataclass
class Reading:
    """What was noticed on the way; complete once all records were taken."""

    encoding: str = ""
    delimiter: str = ""
    columns: dict = field(default_factory=dict)  # field → header
    unknown: tuple = ()
    rows: int = 0
    ragged: int = 0
    cut: int = 0
    empty: int = 0
    broken: bool = False  # bytes that the encoding does not know
    no_id: bool = False


def read_people(path):
    """``(records, Reading)``: an iterator of dictionaries of non-empty cells, and what was noticed.

    Encodings: UTF-8 with or without its mark, UTF-16, cp1251, cp866; separators: ``; , tab |``; column
    names Russian or English, in any order.

    :raises PeopleFileError: when nothing in it can be a table of people
    """
    with open(path, "rb") as stream:
        sample = stream.read(SAMPLE)
    if not sample.strip(b"\x00\r\n\t \xef\xbb\xbf"):
        raise PeopleFileError(EMPTY)
    if sample.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise PeopleFileError(NOT_TEXT)
    reading = Reading(encoding=guess_encoding(path, sample))
    text = sample.decode(reading.encoding, "replace").replace("\x00", "").lstrip("\ufeff")
    reading.delimiter = guess_delimiter(text)
    header = _header(text, reading.delimiter)
    places = _places(header, reading)
    if not places:
        raise PeopleFileError(NO_FIELDS)
    return _records(path, places, len(header), reading), reading


def guess_encoding(path, sample):
    """The first encoding that fits; looks through the whole file when its beginning is plain ASCII."""
    if sample.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if _is_utf8(path):
        return "utf-8"
    high = [byte for byte in sample if byte >= 0x80]
    if not high:
        with open(path, "rb") as stream:
            for block in iter(lambda: stream.read(1 << 20), b""):
                high = [byte for byte in block if byte >= 0x80]
                if high:
                    break
    # small Russian letters: 0xE0–0xFF in cp1251, 0xA0–0xAF and 0xE0–0xEF in cp866
    dos = sum(0xA0 <= byte <= 0xAF or 0x80 <= byte <= 0x9F for byte in high)
    return "cp866" if high and dos > 0.5 * len(high) else "cp1251"


def _is_utf8(path):
    """Whether the file is UTF-8, but for a few broken bytes in a long file."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    letters = broken = 0
    with open(path, "rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            text = decoder.decode(block)
            if text.isascii():
                continue
            bad = text.count("\ufffd")
            broken += bad
            letters += sum("\u0400" <= char <= "\u04ff" for char in text) if bad else len(text)
    return broken * 100 <= letters


def guess_delimiter(text):
    """The separator that cuts the first line into the most columns."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4]
    return max(DELIMITERS, key=lambda sign: (first.count(sign), -DELIMITERS.index(sign)))


def _header(text, delimiter):
    lines = [line for line in text.splitlines(keepends=True) if line.strip(" \r\n\t;,|")]
    if lines and lines[0].lower().startswith("sep="):
        lines = lines[1:]
    try:
        return next(csv.reader(lines, delimiter=delimiter), [])
    except csv.Error:
        raise PeopleFileError(NO_HEADER) from None


def _places(header, reading):
    places, unknown = {}, []
    for place, title in enumerate(header):
        name = _FIELD_OF.get(_fold_header(title))
        if name == "phone" and "phone" in places.values() and "phone2" not in places.values():
            name = "phone2"
        if name is None or name in places.values():
            unknown.append(title.strip()[:40])
            continue
        places[place] = name
        reading.columns[name] = title.strip()
    reading.unknown = tuple(unknown)
    reading.no_id = "id" not in reading.columns
    return places if set(places.values()) - {"id", "source", "created", "note", "sex"} else {}


def _records(path, places, width, reading):
    csv.field_size_limit(FIELD_LIMIT)
    with open(path, encoding=reading.encoding, errors="replace", newline="") as stream:
        lines = (line.replace("\x00", "") for line in stream)
        rows = csv.reader(lines, delimiter=reading.delimiter)
        titles = True
        while True:
            try:
                row = next(rows)
            except StopIteration:
                return
            except csv.Error:  # a cell beyond any limit: the row is lost, the rest is not
                reading.broken = True
                continue
            if not any(cell.strip() for cell in row):
                reading.empty += bool(row)
                continue
            if titles:
                titles = row[0].lower().startswith("sep=") and len(row) <= 2
                continue
            yield _record(row, places, width, reading)


def _record(row, places, width, reading):
    reading.rows += 1
    reading.ragged += len(row) != width
    if len(row) == width and max(map(len, row)) <= MAX_CELL:
        return {name: row[place] for place, name in places.items() if row[place] and not row[place].isspace()}
    record = {}
    for place, name in places.items():
        if place >= len(row):
            continue
        cell = row[place]
        if len(cell) > MAX_CELL:
            reading.cut += 1
            cell = cell[:MAX_CELL]
        if cell and not cell.isspace():
            record[name] = cell
    return record


assert set(_ALIASES) == set(FIELDS)
