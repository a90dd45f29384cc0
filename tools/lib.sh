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

# A TCP port of the loopback interface that is free now.
free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
