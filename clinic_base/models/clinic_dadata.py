# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import logging
import time

import requests

from odoo import api, models

from ..address_ru import SUGGEST_PATH, read_suggestions, suggest_payload

_logger = logging.getLogger(__name__)

ENABLED, TOKEN, SERVER = "clinic_base.dadata_enabled", "clinic_base.dadata_token", "clinic_base.dadata_url"
DEFAULT_SERVER = "https://suggestions.dadata.ru"
TIMEOUT = 4
#: Twenty suggestions with all their parts take a tenth of this.
MAX_ANSWER = 1 << 20


class ClinicDadata(models.AbstractModel):
    """Addresses from DaData: off unless the clinic switches it on, because texts go to a third party.

    The request is made outside any transaction: settings are read first, the transaction is ended,
    then the network is asked. A failure of any kind is an empty answer: the offline classifier stays.
    """

    _name = "clinic.dadata"
    _description = "Addresses from DaData"

    @api.model
    def _is_on(self):
        """Whether the clinic has switched the adapter on and given its token."""
        parameters = self.env["ir.config_parameter"].sudo()
        return parameters.get_param(ENABLED) == "True" and bool(parameters.get_param(TOKEN))

    @api.model
    def _connection(self):
        """``(address, token)`` as plain values, to be read before the transaction ends."""
        # the token is for the program, not for the user who types
        parameters = self.env["ir.config_parameter"].sudo()
        return parameters.get_param(SERVER) or DEFAULT_SERVER, parameters.get_param(TOKEN)

    @staticmethod
    def _ask(connection, text, limit=8):
        """Suggestions for a text; no database here. Empty on any failure."""
        server, token = connection
        try:
            with requests.post(
                f"{server.rstrip('/')}{SUGGEST_PATH}",
                json=suggest_payload(text, limit),
                headers={"Authorization": f"Token {token}", "Accept": "application/json"},
                timeout=TIMEOUT,
                allow_redirects=False,
                stream=True,
            ) as answer:
                answer.raise_for_status()
                return read_suggestions(json.loads(_read(answer)))
        except (requests.RequestException, ValueError) as error:
            # the kind only: address and text are personal data
            _logger.info("DaData does not answer: %s", type(error).__name__)
            return []


def _read(answer):
    """The bytes of an answer; a ValueError when it is too long, or drips longer than anybody waits."""
    body, until = bytearray(), time.monotonic() + 2 * TIMEOUT
    for block in answer.iter_content(1 << 16):
        body += block
        if len(body) > MAX_ANSWER or time.monotonic() > until:
            raise ValueError
    return bytes(body)
