# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Builders for the tests of every addon of the suite. No test may rely on demo data."""

import os
import tempfile
from itertools import count
from unittest.mock import patch

from odoo import Command
from odoo.tests import HttpCase, TransactionCase, new_test_user

from ..vault import new_key_line

#: Serial numbers for names, so that no two records of a test run are equal by accident.
_serial = count(1)

#: One login per role of the suite: login -> group. ``_make_role_users`` creates them.
ROLES = {
    "registrar": "clinic_base.group_clinic_registrar",
    "senior_nurse": "clinic_base.group_clinic_senior_nurse",
    "clinic_admin": "clinic_base.group_clinic_administrator",
    "operator": "clinic_base.group_clinic_operator",
    "external_caller": "clinic_base.group_clinic_external_caller",
    "doctor": "clinic_base.group_clinic_doctor",
    "head_doctor": "clinic_base.group_clinic_head_doctor",
    "statistician": "clinic_base.group_clinic_statistician",
    "marketer": "clinic_base.group_clinic_marketer",
    "director": "clinic_base.group_clinic_director",
    "privacy_officer": "clinic_base.group_clinic_privacy_officer",
    "integration": "clinic_base.group_clinic_integration",
}

#: Roles that see phones, e-mail, birth date and address of patients.
CONTACT_ROLES = {
    "registrar",
    "senior_nurse",
    "clinic_admin",
    "operator",
    "doctor",
    "head_doctor",
    "integration",
}


