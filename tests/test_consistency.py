"""What must hold for the whole project: everything that is there is reachable, stated and used."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command, find_commands
from django.template import TemplateDoesNotExist, engines
from django.urls import URLPattern, URLResolver, get_resolver

from careplan_portal.celery import app as celery_app
from tests.conftest import ROOT

OWN_APPS = [
    config for config in apps.get_app_configs() if Path(config.path).is_relative_to(ROOT) and ".venv" not in config.path
]
MAX_LINES = 400

# What people and their scripts call by name; make_report joins with the first report.
COMMANDS = {
    "advance_to",
    "billing_list",
    "faq_search",
    "import_offices",
    "load_demo",
    "load_faq",
    "load_licenses",
    "roll_over",
    "verify_ledger",
}


def files(*suffixes: str) -> Iterator[Path]:
    """The project's own files with one of the suffixes, whether committed yet or not."""
    rooms = [Path(config.path) for config in OWN_APPS if config.label != "portal"]
    rooms += [ROOT / name for name in ("templates", "static", "tests", "bin", "benchmarks", "drills")]
    for room in rooms:
        for path in sorted(room.rglob("*")):
            if path.is_file() and path.suffix in suffixes and "vendor" not in path.parts:
                yield path


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


# --- URLs ----------------------------------------------------------------------------------------------------


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, prefix + str(entry.pattern))
        else:
            yield prefix + str(entry.pattern), entry


def stated_audience(view: object) -> object:
    for holder in (view, getattr(view, "view_class", None), getattr(view, "cls", None)):
        if getattr(holder, "audience", None):
            return holder.audience  # type: ignore[union-attr]
    return None


def test_every_url_states_its_audience() -> None:
    """The admin and allauth guard themselves: by the admin site's own permission, by asking for a session."""
    silent = [
        f"{route} ({entry.callback.__module__}.{entry.callback.__qualname__})"
        for route, entry in patterns(get_resolver())
        if stated_audience(entry.callback) is None
        and not route.startswith("admin/")
        and not entry.callback.__module__.startswith("allauth.")
    ]
    assert not silent, "add @audience(Role…) or @audience.public: " + ", ".join(silent)


def test_names_of_urls_are_used_once() -> None:
    names = Counter(
        f"{':'.join(namespaces)}:{entry.name}" for namespaces, entry in _named(get_resolver(), ()) if entry.name
    )
    assert [name for name, count in names.items() if count > 1 and not name.startswith(("admin:", ":account_"))] == []


def _named(resolver: URLResolver, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], URLPattern]]:
    here = (*above, resolver.namespace) if resolver.namespace else above
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _named(entry, here)
        else:
            yield here, entry


def test_links_in_templates_lead_to_urls_that_exist() -> None:
    """`{% url … as name %}` says nothing when there is none: the link is then never there."""
    known = {":".join((*spaces, str(entry.name))) for spaces, entry in _named(get_resolver(), ())}
    link = re.compile(r"""\{% url ["']([^"']+)["']""")
    named = {(relative(path), name) for path in files(".html", ".txt") for name in link.findall(path.read_text())}
    assert len(named) > 100
    assert {one for one in named if one[1] not in known} == set()


# --- jobs and commands ---------------------------------------------------------------------------------------


def test_every_beat_entry_names_a_task_that_exists() -> None:
    celery_app.loader.import_default_modules()
    named = {name: entry["task"] for name, entry in celery_app.conf.beat_schedule.items()}
    assert {name: task for name, task in named.items() if task not in celery_app.tasks} == {}


def test_queued_tasks_are_named_rightly() -> None:
    celery_app.loader.import_default_modules()
    # Written at the call, or kept as a constant: whatever is quoted and looks like a task's name.
    named = re.compile(r'(?<=enqueue_on_commit\()\s*"[\w.]+"|"\w+\.tasks\.\w+"')
    found = {
        (relative(path), name.strip().strip('"'))
        for path in (*files(".py"), *sorted((ROOT / "careplan_portal").rglob("*.py")))
        for name in named.findall(path.read_text())
        if not relative(path).startswith("tests/")
    }
    assert {"licenses.tasks.roll_over_again", "notices.tasks.outbox_send", "offices.tasks.import_run"} <= {
        name for _path, name in found
    }
    assert sorted(one for one in found if one[1] not in celery_app.tasks) == []


def test_commands_of_the_contract_exist_and_none_is_there_twice() -> None:
    owners: dict[str, list[str]] = {}
    for config in OWN_APPS:
        for command in find_commands(str(Path(config.path) / "management")):
            owners.setdefault(command, []).append(config.label)
    assert {command: labels for command, labels in owners.items() if len(labels) > 1} == {}
    assert sorted(COMMANDS - set(owners)) == []


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)


