"""Inside the copy of a database: every person becomes another one; what is equal stays equal."""

import hashlib
import hmac
import json
import os
import secrets
from datetime import timedelta

from tools.pseudonym_grep import Finder, phone_key

#: Syllables of invented surnames; endings are kept, so that sex and declension stay.
_FIRST = ("Ва", "Ге", "До", "Жи", "Зу", "Ка", "Ле", "Му", "Ни", "По", "Ру", "Се", "Ту", "Фо", "Ха", "Ше")
_NEXT = (
    "бре", "вла", "гмо", "дзу", "кро", "лми", "мпа", "нту", "рге", "сва", "тли", "хру", "цве", "шка", "бну",
    "дро",
)  # fmt: skip
_ENDINGS = (
    "ская", "ский", "цкая", "цкий", "ова", "ева", "ина", "ына", "ов", "ев", "ин", "ын", "ко", "их", "ых",
    "ая", "ий",
)  # fmt: skip
#: Free text of rows about people: emptied. (table, columns)
_TEXTS = (
    (
        "res_partner",
        ("comment", "patient_alert", "function", "website", "street2", "signup_type", "vat", "ref"),
    ),
    ("clinic_phone", ("note", "source")),
    ("clinic_relation", ("ground",)),
    ("clinic_former_name", ("note", "source")),
    ("clinic_identity_document", ("note", "issued_by", "issuer_code")),
    ("clinic_coverage", ("note",)),
    ("clinic_guarantee_letter", ("letter_number", "services", "attachment_name")),
    ("clinic_consent", ("note", "ip_address", "withdrawn_ip", "signer_ground", "card_uuid")),
    ("clinic_print_document", ("note", "signer_ground", "body_sealed", "body_key")),
    ("clinic_patient_distinct", ("note",)),
    ("clinic_merge", ("reason", "explanation", "conflicts")),
    ("clinic_shift_template", ("name",)),
    ("clinic_match_cluster", ("reason", "hold_reason")),
    ("clinic_match_pair", ("explanation", "why")),
    ("clinic_appointment", ("note", "external_patient_ref", "external_ref", "token")),
    ("clinic_appointment_journal", ("note", "before")),
    ("clinic_blacklist", ("reason", "lift_reason")),
    ("clinic_attachment", ("ground", "programme_name")),
    ("clinic_absence", ("reason",)),
    ("clinic_shift", ("note",)),
    ("clinic_site_request", ("wish", "token")),
    (
        "clinic_subject_request",
        ("wish", "answer", "requester_name", "identity_note", "officers", "extension_reason"),
    ),
    ("clinic_practitioner", ("snils", "about", "seo_name", "frmr_oid")),
    ("mail_message", ("subject", "email_from", "reply_to", "incoming_email_to", "incoming_email_cc")),
    ("mail_activity", ("summary", "note")),
    ("res_users", ("signature",)),
)
#: Rows that are nothing without the people they speak of.
_GONE = (
    "mail_tracking_value", "mail_mail", "bus_bus", "ir_logging", "clinic_merge_line", "clinic_merge_choice",
    "clinic_match_key", "clinic_match_pair", "clinic_access_event", "clinic_access_seal",
    "clinic_access_alert",
    "clinic_incident", "clinic_destruction_act", "clinic_phone_code", "clinic_portal_limit", "clinic_pin",
    "res_device_log", "res_users_apikeys", "mail_blacklist", "phone_blacklist", "res_partner_bank",
    "clinic_setup_wizard", "clinic_import_row", "clinic_import_link", "clinic_address",
)  # fmt: skip


#: Examples in the forms of the suite itself: nobody's.
_EXAMPLE_NAMES = {("Иванова", "Мария"), ("Ivanova", "Maria")}
_EXAMPLE_PHONES = {"9145550123"}


