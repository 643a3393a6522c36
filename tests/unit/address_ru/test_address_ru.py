import io
import time

import pytest
from address_ru import (
    Book,
    GarError,
    Place,
    gar_houses,
    gar_objects,
    gar_parents,
    gar_postcodes,
    has_house,
    kladr_houses,
    kladr_objects,
    name_key,
    parent_code,
    read_address,
    read_suggestions,
    resolve,
    show_address,
    similar_names,
    suggest_payload,
)
from address_ru.names import jaro_winkler
from hypothesis import given
from hypothesis import strategies as st

REGION = Place("38000000000", "Иркутская", "обл", 1, "38")
CITY = Place("38000001000", "Иркутск", "г", 3, "38", "38000000000")
AREA = Place("38001000000", "Ангарский", "р-н", 2, "38", "38000000000")
NORTH = Place("38002000000", "Северный", "р-н", 2, "38", "38000000000")
MEGET = Place("38001000002", "Мегет", "рп", 4, "38", "38001000000")
VILLAGES = [
    Place("38001000005", "Ивановка", "д", 4, "38", "38001000000"),
    Place("38002000007", "Ивановка", "д", 4, "38", "38002000000"),
]
PLACES = [REGION, CITY, AREA, NORTH, MEGET, *VILLAGES]


def _street(number, name, kind="ул", place=CITY):
    return Place(f"{place.code}{number:04}", name, kind, 5, "38", place.code)


STREETS = [
    _street(1, "Карла Маркса"),
    _street(2, "Ленина"),
    _street(3, "Ленина", "пер"),
    _street(4, "Железнодорожная 3-я"),
    _street(5, "Железнодорожная 4-я"),
    _street(6, "Фронтовых Бригад"),
    _street(7, "Юбилейный", "мкр"),
    _street(8, "5-й Армии"),
    _street(1, "Школьный", "пер", MEGET),
    _street(1, "Лесная", "ул", VILLAGES[0]),
]
HOUSES = {STREETS[0].code: ["1-20,22А,24/2"], STREETS[1].code: ["1,3,5"], STREETS[2].code: ["2,4"]}


class Memory(Book):
    def places(self, name, region=""):
        return [place for place in PLACES if not region or place.region == region]

    def streets(self, place, name):
        return [street for street in STREETS if street.parent == place.code]

    def houses(self, street):
        return HOUSES.get(street.code, [])

    def above(self, place):
        by_code = {row.code: row for row in PLACES}
        found = []
        while place.parent:
            place = by_code[place.parent]
            found.insert(0, place)
        return found


@pytest.mark.parametrize(
    ("text", "state", "code"),
    [
        ("664003, Иркутская обл, г Иркутск, ул Карла Маркса, д 5, кв 12", "exact", STREETS[0].code),
        ("г. Иркутск, Карла Маркса ул., 22 а - 3", "exact", STREETS[0].code),
        ("Иркутск Карла Маркса 5-3", "exact", STREETS[0].code),
        ("ул. К. Маркса 5", "likely", STREETS[0].code),
        ("ул Карла Макса 5", "likely", STREETS[0].code),
        ("Маркса 5", "likely", STREETS[0].code),
        ("ул Карла Маркса 99", "likely", STREETS[0].code),
        ("ул Карла Маркса", "likely", STREETS[0].code),
        ("Иркутск, 3-я Железнодорожная, 14а", "exact", STREETS[3].code),
        ("железнодорожная 3-я 14", "exact", STREETS[3].code),
        ("Бригад Фронтовых ул 12/3", "exact", STREETS[5].code),
        ("мкр Юбилейный 10 кв 5", "exact", STREETS[6].code),
        ("ул. 5-й Армии 29", "exact", STREETS[7].code),
        ("ул Ленина 3", "exact", STREETS[1].code),
        ("Ленина 7", "several", None),
        ("Ленина 4", "likely", STREETS[2].code),
        ("Иркутская область, Ангарский район, п. Мегет, пер. Школьный, 3", "exact", STREETS[8].code),
        ("д. Ивановка, Ангарский р-н, ул Лесная 1", "exact", STREETS[9].code),
        ("д. Ивановка", "several", None),
        ("г Иркутск, ул Несуществующая 1", "none", CITY.code),
        ("г Бодайбо, ул Ленина 1", "none", None),
        ("", "none", None),
        ("не помнит", "none", None),
    ],
)
def test_text_to_code(text, state, code):
    found = resolve(text, Memory(), CITY)
    assert (found.state, found.place and found.place.code) == (state, code), found


