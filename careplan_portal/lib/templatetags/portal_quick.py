"""``{% url %}`` without working out every address anew, and ``{% once %}`` for what is the same on every page."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import defaulttags
from django.template.base import Node, NodeList, Parser, Token
from django.urls import NoReverseMatch

from careplan_portal.lib.addresses import address
from careplan_portal.lib.markup import escaped

register = template.Library()


class AddressNode(defaulttags.URLNode):
    """Django's own node; positional arguments go to `address`. Nothing here has two instances of one application, so
    the page's own application need not be asked for."""

    def render(self, context: template.Context) -> str:
        if self.kwargs:
            return str(super().render(context))
        url = ""
        try:
            url = address(self.view_name.resolve(context), *[arg.resolve(context) for arg in self.args])
        except NoReverseMatch:
            if self.asvar is None:
                raise
        if self.asvar:
            context[self.asvar] = url
            return ""
        return escaped(url) if context.autoescape else url


@register.tag("url")
def url(parser: Parser, token: Token) -> AddressNode:
    """``{% url 'name' arg… [as variable] %}`` as in Django."""
    node: Any = defaulttags.url(parser, token)
    return AddressNode(node.view_name, node.args, node.kwargs, node.asvar)


class OnceNode(Node):
    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist
        self.text: str | None = None

    def render(self, context: template.Context) -> str:
        if self.text is None:
            assert context.template is not None  # a tag is only rendered by a template
            bare = template.Context()
            with bare.bind_template(context.template):
                self.text = self.nodelist.render(bare)
        return self.text


@register.tag("once")
def once(parser: Parser, _token: Token) -> OnceNode:
    """``{% once %}…{% endonce %}``: written at its first showing and kept while the process lives. Nothing of the page
    can be used inside: no request, no variable."""
    nodelist = parser.parse(("endonce",))
    parser.delete_first_token()
    return OnceNode(nodelist)
