# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the pages of the site booking share."""

from urllib.parse import parse_qsl, urlencode

from odoo.http import request

from odoo.addons.clinic_base.texts import without_controls

#: Parameters of the first screen, in the order of its address.
SEARCH_PARAMS = ("specialty", "doctor", "service", "age", "branch", "date", "q", "page")

#: Fields of the forms that are given back to the visitor after a mistake.
FORM_FIELDS = ("name", "birth_date", "phone", "address", "code", "patient", "consent", "marketing", "wish")

#: Longest text given back: whoever sends more is not typing.
ECHO_MAX = 20_000


def search_query(filters):
    """The parameters of ``filters`` (see ``clinic.portal.catalogue``) for an address."""
    values = {}
    for name in SEARCH_PARAMS:
        value = filters.get(name)
        if name == "page":
            value = value if value and value > 1 else None
        elif hasattr(value, "_name"):
            value = value.id
        if value:
            values[name] = value
    return urlencode(values)


def params_of(query):
    """The parameters in a query string that came back from a form."""
    return {key: value for key, value in parse_qsl(str(query or "")[:1000]) if key in SEARCH_PARAMS}


def typed(post):
    """What the visitor typed into a form, to be shown again."""
    return {name: without_controls(post.get(name))[:ECHO_MAX] for name in FORM_FIELDS}


def is_own_form(csrf_token):
    """Whether the form was sent from a page of this session (the anti-forgery mark is good)."""
    mark = str(csrf_token or "")
    return mark.isascii() and request.validate_csrf(mark)


def render_private(template, values, status=200):
    """A page that belongs to one visitor: kept by no cache, shown in no frame, never indexed."""
    response = request.render(template, values)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def clinic_phone(branch=None):
    """The number to call when the site cannot help."""
    company = (branch and branch.company_id) or request.website.company_id.sudo()
    return (branch and branch.phone) or company.clinic_call_phone or company.phone


def log_event(kind, visitor, **values):
    """A row of the funnel without a person; crawlers are not visitors."""
    if not request.env["ir.http"].is_a_bot():
        request.env["clinic.portal.catalogue"]._booking().log_event(
            kind, channel="site", session_hash=session_mark(visitor), **values
        )


def session_mark(visitor):
    """What tells the steps of one visitor together in the event log; leads to nobody."""
    return request.env["clinic.portal.limit"]._hash("event", visitor.secret)[:16]
