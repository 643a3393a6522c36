# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import io
import json
import struct
import sys
import threading
import zipfile
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..address_ru import name_key, similar_names
from ..models.clinic_address_book import SqlBook
from ..models.clinic_dadata import MAX_ANSWER
from .common import ClinicCommon, ClinicHttpCommon

PLACES = [
    ("Иркутская", "обл", "3800000000000", ""),
    ("Иркутск", "г", "3800000100000", "664000"),
    ("Ангарский", "р-н", "3800100000000", ""),
    ("Мегет", "рп", "3800100000200", "665854"),
    ("Чита", "г", "7500000100000", ""),
]
STREETS = [
    ("Карла Маркса", "ул", "38000001000000100", "664003"),
    ("Ленина", "ул", "38000001000000200", "664025"),
    ("Ленина", "пер", "38000001000000300", "664025"),
    ("Школьный", "пер", "38001000002000100", ""),
]
HOUSES = [("1-20,22А", "3800000100000010001", "664003"), ("1,3,5", "3800000100000020001", "")]
WIDTHS = {"NAME": 40, "SOCR": 10, "CODE": 19, "INDEX": 6}


def dbf(columns, rows):
    """A dBase table as the tax service writes it: code page 866, texts only."""
    fields = b"".join(
        name.encode().ljust(11, b"\0") + b"C" + bytes(4) + bytes([WIDTHS[name], 0]) + bytes(14)
        for name in columns
    )
    size = 1 + sum(WIDTHS[name] for name in columns)
    head = (
        struct.pack("<B3BIHH", 3, 124, 1, 1, len(rows), 33 + len(fields), size).ljust(29, b"\0") + b"\x26\0\0"
    )
    body = b"".join(
        b" "
        + b"".join(
            str(cell).encode("cp866").ljust(WIDTHS[name]) for name, cell in zip(columns, row, strict=True)
        )
        for row in rows
    )
    return base64.b64encode(head + fields + b"\r" + body + b"\x1a")


class AddressCase:
    """The classifier with one region."""

    @classmethod
    def _load_region(cls):
        cls.company.clinic_home_city = "Иркутск"
        columns = ("NAME", "SOCR", "CODE", "INDEX")
        cls.load = cls.env["clinic.address.load"].create(
            {
                "regions": "38",
                "places_file": dbf(columns, PLACES),
                "streets_file": dbf(columns, STREETS),
                "houses_file": dbf(("NAME", "CODE", "INDEX"), HOUSES),
            }
        )
        cls.load.action_start()
        cls.load._run()


