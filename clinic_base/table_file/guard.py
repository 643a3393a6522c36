"""Cells that no table program takes for a formula."""

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\ufeff")


def guarded(text):
    """The text in one line, with an apostrophe before a formula; plain numbers stay as they are."""
    text = " ".join(str(text).split())
    if text.startswith(DANGEROUS) and not text[1:].replace(".", "", 1).isdigit():
        return "'" + text
    return text
