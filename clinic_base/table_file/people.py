"""Exports of people as programs write them → records with the fields of ``person_match``."""

from .errors import NO_FIELDS, TableFileError
from .headers import fold_header, heading_words
from .table import open_table

#: Field → headings known for it, separated by blanks (a heading is compared without its own blanks).
PEOPLE_WORDS = {
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
        "номертелефона контактныйтелефон телефоны phones tel мобтелефон"
    ),
    "phone2": (
        "phone2 телефон2 домашний домашнийтелефон доптелефон дополнительныйтелефон рабочийтелефон "
        "homephone workphone второйтелефон"
    ),
    "email": "email e-mail почта эл.почта электроннаяпочта mail адресэл.почты эл.адрес",
    "address": (
        "address адрес адреспроживания адресрегистрации место_жительства местожительства домашнийадрес addr"
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
_FIELD_OF = heading_words(PEOPLE_WORDS)
#: Columns that alone do not make a table of people.
_WEAK = {"id", "source", "created", "note", "sex"}


def field_of_person(title):
    """The field of a heading, or ``None``."""
    return _FIELD_OF.get(fold_header(title))


def with_second_phone(fields, columns, field_of=field_of_person):
    """The fields of the columns, where a second column of phones is ``phone2``."""
    fields = list(fields)
    for place, title in enumerate(columns):
        if fields[place] is None and "phone2" not in fields and field_of(title) == "phone":
            fields[place] = "phone2"
    return fields


def read_people(path):
    """``(records, Notes)``: an iterator of dictionaries of non-empty cells, and what was noticed.

    Column names Russian or English, in any order.

    :raises TableFileError: when nothing in it can be a table of people
    """
    table = open_table(path, field_of_person)
    fields, notes = with_second_phone(table.fields, table.columns), table.notes
    if not set(fields) - _WEAK - {None}:
        raise TableFileError(NO_FIELDS)
    notes.columns = {name: title for name, title in zip(fields, table.columns, strict=True) if name}
    notes.unknown = tuple(
        title[:40] for name, title in zip(fields, table.columns, strict=True) if not name and title
    )
    notes.no_id = "id" not in fields
    places = [(place, name) for place, name in enumerate(fields) if name]
    return _records(table, places, len(table.columns)), notes


def _records(table, places, width):
    notes = table.notes
    for _line, _sheet, cells in table.rows:
        size = len(cells)
        if size != width:
            notes.ragged += 1
        yield {
            name: cells[place]
            for place, name in places
            if place < size and cells[place] and not cells[place].isspace()
        }
