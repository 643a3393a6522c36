# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

LIMIT = "clinic_base.pin_attempts"
LENGTH = "clinic_base.pin_length"
DEFAULT_LIMIT, DEFAULT_LENGTH, MIN_LENGTH, MAX_LENGTH = 5, 6, 4, 12
#: Counting up or down, or one digit only.
_RUNS = "01234567890123 98765432109876"
_dummy = {}


class ClinicPin(models.Model):
    """The PIN by which a user comes back to a workplace where he has signed in with his password today.

    A row per user with a slow hash; nobody reads it. An attempt is counted, in a transaction of its
    own, before it is checked, so that parallel guesses cannot outrun the limit. A sign-in with the
    password starts the count anew.
    """

    _name = "clinic.pin"
    _description = "PIN of a user"
    _rec_name = "user_id"

    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    pin_hash = fields.Char(required=True, groups=fields.NO_ACCESS)
    failures = fields.Integer(readonly=True)

    _user_uniq = models.UniqueIndex("(user_id)", "A user has one PIN.")

    @api.model
    def _parameter(self, key, default):
        return int(self.env["ir.config_parameter"].sudo().get_param(key) or default)

    @api.model
    def _has(self, user):
        return bool(self.sudo().search_count([("user_id", "=", user.id)], limit=1))

    @api.model
    def _set(self, user, pin):
        """Give a user a new PIN; an empty one takes it away. The caller has checked the password."""
        row = self.sudo().search([("user_id", "=", user.id)])
        if not pin:
            row.unlink()
        else:
            self._check_strength(pin)
            # the same slow hash as that of passwords
            vals = {"pin_hash": self.env["res.users"]._crypt_context().hash(pin), "failures": 0}
            if row:
                row.write(vals)
            else:
                self.sudo().create({**vals, "user_id": user.id})
        self.env["clinic.access.event"]._record("pin", model=user)

    @api.model
    def _check_strength(self, pin):
        length = max(MIN_LENGTH, self._parameter(LENGTH, DEFAULT_LENGTH))
        if not re.fullmatch(r"[0-9]+", pin) or not length <= len(pin) <= MAX_LENGTH:
            raise UserError(
                self.env._(
                    "A PIN has from %(least)s to %(most)s digits and nothing else.",
                    least=length,
                    most=MAX_LENGTH,
                )
            )
        if len(set(pin)) < 3 or pin in _RUNS:
            raise UserError(
                self.env._("This PIN is guessed first. Choose digits that do not follow each other.")
            )

    @api.model
    def _verify(self, user, pin):
        """Whether this is the PIN of the user. Takes the same time for a user without one.

        :return: ``ok``, ``wrong`` or ``blocked``
        """
        limit = self._parameter(LIMIT, DEFAULT_LIMIT)
        with self.env.registry.cursor() as cr:
            cr.execute(
                SQL(
                    "UPDATE clinic_pin SET failures = failures + 1 WHERE user_id = %s AND failures < %s"
                    " RETURNING pin_hash, failures",
                    user.id,
                    limit,
                )
            )
            stored, failures = cr.fetchone() or (None, limit)
        context = self.env["res.users"]._crypt_context()
        if "hash" not in _dummy:
            _dummy["hash"] = context.hash("000000")
        right = context.verify(str(pin or "")[:MAX_LENGTH], stored or _dummy["hash"])
        self.invalidate_model(["failures"])
        if right and stored:
            self._forgive(user)
            return "ok"
        return "blocked" if failures >= limit else "wrong"

    @api.model
    def _forgive(self, user):
        """Start the count of wrong attempts anew: the user has proved who he is."""
        with self.env.registry.cursor() as cr:
            cr.execute(SQL("UPDATE clinic_pin SET failures = 0 WHERE user_id = %s AND failures > 0", user.id))
        self.invalidate_model(["failures"])
