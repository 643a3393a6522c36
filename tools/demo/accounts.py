# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One login per role, and a patient's login for the site."""

from odoo import Command

from .tables import PASSWORD

#: role shown by ``run``, login, groups, name, surname of the doctor that this user is
ROLES = [
    ("Регистратор", "registrar", "registrar", "Регистратор Зинаида Клюева", None),
    ("Старшая медсестра", "nurse", "senior_nurse", "Старшая медсестра Тамара Лосева", None),
    ("Администратор клиники", "manager", "administrator", "Администратор Павел Сомов", None),
    ("Оператор контакт-центра", "operator", "operator", "Оператор Алёна Чайкина", None),
    ("Внешний колл-центр", "caller", "external_caller", "Внешний оператор Роман Стрижов", None),
    ("Врач", "doctor", "doctor", None, "Лебедева"),
    ("Главный врач", "head", "head_doctor", None, "Кузнецов"),
    ("Медицинский статистик", "statistician", "statistician", "Статистик Лидия Дроздова", None),
    ("Маркетолог", "marketer", "marketer", "Маркетолог Кирилл Щеглов", None),
    ("Директор", "director", "director", "Директор Виктор Соболь", None),
    (
        "Ответственный за персональные данные",
        "privacy",
        "privacy_officer",
        "Ответственная Нина Сорокина",
        None,
    ),
    ("Интеграция", "integration", "integration", "Внешняя система", None),
]
ADMIN = ("Администратор системы", "admin", "admin")
PATIENT = ("Пациент на сайте", "patient")

#: Whoever sees the board's menu begins the day on the board.
BOARD_READERS = "clinic_schedule.group_clinic_schedule_reader,clinic_base.group_clinic_external_caller"


def build(env, world, _rng):
    """Create the users; doctors among them are linked to their cards."""
    users = env["res.users"].with_context(no_reset_password=True, mail_create_nosubscribe=True)
    common = {"lang": "ru_RU", "tz": "Asia/Irkutsk"}
    world["user"] = {}
    for _role, login, group, name, surname in ROLES:
        doctor = world["doctor"].get(surname)
        user = users.create(
            {
                **common,
                "login": login,
                "name": doctor.name if doctor else name,
                "email": f"{login}@angara.example",
                "group_ids": [Command.set([env.ref(f"clinic_base.group_clinic_{group}").id])],
                **({"image_1920": doctor.image_1920} if doctor else {}),
            }
        )
        if doctor:
            doctor.user_id = user
        if user.has_groups(BOARD_READERS):
            user.action_id = env.ref("clinic_schedule.action_clinic_board").id
        world["user"][login] = user
    if "clinic.figures.digest" in env:
        director = world["user"]["director"]
        env["clinic.figures.digest"].create(
            {"name": "Показатели недели", "user_ids": [Command.set(director.ids)]}
        )
    patient = world["household"][0][0]
    world["user"]["patient"] = users.create(
        {
            **common,
            "login": "patient",
            "partner_id": patient.id,
            "group_ids": [Command.set([env.ref("base.group_portal").id])],
        }
    )
    _set_password(env, world["user"].values())
    admin = env.ref("base.user_admin")
    admin.write({"name": ADMIN[0], "password": ADMIN[2], "lang": "ru_RU", "tz": "Asia/Irkutsk"})


def _set_password(env, users):
    """The same password for all; hashed once, because hashing is slow on purpose."""
    secret = env["res.users"]._crypt_context().hash(PASSWORD)
    for user in users:
        user._set_encrypted_password(user.id, secret)


def logins():
    """[(role, login, password)] in the order of ROLES, the system administrator last."""
    rows = [(role, login, PASSWORD) for role, login, *_rest in ROLES]
    return rows + [(*PATIENT, PASSWORD), ADMIN]
