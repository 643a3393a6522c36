# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One row of a file of patients → values of a card, and what is to be said of them; no Odoo inside."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from .document_ru import check_number
from .person_match import (
    BirthDateError,
    PersonName,
    parse_birth_date,
    parse_full_name,
    read_document,
    read_email,
    read_sex,
    sex_from_name,
    sex_from_patronymic,
)
from .phone_ru import parse_phones

FIXED, WARN, REJECT, SKIP = "fixed", "warn", "reject", "skip"
#: From good to bad; the worst one is the state of the row.
LEVELS = ("ok", FIXED, WARN, REJECT, SKIP)
MAX_PART = 100
MAX_NUMBER = 60
MAX_TEXT = 250

_NOTHING = frozenset(
    [
        "нет", "неизвестно", "неизв", "н/д", "нд", "null", "none", "nan", "#н/д", "#n/a", "отсутствует",
        "не указан", "не указано", "нет данных", "нет тел", "нет телефона", "0", "00",
    ]
)  # fmt: skip
_NO_DAY = re.compile(
    r"0{1,2}[./-]0{1,2}[./-]\d{0,4}|0{4}[./-]0{1,2}[./-]0{1,2}.*"
    r"|0?1[./-]0?1[./-]1900.*|1900-01-01.*"
)
_YEAR = re.compile(r"(19\d\d|20\d\d)\s*(?:г\.?\s*р?\.?|год[а]?|г)?(?:\s*рожд.*)?", re.IGNORECASE)
_SERIAL = re.compile(r"(\d{5})(?:[.,]0+)?")
_EXCEL_ZERO = date(1899, 12, 30)
#: A day to come may be read, too; years of two digits are of 1980–2079.
_LATEST = date(2079, 12, 31)
_OWNERS = (
    ("mother", r"мам|мать|матер"),
    ("father", r"пап[аы]|отец|отц"),
    ("spouse", r"муж|жен[аы]|супруг"),
    ("child", r"сын|доч"),
    ("guardian", r"опек"),
    ("employer", r"работодат|отдел кадров"),
    ("other", r"бабуш|дедуш|сестр|брат|тет[яи]|дяд|родител|родствен|сосед"),
)
_OWNER_RE = [(owner, re.compile(rf"(?<![а-яё])(?:{words})", re.IGNORECASE)) for owner, words in _OWNERS]
_PASSPORT = re.compile(r"\D{0,40}?(\d{2}\s?\d{2}\s*№?\s*\d{6})(?!\d)")
_TRUE = frozenset(("1", "*", "да", "true", "y", "yes", "t", "истина", "удален", "удалён", "+", "x"))
#: Column → kind of document.
DOCUMENTS = (
    ("passport", "passport_rf"),
    ("snils", "snils"),
    ("inn", "inn"),
    ("birth_certificate", "birth_certificate"),
    ("foreign_passport", "foreign_passport"),
)


@dataclass
class PatientRow:
    """What a row says. ``vals`` are plain fields of the card, ``notes`` are ``(level, code, field)``."""

    vals: dict = field(default_factory=dict)
    phones: list = field(default_factory=list)
    documents: list = field(default_factory=list)
    coverages: list = field(default_factory=list)
    agent: dict = field(default_factory=dict)
    remarks: list = field(default_factory=list)
    notes: list = field(default_factory=list)

    def note(self, level, code, name=""):
        self.notes.append((level, code, name))


def is_nothing(text):
    """Whether the cell says that there is no value."""
    return not text or text.strip(" .,;:_").casefold() in _NOTHING or not text.strip(" -_.,;?*")


def says_yes(text):
    return str(text or "").strip().casefold() in _TRUE


def read_patient(record, today, city_code=""):
    """Read a row.

    :param record: ``{field of the import: text}``
    :param today: the day on the clinic's calendar
    :param city_code: for phones without one
    :rtype: PatientRow
    """
    row = PatientRow()
    record = {name: " ".join(str(text).split()) for name, text in record.items() if name != "note"} | {
        "note": str(record.get("note") or "").strip()
    }
    if says_yes(record.get("deleted")):
        row.note(SKIP, "deleted", "deleted")
        return row
    if says_yes(record.get("folder")):
        row.note(SKIP, "folder", "folder")
        return row
    record = {name: text for name, text in record.items() if not is_nothing(text)}
    _read_name(record, row)
    _read_birth(record, row, today)
    _read_sex(record, row)
    _read_phones(record, row, city_code)
    _read_contacts(record, row)
    _read_documents(record, row)
    _read_policies(record, row, today)
    _read_agent(record, row, city_code)
    for name in ("card_number", "branch"):
        if record.get(name):
            row.vals[name] = record[name][:60]
    if record.get("note"):
        row.remarks.insert(0, record["note"])
    _judge(row)
    return row


