"""./clinic match on files as programs and people leave them."""

import csv
import os
import random
import signal
import subprocess
import sys
from datetime import date

import pytest
from table_file import DANGEROUS

from tools import match
from tools.bench import loading
from tools.beside import beside, cores
from tools.home import REPO
from tools.out import Failure

TODAY = date(2026, 11, 22)
people = loading.module("people")
MARIAS = [
    ("1", "Иванова Мария Петровна", "12.03.1985", "8 914 123-45-67"),
    ("2", "ИВАНОВА МАРИЯ ПЕТРОВНА", "12.03.85", "+79141234567"),
    ("3", "Сидоров Олег Ильич", "01.05.1979", "89025112233"),
]
TITLES = ("id", "full_name", "birth_date", "phone")


def text_of(rows=MARIAS, titles=TITLES, sign=","):
    return "\n".join(sign.join(row) for row in (titles, *rows)) + "\n"


def clustered(tmp_path, data, told=None):
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(data)
    match.run(str(source), str(target), (told if told is not None else []).append, TODAY)
    with open(target, encoding="utf-8", newline="") as stream:
        table = csv.DictReader(stream)
        assert table.fieldnames == ["id", "cluster", "auto_cluster", "score", "why"]
        return list(table)


def ids(rows):
    groups = {}
    for row in rows:
        groups.setdefault(row["cluster"], set()).add(row["id"])
    return sorted(map(sorted, groups.values()))


def test_several_processes_read_and_compare_what_one_does(tmp_path, monkeypatch):
    rows, _truth, _town = people.generate(2600, 3)
    for row in rows[::7]:
        row["id"] = ""
    source, answers = tmp_path / "in.csv", []
    with open(source, "w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    for processes in (1, 2, 3):
        monkeypatch.setattr(match, "LEAST_SHARED", 1)
        monkeypatch.setattr(match, "cores", lambda processes=processes: processes)
        target = tmp_path / f"out{processes}.csv"
        match.run(str(source), str(target), print, TODAY)
        answers.append(target.read_bytes())
    assert answers[0] == answers[1] == answers[2]
    assert "\nстрока ".encode() in answers[0]


@pytest.mark.skipif(cores() == 1, reason="this machine has one core")
def test_work_beside_is_done_here_when_the_other_process_dies():
    here = os.getpid()

    def work():
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return os.getpid()

    assert beside(work)() == here
    assert beside(os.getpid)() != here
    # an answer that cannot be handed over is made here, too
    assert isinstance(beside(object)(), object)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16", "cp866"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_encodings_and_separators(tmp_path, encoding, sign):
    rows = clustered(tmp_path, text_of(sign=sign).encode(encoding))
    assert ids(rows) == [["1", "2"]]
    assert rows[0]["auto_cluster"] == rows[1]["auto_cluster"] != ""
    assert float(rows[0]["score"]) > 6
    assert "ФИО совпало" in rows[0]["why"] and "с 2:" in rows[0]["why"]


@pytest.mark.parametrize(
    "titles",
    [
        ("Код", "ФИО", "Дата рождения", "Телефон"),
        ("№ карты", "Ф.И.О.", "ДР", "Моб. телефон"),
        ("ID", "Full Name", "Date of birth", "Phone number"),
        ("id", "Пациент", "Дата рожд.", "Тел."),
    ],
)
def test_titles_in_two_languages(tmp_path, titles):
    assert ids(clustered(tmp_path, text_of(titles=titles).encode())) == [["1", "2"]]


def test_columns_in_any_order_and_absent_ones(tmp_path):
    turned = [tuple(reversed(row)) for row in MARIAS]
    assert ids(clustered(tmp_path, text_of(turned, tuple(reversed(TITLES))).encode())) == [["1", "2"]]
    no_phone = [row[:3] for row in MARIAS]
    assert ids(clustered(tmp_path, text_of(no_phone, TITLES[:3]).encode())) == [["1", "2"]]


def test_without_ids_the_number_of_the_row_is_the_id(tmp_path):
    rows = [row[1:] for row in MARIAS]
    assert ids(clustered(tmp_path, text_of(rows, TITLES[1:]).encode())) == [["строка 1", "строка 2"]]


def test_ragged_rows_nul_bytes_huge_cells_and_broken_quotes(tmp_path):
    lines = text_of().splitlines()
    lines[1] += ",лишнее,ещё"
    lines.insert(2, "7,Короткая")
    lines.insert(3, ";;;\x00\x00")
    lines.insert(4, "8," + "Ж" * 300_000 + ",12.03.1985,")
    lines.append('9,"Незакрытая кавычка,01.01.1980,89140000000')
    assert ["1", "2"] in ids(clustered(tmp_path, "\r\n".join(lines).encode()))


def test_nobody_is_in_the_answer_twice_and_only_who_has_a_double(tmp_path):
    rows = clustered(tmp_path, text_of().encode())
    assert len(rows) == len({row["id"] for row in rows}) == 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "пуст"),
        (b"\xef\xbb\xbf\r\n\r\n", "пуст"),
        (b"PK\x03\x04rest of a workbook", "Excel"),
        (b"%PDF-1.7 and so on", "PDF"),
        ("сумма;дата\n1;2\n".encode(), "ни одного знакомого"),
    ],
)
def test_what_is_no_table_of_people_is_told(tmp_path, data, words):
    with pytest.raises(Failure, match=words):
        clustered(tmp_path, data)
    assert not (tmp_path / "out.csv").exists()


def test_only_a_header_gives_only_a_header(tmp_path):
    assert clustered(tmp_path, text_of([]).encode()) == []


def test_ids_never_become_formulas(tmp_path):
    bad = ["=1+1", "@SUM(A1)", "-5", "+7"]
    rows = [(bad[number], *MARIAS[0][1:]) for number in range(4)]
    found = {row["id"] for row in clustered(tmp_path, text_of(rows).encode())}
    assert found == {"'=1+1", "'@SUM(A1)", "-5", "+7"}
    assert all(not row["why"].startswith(DANGEROUS) for row in clustered(tmp_path, text_of(rows).encode()))


def test_the_result_never_overwrites_the_source(tmp_path):
    source = tmp_path / "in.csv"
    source.write_text(text_of(), encoding="utf-8")
    with pytest.raises(Failure, match="другое имя"):
        match.run(str(source), str(source), [].append, TODAY)
    assert source.read_text(encoding="utf-8") == text_of()


def test_the_answer_does_not_depend_on_the_order_of_rows(tmp_path):
    rows, _truth, _town = people.generate(300, 4)
    titles = tuple(rows[0])
    cells = [tuple(row[title].replace(",", " ").replace('"', "") for title in titles) for row in rows]
    first = clustered(tmp_path, text_of(cells, titles).encode())
    random.Random(1).shuffle(cells)
    assert clustered(tmp_path, text_of(cells, titles).encode()) == first
    assert ids(first)


def test_the_call_itself(tmp_path):
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(text_of(), encoding="cp1251")
    call = [sys.executable, str(REPO / "clinic"), "match", str(source), "--out", str(target)]
    done = subprocess.run(call, capture_output=True, text=True, check=True)
    assert "Карт 3, групп 1" in done.stdout and target.exists()
    missing = subprocess.run(
        [*call[:3], str(tmp_path / "no.csv"), *call[4:]], capture_output=True, text=True, check=False
    )
    assert missing.returncode == 1 and "Не получилось" in missing.stderr and "Traceback" not in missing.stderr
