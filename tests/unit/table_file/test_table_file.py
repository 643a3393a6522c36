"""Files as 1С, yclients, Excel and people leave them."""

import datetime
import io
import struct
import tracemalloc
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from person_match import FIELDS
from table_file import (
    DANGEROUS,
    MAX_CELL,
    MAX_COLUMNS,
    PEOPLE_WORDS,
    TableFileError,
    errors,
    field_of_person,
    guarded,
    kind_of,
    open_table,
    read_people,
    unguarded,
)

TITLES = ("Код", "ФИО", "Дата рождения", "Телефон")
ROWS = [
    ("1", "Иванова Мария Петровна", "12.03.1985", "8 914 123-45-67"),
    ("2", "Сидоров Олег Ильич", "01.05.1979", "89025112233"),
]


def read(path, **how):
    table = open_table(str(path), field_of_person, **how)
    return table, [cells for _line, _sheet, cells in table.rows]


def saved(tmp_path, data, name="in"):
    path = tmp_path / name
    path.write_bytes(data)
    return path


def text_of(rows=ROWS, titles=TITLES, sign=";", end="\r\n"):
    return end.join(sign.join(row) for row in (titles, *rows)) + end


def book_of(tmp_path, rows, merges=(), sheets=()):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for area in merges:
        book.active.merge_cells(area)
    for name, more in sheets:
        sheet = book.create_sheet(name)
        for row in more:
            sheet.append(row)
    path = tmp_path / "in"
    book.save(path)
    return path


def dbf_of(fields, rows, encoding="cp866", driver=0x65, version=3, count=None, deleted=()):
    size = 1 + sum(length for _name, _kind, length in fields)
    head = struct.pack(
        "<BBBBIHH", version, 126, 11, 22, len(rows) if count is None else count, 33 + 32 * len(fields), size
    )
    data = bytearray(head.ljust(29, b"\0") + bytes([driver]) + b"\0\0")
    for name, kind, length in fields:
        data += name.encode(encoding).ljust(11, b"\0")[:11] + kind.encode() + b"\0" * 4 + bytes([length, 0])
        data += b"\0" * 14
    data += b"\r"
    for number, row in enumerate(rows):
        data += b"*" if number in deleted else b" "
        for (_name, _kind, length), cell in zip(fields, row, strict=True):
            raw = cell if isinstance(cell, bytes) else cell.encode(encoding)
            data += raw.ljust(length)[:length]
    return bytes(data) + b"\x1a"


DBF_FIELDS = [("ID", "C", 9), ("DESCR", "C", 40), ("BIRTHDATE", "D", 8), ("PHONE", "C", 20)]
DBF_ROWS = [("1", "Иванова Мария Петровна", "19850312", "8 914 123-45-67"), ("2", "Ёлкин Олег", "", "")]


