"""How does the suite look on a phone's screen? Draws the app's icons from the one sign of the pages (a tick on the
suite's red), as PNG, for who takes no SVG.

python deploy/make_icons.py             write services/tracking/src/tracking/static/*.png
python deploy/make_icons.py --check     write nothing; fail where a file differs
"""

import struct
import sys
import zlib
from math import hypot
from pathlib import Path

STATIC = Path(__file__).resolve().parents[1] / "services" / "tracking" / "src" / "tracking" / "static"
RED, WHITE = (163, 22, 29), (255, 255, 255)
#: As in chassis/pages/static/icon.svg, on a ground of 32 by 32.
GROUND, TICK, STROKE, CORNER = 32.0, ((8.0, 16.5), (13.5, 22.0), (24.0, 10.5)), 3.5, 8.0
#: File → side in pixels, share of the sign, round corners. A maskable one is cut to any shape by the phone; what a
#: circle of 80 % holds is always seen.
ICONS = {
    "icon-192.png": (192, 1.0, True),
    "icon-512.png": (512, 1.0, True),
    "maskable-512.png": (512, 0.72, False),
    "apple-touch-180.png": (180, 0.9, False),
}


def _from_line(x: float, y: float, a: tuple[float, float], b: tuple[float, float]) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    along = max(0.0, min(1.0, ((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy)))
    return hypot(x - a[0] - along * dx, y - a[1] - along * dy)


def _inside(distance: float, pixel: float) -> float:
    """How much of a pixel lies within an edge that is so far off."""
    return max(0.0, min(1.0, 0.5 - distance / pixel))


def _pixel(x: float, y: float, share: float, rounded: bool, pixel: float) -> bytes:
    middle = GROUND / 2
    corner = CORNER if rounded else 0.0
    over = (abs(x - middle) - middle + corner, abs(y - middle) - middle + corner)
    edge = hypot(max(over[0], 0.0), max(over[1], 0.0)) + min(max(over), 0.0) - corner
    ground = _inside(edge, pixel) if rounded else 1.0
    sx, sy = (x - middle) / share + middle, (y - middle) / share + middle
    near = min(_from_line(sx, sy, TICK[0], TICK[1]), _from_line(sx, sy, TICK[1], TICK[2]))
    tick = _inside((near - STROKE / 2) * share, pixel)
    colour = (round(red + (white - red) * tick) for red, white in zip(RED, WHITE, strict=True))
    return bytes((*colour, round(255 * ground)))


def drawn(side: int, share: float, rounded: bool) -> bytes:
    pixel = GROUND / side
    at = [(n + 0.5) * pixel for n in range(side)]
    rows = (b"\0" + b"".join(_pixel(x, y, share, rounded, pixel) for x in at) for y in at)
    return _png(side, zlib.compress(b"".join(rows), 9))


def _png(side: int, packed: bytes) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def main(arguments: list[str]) -> int:
    differing = 0
    for name, (side, share, rounded) in ICONS.items():
        path, picture = STATIC / name, drawn(side, share, rounded)
        if arguments != ["--check"]:
            path.write_bytes(picture)
        elif not path.exists() or path.read_bytes() != picture:
            print(f"{name} differs from the sign: python deploy/make_icons.py")
            differing = 1
    return differing


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
