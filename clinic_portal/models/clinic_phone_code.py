# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, consteq

from odoo.addons.clinic_base.phone_ru import mask_phone


class ClinicPhoneCode(models.Model):
    """One confirmation code sent to a phone. Made by the site, seen by administrators.

    Neither the code nor the phone is kept: only salted and keyed hashes, and the number with
    its middle hidden. A code belongs to one visitor's session and works once.
    """

    _name = "clinic.phone.code"
    _description = "Confirmation code"
    _order = "id desc"
    _rec_name = "phone_masked"

    phone_masked = fields.Char(readonly=True)
    phone_hash = fields.Char(required=True, readonly=True, groups="base.group_system")
    visitor_hash = fields.Char(required=True, readonly=True, groups="base.group_system")
    salt = fields.Char(required=True, readonly=True, groups="base.group_system")
    code_hash = fields.Char(required=True, readonly=True, groups="base.group_system")
    demo_code = fields.Char(
        string="Code", readonly=True, help="Kept in demo databases only, where nothing is really sent."
    )
    sender_id = fields.Many2one(
        "clinic.code.sender", readonly=True, ondelete="set null", index="btree_not_null"
    )
    expires_at = fields.Datetime(required=True, readonly=True)
    attempts = fields.Integer(readonly=True, default=0)
    state = fields.Selection(
        [("sent", "Sent"), ("used", "Used"), ("replaced", "Replaced"), ("failed", "Not sent")],
        required=True,
        readonly=True,
        default="sent",
        index=True,
    )

    _lookup_idx = models.Index("(visitor_hash, phone_hash) WHERE state = 'sent'")

    @api.model
    def _issue(self, phone, visitor, address):
        """Make and send a code.

        Runs as superuser for a site visitor. A new code makes the former one of the same
        visitor and phone useless.

        :param phone: E.164; :param visitor: the session's secret; :param address: IP
        :return: ``(status, record)``; status is ``sent``, ``off`` (no sender), ``limited``
            or ``failed``
        """
        limit = self.env["clinic.portal.limit"]
        codes = self.sudo()
        sender = self.env["clinic.code.sender"]._find_sender()
        if not sender:
            return "off", codes.browse()
        allowed = [
            limit._hit("code.visitor", visitor, "clinic_portal.codes_per_visitor"),
            limit._hit("code.address", address, "clinic_portal.codes_per_address"),
        ]
        # A visitor who is over his own limits must not use up the limit of somebody's phone.
        if not all(allowed) or not limit._hit("code.phone", phone, "clinic_portal.codes_per_phone"):
            return "limited", codes.browse()
        hashes = {
            "phone_hash": limit._hash("phone", phone),
            "visitor_hash": limit._hash("visitor", visitor),
        }
        codes.search(
            [
                ("visitor_hash", "=", hashes["visitor_hash"]),
                ("phone_hash", "=", hashes["phone_hash"]),
                ("state", "=", "sent"),
            ]
        ).state = "replaced"
        code, salt = f"{secrets.randbelow(10**6):06d}", secrets.token_hex(16)
        record = codes.create(
            {
                **hashes,
                "phone_masked": mask_phone(phone),
                "salt": salt,
                "code_hash": self._digest(salt, code),
                "sender_id": sender.id,
                "expires_at": fields.Datetime.now()
                + timedelta(minutes=limit._value("clinic_portal.code_minutes")),
            }
        )
        if not sender._send_code(phone, code, record):
            record.state = "failed"
            return "failed", record
        return "sent", record

    @api.model
    def _pending(self, phone, visitor):
        """The code this visitor may still type for this phone, or an empty record."""
        limit = self.env["clinic.portal.limit"]
        return self.sudo().search(
            [
                ("visitor_hash", "=", limit._hash("visitor", visitor)),
                ("phone_hash", "=", limit._hash("phone", phone)),
                ("state", "=", "sent"),
                ("expires_at", ">", fields.Datetime.now()),
            ],
            limit=1,
        )

    @api.model
    def _verify(self, phone, visitor, typed):
        """Check a typed code and count the attempt.

        The counter is raised by one UPDATE that also reads the hash, so that parallel guesses
        cannot share an attempt. The caller marks the code as used (``_mark_used``) in the
        transaction of the booking itself.

        :return: ``(status, record)``; status is ``ok``, ``wrong``, ``exhausted`` or ``none``
            (nothing was sent to this phone for this visitor, or it is too old)
        """
        record = self._pending(phone, visitor)
        if not record:
            return "none", record
        most = self.env["clinic.portal.limit"]._value("clinic_portal.code_attempts")
        rows = self.env.execute_query(
            SQL(
                "UPDATE clinic_phone_code SET attempts = attempts + 1"
                " WHERE id = %s AND state = 'sent' AND attempts < %s RETURNING salt, code_hash",
                record.id,
                most,
            )
        )
        record.invalidate_recordset(["attempts"])
        if not rows:
            return "exhausted", record
        salt, expected = rows[0]
        digits = "".join(char for char in str(typed or "")[:20] if char.isdigit())
        return ("ok" if consteq(self._digest(salt, digits), expected) else "wrong"), record

    def _mark_used(self):
        """Spend the code; the attempt that was right is not counted against the visitor."""
        self.sudo().write({"state": "used", "demo_code": False})

    @api.model
    def _digest(self, salt, code):
        """Slow salted hash: six digits would be guessed from a fast one in no time."""
        return hashlib.pbkdf2_hmac("sha256", code.encode(), bytes.fromhex(salt), 50_000).hex()

    @api.autovacuum
    def _gc_old_codes(self):
        """Forget codes a week old."""
        self.sudo().search([("expires_at", "<", fields.Datetime.now() - timedelta(days=7))]).unlink()
