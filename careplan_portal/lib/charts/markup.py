"""A drawing as SVG. Written here and not in a template: a timeline has a hundred shapes, on pages that everybody opens."""

from html import escape

from careplan_portal.lib.charts.timeline import Drawing, Shape


def drawing_markup(drawing: Drawing) -> str:
    """The shapes in their order, to stand inside an ``<svg>`` of the drawing's size; every text is escaped."""
    return "".join(map(_shape, drawing.shapes))


def _shape(shape: Shape) -> str:
    kind = f' class="{escape(shape.cls)}"' if shape.cls else ""
    if shape.tag == "rect":
        return f'<rect{kind} x="{shape.x}" y="{shape.y}" width="{shape.w}" height="{shape.h}"/>'
    if shape.tag == "path":
        return f'<path{kind} d="{escape(shape.d)}"/>'
    anchor = f' text-anchor="{escape(shape.anchor)}"' if shape.anchor else ""
    return f'<text{kind} x="{shape.x}" y="{shape.y}"{anchor}>{escape(shape.text)}</text>'