class Replacer:
    """Consistent replacement by a secret that nobody keeps: one original, one pseudonym."""

    def __init__(self, families, givens):
        self.secret = secrets.token_bytes(32)
        self.taken = {name.casefold() for name in families}
        self.made, self.back = {}, set()
        # given names change places among those of the same ending, so that sex stays
        self.given = {}
        groups = {}
        for name in sorted(givens):
            groups.setdefault(name[-1:].casefold(), []).append(name)
        for group in groups.values():
            shuffled = sorted(group, key=self._number)
            self.given.update(zip(group, shuffled[1:] + shuffled[:1], strict=True))

    def _number(self, text, salt=""):
        return int.from_bytes(
            hmac.new(self.secret, f"{salt}{text}".encode(), hashlib.sha256).digest()[:8], "big"
        )

    def family(self, name):
        """An invented surname that nobody in the original has; the same one for the same surname."""
        key = (name or "").strip().casefold()
        if not key:
            return name
        stem = key.removesuffix("а") if key.endswith(("ова", "ева", "ина", "ына")) else key
        if stem not in self.made:
            self.made[stem] = self._invent(stem)
        made = self.made[stem]
        return made + "а" if stem != key else made

    def _invent(self, stem):
        ending = next((end for end in _ENDINGS if stem.endswith(end)), "ов")
        for turn in range(1000):
            number = self._number(stem, f"family{turn}")
            made = _FIRST[number % 16] + "".join(_NEXT[number >> shift & 15] for shift in (4, 8, 12)) + ending
            if made.casefold() not in self.taken and made not in self.back:
                self.back.add(made)
                return made
        raise RuntimeError("too many surnames")

    def phone(self, number):
        """Another number with the same beginning up to the operator; +7 945 is given to nobody."""
        key = phone_key(number)
        return f"+7945{self._number(key, 'phone') % 10**7:07d}" if key else None

    def shift(self, key):
        """Days by which the birth dates of one person move."""
        return timedelta(days=self._number(str(key), "days") % 59 - 29)


def replace(env, secrets_path):
    """Change the database of ``env``; the originals are written to a file for the search.

    Called in a temporary copy only. Returns counts by kind.
    """
    from odoo.modules.neutralize import neutralize_database

    cr = env.cr
    _drop_guards(cr)
    people = _people(cr)
    _write_originals(cr, people, secrets_path)
    replacer = Replacer(
        [p["family"] for p in people if p["family"]], {p["given"] for p in people if p["given"]}
    )
    counts = {"people": _replace_people(cr, replacer, people), "phones": _replace_phones(cr, replacer)}
    counts["former"] = _replace_former(cr, replacer)
    for table, columns in _TEXTS:
        _empty(cr, table, columns)
    for table in _GONE:
        if _columns(cr, table):
            cr.execute(f'DELETE FROM "{table}"')
    _seal_off(cr)
    cr.execute("UPDATE mail_message SET body = ''")
    # chats between two are called by their names
    cr.execute("UPDATE discuss_channel SET name = 'Chat ' || id WHERE channel_type <> 'channel'")
    # hashes of real passwords stay at home
    cr.execute("UPDATE res_users SET password = NULL")
    counts["files"] = _forget_files(cr)
    neutralize_database(cr)
    cr.execute("UPDATE ir_config_parameter SET value = md5(random()::text) WHERE key = 'database.secret'")
    cr.execute("UPDATE ir_config_parameter SET value = gen_random_uuid() WHERE key = 'database.uuid'")
    if _columns(cr, "clinic_match_waiting"):
        env["clinic.match.waiting"]._put_all()
    return counts


def _drop_guards(cr):
    """The owner of the copy may take the guards of the journal off it; the original keeps its own."""
    for table in ("clinic_access_event", "clinic_access_seal"):
        if _columns(cr, table):
            cr.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')


def _columns(cr, table):
    cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
    return {name for (name,) in cr.fetchall()}