class ClinicBuilders:
    """Class methods that make a small fictional clinic; mix into any Odoo test case.

    Every builder fills what is required and takes any field of its model as a keyword.
    They run as the superuser, in English, without tracking and mail.
    """

    @classmethod
    def _use_key_file(cls):
        """An encryption key of the test's own, so that numbers can be sealed; after ``_prepare_clinic``."""
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.key_path = os.path.join(folder.name, "clinic.key")
        cls.first_key = new_key_line(1)
        cls._write_keys(cls.first_key)
        cls.startClassPatcher(patch.dict(os.environ, {"CLINIC_KEY_FILE": cls.key_path}))
        # fingerprints of the keys of the database
        cls.env["ir.config_parameter"].search([("key", "=like", "clinic_base.vault_check.%")]).unlink()

    @classmethod
    def _write_keys(cls, *lines):
        with open(os.open(cls.key_path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
            stream.write("\n".join(lines))

    @classmethod
    def _prepare_clinic(cls):
        """Set the environment up; call it first in ``setUpClass``. Makes no records."""
        cls.env = cls.env(
            context=dict(
                cls.env.context,
                lang="en_US",
                tracking_disable=True,
                no_reset_password=True,
                mail_create_nosubscribe=True,
            )
        )
        cls.env["res.lang"]._activate_lang("en_US")
        cls.company = cls.env.company
        cls.company.partner_id.country_id = cls.env.ref("base.ru")
        cls.rouble = cls.env.ref("base.RUB")
        cls.rouble.active = True

    @classmethod
    def _make_small_clinic(cls):
        """What nearly every test needs: ``branch, specialty, service, practitioner, room``."""
        cls.branch = cls._make_branch(name="Main branch")
        cls.specialty = cls._make_specialty(name="Therapy")
        cls.service = cls._make_service(name="Consultation", clinic_specialty_id=cls.specialty.id)
        cls.practitioner = cls._make_practitioner(
            branches=cls.branch, specialties=cls.specialty, services=cls.service
        )
        cls.room = cls._make_room(cls.branch, name="Room 1")

    @classmethod
    def _make_company(cls, **vals):
        """A further legal entity; the test user is admitted to it."""
        company = cls.env["res.company"].create(
            {
                "name": f"Company {next(_serial)}",
                "country_id": cls.env.ref("base.ru").id,
                "currency_id": cls.rouble.id,
                **vals,
            }
        )
        cls.env.user.company_ids += company
        return company

    @classmethod
    def _make_branch(cls, **vals):
        return cls.env["clinic.branch"].create(
            {"name": f"Branch {next(_serial)}", "tz": "Asia/Irkutsk", **vals}
        )

    @classmethod
    def _make_department(cls, branch, **vals):
        return cls.env["clinic.department"].create(
            {"name": f"Department {next(_serial)}", "branch_id": branch.id, **vals}
        )

    @classmethod
    def _make_specialty(cls, **vals):
        return cls.env["clinic.specialty"].create({"name": f"Specialty {next(_serial)}", **vals})

    @classmethod
    def _make_room_type(cls, **vals):
        return cls.env["clinic.room.type"].create({"name": f"Room type {next(_serial)}", **vals})

    @classmethod
    def _make_device_type(cls, **vals):
        return cls.env["clinic.device.type"].create({"name": f"Device type {next(_serial)}", **vals})

    @classmethod
    def _make_room(cls, branch, **vals):
        return cls.env["clinic.room"].create(
            {"name": f"Room {next(_serial)}", "branch_id": branch.id, "tz": branch.tz, **vals}
        )

    @classmethod
    def _make_device(cls, branch, **vals):
        return cls.env["clinic.device"].create(
            {"name": f"Device {next(_serial)}", "branch_id": branch.id, "tz": branch.tz, **vals}
        )

    @classmethod
    def _make_practitioner(cls, branches=None, specialties=None, services=None, **vals):
        """A doctor of ``branches``; ``services`` (records) become rows without own values."""
        branches = branches or cls.env["clinic.branch"]
        n = next(_serial)
        return cls.env["clinic.practitioner"].create(
            {
                "name": f"Doctorov{n} Ivan Petrovich",
                "tz": branches[:1].tz or "Asia/Irkutsk",
                "branch_ids": [Command.set(branches.ids)],
                "specialty_ids": [Command.set(specialties.ids if specialties else [])],
                "service_line_ids": [
                    Command.create({"service_id": service.id}) for service in services or ()
                ],
                **vals,
            }
        )

    @classmethod
    def _make_service(cls, practitioners=None, **vals):
        """A medical service of 30 minutes for 2 000; ``practitioners`` get a row for it."""
        return cls.env["product.product"].create(
            {
                "name": f"Service {next(_serial)}",
                "type": "service",
                "clinic_is_service": True,
                "clinic_duration": 30,
                "list_price": 2000.0,
                "clinic_practitioner_line_ids": [
                    Command.create({"practitioner_id": practitioner.id})
                    for practitioner in practitioners or ()
                ],
                **vals,
            }
        )

    @classmethod
    def _make_practitioner_service(cls, practitioner, service, **vals):
        return cls.env["clinic.practitioner.service"].create(
            {"practitioner_id": practitioner.id, "service_id": service.id, **vals}
        )

    @classmethod
    def _consent(cls, patient):
        """The patient, or for a child the representative, has agreed to the processing of the data."""
        signer = patient.clinic_representative_ids.actor_id[:1] if patient.is_child else None
        way = "paper" if signer or not patient.is_child else "site"
        cls.env["clinic.consent"]._grant(patient, "personal_data", way, signer=signer)

    @classmethod
    def _make_patient(cls, **vals):
        """A grown-up woman with a card; ``phone`` may be in any usual spelling."""
        n = next(_serial)
        parts = {"family_name": f"Testova{n}", "given_name": "Anna", "patronymic": "Ivanovna"}
        parts.update({key: vals[key] for key in parts if key in vals})
        return cls.env["res.partner"].create(
            {
                "is_patient": True,
                "name": " ".join(part for part in parts.values() if part),
                "birth_date": "1985-05-17",
                "sex": "female",
                **parts,
                **vals,
            }
        )

    @classmethod
    def _make_user(cls, login, role=None, **vals):
        """An internal user; ``role`` is a key of ROLES, several joined with ``+``, or a group's XML id."""
        groups = [ROLES.get(name, name) for name in role.split("+")] if role else ["base.group_user"]
        vals.setdefault("tz", "Asia/Irkutsk")
        vals.setdefault("lang", "en_US")
        return new_test_user(cls.env, login, groups=",".join(groups), **vals)

    @classmethod
    def _make_role_users(cls, *roles):
        """Users for the given roles (all when empty) as a dict role -> user; login = ``t_<role>``."""
        return {role: cls._make_user(f"t_{role}", role) for role in roles or ROLES}

    @classmethod
    def _make_cast(cls, *mixed):
        """A user for every role, for combinations such as ``doctor+director`` and for an employee without
        a role, all allowed to export: ``{name: user}``."""
        cast = cls._make_role_users()
        for number, roles in enumerate(mixed):
            cast[roles] = cls._make_user(f"t_mixed{number}", roles)
        cast["employee"] = cls._make_user("t_employee")
        cls.env["res.users"].browse(user.id for user in cast.values()).write(
            {"group_ids": [Command.link(cls.env.ref("base.group_allow_export").id)]}
        )
        return cast

    @classmethod
    def _make_portal_user(cls, login="t_portal", **vals):
        vals.setdefault("lang", "en_US")
        return new_test_user(cls.env, login, groups="base.group_portal", **vals)


class ClinicCommon(ClinicBuilders, TransactionCase):
    """Base of the suite's tests: one branch in Irkutsk, one specialty, one doctor, one service."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._prepare_clinic()
        cls._make_small_clinic()


class ClinicHttpCommon(ClinicBuilders, HttpCase):
    """The same clinic for tests that need the web server. Subclasses are ``post_install``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._prepare_clinic()
        cls._make_small_clinic()
