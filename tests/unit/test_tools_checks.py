"""The checks of ./clinic test: the house, budgets, the choice of parts."""

import pytest

from tools.out import Failure
from tools.testing import house, keeping, static, upgrades
from tools.testing.runner import choose
from tools.testing.tally import Tally

SUITE = {"clinic_base": {}, "clinic_schedule": {}}


def test_manifest_as_in_the_table_is_fine():
    manifest = {"depends": ["mail", "phone_validation", "resource", "product", "contacts"]}
    assert not list(house.problems("clinic_base", manifest))
    assert not list(house.upward("clinic_schedule", {"depends": ["clinic_base"]}))


@pytest.mark.parametrize(
    ("name", "manifest", "word"),
    [
        ("clinic_base", {"depends": ["mail"]}, "нет зависимости contacts"),
        ("clinic_schedule", {"depends": ["clinic_base", "crm"]}, "лишняя зависимость crm"),
        ("clinic_campaign", {"depends": ["clinic_messaging", "mass_mailing"]}, "auto_install"),
        ("clinic_zoo", {"depends": ["base"]}, "нет в таблице"),
    ],
)
def test_deviation_is_named(name, manifest, word):
    assert any(word in text for text in house.problems(name, manifest))


def test_upward_and_sideways_arrows_are_refused():
    assert list(house.upward("clinic_base", {"depends": ["clinic_schedule"]}))
    assert list(house.upward("clinic_portal", {"depends": ["clinic_messaging"]}))


def test_strangers_at_the_top_level(tmp_path):
    for name in ("clinic", "tests", "clinic_base", "notes.txt"):
        (tmp_path / name).mkdir()
    assert house.strangers(tmp_path, SUITE) == ["лишнее: notes.txt"]


def test_imports_may_only_lead_downwards(tmp_path):
    suite = {"clinic_base": {"depends": ["mail"]}, "clinic_schedule": {"depends": ["clinic_base"]}}
    for name in suite:
        (tmp_path / name).mkdir()
    (tmp_path / "clinic_base" / "a.py").write_text("from odoo.addons.clinic_schedule.models import x\n")
    (tmp_path / "clinic_schedule" / "b.py").write_text("import odoo.addons.clinic_base.const\n")
    assert list(static.foreign_imports(tmp_path / "clinic_base", {}, suite)) == [
        "clinic_base/a.py:1 импортирует clinic_schedule"
    ]
    assert not list(static.foreign_imports(tmp_path / "clinic_schedule", {}, suite))


def test_long_functions_are_named():
    source = "def short():\n    pass\n\n\ndef long():\n" + "    x = 1\n" * 60
    assert [text.split(":")[0] for text in static.long_functions(source)] == ["функция long"]


def test_words_of_the_test_call_are_sorted():
    words = [
        "lint",
        "clinic_base",
        "flows",
        "/clinic_base:TestBranch.test_zone",
        "tests/unit/test_x.py",
        "slow",
    ]
    parts, modules, files, tags = choose(words, SUITE, ["test_clinic_flows"])
    assert parts == ["lint"]
    assert modules == ["clinic_base", "test_clinic_flows"]
    assert files == ["tests/unit/test_x.py"]
    assert tags == ["/clinic_base:TestBranch.test_zone", "slow"]


def test_unknown_word_names_what_is_known():
    with pytest.raises(Failure, match="lint"):
        choose(["what is this"], SUITE, [])


def test_tally_counts():
    tally, total = Tally(), Tally()
    tally.check("good", [])
    tally.check("bad", ["why"])
    tally.skip("later", "no browser")
    total.add(tally)
    assert str(total) == "1 passed, 1 failed, 1 skipped"
    assert tally.failures == [("bad", ["why"])]


BEFORE = {
    "clinic_a": {"rows": 2, "id": 1, "name": 5},
    "clinic_b": {"rows": 0},
    "clinic_c": {"rows": 1, "id": 3},
}


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (BEFORE | {"clinic_a": {"rows": 2, "id": 1, "name": 5, "more": 9}}, []),
        (BEFORE | {"clinic_a": {"rows": 2, "id": 1, "name": 6}}, ["clinic_a.name: изменились"]),
        (BEFORE | {"clinic_a": {"rows": 2, "id": 1}}, ["clinic_a.name: столбца больше нет"]),
        (BEFORE | {"clinic_a": {"rows": 1, "id": 7, "name": 8}}, ["clinic_a: было строк 2, стало 1"]),
        ({name: BEFORE[name] for name in ("clinic_a", "clinic_b")}, ["нет таблицы clinic_c"]),
    ],
)
def test_what_an_upgrade_lost_is_named(after, words):
    found = list(keeping.differences(BEFORE, after))
    assert len(found) == len(words)
    assert all(word in text for word, text in zip(words, found, strict=True))


def test_tables_without_rows_are_named():
    assert keeping.empty(BEFORE) == ["clinic_b"]


def test_a_table_of_links_looks_the_same_from_both_sides():
    key = "constraint clinic_a_b_rel PRIMARY KEY ({})"
    index = "index CREATE INDEX {} ON public.clinic_a_b_rel USING btree ({})"
    assert upgrades.alike(key.format("a_id, b_id")) == upgrades.alike(key.format("b_id, a_id"))
    assert upgrades.alike(index.format("x", "a_id, b_id")) == upgrades.alike(index.format("y", "b_id, a_id"))
    assert upgrades.alike(key.format("a_id, b_id")) != upgrades.alike(key.format("a_id, c_id"))
    other = "index CREATE INDEX clinic_a_x ON public.clinic_a USING btree (b_id, a_id)"
    assert upgrades.alike(other) == other
