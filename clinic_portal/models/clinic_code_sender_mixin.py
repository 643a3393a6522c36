# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class ClinicCodeSenderMixin(models.AbstractModel):
    """What a provider of ``clinic.code.sender`` implements."""

    _name = "clinic.code.sender.mixin"
    _description = "Provider of a code sender"

    @api.model
    def _send(self, sender, phone, code, record):
        """Send or queue the message; return True when it was taken, False when it was refused.

        Called within the visitor's request: queue a row and let a worker talk to the network.
        Never log the phone or the code.
        """
        raise NotImplementedError