def _people(cr):
    """Everybody who is no company: patients, staff, contacts."""
    cr.execute(
        """
        SELECT id, name, family_name, given_name, patronymic, birth_date, email, phone, street, city,
               is_patient
          FROM res_partner WHERE NOT coalesce(is_company, FALSE)
           AND id NOT IN (SELECT partner_id FROM res_company)
           AND (is_patient OR id NOT IN (
               -- contacts that come with the program are nobody, but for the administrator
               SELECT res_id FROM ir_model_data WHERE model = 'res.partner' AND name <> 'partner_admin'
                  AND module IN (SELECT name FROM ir_module_module WHERE state = 'installed')))
        """
    )
    keys = (
        "id",
        "name",
        "family",
        "given",
        "patronymic",
        "born",
        "email",
        "phone",
        "street",
        "city",
        "patient",
    )
    people = [dict(zip(keys, row, strict=True)) for row in cr.fetchall()]
    for person in people:
        if not person["family"] and not person["patient"]:
            parts = (person["name"] or "").split()
            person["family"], person["given"] = (parts + [None, None])[:2]
            person["patronymic"] = " ".join(parts[2:]) or None
            person["split"] = True
    return people


def _write_originals(cr, people, path):
    originals = {
        "names": [
            (p["family"], p["given"])
            for p in people
            if p["family"] and p["given"] and p["family"] != p["given"]
        ],
        "phones": [p["phone"] for p in people if p["phone"]],
        "emails": [p["email"] for p in people if p["email"]],
        "texts": [],
    }
    cr.execute("SELECT e164, raw FROM clinic_phone")
    originals["phones"] += [text for row in cr.fetchall() for text in row if text]
    # templates of shifts are often called as rooms are
    texts = [entry for entry in _TEXTS if entry[0] != "clinic_shift_template"]
    for table, columns in (*texts, ("res_partner", ("street",)), ("mail_message", ("body",))):
        for column in sorted(_columns(cr, table).intersection(columns)):
            cr.execute(
                f'SELECT DISTINCT "{column}"::text FROM "{table}"'
                f' WHERE length("{column}"::text) BETWEEN 12 AND 400'
            )
            originals["texts"] += [text for (text,) in cr.fetchall() if " " in text]
    cr.execute(
        "SELECT street FROM res_partner WHERE is_company OR id IN (SELECT partner_id FROM res_company)"
    )
    known = {street for (street,) in cr.fetchall()}
    originals["texts"] = [text for text in originals["texts"] if text not in known]
    originals["names"] = sorted(set(originals["names"]) - _EXAMPLE_NAMES)
    originals["phones"] = [text for text in originals["phones"] if phone_key(text) not in _EXAMPLE_PHONES]
    originals["found"] = _changed_views(cr, originals)
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as stream:
        json.dump(originals, stream, ensure_ascii=False)


def _changed_views(cr, originals):
    """Pages and forms that somebody has changed by hand and that name a person: the clinic mends them."""
    finder = Finder(originals)
    finder.table = "changed ir_ui_view"
    cr.execute(
        """
        SELECT v.arch_db::text FROM ir_ui_view v WHERE v.arch_updated OR NOT EXISTS (
               SELECT FROM ir_model_data d WHERE d.model = 'ir.ui.view' AND d.res_id = v.id)
        """
    )
    for (text,) in cr.fetchall():
        for line in (text or "").splitlines():
            finder.feed(line)
    return finder.found()


