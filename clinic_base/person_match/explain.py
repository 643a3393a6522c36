"""Why two cards count as one person: a table that adds up to the weight, and one short sentence."""

from dataclasses import dataclass
from functools import lru_cache

from .compare import ADDRESS, BIRTH, DOCUMENTS, EMAIL, EQUAL, FIELDS, GIVEN, PATRONYMIC, PHONE, SEX, SURNAME
from .model import HOUSE_FIELDS
from .score import (
    CONTRADICTION,
    DROPPING,
    V_CHILD,
    V_DOCUMENTS,
    V_GIVEN,
    V_NAME_ONLY,
    V_NAMESAKES,
    is_one_child,
)

TITLES = {
    SURNAME: "фамилия", GIVEN: "имя", PATRONYMIC: "отчество", BIRTH: "дата рождения", PHONE: "телефон",
    DOCUMENTS: "документы", EMAIL: "почта", ADDRESS: "адрес", SEX: "пол",
}  # fmt: skip
LEVELS = {
    SURNAME: ("нет данных", "совпала", "отличается окончанием или одной буквой",
              "похожа, часть двойной или прежняя", "другая, возможна смена фамилии", "другая"),
    GIVEN: ("нет данных", "совпало", "вариант имени", "совпал инициал", "похоже, возможна опечатка",
            "другое"),
    PATRONYMIC: ("нет данных", "совпало", "похоже, возможна опечатка", "совпал инициал", "другое"),
    BIRTH: ("нет данных", "совпала", "отличается одной цифрой или переставлены день и месяц",
            "совпал только год или только день и месяц", "другая"),
    PHONE: ("нет данных", "общий", "общий, но это номер многих людей", "общих нет"),
    DOCUMENTS: ("нет данных", "номер совпал", "номер отличается одной цифрой", "номер другой, мог смениться",
                "номера противоречат"),
    EMAIL: ("нет данных", "совпала", "отличается одной буквой", "другая"),
    ADDRESS: ("нет данных", "совпал", "похож", "другой"),
    SEX: ("нет данных", "совпал", "другой"),
}  # fmt: skip
VETOES = {
    V_GIVEN: "имена явно разные: близнецы, родственники",
    V_DOCUMENTS: "номера документов противоречат друг другу",
    V_NAMESAKES: "тёзки: имя одно, а даты рождения и отчества или всё остальное – разное",
    V_NAME_ONLY: "кроме ФИО ничего не совпало: решает человек",
    V_CHILD: "взрослый и ребёнок",
}
BRIEF = {
    SURNAME: ("", "фамилия совпала", "фамилия почти совпала", "фамилия похожа или прежняя", "фамилия другая",
              "фамилия другая"),
    GIVEN: ("", "имя совпало", "вариант имени", "инициал имени", "имя с опечаткой", "имя другое"),
    PATRONYMIC: ("", "отчество совпало", "отчество почти совпало", "инициал отчества", "отчество другое"),
    BIRTH: ("", "дата рождения совпала", "дата рождения почти совпала", "дата рождения совпала частично",
            "дата рождения другая"),
    PHONE: ("", "общий телефон", "общий номер многих людей", "телефоны разные"),
    DOCUMENTS: ("", "номер документа совпал", "номер документа почти совпал", "другой номер документа",
                "документы противоречат"),
    EMAIL: ("", "почта совпала", "почта почти совпала", "почта другая"),
    ADDRESS: ("", "адрес совпал", "адрес похож", "адрес другой"),
    SEX: ("", "", "пол другой"),
}  # fmt: skip
HOUSEHOLD_START = "априори среди возможных родственников: общий телефон, адрес, почта или дата рождения"
START = "априори"


@dataclass(frozen=True)
class Row:
    """One line of the table. ``code`` is stable: a field's name, ``start``, ``siblings`` or a veto."""

    code: str
    title: str
    level: str
    weight: float
    total: float


def explain(match, left, right, scorer):
    """Rows of the table; the last ``total`` is the weight of the match.

    Values are not in it: whoever shows the table shows of both cards what the viewer may see.
    """
    rows, total = [], 0.0

    def add(code, title, level, weight):
        nonlocal total
        total += weight
        rows.append(Row(code, title, level, round(weight, 4), round(total, 4)))

    model = scorer.model
    levels = match.levels
    household = match.house is not None and match.house < match.plain
    if household:
        add("start", HOUSEHOLD_START, _odds(model.house_prior), model.house_start)
        for number in HOUSE_FIELDS:
            if levels[number]:
                add(
                    FIELDS[number],
                    TITLES[number],
                    LEVELS[number][levels[number]],
                    model.house[number][levels[number]],
                )
        if is_one_child(levels, left):
            add("siblings", "имя и отчество", "родители не называют детей одинаково", model.siblings)
    else:
        add("start", START, _odds(model.prior), model.start)
        equal = scorer.equal_weights(levels, left, right)
        for number, level in enumerate(levels):
            if not level:
                continue
            named = number <= PATRONYMIC and level == EQUAL
            text = LEVELS[number][level]
            if named:
                text += f", редкость {_odds(_frequency(model, equal[number], number))}"
            add(FIELDS[number], TITLES[number], text, equal[number] if named else model.plain[number][level])
    _add_vetoes(match, model, total, add)
    return rows


def _add_vetoes(match, model, total, add):
    for veto in match.vetoes:
        weight = 0.0
        if veto == V_DOCUMENTS:
            weight = CONTRADICTION
        elif veto == V_NAME_ONLY:
            weight = model.name_shift
        total += weight
        if veto not in DROPPING:
            add(veto, "запрет", VETOES[veto], weight)
    dropping = [veto for veto in match.vetoes if veto in DROPPING]
    for place, veto in enumerate(dropping):
        add(veto, "запрет", VETOES[veto], match.weight - total if not place else 0.0)


def _frequency(model, weight, number):
    return max(model.plain_m[number][EQUAL], 1e-6) / 2.0**weight


def _odds(share):
    if not share:
        return "–"
    every = 1 / share
    return f"1 из {every:,.0f}".replace(",", " ") if every >= 10 else f"1 из {every:.1f}".replace(".", ",")


def brief(match):
    """One sentence without values: what agrees, what does not, what stands in the way."""
    return _brief(match.levels, match.vetoes)


@lru_cache(maxsize=10_000)
def _brief(levels, vetoes):
    parts = []
    if levels[SURNAME] == levels[GIVEN] == levels[PATRONYMIC] == EQUAL:
        parts.append("ФИО совпало")
        rest = (BIRTH, PHONE, DOCUMENTS, EMAIL, ADDRESS, SEX)
    elif levels[SURNAME] == levels[GIVEN] == EQUAL and not levels[PATRONYMIC]:
        parts.append("фамилия и имя совпали")
        rest = (BIRTH, PHONE, DOCUMENTS, EMAIL, ADDRESS, SEX)
    else:
        rest = (SURNAME, GIVEN, PATRONYMIC, BIRTH, PHONE, DOCUMENTS, EMAIL, ADDRESS, SEX)
    parts += [text for number in rest if (text := BRIEF[number][levels[number]])]
    parts += [VETOES[veto] for veto in vetoes]
    return "; ".join(parts)
