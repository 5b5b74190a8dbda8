"""Drawing: text that wraps, boxes, arrows, and colours that suit light and dark."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from pathlib import Path

SIZES = {"h1": 24, "h2": 17, "name": 14, "text": 13, "small": 12, "code": 11.5}
"""The styles of text, with their sizes."""
LINE = 1.35
_NARROW = set("iljtfrI.,:;'’|!()[]/-· ")
_WIDE = set("mwMW@—…%")

STYLE = (Path(__file__).parent / "picture.css").read_text(encoding="utf-8").strip()


def width(text: str, kind: str) -> float:
    """Gives about how wide a text is; rather too wide than too narrow."""
    if kind == "code":
        return len(text) * SIZES[kind] * 0.62
    letters = sum(0.37 if c in _NARROW else 0.92 if c in _WIDE else 0.6 for c in text)
    capitals = sum(c.isupper() for c in text)
    return (letters + 0.1 * capitals) * SIZES[kind] * (1.06 if kind in ("h1", "h2", "name") else 1)


def wrap(text: str, kind: str, room: float) -> list[str]:
    """Gives a text in lines that fit into `room`; a word that does not fit stands alone."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, kind) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def height(text: str, kind: str, room: float) -> float:
    """Gives how high a text is once it is wrapped."""
    return len(wrap(text, kind, room)) * SIZES[kind] * LINE


@dataclass
class Drawing:
    """An SVG in the making.

    Args:
        width: How wide it is; its height is set at the end.

    """

    width: float
    parts: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, text: str, kind: str = "text", more: str = "") -> None:
        """Puts one line of text there, its upper edge at `y`."""
        base = y + SIZES[kind]
        self.parts.append(
            f'<text class="{f"{kind} {more}".strip()}" x="{x:g}" y="{base:g}">{escape(text)}</text>'
        )

    def paragraph(
        self, x: float, y: float, text: str, room: float, kind: str = "text", more: str = ""
    ) -> float:
        """Puts a wrapped text there and gives where it ends."""
        for line in wrap(text, kind, room):
            self.text(x, y, line, kind, more)
            y += SIZES[kind] * LINE
        return y

    def box(self, x: float, y: float, w: float, h: float, kind: str, radius: float = 8) -> None:
        """Puts a box there."""
        self.parts.append(
            f'<rect class="{kind}" x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" '
            f'rx="{radius:g}"/>'
        )

    def circle(self, x: float, y: float, r: float, kind: str) -> None:
        """Puts a circle there."""
        self.parts.append(f'<circle class="{kind}" cx="{x:g}" cy="{y:g}" r="{r:g}"/>')

    def line(self, x1: float, y1: float, x2: float, y2: float, kind: str = "line") -> None:
        """Puts a line there."""
        self.parts.append(f'<path class="{kind}" d="M{x1:g} {y1:g}L{x2:g} {y2:g}"/>')

    def arrow(self, *points: tuple[float, float]) -> None:
        """Puts an arrow along points; its last part must go straight across or down or up."""
        (x1, y1), (x2, y2) = points[-2:]
        step_x, step_y = _sign(x2 - x1), _sign(y2 - y1)
        end = (x2 - 6 * step_x, y2 - 6 * step_y)
        way = "L".join(f"{x:g} {y:g}" for x, y in (*points[:-1], end))
        self.parts.append(f'<path class="way" d="M{way}"/>')
        left = (x2 - 9 * step_x - 5 * step_y, y2 - 9 * step_y - 5 * step_x)
        right = (x2 - 9 * step_x + 5 * step_y, y2 - 9 * step_y + 5 * step_x)
        tip = "L".join(f"{x:g} {y:g}" for x, y in ((x2, y2), left, right))
        self.parts.append(f'<path class="tip" d="M{tip}Z"/>')

    def finish(self, height: float, title: str, description: str, name: str) -> str:
        """Gives the SVG.

        Args:
            height: How high it is.
            title: What it shows.
            description: The same in a few sentences.
            name: Makes its ids differ from those of another drawing on the same page.

        """
        return "\n".join(
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:g} {height:g}" '
                f'width="{self.width:g}" height="{height:g}" role="img" '
                f'aria-labelledby="{name}-title {name}-desc">',
                f'<title id="{name}-title">{escape(title)}</title>',
                f'<desc id="{name}-desc">{escape(description)}</desc>',
                f"<style>{STYLE}</style>",
                f'<rect class="page" width="{self.width:g}" height="{height:g}" rx="10"/>',
                *self.parts,
                "</svg>\n",
            )
        )


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)