@tagged("post_install", "-at_install")
class TestAddress(AddressCase, ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._load_region()
        cls.patient = cls._make_patient()
        cls.users = cls._make_role_users("registrar", "marketer", "doctor", "clinic_admin")

    def _address(self, text, **vals):
        return self.env["clinic.address"].create({"patient_id": self.patient.id, "raw": text, **vals})

    def test_region_is_loaded_once(self):
        self.assertEqual((self.load.state, self.load.place_count, self.load.house_count), ("done", 8, 2))
        self.load.state = "draft"
        self.load.action_start()
        self.load._run()
        objects = self.env["clinic.address.object"]
        self.assertEqual(objects.search_count([("region", "=", "38")]), 8)
        self.assertFalse(objects.search_count([("region", "=", "75")]))
        street = objects.search([("kladr", "=", "38000001000000100")])
        self.assertEqual((street.display_name, street.parent_code), ("ул Карла Маркса", "38000001000"))

    def test_text_is_kept_and_read(self):
        row = self._address("г. Иркутск, К.Маркса ул., д. 5 кв. 12")
        self.assertEqual((row.state, row.reason), ("likely", "spelling"))
        exact = self._address("Иркутск, ул Карла Маркса 5-12")
        self.assertEqual(
            (exact.state, exact.house, exact.flat, exact.postcode), ("exact", "5", "12", "664003")
        )
        self.assertEqual(exact.text, "Иркутская обл, г Иркутск, ул Карла Маркса, д 5, кв 12")
        self.assertEqual(self._address("Ленина 7").state, "several")
        self.assertEqual(self._address("не помнит").state, "none")
        self.assertEqual(exact.raw, "Иркутск, ул Карла Маркса 5-12")

    def test_a_confirmed_address_is_left_alone(self):
        row = self._address("Карла Макса 5")
        row.with_user(self.users["registrar"]).action_confirm()
        before = (row.raw, row.text, row.state)
        row._look_up()
        self.env["clinic.address"]._look_up_again()
        with self.enter_registry_test_mode():
            self.env.ref("clinic_base.ir_cron_address").method_direct_trigger()
        self.assertEqual((row.raw, row.text, row.state), before)
        self.assertEqual(row.confirmed_by_id, self.users["registrar"])

    def test_chosen_suggestion(self):
        desk = self.env["clinic.address.book"].with_user(self.users["registrar"])
        (first, *_rest) = desk.suggest("карла мар 5 кв 2")
        self.assertIn("ул Карла Маркса", first["text"])
        (begun, *_rest) = desk.suggest("школ", 5) or [{}]
        self.assertFalse(begun)
        row = self._address(first["text"], code=first["code"])
        self.assertEqual((row.state, row.house, row.flat), ("confirmed", "5", "2"))
        row.raw = "Ленина 7"
        self.assertEqual((row.state, row.code, row.confirmed_by_id.id), ("several", False, False))

    def test_the_index_loses_no_street_that_fits(self):
        names = ["Мира", "Строителей-интернационалистов Мира", "8 Марта", "3-я Железнодорожная"]
        names += ["Юных Ленинцев", "Большая Речная", "Академика Образцова", "Красных Мадьяр"]
        names += ["Розы Люксембург", "Ржанова"]
        home = self.env["clinic.address.object"].search([("kladr", "=", "3800000100000")])
        self.env["clinic.address.object"].sudo().create(
            [
                {"code": f"t{n}", "parent_code": home.code, "region": "38", "level": 5, "name": name}
                | {"name_key": name_key(name), "kind": "ул"}
                for n, name in enumerate(names)
            ]
        ).flush_recordset()
        book, place = SqlBook(self.env), home._place()
        streets = self.env["clinic.address.object"].search([("parent_code", "=", home.code)])
        for typed in ["мира", "Мирра", "марта 8", "железнодорожная 3", "ленинцев", "б речная", "речная"]:
            self._same_streets(book, place, streets, typed)
        for typed in ["образцова", "а образцова", "мадьяр", "р люксембург", "люксенбург", "ржаново"]:
            self._same_streets(book, place, streets, typed)

    def _same_streets(self, book, place, streets, typed):
        fitting = {street.code for street in streets if similar_names(typed, street.name) >= 0.86}
        self.assertTrue(fitting, typed)
        self.assertLessEqual(fitting, {street.code for street in book.streets(place, typed)}, typed)

    def test_people_do_not_write_what_the_program_derives(self):
        rows = self.env["clinic.address"].with_user(self.users["registrar"])
        row = rows.create({"patient_id": self.patient.id, "raw": "нет", "state": "confirmed", "text": "x"})
        self.assertEqual((row.state, row.text), ("none", False))
        row.write({"guid": "x", "kladr": "y"})
        self.assertFalse(row.guid or row.kladr)

    def test_contact_and_rows_agree(self):
        self.patient.write({"street": "ул Ленина 3", "city": "Иркутск"})
        row = self.patient.clinic_address_ids
        self.assertEqual((row.raw, row.state), ("Иркутск, ул Ленина 3", "exact"))
        self.patient.write({"street": "ул Карла Маркса 5"})
        self.assertEqual(self.patient.clinic_address_ids.raw, "Иркутск, ул Карла Маркса 5")
        archived = (
            self.env["clinic.address"]
            .with_context(active_test=False)
            .search([("patient_id", "=", self.patient.id)])
        )
        self.assertIn("Иркутск, ул Ленина 3", archived.mapped("raw"))
        self.patient.clinic_address_ids.raw = "Иркутск, ул Ленина 5, кв 1"
        self.assertEqual((self.patient.city, self.patient.street), ("г Иркутск", "ул Ленина, д 5, кв 1"))

    def test_a_form_that_sends_the_address_back_changes_nothing(self):
        row = self._address("Ленина 5 кв 1, Иркутск", code="380000010000002")
        card = self.patient
        card.write({name: card[name] for name in ("street", "city", "zip", "street2")})
        self.assertEqual(card.clinic_address_ids, row)
        self.assertEqual((row.state, row.active), ("confirmed", True))

    def test_the_own_city_is_that_of_the_company_of_the_patient(self):
        company = self._make_company()
        company.clinic_home_city = "Мегет"
        other = self._make_patient(family_name="Мегетская", company_id=company.id)
        row = self.env["clinic.address"].create({"patient_id": other.id, "raw": "Школьный пер 5"})
        self.assertEqual((row.state, row.city), ("exact", "рп Мегет"))

    def test_rights(self):
        row = self._address("Ленина 3")
        for role in ("marketer",):
            with self.assertRaises(AccessError):
                row.with_user(self.users[role]).read(["raw"])
            with self.assertRaises(AccessError):
                self.env["clinic.address.book"].with_user(self.users[role]).suggest("ленина")
        with self.assertRaises(AccessError):
            row.with_user(self.users["doctor"]).raw = "x"
        with self.assertRaises(AccessError):
            self.env["clinic.address.load"].with_user(self.users["registrar"]).create({"regions": "38"})

    def test_many_at_once_wait_for_the_background(self):
        rows = self.env["clinic.address"].create(
            [{"patient_id": self.patient.id, "raw": f"Карла Маркса {n}"} for n in range(1, 25)]
        )
        self.assertEqual(set(rows.mapped("state")), {"new"})
        with self.enter_registry_test_mode():
            self.env.ref("clinic_base.ir_cron_address").method_direct_trigger()
        self.assertEqual(set(rows.mapped("state")), {"exact", "likely"})

    def test_join_keeps_both_addresses(self):
        other = self._make_patient(family_name=self.patient.family_name)
        own, moved = self._address("Ленина 3"), self._address("Карла Маркса 5", patient_id=other.id)
        merge = self.env["clinic.merge"].create({"survivor_id": self.patient.id, "loser_id": other.id})
        merge._merge()
        self.assertEqual((own | moved).patient_id, self.patient)
        merge._undo()
        self.assertEqual(moved.patient_id, other)


@tagged("post_install", "-at_install")
class TestAddressLoad(ClinicCommon):
    def _load(self, **vals):
        load = self.env["clinic.address.load"].create({"regions": "38", **vals})
        load.action_start()
        load._run()
        return load

    def test_bad_input_is_refused_with_a_sentence(self):
        load = self.env["clinic.address.load"].create({"regions": "38"})
        for regions in ("x", "3 8", "0", "38; y"):
            load.regions = regions
            with self.assertRaises(UserError):
                load.action_start()
        load.regions = "38"
        with self.assertRaisesRegex(UserError, "KLADR.DBF"):
            load.action_start()
        load.write({"kind": "gar", "regions": "38, 75"})
        with self.assertRaisesRegex(UserError, "one region"):
            load.action_start()

    def _tables(self, **vals):
        columns = ("NAME", "SOCR", "CODE", "INDEX")
        return {"places_file": dbf(columns, PLACES), "streets_file": dbf(columns, STREETS), **vals}

    def _in_background(self, **vals):
        """A load as the scheduled action makes it, in a transaction that may be rolled back."""
        load = self.env["clinic.address.load"].create({"regions": "38", "state": "waiting", **vals})
        silent = mute_logger("odoo.addons.clinic_base.models.clinic_address_load")
        with self.enter_registry_test_mode(), silent:
            self.env.ref("clinic_base.ir_cron_address_load").method_direct_trigger()
        self.env.invalidate_all()
        return load

    def test_a_bad_file_fails_and_leaves_the_classifier(self):
        self._load(**self._tables())
        broken = base64.b64encode(base64.b64decode(dbf(("NAME", "SOCR", "CODE", "INDEX"), STREETS))[:-120])
        wrong = {
            "no table": ("damaged", self._tables(places_file=base64.b64encode(b"no table"))),
            "cut": ("damaged", self._tables(streets_file=broken)),
            "no column": ("column", self._tables(streets_file=dbf(("NAME", "CODE"), [("x", "1")]))),
            "other region": ("nothing of these regions", self._tables(regions="77")),
            "no archive": ("archive", {"kind": "gar", "archive_file": base64.b64encode(b"PK")}),
            "cut archive": ("archive", {"kind": "gar", "archive_file": self._archive(damage=True)}),
            "archive of others": (
                "nothing of these regions",
                {"kind": "gar", "archive_file": self._archive(folder="75")},
            ),
        }
        for name, (words, vals) in wrong.items():
            with self.subTest(name):
                load = self._in_background(**vals)
                self.assertEqual(load.state, "failed")
                self.assertIn(words, load.problem)
                self.assertEqual(self.env["clinic.address.object"].search_count([("region", "=", "38")]), 8)

    def test_a_cut_load_goes_on_where_it_was(self):
        """Each batch as the last before the power goes: the next run ends with the same table."""
        model = type(self.env["clinic.address.load"])
        self.patch(sys.modules[model._load_kladr.__module__], "BATCH", 2)
        for batches in range(1, 5):
            load = self.env["clinic.address.load"].create(
                {"regions": "38", "state": "waiting", **self._tables()}
            )
            load.houses_file = dbf(("NAME", "CODE", "INDEX"), HOUSES)
            put, left = model._put_batch, [batches]

            def put_or_die(self, *arguments, put=put, left=left):
                if not left[0]:
                    raise KeyboardInterrupt
                left[0] -= 1
                return put(self, *arguments)

            # no assertRaises: it would roll back what the power left
            with patch.object(model, "_put_batch", put_or_die), suppress(KeyboardInterrupt):
                load._run()
            self.assertEqual((load.state, load.row_count), ("running", 2 * batches))
            with patch.object(model, "_empty", lambda *_: self.fail("a cut load empties nothing")):
                load._run()
            self.assertEqual((load.state, load.place_count, load.house_count), ("done", 8, 2))
            self.assertEqual(self.env["clinic.address.house"].search_count([("region", "=", "38")]), 2)
            self.assertEqual(self.env["clinic.address.object"].search_count([("region", "=", "38")]), 8)

    GUID = "00000000-0000-4000-8000-00000000000{}"

    def _archive(self, folder="38", damage=False):
        guid = self.GUID
        objects = "".join(
            f'<OBJECT OBJECTID="{n}" OBJECTGUID="{guid.format(n)}" NAME="{name}" TYPENAME="{kind}"'
            f' LEVEL="{level}" ISACTUAL="1" ISACTIVE="1"/>'
            for n, name, kind, level in (
                (1, "Иркутская", "обл.", 1),
                (2, "Иркутск", "г.", 5),
                (3, "Ленина", "ул.", 8),
                (4, "Иркутск", "г.п.", 4),
            )
        )
        links = "".join(
            f'<ITEM OBJECTID="{child}" PARENTOBJID="{parent}" ISACTIVE="1"/>'
            for child, parent in ((2, 1), (3, 2), (7, 3))
        )
        params = '<PARAM OBJECTID="3" TYPEID="10" VALUE="38000001000000200" CHANGEIDEND="0"/>'
        houses = f'<HOUSE OBJECTID="7" OBJECTGUID="{guid.format(7)}" HOUSENUM="5" ISACTUAL="1" ISACTIVE="1"/>'
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for name, rows in (
                ("ADDR_OBJ", objects),
                ("ADM_HIERARCHY", links),
                ("ADDR_OBJ_PARAMS", params),
                ("HOUSES", houses),
            ):
                archive.writestr(f"{folder}/AS_{name}_20260101_{guid.format(0)}.XML", f"<ALL>{rows}</ALL>")
        raw = bytearray(stream.getvalue())
        if damage:
            raw[raw.index(b"HOUSENUM") + 10] ^= 1
        return base64.b64encode(raw)

    def test_gar(self):
        load = self._load(kind="gar", archive_file=self._archive())
        self.assertEqual((load.state, load.place_count, load.house_count), ("done", 4, 1))
        (found,) = self.env["clinic.address.book"]._resolve(["Иркутск, ул Ленина, 5"])
        self.assertEqual((found["state"], found["guid"]), ("exact", self.GUID.format(3)))
        self.assertEqual(found["kladr"], "38000001000000200")
        (found,) = self.env["clinic.address.book"]._resolve(["Иркутск, ул Ленина, 6"])
        self.assertEqual((found["state"], found["reason"]), ("likely", "no_such_house"))


class _Emulator(BaseHTTPRequestHandler):
    """DaData in the shape of its answers, on a socket of this machine."""

    asked = []
    status = 200
    padding = 0

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).asked.append((self.path, self.headers["Authorization"], body))
        data = {
            "postal_code": "664025",
            "fias_id": "guid",
            "kladr_id": "38000001000000200",
            "house": "3",
            "flat": None,
        }
        row = {
            "value": "г Иркутск, ул Ленина, д 3",
            "unrestricted_value": "664025, г Иркутск, ул Ленина, д 3",
            "data": data,
        }
        rows = [row, {"value": 5}, None]
        answer = json.dumps({"suggestions": rows, "x": "x" * type(self).padding}).encode()
        self.send_response(type(self).status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        with suppress(ConnectionError):  # who asks hangs up when it is too much
            self.wfile.write(answer)

    def log_message(self, *arguments):
        """Nothing is printed by the tests."""


@tagged("post_install", "-at_install")
class TestDadata(ClinicHttpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_role_users("registrar", "marketer")
        server = HTTPServer(("127.0.0.1", 0), _Emulator)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        cls.addClassCleanup(server.server_close)
        cls.addClassCleanup(server.shutdown)
        cls.url_of_emulator = f"http://127.0.0.1:{server.server_port}"

    def _switch(self, **values):
        parameters = self.env["ir.config_parameter"]
        for name, value in values.items():
            parameters.set_param(f"clinic_base.dadata_{name}", value)
        self.env.flush_all()

    def _ask(self, login="t_registrar"):
        self.authenticate(login, login)
        return self.make_jsonrpc_request("/clinic/address/online", {"text": "ленина 3"})

    def test_off_asks_nobody(self):
        _Emulator.asked.clear()
        self._switch(url=self.url_of_emulator, token="secret")
        self.assertEqual(self._ask(), [])
        self.assertEqual(_Emulator.asked, [])

    def test_on(self):
        _Emulator.asked.clear()
        _Emulator.status = 200
        self._switch(url=self.url_of_emulator, token="secret", enabled="True")
        (row,) = self._ask()
        self.assertEqual((row["text"], row["flat"]), ("664025, г Иркутск, ул Ленина, д 3", ""))
        ((path, token, body),) = _Emulator.asked
        self.assertEqual((path, token, body["query"]), (
            "/suggestions/api/4_1/rs/suggest/address", "Token secret", "ленина 3"))  # fmt: skip
        event = self.env["clinic.access.event"].search([("action", "=", "send")], limit=1)
        self.assertEqual((event.user_login, event.detail, event.patient_ref), ("t_registrar", "DaData", 0))

    def test_an_endless_answer_is_no_answer(self):
        _Emulator.status, _Emulator.padding = 200, MAX_ANSWER
        self.addCleanup(setattr, _Emulator, "padding", 0)
        self._switch(url=self.url_of_emulator, token="secret", enabled="True")
        self.assertEqual(self._ask(), [])

    def test_failures_are_an_empty_answer(self):
        self._switch(url=self.url_of_emulator, token="secret", enabled="True")
        _Emulator.status = 500
        self.assertEqual(self._ask(), [])
        self._switch(url="http://127.0.0.1:9")
        self.assertEqual(self._ask(), [])
