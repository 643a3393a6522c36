"""A person → one dirty card, in the manner of the program the card comes from."""
# ruff: noqa: SIM905

from dataclasses import dataclass
from datetime import date, timedelta

from clinic_bench import people_errors as errors
from clinic_bench import people_names as words

TODAY = date(2026, 11, 1)
FIELDS = """
id source created full_name family_name given_name patronymic sex birth_date phone phone2 email address
snils policy passport note
""".split()
PLACEHOLDER_PHONES = (
    "89999999999",
    "80000000000",
    "+7 (999) 999-99-99",
    "8 111 111 11 11",
    "9000000000",
    "-",
    "нет",
)
PLACEHOLDER_MAIL = ("no@mail.ru", "net@net.ru", "нет", "test@test.ru", "123@mail.ru", "-")
PLACEHOLDER_DATES = ("01.01.1900", "01.01.1970", "1900-01-01", "00.00.0000")


@dataclass
class Dirt:
    """Chances: ``rate`` multiplies slips, ``missing`` empty cells; ``columns`` – which of them there are."""

    rate: float = 1.0
    missing: float = 1.0
    columns: tuple = tuple(FIELDS)
    one_field: float = 0.35  # whole name in one column


def dirty_card(dice, person, dirt):
    """One card of a person; only ``dirt.columns`` are filled."""
    source = dice.choice(("1c", "yclients", "excel", "site", "call"))
    age = (TODAY - person.born).days
    created = TODAY - timedelta(days=dice.randrange(0, min(3650, max(age, 1))))

    def chance(share):
        return dice.random() < share * dirt.rate

    def absent(share):
        return dice.random() < min(share * dirt.missing, 0.97)

    card = dict.fromkeys(FIELDS, "")
    card["source"], card["created"] = source, created.isoformat()
    _names(dice, person, card, source, chance, absent, dirt)
    _birth(dice, person, card, source, chance, absent)
    _contacts(dice, person, card, source, chance, absent)
    _documents(dice, person, card, source, chance, absent)
    if not absent(0.3):
        card["sex"] = dice.choice(("М", "м", "муж", "male") if person.male else ("Ж", "ж", "жен", "female"))
        if chance(0.004):
            card["sex"] = "Ж" if person.male else "М"
    return {key: card[key] if key in dirt.columns else "" for key in FIELDS}


def _names(dice, person, card, source, chance, absent, dirt):
    family, given, patronymic = person.family, person.given, person.patronymic
    if person.maiden and person.maiden != family and dice.random() < 0.06:
        family = person.maiden
    elif person.maiden and chance(0.02):
        family = dice.choice(
            (f"{person.maiden}-{family}", f"{family} ({person.maiden})", f"{family}-{person.maiden}")
        )
    elif person.maiden and chance(0.01):
        card["note"] = f"дев. {person.maiden}"
    if given in words.SHORT and dice.random() < (0.12 if source in ("yclients", "call") else 0.03):
        given = words.SHORT[given]
    elif given in words.VARIANTS and chance(0.2):
        given = words.VARIANTS[given]
    if absent(0.25 if source in ("yclients", "call", "site") else 0.06):
        patronymic = ""
    parts = [family, given, patronymic]
    for place in range(3):
        if parts[place] and chance((0.035, 0.02, 0.025)[place]):
            parts[place] = errors.typo(dice, parts[place])
    if chance(0.025):
        place = dice.randrange(3)
        parts[place] = (
            parts[place].translate(errors.LOOK_ALIKE)
            if dice.random() < 0.5
            else _one_look_alike(dice, parts[place])
        )
    if dice.random() < 0.4:
        parts = [part.replace("ё", "е").replace("Ё", "Е") for part in parts]
    if chance(0.015) and patronymic:
        parts[1], parts[2] = parts[1][:1] + ".", parts[2][:1] + "."
    elif chance(0.01) and patronymic:
        parts[2] = parts[2][:1] + "."
    if chance(0.02):
        table = dice.choice((errors.ICAO, errors.GOST, errors.WEB))
        parts = [errors.latin(part, table) for part in parts]
    elif chance(0.01):
        parts = [part.translate(errors.LAYOUT) for part in parts]
    _case_and_place(dice, parts, card, chance, dirt)


def _one_look_alike(dice, text):
    places = [i for i, char in enumerate(text) if char.translate(errors.LOOK_ALIKE) != char]
    if not places:
        return text
    place = dice.choice(places)
    return text[:place] + text[place].translate(errors.LOOK_ALIKE) + text[place + 1 :]


