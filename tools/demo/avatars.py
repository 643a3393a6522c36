# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Flat portraits of fictional doctors, drawn from a few words (no photographs, no fonts).

``portrait(look)`` returns PNG bytes. A look is a dictionary; every key may be absent:
``sex`` (male, female), ``age``, ``skin``, ``hair`` (see HAIR), ``hair_color``, ``eyes``,
``glasses``, ``beard``, ``coat`` (see COATS), ``background``, ``stethoscope``, ``cap``.
"""

from .canvas import SCALE, Canvas, mix
from .hair import HAIR

SKINS = {
    "fair": "#f6d3bd",
    "rose": "#f2c4ae",
    "warm": "#ecbd98",
    "olive": "#dfae86",
    "tan": "#d39c72",
}
HAIRS = {
    "black": "#25222a",
    "dark": "#3d2b25",
    "brown": "#5c3d2c",
    "chestnut": "#7a4a30",
    "copper": "#a75a32",
    "wheat": "#c49a5c",
    "blond": "#dcb977",
    "grey": "#a5a7ae",
    "white": "#d8dadd",
}
EYES = {"brown": "#4a3226", "grey": "#55697a", "blue": "#3f6f9f", "green": "#4d7353", "black": "#2b221f"}
BACKGROUNDS = {
    "sky": "#cfe6f5",
    "mint": "#cfeee3",
    "sand": "#f5e6cf",
    "lilac": "#e2daf3",
    "peach": "#fbdccd",
    "ice": "#d8e9ee",
    "sage": "#dcead0",
    "rose": "#f6d9e0",
}
#: coat, its shade, the shirt below
COATS = {
    "white": ("#ffffff", "#dde5ec", "#7fb2d6"),
    "white_mint": ("#ffffff", "#dde5ec", "#77c2ad"),
    "white_wine": ("#ffffff", "#dde5ec", "#a0475c"),
    "white_navy": ("#ffffff", "#dde5ec", "#34506f"),
    "white_cream": ("#ffffff", "#dde5ec", "#f0dfb8"),
    "teal": ("#2f9c95", "#267f79", "#f4f7f8"),
    "blue": ("#4f86c6", "#3f6ea6", "#f4f7f8"),
    "plum": ("#8a5a8f", "#704875", "#f4f7f8"),
}


# -- parts of the figure -----------------------------------------------------------------------


def _body(c, look, skin):
    coat, shade, shirt = COATS[look.get("coat", "white")]
    male = look.get("sex") == "male"
    shoulder = 92 if male else 112
    c.sides(
        [
            (256, 372),
            (196, 386),
            (shoulder + 30, 412),
            (shoulder - 10, 462),
            (shoulder - 28, 560),
            (256, 560),
        ],
        coat,
    )
    neck = 40 if male else 33
    scrubs = look.get("coat") in ("teal", "blue", "plum")
    if scrubs:
        c.polygon([(204, 378), (256, 462), (308, 378)], mix(coat, "#ffffff", 0.25))
        c.polygon([(214, 372), (256, 444), (298, 372)], skin)
    else:
        c.polygon([(196, 376), (236, 520), (276, 520), (316, 376)], shirt)
        c.polygon([(222, 366), (256, 424), (290, 366)], skin)
        c.polygon([(222, 370), (210, 388), (244, 428), (256, 414)], mix(shirt, "#ffffff", 0.3), mirror=True)
    c.sides([(256, 300), (256 - neck, 310), (256 - neck, 372), (236, 398), (256, 404)], skin)
    c.sides(
        [(256, 318), (256 - neck + 1, 326), (256 - neck + 2, 346), (256, 366)], mix(skin, "#a3583c", 0.28)
    )
    if not scrubs:
        c.polygon(
            [(202, 376), (176, 392), (182, 430), (168, 440), (230, 520), (240, 520)], shade, mirror=True
        )
        c.polygon([(204, 374), (180, 390), (187, 428), (174, 437), (236, 514), (240, 500)], coat, mirror=True)
        c.stroke([(352, 470), (392, 466)], shade, 5)
    if look.get("stethoscope"):
        tube = "#3b4450"
        c.stroke([(206, 384), (192, 430), (206, 478)], tube, 8)
        c.stroke([(306, 384), (322, 430), (312, 470), (324, 496)], tube, 8)
        c.ellipse(206, 484, 16, 16, "#c3ccd4")
        c.ellipse(206, 484, 9, 9, "#8e9aa5")


def _head(c, look, skin):
    male = look.get("sex") == "male"
    shadow = mix(skin, "#a3583c", 0.22)
    c.ellipse(168, 238, 15, 23, shadow, mirror=True)
    c.ellipse(167, 237, 12, 19, skin, mirror=True)
    jaw = 186 if male else 194
    c.sides([(256, 112), (198, 126), (170, 190), (172, 250), (jaw, 302), (226, 338), (256, 344)], skin)
    c.ellipse(201, 272, 20, 13, mix(skin, "#e8705a", 0.20 if male else 0.30), mirror=True)


def _face(c, look, skin, hair):
    male = look.get("sex") == "male"
    age = look.get("age", 35)
    brow = mix(hair, "#4a3a33", 0.35) if hair not in (HAIRS["white"], HAIRS["grey"]) else "#83858b"
    c.stroke([(198, 205 if male else 204), (216, 196), (236, 203)], brow, 8 if male else 5, mirror=True)
    eye = EYES[look.get("eyes", "brown")]
    narrow = look.get("narrow", False)
    c.ellipse(218, 232, 15, 9 if narrow else 11, "#ffffff", mirror=True)
    for x in (218, 294):
        c.ellipse(x, 232, 9, 9, eye)
        c.ellipse(x, 232, 5, 5, "#1d1a1c")
        c.ellipse(x + 3, 228, 2.6, 2.6, "#ffffff")
    lash = "#2e2522" if not male else mix(skin, "#4b2f26", 0.75)
    c.stroke(
        [(201, 231), (217, 221 if not narrow else 223), (235, 231)],
        lash,
        4.6 if not male else 3.4,
        mirror=True,
    )
    if not male:
        c.stroke([(203, 229), (196, 223)], lash, 3.4, mirror=True)
    if age >= 50:
        c.stroke([(206, 250), (218, 254), (231, 250)], mix(skin, "#8c4a33", 0.25), 2.6, mirror=True)
        c.stroke([(208, 296), (203, 282), (210, 270)], mix(skin, "#8c4a33", 0.22), 2.6, mirror=True)
    c.stroke([(253, 252), (245, 270), (258, 275)], mix(skin, "#8c4a33", 0.38), 4)


def _mouth(c, look, skin):
    lips = mix(skin, "#b0433f", 0.55) if look.get("sex") == "male" else "#c0504f"
    if look.get("smile", "open") == "open":
        c.blob([(226, 293), (256, 299), (286, 293), (276, 312), (256, 319), (236, 312)], lips)
        c.blob([(233, 297), (256, 301), (279, 297), (272, 306), (256, 309), (240, 306)], "#ffffff")
    else:
        c.stroke([(228, 296), (242, 306), (256, 308), (270, 306), (284, 296)], lips, 5.5)


def _beard(c, look, skin, hair):
    kind = look.get("beard")
    if kind in ("full", "short"):
        low = 364 if kind == "full" else 352
        tone = hair if kind == "full" else mix(hair, skin, 0.25)
        c.sides(
            [
                (256, 284),
                (222, 284),
                (200, 276),
                (172, 240),
                (176, 288),
                (200, 330),
                (232, low - 8),
                (256, low),
            ],
            tone,
        )
    if kind in ("full", "short", "moustache"):
        c.blob(
            [(256, 280), (232, 281), (212, 296), (232, 293), (256, 289), (280, 293), (300, 296), (280, 281)],
            hair,
        )


def _glasses(c, look):
    color = {"dark": "#2f3338", "gold": "#b98d3f", "red": "#a13f46", "blue": "#35577f"}.get(
        look["glasses"], "#2f3338"
    )
    for x in (216, 296):
        for width, tint in ((5.5, color),):
            box = [(x - 30) * SCALE, 206 * SCALE, (x + 30) * SCALE, 258 * SCALE]
            c.draw.rounded_rectangle(box, radius=22 * SCALE, outline=tint, width=round(width * SCALE))
    c.stroke([(246, 228), (256, 224), (266, 228)], color, 5)
    c.stroke([(186, 226), (168, 222)], color, 5, mirror=True)


def _surgical_cap(c, look):
    color, shade, _shirt = COATS[look.get("coat", "teal")]
    c.sides([(256, 78), (196, 90), (160, 136), (158, 190), (196, 178), (256, 172)], color)
    c.stroke([(162, 184), (206, 170), (256, 166), (306, 170), (350, 184)], shade, 9)


def portrait(look):
    """PNG bytes (512 × 512, about 50 KB) of the described person."""
    skin = SKINS[look.get("skin", "fair")]
    hair = HAIRS[look.get("hair_color", "brown")]
    behind, over = HAIR[look.get("hair", "short")]
    background = BACKGROUNDS[look.get("background", "sky")]
    canvas = Canvas(background)
    canvas.ellipse(256, 300, 236, 236, mix(background, "#ffffff", 0.35))
    behind(canvas, mix(hair, "#000000", 0.16))
    _body(canvas, look, skin)
    _head(canvas, look, skin)
    if look.get("beard"):
        _beard(canvas, look, skin, hair)
    _mouth(canvas, look, skin)
    _face(canvas, look, skin, hair)
    if look.get("glasses"):
        _glasses(canvas, look)
    over(canvas, hair)
    if look.get("cap"):
        _surgical_cap(canvas, look)
    return canvas.png()