def _read_name(record, row):
    parts = {name: record.get(name, "") for name in ("family_name", "given_name", "patronymic")}
    whole = record.get("full_name", "")
    if not any(parts.values()) and whole:
        name = parse_full_name(whole)
        parts = {"family_name": name.family, "given_name": name.given, "patronymic": name.patronymic}
        if not name.full and any(map(str.isalpha, whole)):
            parts["family_name"] = whole
        if name.note:
            row.remarks.append(name.note)
        if not name.confident:
            row.vals["name_to_check"] = True
            row.note(FIXED, "name_split", "full_name")
    elif parts["family_name"] and not parts["given_name"] and " " in parts["family_name"]:
        name = parse_full_name(parts["family_name"])
        if name.given:
            parts = {
                "family_name": name.family,
                "given_name": name.given,
                "patronymic": parts["patronymic"] or name.patronymic,
            }
            row.vals["name_to_check"] = not name.confident
            row.note(FIXED, "name_split", "family_name")
    if not any(parts.values()):
        row.note(REJECT, "no_name", "full_name")
        return
    letters = sum(map(str.isalpha, "".join(parts.values())))
    if letters < 2 or letters * 2 < len("".join(parts.values()).replace(" ", "")):
        row.note(REJECT, "not_a_name", "full_name")
        return
    if max(map(len, parts.values())) > MAX_PART:
        row.note(REJECT, "name_too_long", "full_name")
        return
    if not parts["family_name"]:
        # one word is all that is known of the person
        parts["family_name"], parts["given_name"] = parts["given_name"] or parts["patronymic"], ""
        row.vals["name_to_check"] = True
        row.note(WARN, "one_name", "full_name")
    row.vals.update({name: text for name, text in parts.items() if text})
    if record.get("former_family"):
        row.vals["former_family"] = record["former_family"][:MAX_PART]


def _read_birth(record, row, today):
    text = record.get("birth_date", "")
    if not text:
        return
    if _NO_DAY.fullmatch(text):
        row.note(FIXED, "birth_unknown", "birth_date")
        return
    year = _YEAR.fullmatch(text)
    if year and int(year[1]) <= today.year:
        row.remarks.append(f"{text}")
        row.note(FIXED, "birth_year_only", "birth_date")
        return
    serial = _SERIAL.fullmatch(text)
    if serial and 1000 < int(serial[1]) < 60000:
        born = _EXCEL_ZERO + timedelta(days=int(serial[1]))
        if born <= today:
            row.vals["birth_date"] = born
            row.note(FIXED, "birth_serial", "birth_date")
            return
    try:
        born = parse_birth_date(text, today)
    except BirthDateError as error:
        row.note(REJECT, f"birth_{error.code}", "birth_date")
        return
    row.vals["birth_date"] = born
    if (born.month, born.day) == (1, 1) and born.year in (1900, 1901, 1970, 1980, 1990, 2000):
        row.note(WARN, "birth_doubtful", "birth_date")


def _read_sex(record, row):
    text = record.get("sex", "")
    said = read_sex(text)
    if text and not said:
        row.note(WARN, "sex_unknown", "sex")
    name = PersonName(given=row.vals.get("given_name", ""), patronymic=row.vals.get("patronymic", ""))
    if said:
        row.vals["sex"] = said
        told = sex_from_patronymic(name.patronymic)
        if told and told != said:
            row.note(WARN, "sex_differs", "sex")
    else:
        row.vals["sex"] = sex_from_name(name) or False


def owner_of(text):
    """Whose number it is, by the words beside it."""
    return next((owner for owner, words in _OWNER_RE if words.search(text or "")), "self")


def _read_phones(record, row, city_code):
    known = set()
    for name in ("phone", "phone2", "agent_phone"):
        text = record.get(name, "")
        if not text:
            continue
        cell = parse_phones(text, city_code)
        for phone in cell.phones:
            owner = owner_of(phone.note or cell.note)
            if name == "agent_phone" and owner == "self":
                owner = _agent_owner(record)
            if phone.e164 not in known:
                known.add(phone.e164)
                row.phones.append(
                    {
                        "raw": phone.e164,
                        "extension": phone.extension or False,
                        "note": phone.note[:MAX_TEXT] or False,
                        "owner": owner,
                    }
                )
                if owner != "self" and name != "agent_phone":
                    row.note(FIXED, "phone_owner", name)
        if any(map(str.isdigit, text)) and (cell.rejected or not cell.phones):
            row.note(WARN, "phone_part" if cell.phones else "phone_bad", name)
            row.remarks.append(text[:MAX_TEXT])
        elif not cell.phones:
            row.remarks.append(text[:MAX_TEXT])
    row.phones.sort(key=lambda phone: phone["owner"] != "self")


def _read_contacts(record, row):
    text = record.get("email", "")
    if text:
        email = read_email(text)
        if email:
            row.vals["email"] = email
        else:
            row.note(WARN, "email_bad", "email")
            row.remarks.append(text[:MAX_TEXT])
    if record.get("address"):
        row.vals["street"] = record["address"][:MAX_TEXT]
    for name in ("city", "zip"):
        if record.get(name):
            row.vals[name] = record[name][:60]


