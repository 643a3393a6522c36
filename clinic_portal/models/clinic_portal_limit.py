# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import hmac

from odoo.addons.clinic_base.texts import whole_number

from ..const import LIMITS, WINDOW_MINUTES


class ClinicPortalLimit(models.Model):
    """One counted action of a site visitor (a hold, a code). Written by the site, read by nobody.

    Keys are keyed hashes of the session, the address or the phone: the table says how often,
    never who. Rows are append-only, so that visitors of one address never wait for each other;
    as many requests as run at the same moment may slip over a limit.
    """

    _name = "clinic.portal.limit"
    _description = "Counted action on the site"
    _log_access = False
    _order = "id"

    scope = fields.Char(required=True)
    key_hash = fields.Char(required=True)
    at = fields.Datetime(required=True, default=fields.Datetime.now)

    _count_idx = models.Index("(scope, key_hash, at)")

    @api.model
    def _value(self, key):
        """The whole number of a setting; the default when it is empty, bad or below one."""
        text = self.env["ir.config_parameter"].sudo().get_param(key) or ""
        return whole_number(text) or LIMITS[key]

    @api.model
    def _hash(self, scope, value):
        """A keyed hash of ``value`` that means nothing outside this database."""
        return hmac(self.env(su=True), f"clinic_portal.{scope}", str(value), hash_function=hashlib.sha256)

    @api.model
    def _hit(self, scope, value, setting):
        """Count one action and tell whether it is still within the limit ``setting``.

        Runs as superuser: visitors have no rights on the table.
        """
        limits = self.sudo()
        domain = [
            ("scope", "=", scope),
            ("key_hash", "=", self._hash(scope, value)),
            ("at", ">", fields.Datetime.now() - timedelta(minutes=WINDOW_MINUTES)),
        ]
        limits.create({"scope": scope, "key_hash": domain[1][2]})
        allowed = self._value(setting)
        return limits.search_count(domain, limit=allowed + 1) <= allowed

    @api.autovacuum
    def _gc_old_rows(self):
        """Forget actions older than a day."""
        self.sudo().search([("at", "<", fields.Datetime.now() - timedelta(days=1))]).unlink()
