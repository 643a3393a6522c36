# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Three hundred fictional patients: families that share a phone, single people, children."""

from datetime import timedelta

from odoo import fields

from . import papers
from .tables import PHONE_PREFIX, table

PATIENTS = 300

#: makers of one household with its share
HOUSEHOLDS = [("single", 30), ("couple", 18), ("mother", 22), ("family", 22), ("elder", 8)]


def build(env, world, rng):
    """Add ``patient`` (records in order) and ``household`` (lists of records) to the world."""
    today = fields.Date.context_today(env.user)
    values, households = [], []
    while len(values) < PATIENTS:
        # the first household belongs to the portal login: a family with two children
        kind = rng.choices(*zip(*HOUSEHOLDS, strict=True))[0] if households else "portal"
        members = _household(kind, today, rng)[: PATIENTS - len(values)]
        _common(world, members, len(households), rng)
        households.append(range(len(values), len(values) + len(members)))
        values += members
    alerts = table("people")["alerts"]
    for vals in rng.sample(values[4:], len(alerts) * 2):
        vals["patient_alert"] = rng.choice(alerts)
    kinds = [vals.pop("_role") for vals in values]
    records = env["res.partner"].create(values)
    world["patient"] = records
    world["household"] = [records.browse([records[i].id for i in members]) for members in households]
    _relations(env, households, records, kinds)
    _consents(env, households, records, kinds, rng)
    papers.build(env, records, rng)


def _household(kind, today, rng):
    """Members as values; ``_role``: self, mother, father, child."""
    names = table("people")
    surname = rng.choice(names["surnames"])

    def person(sex, age, role, father=None):
        man = sex == "male"
        dad = father or rng.choice(names["men"])
        given = rng.choice(names["men"])[0] if man else rng.choice(names["women"])
        birth = today - timedelta(days=int(age * 365.25) + rng.randrange(1, 364))
        return {
            "family_name": surname[0 if man else 1],
            "given_name": given,
            "patronymic": dad[1 if man else 2],
            "birth_date": birth,
            "sex": sex,
            "_role": role,
        }

    def children(count, father, oldest):
        return [
            person(rng.choice(["male", "female"]), rng.randint(0, min(16, oldest)), "child", father)
            for _n in range(count)
        ]

    age = rng.randint(24, 47)
    if kind == "single":
        return [person(rng.choice(["male", "female", "female"]), rng.randint(19, 79), "self")]
    if kind == "elder":
        return [person("female", rng.randint(38, 55), "self"), person("female", rng.randint(66, 86), "self")]
    husband = person("male", age + rng.randint(-1, 5), "father")
    father = next(row for row in names["men"] if row[0] == husband["given_name"])
    wife = person("female", age, "mother")
    if kind == "couple":
        return [wife, husband]
    if kind == "mother":
        return [wife] + children(rng.randint(1, 2), father, age - 20)
    count = 2 if kind == "portal" else rng.randint(1, 3)
    return [wife, husband] + children(count, father, age - 20)


def _common(world, members, number, rng):
    """Phone of the household, branch, address."""
    branch = rng.choices(list(world["branch"].values()), [55, 30, 15])[0]
    street = rng.choice(table("people")["streets"][branch.city])
    phone = f"{PHONE_PREFIX}{2000 + number:04d}"
    for place, vals in enumerate(members):
        own_phone = vals["_role"] == "father" and place and rng.random() < 0.6
        vals.update(
            {
                "is_patient": True,
                "name": " ".join([vals["family_name"], vals["given_name"], vals["patronymic"]]),
                "lang": "ru_RU",
                "tz": branch.tz,
                "phone": f"{PHONE_PREFIX}{6000 + number:04d}" if own_phone else phone,
                "patient_branch_id": branch.id,
                "city": branch.city,
                "street": f"{street}, {number % 90 + 1}",
                "country_id": branch.company_id.country_id.id,
            }
        )
        if not place and rng.random() < 0.45:
            vals["email"] = f"patient{number}@example.com"


def _relations(env, households, records, kinds):
    """Parents act for their children."""
    if "clinic.relation" not in env:
        return
    values = []
    for members in households:
        for child in (i for i in members if kinds[i] == "child"):
            for parent in (i for i in members if kinds[i] in ("mother", "father")):
                values.append(
                    {"patient_id": records[child].id, "actor_id": records[parent].id, "kind": kinds[parent]}
                )
    env["clinic.relation"].create(values)


def _consents(env, households, records, kinds, rng):
    """Most patients agreed at the desk or on the site; parents sign for children; a third like news."""
    now = fields.Datetime.now()
    purposes = [("personal_data", 0.9), ("marketing", 0.3)]
    values = []
    for members in households:
        for number in members:
            signer = records[members[0]].id if kinds[number] == "child" else False
            granted_at = now - timedelta(days=rng.randint(3, 500), minutes=rng.randrange(1440))
            for code, share in purposes:
                # the household of the portal login books without being asked again
                if rng.random() < share or (not members[0] and code == "personal_data"):
                    values.append(
                        {
                            "patient_id": records[number].id,
                            "purpose_id": env.ref(f"clinic_base.consent_purpose_{code}").id,
                            "signer_id": signer,
                            "way": rng.choice(["paper", "paper", "site"]),
                            "granted_at": granted_at,
                        }
                    )
    consents = env["clinic.consent"].create(values)
    consents.filtered(lambda row: row.purpose_id.code == "marketing")[::15].action_withdraw()
