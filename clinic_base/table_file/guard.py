"""Cells that no table program takes for a formula."""

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\ufeff", "＝", "＋", "－", "＠")
_SIGNS = ("+", "-")
_APOSTROPHE = "'"


def guarded(text):
    """The text in one line, with an apostrophe before a formula; plain numbers stay as they are."""
    text = " ".join(str(text).split())
    number = text[1:].replace(".", "", 1)
    if text.startswith(DANGEROUS) and not (text.startswith(_SIGNS) and number.isascii() and number.isdigit()):
        return _APOSTROPHE + text
    return text


def unguarded(text):
    """The text without the apostrophe of ``guarded``: a corrected workbook says what the file said."""
    return text[1:] if text.startswith(_APOSTROPHE) and text[1:].startswith(DANGEROUS) else text