def _replace_people(cr, replacer, people):
    for person in people:
        family = replacer.family(person["family"])
        given = replacer.given.get(person["given"], person["given"])
        name = " ".join(filter(None, (family, given, person["patronymic"])))
        born = person["born"] and person["born"] + replacer.shift(person["id"])
        email = f"person{person['id']}@example.com" if person["email"] else None
        phone = replacer.phone(person["phone"])
        own = (None, None) if person.get("split") else (family, given)
        cr.execute(
            """
            UPDATE res_partner SET name = %s, complete_name = %s, family_name = %s, given_name = %s,
                   birth_date = %s, email = %s, email_normalized = %s, phone = %s, phone_sanitized = %s,
                   street = %s, clinic_search_text = NULL
             WHERE id = %s
            """,
            (
                name,
                name,
                *own,
                born,
                email,
                email,
                phone,
                phone,
                "Улица 1" if person["street"] else None,
                person["id"],
            ),
        )
        cr.execute(
            "UPDATE resource_resource SET name = %s"
            " WHERE user_id IN (SELECT id FROM res_users WHERE partner_id = %s)",
            (name, person["id"]),
        )
        cr.execute(
            "UPDATE res_users SET login = %s WHERE partner_id = %s AND share AND login <> 'public'",
            (f"person{person['id']}", person["id"]),
        )
    _replace_practitioners(cr, replacer)
    return len(people)


def _replace_practitioners(cr, replacer):
    """Doctors without an account have their name on the resource only."""
    if not _columns(cr, "clinic_practitioner"):
        return
    cr.execute(
        "SELECT r.id, r.name FROM resource_resource r JOIN clinic_practitioner p ON p.resource_id = r.id"
        " WHERE r.user_id IS NULL"
    )
    for key, name in cr.fetchall():
        parts = (name or "").split()
        made = (
            " ".join([replacer.family(parts[0]), *(replacer.given.get(part, part) for part in parts[1:])])
            if parts
            else name
        )
        cr.execute("UPDATE resource_resource SET name = %s WHERE id = %s", (made, key))


def _replace_phones(cr, replacer):
    cr.execute("SELECT id, e164, raw FROM clinic_phone")
    rows = cr.fetchall()
    for key, e164, raw in rows:
        number = replacer.phone(e164 or raw)
        cr.execute(
            "UPDATE clinic_phone SET e164 = %s, raw = %s, last4 = %s WHERE id = %s",
            (number, number, number and number[-4:], key),
        )
    if _columns(cr, "clinic_site_request"):
        cr.execute("SELECT id, phone FROM clinic_site_request WHERE phone IS NOT NULL")
        for key, phone in cr.fetchall():
            cr.execute(
                "UPDATE clinic_site_request SET phone = %s WHERE id = %s", (replacer.phone(phone), key)
            )
    return len(rows)


def _replace_former(cr, replacer):
    if not _columns(cr, "clinic_former_name"):
        return 0
    cr.execute("SELECT id, family_name, given_name FROM clinic_former_name")
    rows = cr.fetchall()
    for key, family, given in rows:
        cr.execute(
            "UPDATE clinic_former_name SET family_name = %s, given_name = %s WHERE id = %s",
            (replacer.family(family), replacer.given.get(given, given), key),
        )
    return len(rows)


def _empty(cr, table, columns):
    known = _columns(cr, table)
    cr.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_nullable = 'NO'",
        [table],
    )
    required = {name for (name,) in cr.fetchall()}
    for column in (column for column in columns if column in known):
        value = "''" if column in required else "NULL"
        cr.execute(f'UPDATE "{table}" SET "{column}" = {value} WHERE "{column}" IS NOT NULL')


def _seal_off(cr):
    """Sealed numbers open by the clinic's key only, which no copy has: an invented end is left to look at."""
    for table in ("clinic_identity_document", "clinic_coverage"):
        if _columns(cr, table):
            cr.execute(
                f"UPDATE {table} SET number_sealed = NULL, number_blind = NULL, number_key = NULL,"
                " number_tail = CASE WHEN number_tail IS NULL THEN NULL"
                " ELSE lpad((floor(random() * 10000))::int::text, 4, '0') END"
            )


def _forget_files(cr):
    """Files of people; what the program itself needs is made anew or comes with the addons."""
    cr.execute(
        "DELETE FROM ir_attachment"
        " WHERE coalesce(res_model, '') NOT IN ('ir.ui.view', 'ir.ui.menu', 'ir.module.module')"
    )
    return cr.rowcount
