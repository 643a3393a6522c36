"""People of a copy for tests: one original, one pseudonym; the search finds every spelling."""

from hypothesis import given
from hypothesis import strategies as st

from tools.pseudonym_grep import Finder
from tools.pseudonyms import Replacer

ORIGINALS = {
    "names": [["Иванова", "Мария"], ["Петров-Водкин", "Пётр"]],
    "phones": ["+79145550123", "8 (914) 555-01-24"],
    "emails": ["M.Ivanova@example.com"],
    "texts": ["Глухая, звонить дочери"],
}


def found(*lines):
    finder = Finder(ORIGINALS)
    for line in ("COPY public.mail_message (id, body) FROM stdin;", *lines):
        finder.feed(line + "\n")
    return finder.found()


def test_every_spelling_is_found():
    for line in (
        "1\tИванова Мария Петровна",
        "1\tмария ИВАНОВА",
        "1\t<p>Петров-Водкин&nbsp;Пётр</p>".replace("&nbsp;", " "),
        "1\t+7 914 555-01-23",
        "1\t89145550124",
        '1\t{"phone": "79145550123"}',
        "1\tm.ivanova@example.com",
        "1\tГлухая, звонить дочери",
    ):
        assert len(found(line)) == 1, line
        assert found(line)[0].startswith("mail_message: ")
        assert "Иванов" not in found(line)[0], "the place, never the value"


def test_others_are_not_found():
    assert not found("1\tИванова Анна", "2\t+7 945 555-01-23", "3\tпример@example.com", "4\tМария Сергеева")


@given(st.lists(st.sampled_from(["Иванов", "Петров", "Ли", "Достоевский", "Шевченко", "Черных"]), min_size=1))
def test_one_original_one_pseudonym(families):
    replacer = Replacer(families, {"Анна", "Мария", "Пётр"})
    made = [replacer.family(name) for name in families]
    for first, other in zip(families, made, strict=True):
        assert replacer.family(first) == other
        assert other.casefold() not in {name.casefold() for name in families}
    assert len(set(made)) == len(set(families))


def test_sex_and_kinship_stay():
    replacer = Replacer(["Иванов", "Иванова"], {"Анна", "Мария", "Пётр", "Иван"})
    assert replacer.family("Иванова") == replacer.family("Иванов") + "а"
    assert replacer.given["Анна"] in ("Анна", "Мария")
    assert sorted(replacer.given.values()) == ["Анна", "Иван", "Мария", "Пётр"]


def test_phones_stay_equal_and_lead_to_nobody():
    replacer = Replacer([], set())
    assert replacer.phone("+7 914 555-01-23") == replacer.phone("89145550123")
    assert replacer.phone("89145550123").startswith("+7945")
    assert replacer.phone("") is None
