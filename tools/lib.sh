# Shared by the scripts of tools/: sourced, not run. Messages go to standard error, results to standard output.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${TRUEUP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/trueup}

say() { printf '%s\n' "$*" >&2; }
die() { say "$(basename "$0"): $*"; exit 1; }
is_root() { [ "$(id -u)" = 0 ]; }

# Runs a command as root; fails with what to run by hand where that cannot be.
as_root() {
  if is_root; then "$@"
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo "$@"
  else die "this needs root: run '$*' by hand, then again"
  fi
}

# True when a Debian package is installed.
installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# await SECONDS PID COMMAND...: runs the command until it succeeds; fails once that process has ended or the time is
# over. The times are long: a cold disk and two cores that compile make a server slow, and that is no failure.
await() {
  local end=$((SECONDS + $1)) pid=$2
  shift 2
  until "$@" 2> /dev/null; do
    kill -0 "$pid" 2> /dev/null && [ $SECONDS -lt "$end" ] || return 1
    sleep 0.1
  done
}
# What the machine was doing while a server did not start.
machine_state() {
  echo "load $(cut -d' ' -f1-3 /proc/loadavg), $(awk '/^MemAvailable/ { print int($2 / 1024) }' /proc/meminfo) MiB of memory" \
    "and $(df -Pm "$1" | awk 'NR == 2 { print $4 }') MiB in $1 free"
}

# A TCP port of the loopback interface that is free now.
free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