def test_own_city_is_named_as_the_reason():
    assert resolve("ул Ленина 3", Memory(), CITY).reason == "own_city"
    assert resolve("Иркутск, ул Ленина 3", Memory(), CITY).reason == "full"
    assert resolve("ул Ленина 3", Memory()).reason == "no_place"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("пр-кт Жукова, д. 12/3 к2 стр1 кв 45", ("жукова", "12/3к2стр1", "45")),
        ("мкр-н Солнечный, Ржанова 45", ("ржанова", "45", "")),
        ("Байкальская, 107, 15", ("байкальская", "107", "15")),
        ("ул С. Перовской 30", ("с. перовской", "30", "")),
        ("ул Ленина дом 5, офис 301", ("ленина", "5", "301")),
        ("ул. 9 Января 15, 4", ("9 января", "15", "4")),
    ],
)
def test_parts(text, parts):
    found = read_address(text)
    assert (found.street, found.whole_house, found.flat) == parts


@given(st.text(max_size=300))
def test_nothing_breaks_the_reader(text):
    found = read_address(text)
    assert found.raw == text[:500]
    assert resolve(text, Memory(), CITY).state in ("exact", "likely", "several", "none")


@given(
    street=st.sampled_from(STREETS[:8]),
    house=st.integers(1, 20),
    flat=st.integers(1, 300),
    form=st.sampled_from(
        [
            "{kind} {name} {house}-{flat}",
            "{name} {kind}, {house}, {flat}",
            "г. Иркутск, {kind}. {name}, д. {house}, кв. {flat}",
            "664000 Россия, Иркутская обл., г.Иркутск,{kind}.{name},{house},кв.{flat}",
            "{kind} {name} дом {house} кв {flat}",
        ]
    ),
)
def test_every_spelling_leads_to_the_street(street, house, flat, form):
    text = form.format(kind=street.kind, name=street.name, house=house, flat=flat)
    found = resolve(text, Memory(), CITY)
    assert found.place == street, found
    assert (found.address.house, found.address.flat) == (str(house), str(flat))


def test_a_long_text_is_read_fast():
    started = time.perf_counter()
    for text in ("ул " * 5000, "д" * 5000, "1-" * 2500, "г. " + "а" * 5000, "кв 1 " * 1000):
        read_address(text)
    assert time.perf_counter() - started < 1


def test_names():
    assert name_key("3-я Железнодорожная") == name_key("ЖЕЛЕЗНОДОРОЖНАЯ 3-я")
    assert similar_names("1-я советская", "2-я Советская") == 0
    assert similar_names("маркса", "Карла Маркса") < 0.96 < similar_names("к маркса", "Карла Маркса") < 1


@given(st.text("абвгде", min_size=1, max_size=8), st.text("абвгде", min_size=1, max_size=8))
def test_own_measure_agrees_with_the_library(one, other):
    rapidfuzz = pytest.importorskip("rapidfuzz.distance")
    assert abs(jaro_winkler(one, other) - rapidfuzz.JaroWinkler.similarity(one, other)) < 1e-9


def test_houses():
    lists = ["1,3,5-9,Н(11-25),Ч(2-10),12А,14к2"]
    known = [
        house for house in ("1", "2", "7", "13", "12 а", "14 корп 2", "12", "26") if has_house(lists, house)
    ]
    assert known == ["1", "2", "7", "13", "12 а", "14 корп 2"]
    assert has_house([], "1") is None


def test_kladr():
    places = [
        ["NAME", "SOCR", "CODE", "INDEX", "GNINMB", "UNO", "OCATD", "STATUS"],
        ["Иркутская", "обл", "3800000000000", "", "", "", "", "0"],
        ["Иркутск", "г", "3800000100000", "664000", "", "", "", "3"],
        ["Иркутскъ", "г", "3800000100001", "", "", "", "", "0"],
        ["Чита", "г", "7500000100000", "", "", "", "", "0"],
        ["битая", "ул", "12", "", "", "", "", ""],
    ]
    found = list(kladr_objects(places, {"38"}))
    assert [(row.code, row.level, row.parent, row.kind) for row in found] == [
        ("38000000000", 1, "", "обл"),
        ("38000001000", 3, "38000000000", "г"),
    ]
    streets = [["NAME", "SOCR", "CODE", "INDEX"], ["Ленина", "ул", "38000001000012300", "664003"]]
    (street,) = kladr_objects(streets)
    assert (street.code, street.parent, street.level) == ("380000010000123", "38000001000", 5)
    houses = [
        ["NAME", "CODE", "INDEX"],
        ["1,3", "3800000100001230001", "664003"],
        ["5", "3800000500200000001", ""],
    ]
    assert [row[0] for row in kladr_houses(houses, {"38"})] == ["380000010000123", "38000005002"]
    assert parent_code("38001002003") == "38001002000"
    with pytest.raises(ValueError, match="CODE"):
        list(kladr_objects([["NAME", "SOCR"]]))


