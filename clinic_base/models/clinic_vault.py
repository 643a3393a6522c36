# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import configparser
import hmac
import logging
import os

from odoo import api, models, tools
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..vault import KeyFileError, KeyRing, SealBroken, VaultError, read_key_file

_logger = logging.getLogger(__name__)

ENVIRONMENT = "CLINIC_KEY_FILE"
CHECK_PARAMETER = "clinic_base.vault_check."
#: (path, time of change, size) -> keys; a changed file is read anew, a broken one is tried again.
_cache = {}


class ClinicVault(models.AbstractModel):
    """Encryption of document and policy numbers with keys that the database does not hold.

    The key file is named by the environment variable ``CLINIC_KEY_FILE`` or by ``key_file`` in the
    section ``[clinic]`` of the server's configuration. Without a key, or with another key under a
    known number, nothing is sealed and nothing sealed is touched; the rest of the clinic works.
    """

    _name = "clinic.vault"
    _description = "Encryption of numbers"

    @api.model
    def _key_path(self):
        """Where the key file is, or an empty string."""
        path = os.environ.get(ENVIRONMENT)
        if not path:
            parser = configparser.RawConfigParser()
            parser.read([tools.config["config"] or ""])
            path = parser.get("clinic", "key_file", fallback="")
        return os.path.expanduser(path)

    @api.model
    def _ring(self, known=None):
        """The keys, checked against this database.

        :param known: fingerprints where the caller has read them already
        :raise UserError: no key, an unusable key file, or a wrong key under a known number
        """
        keys = self._read_keys()
        ring = KeyRing(keys)
        known = self._check_values() if known is None else known
        for key_id in ring.key_ids:
            wanted = known.get(key_id)
            if wanted and not hmac.compare_digest(wanted, ring.check_value(key_id)):
                raise UserError(self._sentence("wrong", key_id))
        return ring

    @api.model
    def _read_keys(self):
        path = self._key_path()
        if not path:
            raise UserError(self._sentence("absent"))
        try:
            status = os.stat(path)
            stamp = (path, status.st_mtime_ns, status.st_size, status.st_mode)
        except OSError:
            stamp = None
        if stamp and stamp in _cache:
            return _cache[stamp]
        try:
            keys = read_key_file(path)
        except KeyFileError as error:
            raise UserError(self._sentence(error.code, error.line)) from None
        _cache.clear()
        if stamp:
            _cache[stamp] = keys
        return keys

    @api.model
    def _check_values(self):
        """Fingerprints of the keys that have sealed anything here: dict number -> text."""
        parameters = (
            self.env["ir.config_parameter"]
            .sudo()
            .search_fetch([("key", "=like", f"{CHECK_PARAMETER}%")], ["key", "value"])
        )
        return {int(row.key[len(CHECK_PARAMETER) :]): row.value for row in parameters}

    @api.model
    def _sealing_ring(self):
        """The ring for a new value; the first use of a key leaves its fingerprint in the database."""
        ring = self._ring()
        if ring.current_id not in self._check_values():
            # two processes may seal their first numbers at once: the same fingerprint, one row
            self.env.execute_query(
                SQL(
                    "INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s) ON CONFLICT DO NOTHING"
                    " RETURNING id",
                    f"{CHECK_PARAMETER}{ring.current_id}",
                    ring.check_value(ring.current_id),
                )
            )
            self.env["ir.config_parameter"].sudo().invalidate_model()
            self.env.registry.clear_cache("stable")
        return ring

    @api.model
    def _state(self):
        """``(code, sentence)`` for the settings page and the health check; the code is ``ok``,
        ``absent``, ``unusable`` or ``wrong``. Never raises."""
        return self._look()[:2]

    @api.model
    def _ring_or_none(self):
        """The keys when they are all in order, else None; for those who can do without. Never raises."""
        return self._look()[2]

    @api.model
    def _look(self):
        """``(code, sentence, keys or None)``, see ``_state``."""
        if not self._key_path():
            return "absent", self._sentence("absent"), None
        known = self._check_values()
        try:
            ring = self._ring(known)
        except UserError as error:
            return "unusable", str(error), None
        missing = sorted(known.keys() - set(ring.key_ids))
        if missing:
            return "wrong", self._sentence("missing", missing[0]), None
        return "ok", self.env._("Key No. %(key)s is in use.", key=ring.current_id), ring

    @api.model
    def _open(self, sealed, place):
        """Plain text of a sealed value.

        :raise UserError: says what is wrong with the key or the value
        """
        try:
            return self._ring().open(sealed, place)
        except SealBroken:
            _logger.error("A sealed value of %s does not open", place[0])
            raise UserError(
                self.env._(
                    "The stored number does not open: it was damaged or copied from another card. "
                    "Nothing was changed. Restore it from a backup or enter it anew from the document."
                )
            ) from None
        except VaultError as error:
            raise UserError(self._sentence("missing", getattr(error, "key_id", 0))) from None

    @api.model
    def _sentence(self, code, number=0):
        """What is wrong with the key and what to do; never a path or a value."""
        sentences = {
            "wrong": self.env._(
                "Key No. %(number)s is not the key with which the numbers of this database were "
                "encrypted. Put the right key file back; nothing was changed.",
                number=number,
            ),
            "missing": self.env._(
                "Numbers were encrypted with key No. %(number)s, which is not in the key file. "
                "Add this key to the file; nothing was changed.",
                number=number,
            ),
            "open_to_others": self.env._(
                "The key file may be read by other users of the server. "
                "Let only the owner read it (mode 0400)."
            ),
            "malformed": self.env._(
                "Line %(number)s of the key file is not a key. A line is a number and 32 bytes in base64.",
                number=number,
            ),
            "unreadable": self.env._("The server may not read the key file. Check its owner and place."),
            "empty": self.env._("There is no key in the key file. Create a key as the manual describes."),
        }
        return sentences.get(code) or self.env._(
            "No encryption key is set up, so numbers of documents and policies can be neither saved nor "
            "shown. The system administrator creates a key file and names it in the server's settings."
        )

    @api.model
    def _sealed_models(self):
        """Models with sealed numbers, found by the mixin: new ones take part in the change of keys."""
        return [
            name
            for name, model in self.env.items()
            if not model._abstract and "number_sealed" in model._fields and hasattr(model, "_reseal_batch")
        ]

    @api.model
    def _cron_reseal(self):
        """After a new key was added to the file: seal rows of older keys anew, batch by batch."""
        if self._state()[0] != "ok":
            return
        for name in self._sealed_models():
            while True:
                before = self.env[name]._count_old_keys()
                left = self.env[name]._reseal_batch() if before else 0
                self.env["ir.cron"]._commit_progress(before - left, remaining=left)
                if not left or left == before:
                    break
