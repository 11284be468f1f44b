import gzip
import re

import pytest

from careplan_portal.lib.stylesheet import LAYERS, joined
from tests.conftest import ROOT

FOLDER = ROOT / "static" / "css"


def test_every_file_is_joined_or_belongs_to_papers() -> None:
    listed = {part for _layer, parts in LAYERS for part in parts}
    there = {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.css") if "documents" not in path.parts}
    assert there == listed


def test_layers_stand_in_order_and_braces_match() -> None:
    text = joined(FOLDER).body.decode()
    assert text.startswith("@layer tokens, base, components, util, print;")
    assert re.findall(r"^@layer (\w+) \{", text, re.MULTILINE) == ["tokens", "base", "components", "util", "print"]
    assert text.count("{") == text.count("}")
    assert "/*" not in text


def test_it_is_small() -> None:
    sheet = joined(FOLDER)
    assert gzip.decompress(sheet.gzipped) == sheet.body
    assert len(sheet.gzipped) < 24_000


def test_a_changed_part_changes_the_digest(tmp_path) -> None:
    for _layer, parts in LAYERS:
        for part in parts:
            (tmp_path / part).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / part).write_text("a { color: red }")
    before = joined(tmp_path)
    assert joined(tmp_path) is before
    (tmp_path / "tokens.css").write_text("a { color: blue }")
    assert joined(tmp_path).digest != before.digest
    (tmp_path / "tokens.css").unlink()
    with pytest.raises(FileNotFoundError):
        joined(tmp_path)


def test_colours_come_from_tokens() -> None:
    """Hex values outside tokens.css: white, black and the demo bar's yellow only."""
    allowed = {"#fff", "#000", "#fff0b3", "#d2a400", "#c0e4ff", "#97d3ff"}
    found = {
        (path.name, value)
        for path in (FOLDER / "components").glob("*.css")
        for value in re.findall(r"#[0-9a-f]{3,6}\b", path.read_text())
        if value not in allowed
    }
    assert found == set()
