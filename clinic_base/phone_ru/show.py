"""Phones for human eyes: formatted, masked, or scrubbed out of a text."""

import re

_LONG_DIGITS = re.compile(r"\+?[0-9](?:[ ().-]*[0-9]){4,}")


def format_phone(e164, city_code=None):
    """``+79141234567`` → ``+7 914 123-45-67``; other countries keep E.164.

    With the clinic's own ``city_code`` its city numbers read as people say them:
    ``+7 3952 25-14-33``.
    """
    text = str(e164 or "")
    code = "".join(char for char in str(city_code or "") if char.isdigit())
    if code and text.startswith(f"+7{code}") and len(text) == 12 and 3 < len(code) < 6:
        rest = text[2 + len(code) :]
        return f"+7 {code} {rest[:-4]}-{rest[-4:-2]}-{rest[-2:]}"
    if re.fullmatch(r"\+7[0-9]{10}", text):
        return f"+7 {text[2:5]} {text[5:8]}-{text[8:10]}-{text[10:]}"
    return text


def mask_phone(e164):
    """``+79141234567`` → ``+7 *** ***-45-67``; short texts are hidden whole."""
    digits = "".join(char for char in str(e164 or "") if char.isdigit())
    if not digits:
        return ""
    if len(digits) < 8:
        return "***"
    if len(digits) == 11 and digits[0] == "7":
        return f"+7 *** ***-{digits[-4:-2]}-{digits[-2:]}"
    return f"*** {digits[-4:-2]}-{digits[-2:]}"


def scrub(text):
    """The text with every run of five or more digits replaced (for logs)."""
    return _LONG_DIGITS.sub("***", str(text or ""))
