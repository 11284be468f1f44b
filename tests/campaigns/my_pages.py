"""What the tests of the members' area share: an address, a page's words, a form as it stands."""

import html
import re

from django.urls import reverse


def url(name, office, *more):
    return reverse(f"campaigns:{name}", args=[office.business_number, *more])


class Words(str):
    """What a page says, compared without regard to spaces and line breaks, which are lay-out."""

    def __contains__(self, part):
        return _bare(part) in _bare(self)


def _bare(words):
    return re.sub(r"\s+", "", words)


def text(response):
    """What the page says, without its tags."""
    return Words(re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", response.text))))


def hidden(response, name):
    """The value of a hidden field of the page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', response.text)
    assert found, f"no hidden {name}"
    return html.unescape(found[1])
