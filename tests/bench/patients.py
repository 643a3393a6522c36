"""Generated patients for benches: seeded, written by COPY, no real person among them."""
# ruff: noqa: SIM905

import io
import random
import uuid
from datetime import date, timedelta

ROOTS = """
Абак Берез Вишн Горон Дубров Ерем Жаркоб Зимар Ильм Кедров Ландыш Мален Невзор Овраг Полян Рябин
Соболь Тумак Ушк Фарат Хвощ Цветк Чернав Шумар Щегол Яблок Байкал Ангар Саян Тункин Нерп Омуль
Ключев Родник
""".split()
MIDDLES = ["", "ик", "ун", "ач", "ен", "ок", "ар", "ил", "ош", "ут", "ец", "як"]
ENDINGS = [("ов", "ова"), ("ин", "ина"), ("ский", "ская"), ("ко", "ко"), ("ев", "ева")]
MEN = """
Александр Алексей Андрей Артём Баир Борис Вадим Виктор Владимир Геннадий Георгий Даниил Дмитрий
Евгений Иван Игорь Илья Кирилл Константин Максим Матвей Михаил Николай Олег Павел Пётр Роман Сергей
Степан Юрий
""".split()
WOMEN = """
Александра Алёна Алина Анастасия Анна Валентина Вера Виктория Галина Дарья Евгения Екатерина Елена
Ирина Ксения Лариса Людмила Марина Мария Наталья Ольга Полина Светлана Софья Сэсэг Татьяна Юлия
""".split()
FATHERS = """
Александров Алексеев Андреев Борисов Викторов Владимиров Иванов Игорев Михайлов Николаев Олегов
Павлов Петров Романов Сергеев Степанов Юрьев
""".split()
CODES = ("902", "904", "908", "914", "924", "950", "964", "983")
COLUMNS = """
name complete_name family_name given_name patronymic birth_date sex patient_number patient_uuid
clinic_search_text phone phone_sanitized
""".split()


def generate(count, seed=2026):
    """``count`` dictionaries with the columns of a patient; every tenth has the phone of the one before."""
    dice = random.Random(seed)
    surnames = [(root + middle, ending) for root in ROOTS for middle in MIDDLES for ending in ENDINGS]
    dice.shuffle(surnames)
    weights = [1 / (rank + 3) for rank in range(len(surnames))]
    picked = dice.choices(surnames, weights, k=count)
    phone = None
    for number, (stem, ending) in enumerate(picked, 1):
        woman = dice.random() < 0.58
        family = stem + ending[woman]
        given = dice.choice(WOMEN if woman else MEN)
        patronymic = dice.choice(FATHERS) + ("на" if woman else "ич")
        born = date(2026, 11, 1) - timedelta(days=dice.randrange(90 * 365))
        if not phone or dice.random() > 0.1:
            phone = f"+7{dice.choice(CODES)}{dice.randrange(1_000_000, 9_999_999)}"
        name = f"{family} {given} {patronymic}"
        yield {
            "name": name,
            "complete_name": name,
            "family_name": family,
            "given_name": given,
            "patronymic": patronymic,
            "birth_date": born.isoformat(),
            "sex": "female" if woman else "male",
            "patient_number": f"{number + 900_000:07}",
            "patient_uuid": str(uuid.UUID(int=dice.getrandbits(128))),
            "clinic_search_text": f" {name.lower().replace('ё', 'е')} ",
            "phone": f"+7 {phone[2:5]} {phone[5:8]}-{phone[8:10]}-{phone[10:]}",
            "phone_sanitized": phone,
        }


def fill(cursor, count, seed=2026):
    """Write ``count`` patients with phones; returns them as a list."""
    people = list(generate(count, seed))
    lines = "".join("\t".join(row[column] for column in COLUMNS) + "\n" for row in people)
    cursor.execute("CREATE TEMP TABLE bench_people (LIKE res_partner) ON COMMIT DROP")
    cursor.execute(
        "SELECT attname FROM pg_attribute"
        " WHERE attrelid = 'bench_people'::regclass AND attnum > 0 AND attnotnull"
    )
    for (column,) in cursor.fetchall():
        cursor.execute(f'ALTER TABLE bench_people ALTER COLUMN "{column}" DROP NOT NULL')
    cursor.copy_expert(f"COPY bench_people ({', '.join(COLUMNS)}) FROM STDIN", io.StringIO(lines))
    columns = ", ".join(COLUMNS)
    indexes = drop_indexes(cursor)
    cursor.execute(
        f"""INSERT INTO res_partner (id, commercial_partner_id, {columns}, type, active, is_patient,
                                     partner_share, lang, color, create_uid, write_uid,
                                     create_date, write_date)
            SELECT number, number, {columns}, 'contact', true, true, true, 'ru_RU', 0, 1, 1, now(), now()
              FROM (SELECT nextval('res_partner_id_seq') AS number, * FROM bench_people) numbered"""
    )
    cursor.execute(
        """INSERT INTO clinic_phone (partner_id, raw, e164, last4, kind, country_code, owner, is_primary,
                                     active, sequence, for_call, for_sms, for_messenger,
                                     create_date, write_date)
           SELECT id, phone, phone_sanitized, right(phone_sanitized, 4), 'mobile', 'RU', 'self', true, true,
                  10, true, true, true, now(), now()
             FROM res_partner p WHERE is_patient AND phone_sanitized IS NOT NULL
              AND NOT EXISTS (SELECT FROM clinic_phone c WHERE c.partner_id = p.id)"""
    )
    for definition in indexes:
        cursor.execute(definition)
    return people


def drop_indexes(cursor):
    """Drop what can be built again in one go after the rows are in; returns the definitions."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes"
        " WHERE tablename IN ('res_partner', 'clinic_phone') AND indexdef LIKE 'CREATE INDEX%'"
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return [definition for _name, definition in found]


def spellings(phone, dice):
    """One of the usual ways of writing a mobile number."""
    code, middle, first, second = phone[2:5], phone[5:8], phone[8:10], phone[10:]
    return dice.choice(
        [
            phone,
            f"8{phone[2:]}",
            f"8 {code} {middle}-{first}-{second}",
            f"8({code}){middle}{first}{second}",
            f"{code} {middle} {first} {second}",
            f"+7 ({code}) {middle}-{first}-{second}",
        ]
    )
