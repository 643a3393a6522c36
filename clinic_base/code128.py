# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Code 128, set C: pairs of digits as bars; no Odoo inside.

The barcode of Odoo's reports needs a drawing library that comes with some installations of reportlab
only; these bars need none.
"""

#: Widths of bar, space, bar, space, bar, space of each symbol; 103 to 105 start, the last one stops.
WIDTHS = [
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212",
    "221213", "221312", "231212", "112232", "122132", "122231", "113222", "123122", "123221",
    "223211", "221132", "221231", "213212", "223112", "312131", "311222", "321122", "321221",
    "312212", "322112", "322211", "212123", "212321", "232121", "111323", "131123", "131321",
    "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331", "132131",
    "113123", "113321", "133121", "313121", "211331", "231131", "213113", "213311", "213131",
    "311123", "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111",
    "111224", "111422", "121124", "121421", "141122", "141221", "112214", "112412", "122114",
    "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111", "111242",
    "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141",
    "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311",
    "113141", "114131", "311141", "411131", "211412", "211214", "211232", "2331112",
]  # fmt: skip
START_C, STOP = 105, 106
QUIET = 10  # empty modules on either side


def symbols(digits):
    """Numbers of the symbols for an even number of digits, with start, check and stop."""
    if not digits or len(digits) % 2 or not (digits.isascii() and digits.isdigit()):
        raise ValueError("set C takes pairs of digits")
    values = [int(digits[at : at + 2]) for at in range(0, len(digits), 2)]
    check = (START_C + sum(place * value for place, value in enumerate(values, 1))) % 103
    return [START_C, *values, check, STOP]


def modules(digits):
    """The bars as a list of widths, dark and light in turn, beginning with a dark one."""
    return [int(width) for symbol in symbols(digits) for width in WIDTHS[symbol]]


def svg(digits, height=50):
    """The bars as an SVG picture, one unit a module."""
    position, bars = QUIET, []
    for number, width in enumerate(modules(digits)):
        if number % 2 == 0:
            bars.append(f"M{position} 0h{width}v{height}h-{width}z")
        position += width
    total = position + QUIET
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total} {height}" '
        f'preserveAspectRatio="none"><path fill="#000" d="{"".join(bars)}"/></svg>'
    )