def _read_documents(record, row):
    for name, kind in DOCUMENTS:
        text = record.get(name, "")
        if not text:
            continue
        if not read_document("snils" if name in ("snils", "inn") else "passport", text):
            row.note(FIXED, "document_empty", name)
            continue
        number, rest = text, ""
        if name == "passport":
            match = _PASSPORT.match(text)
            if match:
                number, rest = match[1], text[match.end() :].strip(" ,;.")
            elif not check_number("birth_certificate", text):
                kind = "birth_certificate"
        if len(number) > MAX_NUMBER:
            row.note(WARN, "document_long", name)
            row.remarks.append(number[:MAX_TEXT])
            continue
        doubt = check_number(kind, number)
        if doubt:
            row.note(WARN, "document_doubt", name)
        row.documents.append({"kind": kind, "number": number, "issued_by": rest[:MAX_TEXT], "doubt": doubt})


def _read_policies(record, row, today):
    until = None
    if record.get("policy_until"):
        until = read_day(record["policy_until"])
        if until is None:
            row.note(WARN, "policy_until_bad", "policy_until")
    for name in ("policy", "oms", "dms"):
        number = record.get(name, "")
        if not number:
            continue
        if not read_document("policy", number):
            row.note(FIXED, "document_empty", name)
            continue
        if len(number) > MAX_NUMBER:
            row.note(WARN, "document_long", name)
            row.remarks.append(number[:MAX_TEXT])
            continue
        doubt = check_number("enp", number)
        insurer = record.get("insurer", "")[:MAX_TEXT]
        kind = "dms" if name == "dms" or (name == "policy" and doubt and insurer) else "oms"
        if kind == "dms" and not insurer:
            row.note(WARN, "no_insurer", name)
            row.remarks.append(number)
            continue
        if kind == "oms" and doubt:
            row.note(WARN, "document_doubt", name)
        row.coverages.append(
            {
                "kind": kind,
                "number": number,
                "insurer": insurer if kind == "dms" else "",
                "valid_to": until,
                "doubt": doubt if kind == "oms" else "",
            }
        )


def read_day(text):
    """A day in any usual spelling, also one to come; ``None`` when it is none."""
    try:
        return parse_birth_date(text, _LATEST)
    except BirthDateError:
        return None


_CLOCK = re.compile(r"(\d{1,2})[:.\-чh](\d{2})(?::\d{2}(?:\.\d+)?)?")


def read_clock(text):
    """Minutes after midnight of ``9:30`` or ``09.30``; ``None`` when it is no time."""
    match = _CLOCK.fullmatch(str(text or "").strip())
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        return None
    return int(match[1]) * 60 + int(match[2])


def read_day_and_clock(day, clock=""):
    """``(date, minutes)`` of two cells, or of one that holds both; either may be ``None``."""
    day = " ".join(str(day or "").replace("T", " ").split())
    if not clock and " " in day:
        day, _space, clock = day.rpartition(" ")
    return read_day(day), read_clock(clock)


def _agent_owner(record):
    owner = owner_of(f"{record.get('agent_kind', '')} {record.get('agent_name', '')}")
    if owner != "self":
        return owner
    return "other" if record.get("agent_kind") else "mother"


def _read_agent(record, row, city_code):
    text = record.get("agent_name", "")
    if not text:
        return
    name = parse_full_name(text)
    if not name.full:
        row.remarks.append(text[:MAX_TEXT])
        return
    phones = parse_phones(record.get("agent_phone", ""), city_code).phones
    kind = _agent_owner(record)
    row.agent = {
        "family_name": name.family[:MAX_PART],
        "given_name": name.given[:MAX_PART],
        "patronymic": name.patronymic[:MAX_PART],
        "phone": phones[0].e164 if phones else "",
        "kind": kind if kind in ("mother", "father", "spouse", "child", "guardian") else "other",
    }
    if phones and not any(phone["raw"] == phones[0].e164 for phone in row.phones):
        row.phones.append({"raw": phones[0].e164, "extension": False, "note": False, "owner": kind})


def _judge(row):
    """Who has neither a birth date nor a number cannot be told from a namesake."""
    if any(level == REJECT for level, _code, _name in row.notes):
        return
    known = row.vals.get("birth_date") or row.phones or row.documents or row.coverages
    if not known and any(code == "phone_bad" for _level, code, _name in row.notes):
        row.note(REJECT, "phone_only_bad", "phone")
    elif not known:
        row.note(WARN, "name_only", "full_name")
    complete = row.vals.get("given_name") and row.vals.get("birth_date")
    row.vals["is_provisional"] = not complete


def worst(notes):
    """State of a row with these notes."""
    return max((level for level, *_rest in notes), key=LEVELS.index, default="ok")
