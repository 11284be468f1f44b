# Sourced after common.sh: a PORTAL_HOME of this run alone, with its own PostgreSQL and Redis, gone at the end.
# use_private_home [--volatile]
unset DATABASE_URL REDIS_URL CACHE_URL PORTAL_TODAY SECRET_KEY DEBUG EMAIL_URL
child=

clean_up() {
  local status=$?
  trap - EXIT INT TERM HUP
  "$root/bin/services" remove || true
  rm -rf "$PORTAL_HOME"
  exit "$status"
}

# A signal is acted on at once, not when the child is done.
stopped() {
  trap '' INT TERM HUP
  if [ -n "$child" ]; then
    # A Ctrl-C at the terminal reached the child too, and a second one would cut its ending short.
    for _ in {1..30}; do kill -0 "$child" 2>/dev/null || break; sleep 0.1; done
    kill -INT "$child" 2>/dev/null || true
    for _ in {1..100}; do kill -0 "$child" 2>/dev/null || break; sleep 0.1; done
    kill -KILL "$child" 2>/dev/null || true
  fi
  exit "$1"
}

use_private_home() {
  PORTAL_HOME="$(mktemp -d "${TMPDIR:-/tmp}/careplan-portal.XXXXXX")"
  # The server's account has to get through; what is inside keeps its own modes.
  chmod 711 "$PORTAL_HOME"
  export PORTAL_HOME PORTAL_ENV=test
  trap clean_up EXIT
  trap 'stopped 130' INT
  trap 'stopped 143' TERM HUP
  use_services "$@"
}

# In the background and waited for; bash would let a background process ignore Ctrl-C, hence env.
run_waiting() {
  env --default-signal=INT "$@" <&0 &
  child=$!
  local status=0
  wait "$child" || status=$?
  child=
  return "$status"
}
