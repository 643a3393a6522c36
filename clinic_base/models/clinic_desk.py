# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time

from odoo import api, models
from odoo.exceptions import AccessDenied, UserError
from odoo.http import get_default_session, request, root
from odoo.tools.misc import consteq

HOURS = "clinic_base.pin_hours"
DEFAULT_HOURS = 12
#: Keys of the browser's session: who is locked out, who has signed in here, last sign of life, its limit.
LOCK, PEOPLE, SEEN, IDLE = "clinic_lock", "clinic_people", "clinic_seen", "clinic_idle"
#: What a locked session keeps; everything else of the person before is forgotten.
KEPT = ("db", "debug", "_trace", PEOPLE)
#: Seconds between the client's own lock and the server's.
GRACE = 30
#: The token of a person is tied to the password, the login and the account being active.
_TOKEN = "clinic-desk"


class ClinicDesk(models.AbstractModel):
    """A workplace shared by several people: lock, unlock and change of user in one browser session.

    A locked session has no user at all: Odoo itself refuses every call of it, this model only
    remembers who may come back. Back comes, by PIN or password, only who has signed in here in full
    (password and second factor) within the last hours; a changed password or a closed account ends
    that. The session gets a new identifier at every lock, unlock and change.
    """

    _name = "clinic.desk"
    _description = "Shared workplace"

    @api.model
    def _locked(self, session):
        """``{"uid", "at"}`` of a locked session, or an empty dict."""
        return {} if session.uid else session.get(LOCK) or {}

    @api.model
    def _note_entry(self, session):
        """Remember that the user of the session has signed in here in full; called for every request."""
        uid, people = str(session.uid), session.get(PEOPLE) or {}
        if session.get(LOCK):
            session.pop(LOCK)
        if uid in people:
            return
        user = self.env["res.users"].sudo().browse(session.uid)
        if user._is_internal():
            now = int(time.time())
            session[PEOPLE] = {**people, uid: {"at": now, "token": self._token(user)}}
            self._note_life(session)

    @api.model
    def _token(self, user):
        """Changes with the password, the login and the state of the account; asked anew every time."""
        return user._session_token_hash_compute(f"{_TOKEN}-{user.id}", user._session_token_get_values()) or ""

    @api.model
    def _note_life(self, session):
        """The person at the desk does something: the idle time starts anew."""
        user = self.env["res.users"].sudo().browse(session.uid)
        session[SEEN] = int(time.time())
        session[IDLE] = user.company_id.clinic_idle_minutes if user._is_internal() else 0

    @api.model
    def _is_idle(self, session):
        """Whether nobody has been at this session for longer than the company allows."""
        minutes, seen = session.get(IDLE), session.get(SEEN)
        return bool(session.uid and minutes and seen and time.time() - seen > minutes * 60 + GRACE)

    @api.model
    def _lock(self, session, rotate=True):
        """Take the user out of the session. What he had confirmed by password is forgotten as well.

        :param rotate: give the session a new identifier; not when the request is going to be refused,
            because the browser would not hear of it
        """
        uid = session.uid
        user = self.env["res.users"].sudo().browse(uid)
        self.env["clinic.access.event"].with_user(user)._record_now("lock", model=user)
        kept = {key: session[key] for key in KEPT if key in session}
        context = dict(session.context or {})
        session.clear()
        session.update(
            {**get_default_session(), **kept, "context": context, LOCK: {"uid": uid, "at": int(time.time())}}
        )
        if rotate:
            self._rotate(session)
        else:
            root.session_store.save(session)

    @api.model
    def _rotate(self, session):
        root.session_store.rotate(session, self.env(user=session.uid) if session.uid else self.env)

    @api.model
    def _known(self, session):
        """Users who may come back to this session without a full sign-in."""
        hours = int(self.env["ir.config_parameter"].sudo().get_param(HOURS) or DEFAULT_HOURS)
        known = self.env["res.users"].sudo()
        for uid, entry in (session.get(PEOPLE) or {}).items():
            user = known.browse(int(uid)).exists()
            fresh = time.time() - entry["at"] < hours * 3600
            if user.active and fresh and consteq(self._token(user), entry["token"]):
                known |= user
        return known

    @api.model
    def _people(self, session):
        """What the lock screen shows: who was here, who may come back."""
        locked = self._locked(session).get("uid")
        known = self._known(session)
        return [
            {
                "id": user.id,
                "name": user.name,
                "has_pin": self.env["clinic.pin"]._has(user),
                "mine": user.id == locked,
            }
            for user in known.sorted(lambda user: (user.id != locked, user.name))
        ]

    @api.model
    def _enter(self, session, uid, secret, way="pin"):
        """Give a locked session to a user who proves who he is.

        :param way: ``pin`` or ``password``
        :return: ``ok``, ``wrong``, ``blocked`` (PIN, until the next sign-in by password) or ``login`` (a full
            sign-in is needed)
        """
        locked = self._locked(session)
        user = self._known(session).filtered(lambda user: user.id == uid)
        if not locked or not user:
            return "login"
        answer = self._check(user, secret, way)
        if answer != "ok":
            self.env["clinic.access.event"]._record_failure("unlock_failed", user)
            return answer
        kept = {key: session[key] for key in KEPT if key in session}
        session.clear()
        session.update({**get_default_session(), **kept, "pre_login": user.login, "pre_uid": user.id})
        session.finalize(self.env)
        self._rotate(session)
        events = self.env["clinic.access.event"].with_user(user)
        events._record("unlock" if user.id == locked["uid"] else "switch", model=user)
        self.with_user(user)._note_life(session)
        return "ok"

    @api.model
    def _check(self, user, secret, way):
        if way != "password":
            return self.env["clinic.pin"]._verify(user, secret)
        credential = {"type": "password", "login": user.login, "password": secret or ""}
        try:
            # with the pause after many failures, and the journal, of every sign-in
            self.env["res.users"]._login(credential, {"interactive": True})
        except AccessDenied:
            return "wrong"
        return "ok"

    @api.model
    def _set_pin(self, password, pin):
        """The user gives himself a PIN; the password is asked for so that nobody does it at an open desk."""
        user = self.env.user
        try:
            credential = {"type": "password", "login": user.login, "password": password or ""}
            user._check_credentials(credential, {"interactive": True})
        except AccessDenied:
            self.env["clinic.access.event"]._record_failure("unlock_failed", user)
            raise UserError(self.env._("The password is wrong. The PIN was not changed.")) from None
        self.env["clinic.pin"]._set(user, (pin or "").strip())

    @api.model
    def _guard_request(self):
        """Before a request is answered: lock a session at which nobody has been for too long."""
        if self._is_idle(request.session):
            self._lock(request.session, rotate=False)
            return True
        return False
