# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import BadRequest

from odoo.http import Controller, request, route

from odoo.addons.web.controllers.home import Home


class Desk(Controller):
    """Lock, unlock and change of user at a shared workplace; see ``clinic.desk``."""

    @route("/clinic/desk/lock", type="jsonrpc", auth="user")
    def lock(self):
        """Lock this session. Returns what the lock screen needs."""
        request.env["clinic.desk"]._lock(request.session)
        request.update_env(user=request.env.ref("base.public_user").id)
        return self._state()

    @route("/clinic/desk/state", type="jsonrpc", auth="public")
    def state(self):
        """Whether this session is locked, and who may come back; names only of those who were here."""
        return self._state()

    @route("/clinic/desk/alive", type="jsonrpc", auth="user")
    def alive(self):
        """The person at the desk has moved: the idle time starts anew."""
        request.env["clinic.desk"]._note_life(request.session)
        return True

    @route("/clinic/desk/enter", type="jsonrpc", auth="public")
    def enter(self, user_id, secret, way, csrf_token):
        """Unlock by PIN or password of one of those who were here. The answer never says more than needed."""
        self._check_csrf(csrf_token)
        answer = request.env["clinic.desk"]._enter(request.session, user_id, secret, way)
        return {"answer": answer, "uid": request.session.uid, "csrf_token": request.csrf_token()}

    @route("/clinic/desk/pin", type="jsonrpc", auth="user")
    def pin(self, password, pin, csrf_token):
        """The user sets or removes (empty) his own PIN."""
        self._check_csrf(csrf_token)
        request.env["clinic.desk"]._set_pin(password, pin)
        return bool(pin)

    @route(
        "/clinic/desk/locked",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        multilang=False,
        sitemap=False,
    )
    def locked_page(self, redirect="/odoo", **_kw):
        """The lock screen after a reload of the page."""
        return self._page(redirect)

    @route(
        "/clinic/desk/locked",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        multilang=False,
        sitemap=False,
    )
    def locked_page_post(self, user_id, secret="", way="pin", redirect="/odoo", **_kw):
        """The same without any script in the page."""
        user_id = int(user_id) if user_id.isascii() and user_id.isdigit() else 0
        answer = request.env["clinic.desk"]._enter(request.session, user_id, secret, way)
        if answer == "ok":
            return request.redirect(self._own(redirect))
        return self._page(redirect, answer)

    def _page(self, redirect, answer=""):
        desk = request.env["clinic.desk"]
        if not desk._locked(request.session):
            return request.redirect(self._own(redirect))
        values = {"people": desk._people(request.session), "redirect": self._own(redirect), "answer": answer}
        response = request.render("clinic_base.desk_locked", values)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Frame-Options"] = "DENY"
        return response

    @staticmethod
    def _own(path):
        """A path of this server only."""
        return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/odoo"

    def _state(self):
        desk = request.env["clinic.desk"]
        locked = desk._locked(request.session)
        return {
            "locked": bool(locked),
            "uid": locked.get("uid") or request.session.uid,
            "people": desk._people(request.session) if locked else [],
            "csrf_token": request.csrf_token(),
        }

    @staticmethod
    def _check_csrf(token):
        if not request.validate_csrf(token):
            raise BadRequest("Session expired (invalid CSRF token)")


class DeskHome(Home):
    """A reload of a locked page leads to the lock screen; a full sign-in counts anew."""

    @route()
    def web_client(self, s_action=None, **kw):
        if request.db and not request.session.uid and request.session.get("clinic_lock"):
            query = {"redirect": request.httprequest.full_path}
            return request.redirect_query("/clinic/desk/locked", query=query, code=303)
        return super().web_client(s_action, **kw)

    @route()
    def web_login(self, redirect=None, **kw):
        response = super().web_login(redirect=redirect, **kw)
        if request.httprequest.method == "POST" and request.params.get("login_success"):
            session = request.session
            people = dict(session.get("clinic_people") or {})
            # noted again by the first request that has passed every factor
            if people.pop(str(session.uid or session.get("pre_uid")), None):
                session["clinic_people"] = people
        return response
