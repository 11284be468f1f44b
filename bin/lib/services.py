"""A PostgreSQL and a Redis that belong to this checkout alone, under $PORTAL_HOME.

Standard library only: it runs before anything is installed. Ports and passwords are chosen at the first start and
kept in services.json. Other servers on the machine are left alone and do no harm: everything is told by folder,
never by name or by a usual port.
"""

import argparse
import contextlib
import fcntl
import hashlib
import json
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from processes import ServicesError, free_port, lives_in, taken, tell, wait

HOME = Path(os.environ.get("PORTAL_HOME") or Path(__file__).resolve().parents[2] / "var").resolve()
STATE = HOME / "services.json"
OLDEST_POSTGRES = 14
NAME = "portal"
# PostgreSQL refuses to run as root, so it runs as the user that Debian's package makes.
ACCOUNT = "postgres"
ENVIRONMENT = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


# --- what is remembered -----------------------------------------------------------------------------------


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """One start or stop at a time for this folder."""
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / "services.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _load() -> dict[str, Any]:
    try:
        return dict(json.loads(STATE.read_text()))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise ServicesError(f"{STATE} is damaged ({error}); remove it and start again") from error


def _save(state: dict[str, Any]) -> None:
    # Written aside and moved over, so a kill in between leaves the old one whole.
    aside = STATE.with_suffix(".new")
    aside.touch(mode=0o600)
    aside.write_text(json.dumps(state, indent=2))
    aside.replace(STATE)


# --- PostgreSQL ------------------------------------------------------------------------------------------


def _postgres_bin() -> Path:
    found: list[tuple[int, Path]] = []
    for path in Path("/usr/lib/postgresql").glob("*/bin/initdb"):
        with contextlib.suppress(ValueError):
            found.append((int(path.parent.parent.name), path.parent))
    if not found and (other := shutil.which("initdb")):
        version = subprocess.run([other, "--version"], capture_output=True, text=True, check=True).stdout
        found.append((int(re.findall(r"\d+", version)[0]), Path(other).resolve().parent))
    found = [entry for entry in found if entry[0] >= OLDEST_POSTGRES]
    if not found:
        raise ServicesError(f"no PostgreSQL from {OLDEST_POSTGRES} on is installed; bin/setup installs it")
    return max(found)[1]


def _postgres_bin_for(data: Path) -> Path:
    """The programs of the version that made the data, when they are still there."""
    made_by = Path("/usr/lib/postgresql") / (data / "PG_VERSION").read_text().strip() / "bin"
    return made_by if (made_by / "pg_ctl").exists() else _postgres_bin()


def _as_server() -> dict[str, Any]:
    """Arguments of subprocess that drop root for the server's account; none when we are not root."""
    if os.geteuid() != 0:
        return {"env": ENVIRONMENT, "cwd": "/"}
    try:
        account = pwd.getpwnam(ACCOUNT)
    except KeyError as error:
        raise ServicesError(f"there is no user {ACCOUNT}; bin/setup installs PostgreSQL with it") from error
    groups = os.getgrouplist(ACCOUNT, account.pw_gid)
    return {"env": ENVIRONMENT, "cwd": "/", "user": account.pw_uid, "group": account.pw_gid, "extra_groups": groups}


def _run(command: list[str | Path]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, stdin=subprocess.DEVNULL, **_as_server()
    )


def _server_can_enter(folder: Path) -> bool:
    return _run(["test", "-x", folder]).returncode == 0


def _data_folder() -> Path:
    """Under our home where the server's account can get there; else (a home of mode 0700) among its own."""
    folder = HOME / "postgres"
    if _server_can_enter(HOME):
        return folder
    name = "careplan-portal-" + hashlib.sha256(str(HOME).encode()).hexdigest()[:12]
    return Path(pwd.getpwnam(ACCOUNT).pw_dir) / name


