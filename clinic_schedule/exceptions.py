# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Typed failures of booking."""

from odoo.exceptions import UserError


class PleasePhone(UserError):
    """This patient is not booked without a human of the clinic: no other time would help. Says no reason.

    Raised in the channels of patients only, so the web client of the staff never sees it.
    """


class PriceChanged(UserError):
    """The price is above the one that the caller has shown; ``price`` is the present one.

    Nothing has been booked. The caller shows the price and asks again with it.
    """

    def __init__(self, message, price=None, asked=None):
        super().__init__(message)
        self.price = price
        self.context = {"price": price, "asked": asked or {}}


class SlotTaken(UserError):
    """The wanted time is already occupied: somebody was faster, or the caller looked too early.

    ``asked`` tells what was wanted (ids and times only, no persons); the web client finds
    the same dictionary in the error's context. Alternatives are fetched in a new
    transaction by ``clinic.booking.find_alternatives``: the loser's snapshot cannot see
    the winner.
    """

    def __init__(self, message, asked=None):
        super().__init__(message)
        self.asked = asked or {}
        self.context = {"asked": self.asked}
