"""Geometry of the portal's drawings: pure functions from facts to shapes, and shapes as SVG."""

from careplan_portal.lib.charts.bars import BarRow, bar_chart, column_chart
from careplan_portal.lib.charts.lines import Chart, Line, Tick, line_chart
from careplan_portal.lib.charts.shapes import Drawing, Shape
from careplan_portal.lib.charts.small import DOTS_MOST, Dot, Dots, Progress, dots, progress
from careplan_portal.lib.charts.timeline import Bar, BarKind, Timeline, text_width, timeline

__all__ = [
    "DOTS_MOST",
    "Bar",
    "BarKind",
    "BarRow",
    "Chart",
    "Dot",
    "Dots",
    "Drawing",
    "Line",
    "Progress",
    "Shape",
    "Tick",
    "Timeline",
    "bar_chart",
    "column_chart",
    "dots",
    "line_chart",
    "progress",
    "text_width",
    "timeline",
]
