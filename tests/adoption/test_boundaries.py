"""Official outlines: both file kinds, wards in their city, the map that comes of them."""

import io
import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from adoption.models import AreaShape
from adoption.rules.boundaries import BoundaryFileError, rings_by_place
from adoption.services.snapshots import snapshot_make
from tests.adoption.conftest import SAPPORO, TOTTORI, YONAGO, open_office

SQUARE = [[133.3, 35.4], [133.4, 35.4], [133.4, 35.5], [133.3, 35.5], [133.3, 35.4]]


def geojson(*codes: str) -> dict[str, object]:
    features = [
        {"type": "Feature", "properties": {"N03_007": code}, "geometry": {"type": "Polygon", "coordinates": [SQUARE]}}
        for code in codes
    ]
    return {"type": "FeatureCollection", "features": features}


def test_topojson_arcs_are_joined_and_turned() -> None:
    data = {
        "type": "Topology",
        "transform": {"scale": [0.1, 0.1], "translate": [133, 35]},
        "arcs": [[[0, 0], [1, 0], [0, 1]], [[0, 0], [0, 1], [1, 0]]],
        "objects": {"x": {"geometries": [{"type": "Polygon", "properties": {"N03_007": "31202"}, "arcs": [[0, -2]]}]}},
    }
    (ring,) = rings_by_place(data)["31202"]
    assert [(round(x, 1), round(y, 1)) for x, y in ring] == [
        (133, 35),
        (133.1, 35),
        (133.1, 35.1),
        (133, 35.1),
        (133, 35),
    ]


@pytest.mark.parametrize("data", [{}, {"type": "Topology2"}, {"type": "FeatureCollection", "features": []}])
def test_other_files_are_refused(data: dict[str, object]) -> None:
    with pytest.raises(BoundaryFileError, match="ありません"):
        rings_by_place(data)


def test_loading_rolls_wards_up_names_strangers_and_draws(
    db: None, tmp_path: Path, client: Client, settings: object
) -> None:
    file, out = tmp_path / "n03.geojson", io.StringIO()
    file.write_text(json.dumps(geojson("31202", "01101", "01102", "99999")))
    call_command("import_boundaries", str(file), "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"municipalities": 2, "unknown": ["99999"]}
    assert AreaShape.objects.get(area_code=SAPPORO).path.count("M") == 2
    settings.PORTAL_TODAY = date(2025, 7, 2)  # type: ignore[attr-defined]
    open_office(YONAGO)
    snapshot_make(day=date(2025, 7, 1))
    body = client.get(f"/adoption/{TOTTORI}/").content.decode()
    assert AreaShape.objects.get(area_code=YONAGO).path in body
    assert "国土数値情報" in body


def test_a_damaged_file_is_named(db: None, tmp_path: Path) -> None:
    file = tmp_path / "broken.json"
    file.write_text('{"type": "Topo')
    with pytest.raises(CommandError, match=r"broken\.json"):
        call_command("import_boundaries", str(file))


def test_the_official_file_gives_nearly_every_municipality(db: None, shared_dir: Path) -> None:
    out = io.StringIO()
    call_command("import_boundaries", str(shared_dir / "data/maps/municipalities.topojson"), "--json", stdout=out)
    assert json.loads(out.getvalue())["municipalities"] >= 1700