def test_fields_of_people_are_those_of_the_matcher():
    assert set(PEOPLE_WORDS) == set(FIELDS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "cp866", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_encodings_and_separators(tmp_path, encoding, sign):
    mark = "\ufeff" if encoding == "utf-16-le" else ""
    table, rows = read(saved(tmp_path, (mark + text_of(sign=sign)).encode(encoding)))
    assert table.fields == ["id", "full_name", "birth_date", "phone"]
    assert rows == [list(row) for row in ROWS]


def test_an_encoding_may_be_forced(tmp_path):
    table, rows = read(saved(tmp_path, text_of().encode("cp866")), encoding="cp866", delimiter=";")
    assert table.notes.encoding == "cp866" and rows[0][1] == ROWS[0][1]


def test_the_heading_is_found_below_a_title(tmp_path):
    text = "ООО «Клиника», список пациентов\r\nна 01.01.2020\r\n\r\n" + text_of()
    table, rows = read(saved(tmp_path, text.encode("cp1251")))
    assert table.columns == list(TITLES) and rows == [list(row) for row in ROWS]


def test_rows_know_their_lines(tmp_path):
    text = text_of() + '3;"Длинная\r\nкарта";;\r\n4;Последний;;\r\n'
    table = open_table(str(saved(tmp_path, text.encode())), field_of_person)
    assert [line for line, _sheet, _cells in table.rows] == [2, 3, 4, 6]


def test_a_stray_quote_costs_nobody_his_row(tmp_path):
    text = text_of(
        [*ROWS, ("3", '"Незакрытая', "01.01.1980", ""), ("4", 'ООО "Ромашка" отдел', "", ""), *ROWS]
    )
    table, rows = read(saved(tmp_path, text.encode()))
    assert [row[0] for row in rows] == ["1", "2", "3", "4", "1", "2"]
    assert table.notes.broken


def test_two_stray_quotes_do_not_swallow_what_is_between(tmp_path):
    text = text_of([("1", '"Первый', "", ""), *ROWS, ("9", '"Второй', "", "")])
    _table, rows = read(saved(tmp_path, text.encode()))
    assert [row[0] for row in rows] == ["1", "1", "2", "9"]


def test_nul_bytes_nbsp_and_ragged_rows(tmp_path):
    text = text_of() + "3;Пет\x00ров;\u00a01 200\u00a0;8914\r\n4;Короткая\r\n5;a;b;c;лишнее\r\n;;;\r\n"
    table, rows = read(saved(tmp_path, text.encode()))
    assert rows[2][1] == "Петров" and rows[3] == ["4", "Короткая"] and len(rows[4]) == 5
    assert table.notes.empty == 1


def test_three_hundred_columns_and_a_huge_cell(tmp_path):
    titles = ["ФИО", *(f"Поле {number}" for number in range(299))]
    text = ";".join(titles) + "\n" + ";".join(["Ж" * 300_000, *(["x"] * 299)]) + "\n"
    table, rows = read(saved(tmp_path, text.encode()))
    assert len(table.columns) == 300 and len(rows[0]) == 300 and len(rows[0][0]) == MAX_CELL
    assert table.notes.cut == 1


def test_too_many_columns_are_refused(tmp_path):
    text = ";".join(["ФИО"] * (MAX_COLUMNS + 5)) + "\n"
    with pytest.raises(TableFileError) as caught:
        read(saved(tmp_path, text.encode()))
    assert caught.value.code == "too_wide"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n \r\n", "empty"),
        (b"PK\x03\x04 not a book", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 not a book", "protected"),
        (b"%PDF-1.7", "not_text"),
        (b"<html><table><tr><td>", "web_page"),
    ],
)
def test_what_is_no_table_is_told(tmp_path, data, code):
    with pytest.raises(TableFileError) as caught:
        read(saved(tmp_path, data))
    assert caught.value.code == code


def test_a_file_over_the_limit_is_refused_at_once(tmp_path, monkeypatch):
    path = saved(tmp_path, b"a")
    with open(path, "wb") as stream:
        stream.write(b"x")
        stream.truncate(errors.MAX_TEXT_BYTES + 1)
    with pytest.raises(TableFileError) as caught:
        kind_of(str(path))
    assert caught.value.code == "too_large" and caught.value.limit == 1024


def test_too_many_rows_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("table_file.table.MAX_ROWS", 3)
    with pytest.raises(TableFileError) as caught:
        read(saved(tmp_path, text_of(ROWS * 2).encode()))
    assert caught.value.code == "too_long"


def test_a_line_without_an_end_stays_within_the_memory(tmp_path):
    path = saved(tmp_path, b"id;fio\n" + b"1;" + b"x" * 40_000_000)
    tracemalloc.start()
    _table, rows = read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(rows) == 1 and peak < 40_000_000


def test_memory_does_not_grow_with_the_file(tmp_path):
    path = tmp_path / "in.csv"
    with open(path, "w", encoding="cp1251") as stream:
        stream.write("Код;ФИО;Дата рождения\n")
        stream.writelines(f"{number};Иванова Мария Петровна;12.03.1985\n" for number in range(150_000))
    tracemalloc.start()
    table = open_table(str(path), field_of_person)
    assert sum(1 for _row in table.rows) == 150_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


