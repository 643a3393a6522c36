# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Texts that come from outside; no Odoo inside."""

#: Control characters that no form field needs; the database refuses the first of them.
CONTROL = dict.fromkeys(set(range(32)) - {9, 10, 13} | {127})


def whole_number(text, default=None):
    """The number below 10⁹ that ASCII digits spell; ``default`` for anything else.

    ``isdigit`` alone also takes "²", which ``int`` refuses, and digits of other scripts.
    """
    text = "" if text is None else str(text)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default


def without_controls(text):
    """The text without control characters; ends of lines and tabs stay."""
    return str(text or "").translate(CONTROL)