def _make_cluster(data: Path, password: str) -> None:
    if data.exists():
        raise ServicesError(f"{data} holds a database whose ports and password ({STATE}) are gone; move one of them")
    # Made aside and moved into place, so that a kill leaves nothing that looks like a database.
    aside = data.with_name(data.name + ".new")
    if aside.exists():
        shutil.rmtree(aside)
    aside.mkdir(mode=0o700, parents=True)
    secret = data.with_name(data.name + ".password")
    secret.unlink(missing_ok=True)
    secret.touch(mode=0o600)
    secret.write_text(password)
    if os.geteuid() == 0:
        shutil.chown(aside, ACCOUNT)
        shutil.chown(secret, ACCOUNT)
    try:
        made = _run(
            [
                *(_postgres_bin() / "initdb", "-D", aside, "-U", NAME, "--locale=C.UTF-8", "--encoding=UTF8"),
                *("--no-instructions", "--auth=scram-sha-256", f"--pwfile={secret}"),
            ]
        )
    finally:
        secret.unlink()
    if made.returncode:
        raise ServicesError(f"initdb failed:\n{made.stdout}{made.stderr}")
    aside.rename(data)


def _postgres_pid(data: Path) -> int | None:
    try:
        pid = int((data / "postmaster.pid").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None
    return pid if lives_in(pid, data) else None


def _start_postgres(state: dict[str, Any], *, volatile: bool) -> None:
    data = Path(state["data"])
    if _postgres_pid(data):
        return
    # A file left by a kill names a process that is not ours: its number may belong to anybody by now.
    (data / "postmaster.pid").unlink(missing_ok=True)
    if taken(state["postgres_port"]):
        state["postgres_port"] = free_port({state["redis_port"]})
        _save(state)
    settings = {
        "port": state["postgres_port"],
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": 100,
        "shared_buffers": "128MB",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    if volatile:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
    log = data / "server.log"
    started = _run(
        [_postgres_bin_for(data) / "pg_ctl", "-D", data, "-w", "-t", "60", "-l", log, "-o", options, "start"]
    )
    if started.returncode:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:]) if log.exists() else ""
        raise ServicesError(f"PostgreSQL did not start:\n{started.stderr}{tail}")
    _make_database(state)


def _make_database(state: dict[str, Any]) -> None:
    """The database itself; asked for at every start, because a first start may have been killed before it."""
    programs = _postgres_bin_for(Path(state["data"]))
    environment = ENVIRONMENT | {"PGPASSWORD": state["postgres_password"], "PGCONNECT_TIMEOUT": "10"}
    where = ["-h", "127.0.0.1", "-p", str(state["postgres_port"]), "-U", NAME]
    asked = subprocess.run(
        [programs / "psql", *where, "-d", "postgres", "-Atc", f"SELECT 1 FROM pg_database WHERE datname = '{NAME}'"],
        env=environment, capture_output=True, text=True,
    )  # fmt: skip
    if asked.returncode == 0 and asked.stdout.strip() == "1":
        return
    made = subprocess.run([programs / "createdb", *where, NAME], env=environment, capture_output=True, text=True)
    if made.returncode:
        raise ServicesError(f"the database was not made:\n{asked.stderr}{made.stderr}")


def _stop_postgres(state: dict[str, Any]) -> None:
    data = Path(state["data"])
    if not _postgres_pid(data):
        return
    stopped = _run([_postgres_bin_for(data) / "pg_ctl", "-D", data, "-w", "-t", "60", "-m", "fast", "stop"])
    if stopped.returncode:
        raise ServicesError(f"PostgreSQL did not stop:\n{stopped.stderr}")


# --- Redis -----------------------------------------------------------------------------------------------


def _redis_folder() -> Path:
    return HOME / "redis"


def _redis_pid() -> int | None:
    try:
        pid = int((_redis_folder() / "redis.pid").read_text())
    except (OSError, ValueError):
        return None
    return pid if lives_in(pid, _redis_folder()) else None