# --- templates -----------------------------------------------------------------------------------------------


def templates() -> list[Path]:
    return [path for path in files(".html", ".txt") if "templates" in path.relative_to(ROOT).parts[:-1]]


def template_name(path: Path) -> str:
    parts = path.relative_to(ROOT).parts
    return "/".join(parts[parts.index("templates") + 1 :])


@pytest.mark.parametrize("path", templates(), ids=relative)
def test_templates_compile(path: Path) -> None:
    engines["django"].get_template(template_name(path))


@cache
def _all_code() -> str:
    return "\n".join(path.read_text() for path in files(".py", ".html", ".txt") if "tests" not in path.parts[:-1])


def _replaces_a_packages_own(name: str) -> bool:
    engine = engines["django"].engine
    for loader in engine.template_loaders:
        for origin in loader.get_template_sources(name):
            if not Path(origin.name).is_relative_to(ROOT / "templates") and Path(origin.name).exists():
                return True
    return False


def test_no_template_is_unused() -> None:
    by_django = {"400.html", "403.html", "404.html", "500.html", "503.html", "403_csrf.html", "429.html"}
    unused = []
    for path in templates():
        name = template_name(path)
        # Names that are put together at run time show at least their folder and their stem.
        quoted = re.search(rf'["\']{re.escape(name)}["\']', _all_code())
        composed = f'"{Path(name).parent}/' in _all_code() and re.search(rf"\b{re.escape(path.stem)}\b", _all_code())
        if not (quoted or composed or name in by_django or _replaces_a_packages_own(name)):
            unused.append(relative(path))
    assert unused == []


INLINE = re.compile(
    r"""\sstyle\s*=\s*["']|<style\b|\son[a-z]+\s*=\s*["']|<script(?![^>]*\bsrc=)[^>]*>""", re.IGNORECASE
)
# What a paper's own rendering reads, or carries data for a script and runs nothing.
DATA_SCRIPT = re.compile(r'<script[^>]*type="application/(?:json|ld\+json)"[^>]*>', re.IGNORECASE)


def test_pages_hold_no_inline_style_or_script() -> None:
    """The content security policy would block them; papers (documents/) are not pages."""
    found = [
        f"{relative(path)}: {match}"
        for path in templates()
        if path.suffix == ".html" and "documents" not in path.parts
        for match in INLINE.findall(DATA_SCRIPT.sub("", path.read_text()))
    ]
    assert found == []


ELSEWHERE = re.compile(
    r"""(?:src|srcset|action|poster|data)\s*=\s*["'](?:https?:)?//|<link[^>]+href=["'](?:https?:)?//|url\(\s*["']?(?:https?:)?//"""
    r"""|@import\s+["'](?:https?:)?//|(?:fetch|importScripts|WebSocket|EventSource)\(\s*["'](?:https?|wss?):""",
    re.IGNORECASE,
)


def test_nothing_is_loaded_from_other_hosts() -> None:
    places = [path for path in files(".html", ".css", ".js", ".svg") if "tests" not in path.parts]
    assert [f"{relative(path)}: {hit}" for path in places for hit in ELSEWHERE.findall(path.read_text())] == []


# --- size and shape ------------------------------------------------------------------------------------------


def test_no_file_is_longer_than_400_lines() -> None:
    long = {
        relative(path): count
        for path in files(".py", ".html", ".css", ".js", ".sh")
        if "migrations" not in path.parts and (count := len(path.read_text().splitlines())) > MAX_LINES
    }
    assert long == {}


def test_no_catch_all_modules_and_no_star_imports() -> None:
    names = {"helpers.py", "utils.py", "misc.py", "common.py", "signals.py"}
    assert [relative(path) for path in files(".py") if path.name in names] == []
    assert [relative(path) for path in files(".py") if re.search(r"^from \S+ import \*", path.read_text(), re.M)] == []


def test_every_app_is_installed_and_every_middleware_exists() -> None:
    from django.utils.module_loading import import_string

    assert all(import_string(name) for name in settings.MIDDLEWARE)
    folders = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert folders <= {config.name.split(".")[0] for config in OWN_APPS}


def test_error_pages_render_without_context() -> None:
    for name in ("404.html", "500.html", "503.html"):
        try:
            template = engines["django"].get_template(name)
        except TemplateDoesNotExist:
            pytest.fail(f"templates/{name} is missing")
        assert "<h1" in template.render({})
