# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..address_ru import Book, Place, name_key, read_address, resolve, show_address, similar_names

CONTACT_GROUP = "clinic_base.group_clinic_patient_contact"
MOST_PLACES, MOST_STREETS, MOST_SHOWN = 60, 60, 20
MAX_TEXT = 300
COLUMNS = SQL("code, name, kind, level, region, parent_code, guid, kladr, postcode")


class SqlBook(Book):
    """The classifier as ``address_ru`` asks for it: small statements over indexes."""

    def __init__(self, env):
        self.env = env
        self._known = {}

    def _rows(self, query):
        rows = self.env.execute_query(query)
        return [Place(*(value if isinstance(value, int) else value or "" for value in row)) for row in rows]

    def places(self, name, region=""):
        key = name_key(name)
        if not key:
            return []
        wanted = SQL("AND region = %s", region) if region else SQL("")
        return self._rows(
            SQL(
                "SELECT %s FROM clinic_address_object WHERE level < 5 AND name_key %% %s %s"
                " ORDER BY similarity(name_key, %s) DESC, level, code LIMIT %s",
                COLUMNS,
                key,
                wanted,
                key,
                MOST_PLACES,
            )
        )

    def streets(self, place, name):
        """Also a part of a longer name: "Мира" finds "Строителей-интернационалистов мира"."""
        key = name_key(name)
        return self._rows(
            SQL(
                "SELECT %s FROM clinic_address_object WHERE parent_code = %s AND level >= 4"
                " AND (name_key %% %s OR %s <%% name_key)"
                " ORDER BY similarity(name_key, %s) DESC, code LIMIT %s",
                COLUMNS,
                place.code,
                key,
                key,
                key,
                MOST_STREETS,
            )
        )

    def houses(self, street):
        rows = self.env.execute_query(
            SQL("SELECT numbers FROM clinic_address_house WHERE street_code = %s", street.code)
        )
        return [numbers for (numbers,) in rows]

    def above(self, place):
        found = []
        while place.parent and len(found) < 10:
            place = self.get(place.parent)
            if place is None:
                break
            found.insert(0, place)
        return found

    def get(self, code):
        """The place of a code or None."""
        if code not in self._known:
            rows = self._rows(SQL("SELECT %s FROM clinic_address_object WHERE code = %s", COLUMNS, code))
            self._known[code] = rows[0] if rows else None
        return self._known[code]

    def beginning(self, place, word, limit):
        """Streets of a place with a word that begins so."""
        begun = _escape(word)
        # the first LIKE is for the index, the second one for words that only contain the letters
        return self._rows(
            SQL(
                "SELECT %s FROM clinic_address_object WHERE parent_code = %s AND level >= 4"
                " AND name_key LIKE %s AND ' ' || name_key LIKE %s ORDER BY length(name), name LIMIT %s",
                COLUMNS,
                place.code,
                f"%{begun}%",
                f"% {begun}%",
                limit,
            )
        )


class ClinicAddressBook(models.AbstractModel):
    """Addresses without the network: suggestions while typing and codes for free texts."""

    _name = "clinic.address.book"
    _description = "Address classifier"

    @api.model
    def _is_filled(self):
        """Whether any region was loaded."""
        return bool(self.env.execute_query(SQL("SELECT 1 FROM clinic_address_object LIMIT 1")))

    @api.model
    def _home(self, book):
        """The clinic's own city, meant where an address names none; None when it is not known."""
        company = self.env.company.sudo()
        name = company.clinic_home_city or company.city
        if not name:
            branch = self.env["clinic.branch"].sudo().search([("city", "!=", False)], limit=1)
            name = branch.city
        typed = read_address(name or "")
        name = typed.settlement or typed.city
        found = [
            place
            for place in (book.places(name) if name else [])
            if place.level in (3, 4) and similar_names(name, place.name) == 1
        ]
        return min(found, key=lambda place: (place.level, place.code), default=None)

    @api.model
    def _resolve(self, texts):
        """What free texts mean.

        :param texts: list of texts; where they name no town, that of the present company is meant
        :return: list of dicts ``state, reason, code, guid, kladr, postcode, text, house, flat, city, street``
        """
        book = SqlBook(self.env)
        home = self._home(book)
        return [self._as_values(book, resolve(text, book, home)) for text in texts]

    @api.model
    def _as_values(self, book, result):
        values = {"state": result.state, "reason": result.reason}
        values.update(self._place_values(book, result.place, result.address))
        return values

    @api.model
    def _place_values(self, book, place, address):
        """Columns of an address at a place of the classifier; empty ones without a place."""
        if place is None:
            return dict.fromkeys(("code", "guid", "kladr", "postcode", "text", "city", "street"), False) | {
                "house": address.whole_house or False,
                "flat": address.flat or False,
            }
        line = [*book.above(place), place]
        town = [step for step in line if step.level in (3, 4)]
        street = [place.title] if place.level == 5 else []
        short = show_address(street, address)
        return {
            "code": place.code,
            "guid": place.guid or False,
            "kladr": place.kladr or False,
            "postcode": address.postcode or place.postcode or False,
            "text": show_address([step.title for step in line], address),
            "house": address.whole_house or False,
            "flat": address.flat or False,
            "city": town[-1].title if town else False,
            "street": short or False,
        }

    @api.model
    def _of_code(self, code, text):
        """Columns of an address that a person chose by its code; house and flat are read from the text."""
        book = SqlBook(self.env)
        return self._place_values(book, book.get(str(code or "")), read_address(text))

    @api.model
    @api.readonly
    def suggest(self, text, limit=8):
        """Addresses for what is typed so far, from the classifier in the database. For roles that see
        contact data of patients; nothing is sent anywhere.

        :return: list of dicts ``code, text, postcode``
        """
        if not self.env.su and not self.env.user.has_group(CONTACT_GROUP):
            raise AccessError(self.env._("Your role does not see contact data of patients."))
        text = " ".join(str(text or "").split())[:MAX_TEXT]
        limit = max(1, min(int(limit or 8), MOST_SHOWN))
        if len(text) < 2:
            return []
        book = SqlBook(self.env)
        home = self._home(book)
        result = resolve(text, book, home)
        found = list(result.variants)
        if result.state == "none":
            found = self._begun(book, result, home, limit)
        rows = []
        for place in found[:limit]:
            values = self._place_values(book, place, result.address)
            rows.append({name: values[name] or "" for name in ("code", "text", "postcode")})
        return rows

    @api.model
    def _begun(self, book, result, home, limit):
        """Streets and towns whose names only begin so far."""
        place = result.place or home
        typed = result.address.street or result.address.city or result.address.settlement
        words = name_key(typed).split()
        if not words:
            return []
        longest = max(words, key=len)
        found = book.beginning(place, longest, limit) if place else []
        towns = book._rows(
            SQL(
                "SELECT %s FROM clinic_address_object WHERE level IN (3, 4) AND name_key LIKE %s"
                " ORDER BY level, length(name), name LIMIT %s",
                COLUMNS,
                f"{_escape(longest)}%",
                limit,
            )
        )
        return (found + towns)[:limit]


def _escape(word):
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
