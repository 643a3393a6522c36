"""What happens to a person's data on the way into a card: the error model of the traps."""

KEYBOARD = (
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю",
)
LAYOUT = str.maketrans(
    "йцукенгшщзхъфывапролджэячсмитьбюё" + "йцукенгшщзхъфывапролджэячсмитьбюё".upper(),
    "qwertyuiop[]asdfghjkl;'zxcvbnm,.`" + 'QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>~',
)
LOOK_ALIKE = str.maketrans("асеорхуАСЕОРХВКМНТ", "aceopxyACEOPXBKMHT")
ICAO = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch ie y  e iu ia".replace(
            "  ", " - "
        ).split(" "),
        strict=True,
    )
)
ICAO["ь"] = ""
GOST = {**ICAO, "й": "j", "х": "x", "ц": "c", "ю": "ju", "я": "ja", "ъ": "", "щ": "shh", "ё": "jo"}
WEB = {**ICAO, "й": "y", "х": "h", "ю": "yu", "я": "ya", "ъ": "", "щ": "sch", "ё": "yo"}
MARKS = (" (ДМС)", " *", " VIP", " долг", " 2", " (мама звонит)", " пенс.", "(повторный)")


def latin(text, table):
    found = "".join(
        table.get(char, char) if char.islower() else table.get(char.lower(), char).capitalize()
        for char in text
    )
    return found


def typo(dice, text):
    """One slip of the finger."""
    if len(text) < 4:
        return text
    place = dice.randrange(1, len(text) - 1)
    kind = dice.random()
    if kind < 0.25:
        return text[:place] + text[place + 1 :]
    if kind < 0.45:
        return text[:place] + text[place] + text[place:]
    if kind < 0.65 and text[place].isalpha() and text[place + 1].isalpha():
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    if kind < 0.80:
        swaps = {
            "о": "а",
            "а": "о",
            "е": "и",
            "и": "е",
            "ы": "и",
            "т": "д",
            "д": "т",
            "б": "п",
            "г": "к",
            "з": "с",
        }
        if text[place] in swaps:
            return text[:place] + swaps[text[place]] + text[place + 1 :]
    for row in KEYBOARD:
        if text[place] in row:
            near = row[max(0, row.index(text[place]) - 1) : row.index(text[place]) + 2].replace(
                text[place], ""
            )
            return text[:place] + dice.choice(near) + text[place + 1 :]
    return text


def phone_spelling(dice, number):
    """One of the spellings people use for +7XXXXXXXXXX."""
    n = number[-10:]
    return dice.choice(
        (
            f"8{n}",
            f"+7{n}",
            f"7{n}",
            n,
            f"8 {n[:3]} {n[3:6]} {n[6:]}",
            f"8-{n[:3]}-{n[3:6]}-{n[6:8]}-{n[8:]}",
            f"+7 ({n[:3]}) {n[3:6]}-{n[6:8]}-{n[8:]}",
            f"8({n[:3]}){n[3:6]}{n[6:]}",
            f"тел.8{n}",
            f"8.{n[:3]}.{n[3:6]}.{n[6:]}",
        )
    )


def wrong_digit(dice, digits, first=0):
    places = [i for i, char in enumerate(digits) if char.isdigit() and i >= first]
    place = dice.choice(places)
    if dice.random() < 0.4 and place + 1 in places and digits[place] != digits[place + 1]:
        return digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    other = dice.choice([char for char in "0123456789" if char != digits[place]])
    return digits[:place] + other + digits[place + 1 :]


def date_spelling(dice, born):
    kind = dice.random()
    if kind < 0.70:
        return born.strftime("%d.%m.%Y")
    if kind < 0.85:
        return born.isoformat()
    if kind < 0.93:
        return born.strftime("%d.%m.%y")
    return born.strftime("%d/%m/%Y")


def wrong_date(dice, born):
    """A date mistyped: a digit, day and month swapped, another year, nothing."""
    kind = dice.random()
    if kind < 0.45:
        day = wrong_digit(dice, born.strftime("%d"))
        return f"{day}.{born:%m.%Y}"
    if kind < 0.60 and born.day <= 12:
        return f"{born:%m.%d.%Y}"
    if kind < 0.85:
        year = born.year + dice.choice((-10, -1, 1, 10, -2, 2))
        return f"{born:%d.%m}.{year}"
    return f"{born:%d}.{dice.randint(1, 12):02d}.{born:%Y}"
