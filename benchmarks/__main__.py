"""``python -m benchmarks NAME [--json]``, called by bin/bench with private services in the environment."""

import argparse
import importlib
import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOT_BENCHMARKS = {"__init__", "__main__", "empty_pages", "harness", "spellings", "visiting"}


def names() -> list[str]:
    return sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in NOT_BENCHMARKS)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/bench")
    parser.add_argument("name", choices=names() or ["(none yet)"], help="what to measure")
    parser.add_argument("--json", action="store_true", help="print the result as JSON alone")
    arguments = parser.parse_args()

    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False, stdout=sys.stderr)

    from benchmarks import harness

    described = harness.machine()
    shared = Path(os.environ.get("PORTAL_SHARED") or ROOT.parent / "shared")
    bench = harness.Bench(Path(os.environ["PORTAL_HOME"]), shared if shared.is_dir() else None)
    result = importlib.import_module(f"benchmarks.{arguments.name}").measure(bench)
    report = {
        "name": arguments.name,
        "ratio": result.ratio,
        "ours": result.ours.as_json(),
        "floor": result.floor.as_json(),
        "machine": described,
    }
    if arguments.json:
        print(json.dumps(report, ensure_ascii=False))
    else:
        ours, floor = result.ours, result.floor
        print(f"{arguments.name}: {ours.median_ms:.2f} ms against {floor.median_ms:.2f} ms, ratio {result.ratio}")
        print(json.dumps(report, ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