def _case_and_place(dice, parts, card, chance, dirt):
    case = dice.random()
    if case < 0.12:
        parts = [part.upper() for part in parts]
    elif case < 0.18:
        parts = [part.lower() for part in parts]
    if chance(0.02):
        parts[dice.choice((0, 2))] += dice.choice(errors.MARKS)
    columns = dirt.columns
    if "family_name" not in columns or ("full_name" in columns and dice.random() < dirt.one_field):
        order = parts if dice.random() < 0.9 else [parts[1], parts[2], parts[0]]
        glue = "" if chance(0.006) and case >= 0.18 else " "
        card["full_name"] = glue.join(part for part in order if part)
        return
    if chance(0.012):
        parts[0], parts[1] = parts[1], parts[0]
    elif chance(0.01):
        parts = [" ".join(part for part in parts if part), "", ""]
    elif chance(0.006):
        parts = [parts[0], " ".join(part for part in parts[1:] if part), ""]
    card["family_name"], card["given_name"], card["patronymic"] = parts


def _birth(dice, person, card, source, chance, absent):
    if absent(0.3 if source in ("yclients", "call") else 0.08):
        return
    if chance(0.012):
        card["birth_date"] = dice.choice((*PLACEHOLDER_DATES, f"01.01.{person.born.year}"))
    elif chance(0.03):
        card["birth_date"] = errors.wrong_date(dice, person.born)
    else:
        card["birth_date"] = errors.date_spelling(dice, person.born)


def _contacts(dice, person, card, source, chance, absent):
    phones = list(person.phones)
    if phones and dice.random() < 0.12:  # the number of those days
        phones = [f"+79{dice.randrange(10**8, 10**9)}"]
    if not absent(0.12) and phones:
        number = dice.choice(phones)
        if chance(0.015):
            number = "+7" + errors.wrong_digit(dice, number[2:], 3)
        text = errors.phone_spelling(dice, number)
        if person.mother is not None and person.role == "child" and dice.random() < 0.15:
            text += dice.choice((" мама", " (мать)", " мама " + person.mother.given))
        elif len(phones) > 1 and dice.random() < 0.15:
            text += dice.choice((", ", "; ", " / ")) + errors.phone_spelling(dice, phones[1])
        card["phone"] = text
        if len(phones) > 1 and dice.random() < 0.4:
            card["phone2"] = errors.phone_spelling(dice, phones[1])
    elif chance(0.15):
        card["phone"] = dice.choice(PLACEHOLDER_PHONES)
    if person.email and not absent(0.35):
        card["email"] = person.email.upper() if chance(0.05) else person.email
        if chance(0.02):
            card["email"] = errors.typo(dice, person.email)
    elif chance(0.06):
        card["email"] = dice.choice(PLACEHOLDER_MAIL)
    if person.address and not absent(0.45):
        place = person.address
        if dice.random() < 0.12:
            place = (
                place[0],
                dice.choice(words.STREETS).replace("_", " "),
                dice.randrange(1, 160),
                dice.randrange(1, 190),
            )
        card["address"] = _address(dice, *place)


def _address(dice, city, street, house, flat):
    return dice.choice(
        (
            f"г. {city}, ул. {street}, д. {house}, кв. {flat}",
            f"{city}, {street}, {house}-{flat}",
            f"{street} {house}-{flat}",
            f"{city} ул {street} д {house} кв {flat}",
            f"664000, Иркутская обл, {city} г, {street} ул, дом {house}, квартира {flat}",
            f"ул. {street}, {house}, {flat}",
            f"ул.{street} {house} кв.{flat}",
            f"{city}",
        )
    )


def _documents(dice, person, card, source, chance, absent):
    rare = 0.75 if source in ("yclients", "call", "site") else 0.45
    if person.snils and not absent(rare):
        number = errors.wrong_digit(dice, person.snils) if chance(0.02) else person.snils
        card["snils"] = (
            f"{number[:3]}-{number[3:6]}-{number[6:9]} {number[9:]}" if dice.random() < 0.7 else number
        )
    elif chance(0.01):
        card["snils"] = dice.choice(("000-000-000 00", "0", "111-111-111 11", "нет"))
    if person.policy and not absent(rare):
        card["policy"] = errors.wrong_digit(dice, person.policy) if chance(0.02) else person.policy
    passport = person.passport
    if not passport and person.mother is not None and chance(0.08):
        passport = person.mother.passport
    if passport and not absent(rare + 0.1):
        if dice.random() < 0.06:  # exchanged since
            passport = f"{dice.randrange(1000, 9999)} {dice.randrange(100000, 999999)}"
        card["passport"] = passport if dice.random() < 0.5 else passport.replace(" ", "")
