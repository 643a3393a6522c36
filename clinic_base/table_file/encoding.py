"""Which encoding a text is in."""

import codecs

SAMPLE = 256 * 1024
_BLOCK = 1 << 20


def guess_encoding(path, sample):
    """The first encoding that fits; looks through the whole file when its beginning is plain ASCII."""
    if sample.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    wide = _utf16_without_mark(sample)
    if wide:
        return wide
    if _is_utf8(path):
        return "utf-8"
    high = high_bytes(sample)
    if not high:
        with open(path, "rb") as stream:
            for block in iter(lambda: stream.read(_BLOCK), b""):
                high = high_bytes(block)
                if high:
                    break
    return russian_code_page(high)


def _utf16_without_mark(sample):
    """``utf-16-le`` or ``utf-16-be`` when zeros stand on one side of the pairs only, else nothing.

    Blanks, digits and separators of UTF-16 have a zero byte, in plain texts there is none.
    """
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 40 < len(sample) or min(even, odd) * 20 > max(even, odd):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def high_bytes(data):
    return [byte for byte in data if byte >= 0x80]


def russian_code_page(high):
    """``cp866`` or ``cp1251`` of the bytes from 0x80 on.

    Small Russian letters are 0xE0–0xFF in cp1251, 0xA0–0xAF and 0xE0–0xEF in cp866.
    """
    dos = sum(0xA0 <= byte <= 0xAF or 0x80 <= byte <= 0x9F for byte in high)
    return "cp866" if high and dos > 0.5 * len(high) else "cp1251"


def _is_utf8(path):
    """Whether the file is UTF-8, but for a few broken bytes in a long file."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    letters = broken = 0
    with open(path, "rb") as stream:
        for block in iter(lambda: stream.read(_BLOCK), b""):
            text = decoder.decode(block)
            if text.isascii():
                continue
            bad = text.count("\ufffd")
            broken += bad
            letters += sum("\u0400" <= char <= "\u04ff" for char in text) if bad else len(text)
    return broken * 100 <= letters
