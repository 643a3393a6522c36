# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A square on which flat pictures are drawn: smooth curves, mirrored shapes."""

import io

from PIL import Image, ImageDraw

SIDE = 512  # the drawing is made in these units
SCALE = 3  # drawn larger and scaled down: smooth edges


def mix(color, other, share):
    """``color`` with ``share`` (0…1) of ``other`` in it."""
    a, b = ([int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in (color, other))
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in zip(a, b, strict=True))


def _curve(points, closed, steps=12):
    """Catmull-Rom spline through ``points``."""
    n = len(points)
    result = []
    for i in range(n if closed else n - 1):
        p = [points[k % n] if closed else points[min(max(k, 0), n - 1)] for k in range(i - 1, i + 3)]
        for step in range(steps):
            t = step / steps
            result.append(
                tuple(
                    0.5
                    * (
                        2 * p[1][axis]
                        + (p[2][axis] - p[0][axis]) * t
                        + (2 * p[0][axis] - 5 * p[1][axis] + 4 * p[2][axis] - p[3][axis]) * t * t
                        + (3 * p[1][axis] - p[0][axis] - 3 * p[2][axis] + p[3][axis]) * t**3
                    )
                    for axis in (0, 1)
                )
            )
    return result if closed else result + [points[-1]]


class Canvas:
    """A square of SIDE units with smooth shapes; ``mirror`` repeats a shape about the middle."""

    def __init__(self, background):
        self.image = Image.new("RGB", (SIDE * SCALE, SIDE * SCALE), background)
        self.draw = ImageDraw.Draw(self.image)

    def _scaled(self, points):
        return [(x * SCALE, y * SCALE) for x, y in points]

    def blob(self, points, color, mirror=False):
        """A filled closed curve."""
        self.draw.polygon(self._scaled(_curve(points, True)), fill=color)
        if mirror:
            self.blob([(SIDE - x, y) for x, y in points], color)

    def sides(self, half, color):
        """A filled curve given by its left half from top to bottom."""
        other = [(SIDE - x, y) for x, y in reversed(half) if x != SIDE / 2]
        self.blob(half + other, color)

    def polygon(self, points, color, mirror=False):
        self.draw.polygon(self._scaled(points), fill=color)
        if mirror:
            self.polygon([(SIDE - x, y) for x, y in points], color)

    def ellipse(self, x, y, rx, ry, color, mirror=False):
        self.draw.ellipse(
            [(x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE], fill=color
        )
        if mirror:
            self.ellipse(SIDE - x, y, rx, ry, color)

    def stroke(self, points, color, width, mirror=False):
        """A smooth line with round ends."""
        radius = width / 2
        path = _curve(points, False, steps=24)
        self.draw.line(self._scaled(path), fill=color, width=round(width * SCALE), joint="curve")
        for x, y in (path[0], path[-1]):
            self.ellipse(x, y, radius, radius, color)
        if mirror:
            self.stroke([(SIDE - x, y) for x, y in points], color, width)

    def png(self):
        buffer = io.BytesIO()
        frame = [edge * SCALE for edge in (38, 34, 474, 470)]
        image = self.image.resize((SIDE, SIDE), Image.Resampling.LANCZOS, box=frame)
        # true colours: pictures with a palette become jagged when Odoo scales them down
        image.save(buffer, "PNG", optimize=True)
        return buffer.getvalue()
