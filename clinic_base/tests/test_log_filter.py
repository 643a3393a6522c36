# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

import psycopg2

from odoo.tests import tagged

from ..log_filter import LOGGERS, ValueFilter, describe_error, install, strip_values
from .common import ClinicCommon

NAME, PHONE, BIRTH = "Тайнова", "+79854047788", "1977-05-04"
SECRETS = (NAME, "тайнова", PHONE, "9854047788", "77-88", BIRTH, "1977", "7788")
INSERT_PHONE = (
    "INSERT INTO clinic_phone (partner_id, raw, e164, owner, active) VALUES (%s, %s, %s, 'self', true)"
)
INSERT_RELATION = (
    "INSERT INTO clinic_relation (patient_id, actor_id, kind, ground) VALUES (%s, %s, 'other', %s)"
)


class _Catcher(logging.Handler):
    """Keeps what would have been written to the log."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))


@tagged("post_install", "-at_install")
class TestLogFilter(ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.patient = cls._make_patient(family_name=NAME, birth_date=BIRTH, phone=PHONE)

    def _log_of(self, statement, params, logger="odoo.sql_db"):
        """The log of a statement that fails."""
        catcher = _Catcher()
        logs = [logging.getLogger(name) for name in {"odoo.sql_db", logger}]
        for log in logs:
            # the failure is wanted: the log of the test run stays clean
            log.propagate = False
            log.addHandler(catcher)
        try:
            with self.assertRaises(psycopg2.Error) as caught, self.env.cr.savepoint():
                self.env.cr.execute(statement, params)
            if logger != "odoo.sql_db":
                try:
                    raise ValueError(NAME) from caught.exception
                except ValueError:
                    logging.getLogger(logger).exception("failed")
        finally:
            for log in logs:
                log.removeHandler(catcher)
                log.propagate = True
        return "\n".join(catcher.lines)

    def test_violations_leave_no_values_in_the_log(self):
        self.env.flush_all()
        for label, statement, params, kept in (
            ("unique", INSERT_PHONE, [self.patient.id, PHONE, PHONE], "clinic_phone_one_row_per_number"),
            (
                "check",
                INSERT_RELATION,
                [self.patient.id, self.patient.id, f"{NAME} {PHONE}"],
                "clinic_relation_not_oneself",
            ),
            ("not null", INSERT_PHONE, [None, PHONE, f"{PHONE}1"], "partner_id"),
            ("foreign key", INSERT_PHONE, [2**30, NAME, f"{PHONE}2"], "clinic_phone_partner_id_fkey"),
            (
                "bad date",
                "UPDATE res_partner SET birth_date = %s WHERE name = %s",
                [NAME, PHONE],
                "res_partner",
            ),
            ("syntax", "SELECT 1 FROM res_partner WHERE name = %s ORDER BY BY", [NAME], "res_partner"),
            ("quotes", "SELECT 1/0 FROM res_partner WHERE name <> %s", [f"O'{NAME}\\' {PHONE}"], "SELECT"),
        ):
            with self.subTest(label):
                log = self._log_of(statement, params)
                self.assertIn("bad query", log)
                self.assertIn(kept, log)
                for secret in SECRETS:
                    self.assertNotIn(secret, log)

    def test_tracebacks_of_other_loggers(self):
        self.env.flush_all()
        log = self._log_of(INSERT_PHONE, [self.patient.id, PHONE, PHONE], logger="odoo.http")
        self.assertIn("UniqueViolation", log)
        self.assertIn("clinic_phone_one_row_per_number", log)
        for secret in SECRETS:
            self.assertNotIn(secret, log)

    def test_installed_once(self):
        install()
        for name in LOGGERS:
            filters = [item for item in logging.getLogger(name).filters if isinstance(item, ValueFilter)]
            self.assertEqual(len(filters), 1, name)

    def test_statement_stays_readable(self):
        self.assertEqual(
            strip_values(
                b"""UPDATE "res_partner" SET "name" = 'It''s', x2 = E'a\\'b', n = -15.5 WHERE id IN (1, 2)"""
            ),
            'UPDATE "res_partner" SET "name" = ?, x2 = ?, n = ? WHERE id IN (?, ?)',
        )
        self.assertEqual(strip_values("SELECT $tag$secret$tag$, 'cut off"), "SELECT ?, ")

    def test_a_lost_connection_says_so(self):
        self.assertEqual(
            describe_error(psycopg2.InterfaceError("connection already closed")),
            "InterfaceError, connection already closed",
        )
