# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The sign of the fictional clinic: a wave below a rising circle, drawn by code."""

import io
import math

from PIL import Image, ImageDraw

SIDE = 256
SCALE = 4


def logo():
    """PNG bytes, 256 × 256, transparent corners."""
    side = SIDE * SCALE
    image = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle([0, 0, side - 1, side - 1], radius=side // 5, fill="#0f7d8c")
    middle = side / 2
    for reach, width in ((0.27, 0.085),):
        arm, half = side * reach, side * width
        top = side * 0.42
        draw.rounded_rectangle(
            [middle - half, top - arm, middle + half, top + arm], radius=half / 2, fill="#ffffff"
        )
        draw.rounded_rectangle(
            [middle - arm, top - half, middle + arm, top + half], radius=half / 2, fill="#ffffff"
        )
    for level, color in ((0.76, "#9fe0e4"), (0.87, "#d9f3f4")):
        wave = [
            (x, side * (level + 0.025 * math.sin(x / side * 4 * math.pi + level * 9)))
            for x in range(int(side * 0.16), int(side * 0.84), SCALE)
        ]
        draw.line(wave, fill=color, width=round(side * 0.045), joint="curve")
        for x, y in (wave[0], wave[-1]):
            radius = side * 0.0225
            draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=color)
    buffer = io.BytesIO()
    image.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
