# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class ClinicBooking(models.AbstractModel):
    """What a visitor of the site must keep to, whichever way he comes.

    The rules are asked for by the public methods themselves: a page, a call from outside and a page
    that acts as the superuser on records it has checked all meet them. Empty here; the addon that
    owns the site fills them by ``super()`` and a ``UserError`` that says what to do.
    """

    _inherit = "clinic.booking"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _is_visitor(self, channel):
        """Whether a patient's account or a visitor without one books, in his own name."""
        return channel == "site" and not self._is_staff()

    def _check_visitor_hold(self, minutes):
        """Hook: a visitor wants a time to be kept for ``minutes``."""

    def _check_visitor_book(self, patient):
        """Hook: a visitor books for ``patient``, to whom his right was checked."""

    def _check_visitor_change(self, appointment, action):
        """Hook: a visitor's own open visit is to be ``moved``, ``cancelled`` or ``confirmed``."""
