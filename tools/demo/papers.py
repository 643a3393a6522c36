# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Documents and policies of the demo patients; numbers are made up, with series nobody was given."""

from datetime import timedelta

from odoo import fields

#: Shares of patients with a document of the kind, a compulsory and a voluntary policy.
DOCUMENTS, OMS, DMS = 0.4, 0.5, 0.15


def build(env, patients, rng):
    """Passports and SNILS of grown-ups, certificates of children, policies of some."""
    today = fields.Date.context_today(env.user)
    kinds = {
        code: env.ref(f"clinic_base.document_kind_{code}")
        for code in ("passport_rf", "birth_certificate", "snils")
    }
    programmes = _programmes(env)
    documents, policies = [], []
    for number, patient in enumerate(patients):
        if rng.random() < DOCUMENTS:
            code = "birth_certificate" if patient.age < 14 else "passport_rf"
            shown = (
                f"I-ДМ {900000 + number}"
                if patient.age < 14
                else f"00 {rng.randint(10, 24)} {900000 + number}"
            )
            documents.append(
                {
                    "patient_id": patient.id,
                    "kind_id": kinds[code].id,
                    "number": shown,
                    "issued_on": max(
                        patient.birth_date + timedelta(days=40),
                        today - timedelta(days=rng.randint(200, 3000)),
                    ),
                    "issued_by": "Демонстрационное отделение",
                }
            )
            documents.append(
                {
                    "patient_id": patient.id,
                    "kind_id": kinds["snils"].id,
                    "number": _snils(990_000_000 + number),
                }
            )
        if rng.random() < OMS:
            policies.append(
                {"patient_id": patient.id, "kind": "oms", "number": _enp(99_0000_0000_0000_0 + number)}
            )
        if rng.random() < DMS:
            policies.append(
                {
                    "patient_id": patient.id,
                    "kind": "dms",
                    "programme_id": rng.choice(programmes).id,
                    "number": f"ДМС-{70000 + number}",
                    "valid_from": today - timedelta(days=rng.randint(30, 300)),
                    "valid_to": today + timedelta(days=rng.randint(-20, 300)),
                }
            )
    env["clinic.identity.document"].create(documents)
    env["clinic.coverage"].create(policies)


def _programmes(env):
    insurer, employer = env["res.partner"].create(
        [
            {"name": "Страховая компания «Омуль» (вымышленная)", "is_company": True},
            {"name": "Завод «Байкальский станок» (вымышленный)", "is_company": True},
        ]
    )
    return env["clinic.coverage.programme"].create(
        [
            {
                "name": "Поликлиника, стандарт",
                "payer_id": insurer.id,
                "contract": "№ 12-Д от 15.01.2026",
                "covered": "Приёмы специалистов, анализы по направлению, УЗИ.",
                "not_covered": "Стоматология, косметология, справки.",
                "needs_guarantee": True,
            },
            {"name": "Поликлиника, расширенная", "payer_id": insurer.id, "contract": "№ 13-Д от 15.01.2026"},
            {"name": "Медосмотры сотрудников", "payer_id": employer.id, "contract": "№ 7 от 01.02.2026"},
        ]
    )


def _snils(body):
    total = sum(int(digit) * (9 - place) for place, digit in enumerate(f"{body:09d}")) % 101 % 100
    return f"{body:09d}{total:02d}"


def _enp(body):
    total = 0
    for place, digit in enumerate(reversed(f"{body:015d}")):
        doubled = int(digit) * (1 if place % 2 else 2)
        total += doubled - 9 if doubled > 9 else doubled
    return f"{body:015d}{-total % 10}"
