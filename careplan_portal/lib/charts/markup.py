"""A drawing as SVG. Written here and not in a template: a timeline has a hundred shapes, on pages that everybody opens."""

from html import escape

from django.utils.safestring import SafeString, mark_safe

from careplan_portal.lib.charts.timeline import Drawing, Shape


def drawing_markup(drawing: Drawing) -> SafeString:
    """The shapes in their order, to stand inside an ``<svg>`` of the drawing's size."""
    return mark_safe("".join(map(_shape, drawing.shapes)))  # noqa: S308 - every text is escaped below


def _shape(shape: Shape) -> str:
    kind = f' class="{escape(shape.cls)}"' if shape.cls else ""
    if shape.tag == "rect":
        return f'<rect{kind} x="{shape.x}" y="{shape.y}" width="{shape.w}" height="{shape.h}"/>'
    if shape.tag == "path":
        return f'<path{kind} d="{escape(shape.d)}"/>'
    anchor = f' text-anchor="{escape(shape.anchor)}"' if shape.anchor else ""
    return f'<text{kind} x="{shape.x}" y="{shape.y}"{anchor}>{escape(shape.text)}</text>'
