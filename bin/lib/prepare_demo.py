"""Database, demo data and static files in one process, each quick when there is nothing to do.

What ``load_demo`` prints (the sign-ins) goes to standard output alone.
"""

import hashlib
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careplan_portal.settings")
    # A year of nights would bury the few lines that a person reads here.
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command, get_commands

    tell("preparing the database …")
    call_command("migrate", verbosity=0, interactive=False, stdout=sys.stderr)
    if "load_demo" in get_commands():
        tell("preparing the demo data (the first time: a year of acts and nights, a few minutes) …")
        call_command("load_demo")
    collect(Path(settings.STATIC_ROOT))


def collect(target: Path) -> None:
    """Collect and compress the static files unless they are those of last time: compressing takes ten seconds."""
    from django.core.management import call_command

    stamp, now = target / ".collected-from", fingerprint()
    if stamp.exists() and stamp.read_text() == now:
        return
    tell("collecting the static files …")
    call_command("collectstatic", verbosity=0, interactive=False, stdout=sys.stderr)
    stamp.write_text(now)


def fingerprint() -> str:
    """Of all our static files, and of the lock file for those that packages bring."""
    digest = hashlib.sha256((ROOT / "uv.lock").read_bytes())
    for path in sorted((ROOT / "static").rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(ROOT)}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