def _answers(state: dict[str, Any]) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", state["redis_port"]), timeout=2) as link:
            link.sendall(f"AUTH {state['redis_password']}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2:
                part = link.recv(256)
                if not part:
                    return False
                answer += part
            return answer.endswith(b"+PONG\r\n")
    except OSError:
        return False


def _start_redis(state: dict[str, Any], *, volatile: bool) -> None:
    folder = _redis_folder()
    if _redis_pid():
        return
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        raise ServicesError("no Redis is installed; bin/setup installs it")
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / "redis.pid").unlink(missing_ok=True)
    if taken(state["redis_port"]):
        state["redis_port"] = free_port({state["postgres_port"]})
        _save(state)
    # By its file, so that the password is not among the arguments that everybody can list.
    config = folder / "redis.conf"
    config.touch(mode=0o600)
    config.write_text(
        f'bind 127.0.0.1\nport {state["redis_port"]}\nrequirepass {state["redis_password"]}\ndir "{folder}"\n'
        f'pidfile "{folder}/redis.pid"\nlogfile "{folder}/redis.log"\ndaemonize yes\ndatabases 64\nsave ""\n'
        f"appendonly {'no' if volatile else 'yes'}\nmaxmemory-policy noeviction\n"
    )
    started = subprocess.run([program, str(config)], cwd=folder, capture_output=True, text=True, env=ENVIRONMENT)
    if started.returncode or not wait(lambda: _redis_pid() and _answers(state), 20):
        log = folder / "redis.log"
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:]) if log.exists() else ""
        raise ServicesError(f"Redis did not start:\n{started.stdout}{started.stderr}{tail}")


def _stop_redis() -> None:
    pid = _redis_pid()
    if pid is None:
        return
    os.kill(pid, signal.SIGTERM)
    if not wait(lambda: _redis_pid() is None, 20):
        raise ServicesError(f"Redis (process {pid}) did not stop")


# --- commands --------------------------------------------------------------------------------------------


def start(*, volatile: bool) -> None:
    with _alone():
        state = _load()
        if not state:
            postgres_port = free_port(set())
            state = {
                "postgres_port": postgres_port,
                "redis_port": free_port({postgres_port}),
                "postgres_password": secrets.token_hex(16),
                "redis_password": secrets.token_hex(16),
            }
        if "data" not in state:
            data = _data_folder()
            _make_cluster(data, state["postgres_password"])
            # Only now: a state that names a folder means that the folder is whole.
            _save(state | {"data": str(data)})
            state = _load()
        if not (Path(state["data"]) / "PG_VERSION").exists():
            raise ServicesError(f"{state['data']} is gone or damaged; bin/services remove starts afresh")
        running = _postgres_pid(Path(state["data"])) and _redis_pid()
        _start_postgres(state, volatile=volatile)
        _start_redis(state, volatile=volatile)
    if not running:
        tell(f"PostgreSQL on port {state['postgres_port']}, Redis on port {state['redis_port']} (data in {HOME})")


def stop() -> None:
    with _alone():
        state = _load()
        if state:
            _stop_redis()
            _stop_postgres(state)


def remove() -> None:
    """Stop both and delete what they kept. For tests, which make their own each time."""
    stop()
    state = _load()
    if state:
        shutil.rmtree(state["data"], ignore_errors=True)
    shutil.rmtree(HOME / "redis", ignore_errors=True)
    STATE.unlink(missing_ok=True)


def status() -> int:
    state = _load()
    postgres = _postgres_pid(Path(state["data"])) if state else None
    redis = _redis_pid()
    for name, pid in (("postgres", postgres), ("redis", redis)):
        port = f" on 127.0.0.1:{state[f'{name}_port']}" if pid else ""
        print(f"{name}: {f'running, process {pid}' if pid else 'stopped'}{port}")
    return 0 if postgres and redis else 3


def env() -> None:
    state = _load()
    if not state:
        raise ServicesError("never started; bin/services start")
    where = f"127.0.0.1:{state['postgres_port']}/{NAME}"
    print(f"DATABASE_URL=postgres://{NAME}:{state['postgres_password']}@{where}")
    print(f"REDIS_URL=redis://:{state['redis_password']}@127.0.0.1:{state['redis_port']}/0")


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/services", description="The private PostgreSQL and Redis.")
    parser.add_argument("command", choices=["start", "stop", "status", "env", "remove"])
    parser.add_argument("--volatile", action="store_true", help="for tests: faster, and lost when the power goes")
    arguments = parser.parse_args()
    try:
        if arguments.command == "start":
            start(volatile=arguments.volatile)
        elif arguments.command == "status":
            return status()
        else:
            {"stop": stop, "env": env, "remove": remove}[arguments.command]()
    except ServicesError as failure:
        tell(f"bin/services: {failure}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
