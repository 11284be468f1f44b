# Sourced by the commands in bin/: where the project is, and its environment.
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
venv="$root/.venv"
export PORTAL_HOME="${PORTAL_HOME:-$root/var}"
export PYTHONDONTWRITEBYTECODE="${PYTHONDONTWRITEBYTECODE:-}"

say() { printf '%s\n' "$*" >&2; }
die() { say "$(basename "$0"): $*"; exit 1; }

# The newest Python from 3.11 on that the machine has; prints its path.
find_python() {
  local candidate
  for candidate in python3 python3.11 python3.12 python3.13 python3.14 /usr/bin/python3; do
    if command -v "$candidate" >/dev/null 2>&1 &&
      "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return 0
    fi
  done
  return 1
}

# The project's environment, made when it is not there.
need_venv() { [ -x "$venv/bin/python" ] || "$root/bin/setup" >&2; }

# The environment's Python, made when it is not there; prints its path.
program_python() {
  need_venv
  printf '%s\n' "$venv/bin/python"
}

# DATABASE_URL and REDIS_URL of the private services, which are started when they do not run.
use_services() {
  local line
  "$root/bin/services" start "$@" >&2 || die "the private PostgreSQL and Redis did not start"
  while IFS= read -r line; do export "${line?}"; done < <("$root/bin/services" env)
}