def _stream(text):
    return io.BytesIO(text.encode())


GUID = "00000000-0000-4000-8000-00000000000{}"


def test_gar():
    objects = (
        "<ADDRESSOBJECTS>"
        + "".join(
            f'<OBJECT ID="{n}" OBJECTID="{n}" OBJECTGUID="{GUID.format(n)}" NAME="{name}" TYPENAME="{kind}"'
            f' LEVEL="{level}" ISACTUAL="{actual}" ISACTIVE="{actual}"/>'
            for n, name, kind, level, actual in (
                (1, "Иркутская", "обл.", 1, 1),
                (2, "Иркутск", "г.", 5, 1),
                (3, "Ленина", "ул.", 8, 1),
                (4, "Старая", "ул.", 8, 0),
            )
        )
        + "</ADDRESSOBJECTS>"
    )
    found = list(gar_objects(_stream(objects), "38"))
    assert [(row.code, row.kind, row.level, row.guid[-1]) for row in found] == [
        ("1", "обл", 1, "1"),
        ("2", "г", 3, "2"),
        ("3", "ул", 5, "3"),
    ]
    links = (
        '<ITEMS><ITEM OBJECTID="3" PARENTOBJID="2" ISACTIVE="1"/>'
        '<ITEM OBJECTID="3" PARENTOBJID="9" ISACTIVE="0"/></ITEMS>'
    )
    assert list(gar_parents(_stream(links))) == [("3", "2")]
    params = (
        '<PARAMS><PARAM OBJECTID="3" TYPEID="5" VALUE="664003" CHANGEIDEND="0"/>'
        '<PARAM OBJECTID="3" TYPEID="7" VALUE="x" CHANGEIDEND="0"/></PARAMS>'
    )
    assert list(gar_postcodes(_stream(params))) == [("3", "5", "664003")]
    houses = (
        f'<HOUSES><HOUSE OBJECTID="7" OBJECTGUID="{GUID.format(7)}" HOUSENUM="5" ADDNUM1="2" ADDTYPE1="1"'
        ' ISACTUAL="1" ISACTIVE="1"/></HOUSES>'
    )
    assert list(gar_houses(_stream(houses))) == [("7", "5к2", GUID.format(7))]


@pytest.mark.parametrize("text", ["<a><b></a>", "not xml", '<!DOCTYPE x [<!ENTITY a "b">]><x/>', ""])
def test_bad_xml_is_refused(text):
    with pytest.raises(GarError):
        list(gar_objects(_stream(text), "38"))


def test_entities_are_refused_wherever_the_block_ends():
    """The declaration lies over the border of two blocks that are read."""
    for padding in range((1 << 16) - 12, 1 << 16):
        with pytest.raises(GarError, match="entities"):
            list(gar_objects(_stream(" " * padding + '<!DOCTYPE x [<!ENTITY a "b">]><x/>'), "38"))


def test_a_municipal_settlement_is_no_town():
    """Level 4 bears the name of its town: as a town of its own it would make each address doubtful."""
    row = (
        '<OBJECT OBJECTID="4" OBJECTGUID="00000000-0000-4000-8000-000000000004" NAME="Ангарск"'
        ' TYPENAME="г.п." LEVEL="{}" ISACTUAL="1" ISACTIVE="1"/>'
    )
    levels = [
        place.level for level in (4, 5) for place in gar_objects(_stream(f"<A>{row.format(level)}</A>"), "38")
    ]
    assert levels == [2, 3]


@pytest.mark.parametrize("house", ["²", "٣", "1" * 500, "5²", ""])
def test_odd_house_numbers_are_survived(house):
    assert has_house(["1-20", "Н(11-25)"], house) is False


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["suggestions", "data", "value", "fias_id"]), inner, max_size=4)
        ),
        max_leaves=8,
    )
)
def test_any_answer_of_dadata_is_survived(answer):
    for row in read_suggestions(answer):
        assert set(row) == {"text", "postcode", "guid", "kladr", "house", "flat"}


def test_request_to_dadata():
    assert suggest_payload("x" * 999, 99) == {"query": "x" * 300, "count": 20}


def test_shown_in_one_line():
    address = read_address("ул Ленина 5 корп 2 кв 12")
    assert show_address([REGION.title, CITY.title, STREETS[1].title], address) == (
        "Иркутская обл, г Иркутск, ул Ленина, д 5 к 2, кв 12"
    )