def test_workbook_values_as_people_see_them(tmp_path):
    born = datetime.datetime(1985, 3, 12)
    path = book_of(
        tmp_path,
        [
            TITLES,
            [1, "Иванова", born, 89141234567],
            [2.0, "Сидоров", datetime.date(1979, 5, 1), 89025112233.0],
            [True, None, 1.5, "=1+1"],
        ],
    )
    _table, rows = read(path)
    assert rows[0] == ["1", "Иванова", "1985-03-12", "89141234567"]
    assert rows[1] == ["2", "Сидоров", "1979-05-01", "89025112233"]
    assert rows[2][:3] == ["1", "", "1.5"]


def test_merged_cells_and_two_rows_of_headings(tmp_path):
    path = book_of(
        tmp_path,
        [
            ["Список пациентов", None, None, None],
            ["Код", "ФИО", "Контакты", None],
            [None, None, "Телефон", "Адрес"],
            ["1", "Иванова Мария", "8914", "Иркутск"],
            ["2", "Петров Олег", "8902", "Братск"],
            [None, None, "8950", None],
        ],
        merges=["A1:D1", "A2:A3", "B2:B3", "C2:D2", "A5:A6", "B5:B6"],
    )
    table, rows = read(path)
    assert table.fields == ["id", "full_name", "phone", "address"]
    assert table.columns == ["Код", "ФИО", "Контакты / Телефон", "Контакты / Адрес"]
    assert rows[1] == ["2", "Петров Олег", "8902", "Братск"]
    assert rows[2][:3] == ["2", "Петров Олег", "8950"]


def test_further_sheets_go_on_only_with_the_same_heading(tmp_path):
    more = [("Ещё", [TITLES, ["3", "Третий", "", ""]]), ("Прочее", [["Сумма"], [1]])]
    table, rows = read(book_of(tmp_path, [TITLES, *ROWS], sheets=more))
    assert [row[0] for row in rows] == ["1", "2", "3"]
    assert table.notes.other_sheets == ("Прочее",)


def test_a_packed_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = book_of(tmp_path, [TITLES])
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if not part.endswith("sharedStrings.xml"):
                new.writestr(part, old.read(part))
        with new.open("xl/sharedStrings.xml", "w") as stream:
            for _turn in range(100):
                stream.write(b" " * (1 << 20))
    with pytest.raises(TableFileError) as caught:
        read(saved(tmp_path, out.getvalue(), "bomb.xlsx"))
    assert caught.value.code == "bomb"


