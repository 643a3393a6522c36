# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Haircuts of the portraits: what lies behind the head and what lies over it."""


def _cap_of_hair(c, color, side=168, crown=96, temple=232):
    """The usual front: crown and temples; the hairline is cut by the caller's fringe."""
    c.sides([(256, crown), (200, crown + 10), (side, 160), (side - 6, temple), (side + 8, temple + 4)], color)


def _long_back(c, color, length=440, width=138):
    c.sides([(256, 88), (180, 104), (256 - width + 8, 200), (256 - width, length - 70), (170, length)], color)


def _front_parted(c, color):
    """Hair parted on one side, swept to the other."""
    c.blob(
        [(216, 108), (282, 92), (338, 126), (356, 206), (349, 236), (334, 186), (292, 160), (236, 132)], color
    )
    c.blob(
        [(232, 102), (190, 118), (160, 168), (157, 240), (170, 232), (182, 186), (206, 150), (240, 122)],
        color,
    )


def _front_middle(c, color):
    half = [(262, 96), (204, 104), (164, 150), (155, 236), (166, 262), (178, 208), (208, 168), (258, 124)]
    c.blob(half, color, mirror=True)


def _front_fringe(c, color):
    c.sides([(256, 92), (196, 104), (160, 158), (156, 240), (170, 250), (178, 196), (214, 186)], color)
    c.blob(
        [(172, 200), (190, 130), (256, 108), (322, 130), (340, 200), (300, 188), (256, 194), (212, 188)],
        color,
    )


def _front_short_male(c, color):
    c.blob(
        [
            (170, 206),
            (162, 160),
            (186, 112),
            (250, 90),
            (318, 104),
            (350, 156),
            (343, 208),
            (334, 176),
            (318, 158),
            (262, 150),
            (214, 156),
            (184, 170),
        ],
        color,
    )


def _front_side_male(c, color):
    c.blob(
        [
            (171, 212),
            (161, 160),
            (182, 112),
            (228, 92),
            (300, 84),
            (346, 122),
            (350, 168),
            (342, 210),
            (333, 172),
            (300, 142),
            (226, 136),
            (190, 160),
        ],
        color,
    )


def _front_curly(c, color):
    for x, y, r in (
        (182, 172, 27),
        (186, 136, 31),
        (216, 110, 32),
        (254, 98, 33),
        (294, 108, 32),
        (326, 134, 31),
        (330, 172, 27),
        (236, 132, 27),
        (278, 134, 27),
    ):
        c.ellipse(x, y, r, r, color)


def _front_receding(c, color):
    c.blob(
        [(160, 236), (158, 180), (172, 140), (196, 118), (190, 150), (178, 190), (174, 232)],
        color,
        mirror=True,
    )


HAIR = {
    # name: (behind, over, extra)
    "long": (lambda c, h: _long_back(c, h, 442, 134), _front_middle),
    "long_side": (lambda c, h: _long_back(c, h, 430, 130), _front_parted),
    "bob": (lambda c, h: _long_back(c, h, 336, 122), _front_parted),
    "bob_fringe": (lambda c, h: _long_back(c, h, 330, 120), _front_fringe),
    "bun": (lambda c, h: (c.ellipse(256, 84, 46, 42, h), _cap_of_hair(c, h, 162, 98, 236)), _front_middle),
    "low_bun": (
        lambda c, h: (c.ellipse(346, 318, 36, 40, h), _cap_of_hair(c, h, 162, 98, 240)),
        _front_parted,
    ),
    "ponytail": (
        lambda c, h: c.blob([(320, 110), (388, 150), (404, 260), (376, 372), (352, 300), (350, 200)], h),
        _front_parted,
    ),
    "pixie": (lambda c, h: _cap_of_hair(c, h, 158, 94, 250), _front_parted),
    "short": (lambda c, h: None, _front_short_male),
    "side": (lambda c, h: None, _front_side_male),
    "curly": (lambda c, h: None, _front_curly),
    "curly_long": (
        lambda c, h: [
            c.ellipse(x, y, 44, 44, h, mirror=True)
            for x, y in ((176, 150), (150, 200), (142, 256), (146, 310), (164, 352))
        ],
        _front_curly,
    ),
    "receding": (lambda c, h: None, _front_receding),
    "bald": (lambda c, h: None, lambda c, h: None),
}
