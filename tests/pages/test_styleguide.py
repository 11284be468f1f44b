"""The component sheets hold every component, and nothing that the portal does not use."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

pytestmark = pytest.mark.django_db
ROOT = Path(settings.BASE_DIR)
SHEETS = ("/styleguide/", "/styleguide/desk/")
CLASS_ATTRIBUTE = re.compile(r"""class=\\?["']([^"']*)["']""")

# Top classes of static/css/components that no sheet shows, and why.
NOT_SHOWN = {
    # the demo's bar, which stands above every page of the demo
    "demo", "demo-body", "demo-clock", "demo-open", "demo-tag", "demo-say",
    # stands in the head of somebody who has signed in
    "desk-me", "desk-more",
    # the start page's own
    "has-hero", "hero", "motif",
    # written by static/js/desk.js when ? is pressed
    "key-list",
    # a column of the page, which the sheet fills whole
    "split",
}  # fmt: skip
# Templates of components that no sheet uses, and why.
NOT_USED = {
    "desk_find.html",  # the desk's box sends to the helpdesk; the sheet has the same form that sends nothing
    "desk_strip.html",  # above the pages for everybody, for who has signed in at the desk
    "error_ways.html",  # ways on from an error page
    "htmx.html",  # scripts, nothing to see
}
# Of the sheet itself.
OWN = {"sg-cap", "sg-grid", "sg-open", "swatches", "as-h1"}
# Put together in templates and drawings from a part that changes: spot m{{ step }}, tl-{kind}.
PUT_TOGETHER = re.compile(r"m[0-5]|tl-\w+|night-\w+")


def top_classes() -> set[str]:
    """The classes with which selectors of components begin."""
    found: set[str] = set()
    for file in sorted((ROOT / "static/css/components").glob("*.css")):
        css = re.sub(r"/\*.*?\*/|\"[^\"]*\"", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        for selectors in re.findall(r"([^{};]+)\{", css):
            if selectors.strip().startswith("@"):
                continue
            bare = re.sub(r":(?:has|not)\((?:[^()]|\([^()]*\))*\)", "", selectors)
            for selector in re.split(r",(?![^(]*\))", bare):
                first = re.split(r"[\s>+~]", selector.strip())[0]
                found |= set(re.findall(r"\.([a-z][\w-]*)", first))
    return found


@pytest.fixture
def sheets(client: Client) -> list:
    return [client.get(path) for path in SHEETS]


def test_every_component_of_the_stylesheet_is_on_a_sheet(sheets) -> None:
    html = "".join(answer.content.decode() for answer in sheets)
    shown = {name for names in CLASS_ATTRIBUTE.findall(html) for name in names.split()}
    assert len(shown) > 100
    assert top_classes() - shown - NOT_SHOWN == set()
    assert NOT_SHOWN & shown == set(), "shown by now"
    assert NOT_SHOWN - top_classes() == set(), "not in the stylesheet any more"


def test_every_component_template_is_used_by_a_sheet(sheets) -> None:
    folder = ROOT / "templates/components"
    known = {str(file.relative_to(folder)) for file in folder.rglob("*.html")}
    used = {
        template.name.removeprefix("components/") for answer in sheets for template in answer.templates if template.name
    }
    assert known - used - NOT_USED == set()
    assert NOT_USED & used == set(), "used by now"
    assert NOT_USED - known == set(), "not there any more"


def test_nothing_is_on_a_sheet_that_the_portal_does_not_use() -> None:
    apps = "careplan_portal accounts notices links offices licenses campaigns faq helpdesk adoption".split()  # noqa: SIM905
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static/js").glob("*.js")]
    files += [file for app in apps for file in (ROOT / app).rglob("*.py")]
    source = "\n".join(file.read_text(encoding="utf-8") for file in files if "styleguide" not in str(file))
    words = set(re.findall(r"[a-z][\w-]*", source))
    unused = {name for name in top_classes() - words - OWN if not PUT_TOGETHER.fullmatch(name)}
    assert unused == set()
