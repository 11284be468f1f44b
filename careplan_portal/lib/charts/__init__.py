"""Geometry of the portal's drawings: pure functions from facts to shapes, printed by templates."""

from careplan_portal.lib.charts.small import DOTS_MOST, Dot, Dots, Progress, dots, progress
from careplan_portal.lib.charts.timeline import Bar, BarKind, Drawing, Shape, Timeline, text_width, timeline

__all__ = [
    "DOTS_MOST",
    "Bar",
    "BarKind",
    "Dot",
    "Dots",
    "Drawing",
    "Progress",
    "Shape",
    "Timeline",
    "dots",
    "progress",
    "text_width",
    "timeline",
]