def test_a_cut_workbook_is_told(tmp_path):
    data = book_of(tmp_path, [TITLES, *ROWS]).read_bytes()
    with pytest.raises(TableFileError) as caught:
        read(saved(tmp_path, data[: len(data) // 2], "cut.xlsx"))
    assert caught.value.code == "damaged"


@pytest.mark.parametrize(
    ("encoding", "driver"),
    [("cp866", 0x65), ("cp866", 0), ("cp1251", 0xC9), ("cp1251", 0x65), ("cp866", 0x57)],
)
def test_dbf_in_both_code_pages_whatever_the_header_says(tmp_path, encoding, driver):
    rows = [*DBF_ROWS, *(("3", "Абрамович Константин Александрович", "", ""),) * 10]
    table, found = read(saved(tmp_path, dbf_of(DBF_FIELDS, rows, encoding, driver)))
    assert found[:2] == [
        ["1", "Иванова Мария Петровна", "1985-03-12", "8 914 123-45-67"],
        ["2", "Ёлкин Олег", "", ""],
    ]
    assert table.fields == ["id", None, "birth_date", "phone"]


def test_dbf_marks_of_deletion_cut_files_and_forgotten_numbers(tmp_path):
    table, rows = read(saved(tmp_path, dbf_of(DBF_FIELDS, DBF_ROWS * 3, deleted={1, 3})))
    assert len(rows) == 4 and table.notes.deleted == 2
    whole = dbf_of(DBF_FIELDS, DBF_ROWS * 3)
    table, rows = read(saved(tmp_path, whole[:-100]))
    assert len(rows) == 4 and table.notes.broken
    table, rows = read(saved(tmp_path, dbf_of(DBF_FIELDS, DBF_ROWS, count=0)))
    assert len(rows) == 2


def test_dbf_of_other_types(tmp_path):
    fields = [
        ("ФИО", "C", 30),
        ("SUM", "N", 12),
        ("OK", "L", 1),
        ("N", "I", 4),
        ("T", "T", 8),
        ("M", "M", 10),
    ]
    moment = struct.pack("<ii", datetime.date(2020, 2, 29).toordinal() + 1721425, (9 * 60 + 30) * 60000)
    row = ("Иванова", "   1200.50", "T", struct.pack("<i", -7), moment, "123")
    table, rows = read(saved(tmp_path, dbf_of(fields, [row], version=0x30)))
    assert rows == [["Иванова", "1200.50", "1", "-7", "2020-02-29 09:30", ""]]
    assert table.notes.memo


def test_dbf_is_read_fast(tmp_path):
    import time

    path = saved(tmp_path, dbf_of(DBF_FIELDS, DBF_ROWS * 50_000))
    started = time.process_time()
    _table, rows = read(path)
    assert len(rows) == 100_000 and time.process_time() - started < 3


def test_people_take_a_second_phone(tmp_path):
    text = "ФИО;Телефон;Тел.\nИванова;8914;8902\n"
    records, notes = read_people(str(saved(tmp_path, text.encode())))
    assert list(records) == [{"full_name": "Иванова", "phone": "8914", "phone2": "8902"}]
    assert notes.no_id


@given(st.binary(max_size=600))
def test_no_bytes_do_any_harm(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("any") / "in"
    for start in (b"", b"\x03" + b"\x10" * 7, b"PK\x03\x04", b'"', "ФИО;Код\n".encode()):
        path.write_bytes(start + data)
        try:
            read(path)
        except TableFileError as error:
            assert error.code


@given(st.lists(st.lists(st.text(max_size=12), min_size=3, max_size=3), max_size=6))
def test_whatever_csv_writes_is_read_back(tmp_path_factory, rows):
    import csv

    path = tmp_path_factory.mktemp("any") / "in.csv"
    clean = [[" ".join(cell.replace("\x00", "").split()) for cell in row] for row in rows]
    clean = [row for row in clean if any(cell.strip(" ;\ufeff") for cell in row)]
    with open(path, "w", encoding="utf-8-sig", newline="", errors="replace") as stream:
        csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL).writerows([TITLES[:3], *clean])
    table = open_table(str(path), field_of_person, delimiter=";")
    found = [cells for _line, _sheet, cells in table.rows]
    assert len(found) == len(clean)


@given(st.text(max_size=40))
def test_no_cell_leaves_as_a_formula(text):
    cell = guarded(text)
    number = cell[:1] in ("+", "-") and cell[1:].replace(".", "", 1).isdecimal()
    assert number or not cell.startswith(DANGEROUS)
    assert unguarded(cell) in (cell, " ".join(text.split()))


@pytest.mark.parametrize("text", ["=1", "=1.5", "@1", "＝1+1", "+٣", "-²", "=HYPERLINK(1)"])
def test_a_sign_before_a_number_is_a_formula_too(text):
    assert guarded(text) == "'" + text


def test_the_apostrophe_of_a_corrected_workbook_goes(tmp_path):
    path = book_of(tmp_path, [TITLES, ["'@7", "О'Нил Шон", "12.03.1985", guarded("+7 (914) 123-45-67")]])
    _table, rows = read(path)
    assert rows[0] == ["@7", "О'Нил Шон", "12.03.1985", "+7 (914) 123-45-67"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_its_mark(tmp_path, encoding):
    text = "\r\n".join(";".join(row) for row in (TITLES, *ROWS))
    table, rows = read(saved(tmp_path, text.encode(encoding)))
    assert table.notes.encoding == encoding
    assert rows == [list(row) for row in ROWS]


def test_merged_areas_do_not_fill_the_memory(tmp_path):
    path = book_of(tmp_path, [TITLES, *ROWS])
    areas = b"".join(b'<mergeCell ref="A%d:A%d"/>' % (n, n + 900) for n in range(1, 40_000))
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                data = data.replace(b"</sheetData>", b"</sheetData><mergeCells>" + areas + b"</mergeCells>")
            new.writestr(part, data)
    tracemalloc.start()
    read(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100 << 20
