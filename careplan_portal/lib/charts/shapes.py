"""What drawings are made of, and how they become SVG: without a template, because a timeline has a hundred shapes and
stands on pages that everybody opens."""

from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Literal


@dataclass(frozen=True)
class Shape:
    """A rectangle (``w``, ``h``), a path (``d``) or a text (``text``), with its class."""

    tag: Literal["rect", "path", "text"]
    cls: str
    x: float = 0
    y: float = 0
    w: float = 0
    h: float = 0
    d: str = ""
    text: str = ""
    anchor: str = ""

    @property
    def markup(self) -> str:
        """As SVG, every text escaped."""
        kind = f' class="{escape(self.cls)}"' if self.cls else ""
        if self.tag == "rect":
            return f'<rect{kind} x="{self.x}" y="{self.y}" width="{self.w}" height="{self.h}"/>'
        if self.tag == "path":
            return f'<path{kind} d="{escape(self.d)}"/>'
        anchor = f' text-anchor="{escape(self.anchor)}"' if self.anchor else ""
        return f'<text{kind} x="{self.x}" y="{self.y}"{anchor}>{escape(self.text)}</text>'


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    shapes: tuple[Shape, ...]

    @cached_property
    def markup(self) -> str:
        """The shapes in their order, to stand inside an ``<svg>`` of the drawing's size."""
        return "".join(shape.markup for shape in self.shapes)
