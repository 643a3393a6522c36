# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the site remembers of one browser: kept in its server-side session only."""

import secrets

from odoo.tools import consteq

SESSION_KEY = "clinic_portal"
MAX_REMEMBERED = 5


class Visitor:
    """Tokens and booked visits of the browser that makes the current request.

    A token is 256 random bits, valid only together with the session that holds it; it never
    stands in an address. No personal data are kept here.
    """

    def __init__(self, request):
        self._session = request.session
        self.address = request.httprequest.remote_addr or ""
        stored = self._session.get(SESSION_KEY) or {}
        self._data = {
            "secret": stored.get("secret") or secrets.token_hex(32),
            "holds": list(stored.get("holds", ())),
            "visits": list(stored.get("visits", ())),
            "requests": list(stored.get("requests", ())),
        }

    def _save(self):
        # A copy: the session notices assigned values, not changed ones.
        self._session[SESSION_KEY] = {key: value for key, value in self._data.items()}

    @property
    def secret(self):
        """Stands for this browser in limits and codes; made at the first use."""
        if SESSION_KEY not in self._session:
            self._save()
        return self._data["secret"]

    @property
    def holds(self):
        """``[token, slot]`` pairs of this browser, newest last."""
        return self._data["holds"]

    @property
    def latest(self):
        """``(token, slot)`` of the last hold, or ``(None, None)``."""
        return tuple(self.holds[-1]) if self.holds else (None, None)

    @staticmethod
    def make_token():
        """A new token for a hold."""
        return secrets.token_urlsafe(32)

    @staticmethod
    def _find(pairs, token):
        """What stands beside the token in the pairs; ``None`` for anybody else's token."""
        found = None
        wanted = str(token or "")[:200].encode(errors="replace")
        for known, kept in pairs:
            if consteq(known.encode(), wanted):
                found = kept
        return found

    def slot_of(self, token):
        """The slot of one of this browser's tokens; ``None`` for anybody else's token."""
        return self._find(self.holds, token)

    def remember_hold(self, token, slot):
        """Keep a token with the slot it stands for."""
        self._data["holds"] = [*self.holds, [token, slot]][-MAX_REMEMBERED:]
        self._save()

    def change_hold(self, token, slot):
        """The slot of a token has another price."""
        self._data["holds"] = [[known, slot if known == token else kept] for known, kept in self.holds]
        self._save()

    def forget_hold(self, token):
        """The hold is over or was given back."""
        self._data["holds"] = [pair for pair in self.holds if pair[0] != token]
        self._save()

    def forget_all_holds(self):
        """A visitor keeps one time at once."""
        self._data["holds"] = []
        self._save()

    @property
    def last_booked(self):
        """Id of the visit this browser booked last, or ``None``."""
        visits = self._data["visits"]
        return visits[-1][1] if visits else None

    def booked_of(self, token):
        """Id of the visit this browser booked under the token, or ``None``."""
        return self._find(self._data["visits"], token)

    def remember_booked(self, token, appointment_id):
        """Let this browser open the page and the calendar file of the visit."""
        self._data["visits"] = [
            *(pair for pair in self._data["visits"] if pair[1] != appointment_id),
            [token, appointment_id],
        ][-MAX_REMEMBERED:]
        self._save()

    def make_request_token(self):
        """A new token for a form of a request; this browser only may send it."""
        token = self.make_token()
        self._data["requests"] = [*self._data["requests"], token][-MAX_REMEMBERED:]
        self._save()
        return token

    def owns_request(self, token):
        """Whether the token of a request was made for this browser."""
        return bool(self._find([(known, True) for known in self._data["requests"]], token))
