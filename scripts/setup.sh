#!/bin/sh
# Makes .venv with everything that firsthand needs. Called by make; safe to repeat.
#
# TORCH       exact version of torch (required)
# TORCH_ARGS  further arguments for torch's own `pip install`
# PYTHON      interpreter to use; by default the first of python3, python3.14 ... python3.11 that fits
#
# What pip says goes to .setup.log. A failure ends in one line that says what to do.
set -u

: "${TORCH:?setup: TORCH is not set; call this through make}" "${TORCH_ARGS:=}" "${PYTHON:=}"
VENV=.venv
STAMP=$VENV/.firsthand-ready
LOG=.setup.log
NEEDED_MB=3000          # torch's CPU build 0.9 GB, the rest 0.6 GB, pip's cache and unpacking
STEPS=6
step=0

say() { printf '%s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# ---- what this set-up is for: the same key means nothing has to be done ----
here=$(pwd -P)
sums=$(cat requirements.lock pyproject.toml scripts/setup.sh | cksum) ||
  fail "requirements.lock or pyproject.toml is missing; run make in the repository's root."
key="$here torch $TORCH $TORCH_ARGS $sums"
if [ -x "$VENV/bin/python" ] && [ "$(cat "$STAMP" 2>/dev/null)" = "$key" ]; then
  exit 0
fi

# ---- Python ----
fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null; }
version() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null; }

python=
for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
  if fits "$candidate"; then python=$candidate; break; fi
done
if [ -z "$python" ]; then
  asked=${PYTHON:-python3}
  found=$(version "$asked")
  [ -n "$found" ] ||
    fail "no Python: '$asked' does not run. Install Python 3.11 to 3.14, or name one: make setup PYTHON=/path/to/python3"
  fail "'$asked' is Python $found; firsthand needs 3.11 to 3.14. Install one, or name it: make setup PYTHON=/path/to/python3"
fi
if [ "$(uname -s) $(uname -m)" = "Darwin x86_64" ]; then
  fail "torch $TORCH has no build for Macs with an Intel processor; use a Mac with Apple silicon, or Linux."
fi

# ---- disk ----
free_mb=$(df -Pk . 2>/dev/null | awk 'NR == 2 { print int($4 / 1024) }')
if [ -n "$free_mb" ] && [ "$free_mb" -lt "$NEEDED_MB" ]; then
  fail "only $free_mb MB free here; the set-up needs $NEEDED_MB MB. Free some space and run make again."
fi

# ---- running a step: quietly, with the time, the log's tail on failure ----
ticker=
stop_ticker() {
  [ -n "$ticker" ] && kill "$ticker" 2>/dev/null && wait "$ticker" 2>/dev/null
  ticker=
}
interrupted() { stop_ticker; say; fail "interrupted; run make again to go on."; }
trap interrupted INT TERM

logged() { tail -n 40 "$LOG" | grep -qiE "$1"; }

explain() { # explain "what happened otherwise": one line for what is known, else the log's tail before it
  logged 'No space left on device' &&
    fail "the disk is full. Free some space and run make again."
  logged 'NewConnectionError|NameResolutionError|name resolution|timed out|ProxyError|SSLError|Network is unreachable|Connection (refused|reset|aborted)' &&
    fail "no network: pip cannot reach the package index. Check the connection or pip's own settings and run make again."
  tail -n 12 "$LOG" | sed 's/^/    /'
  say
  fail "$1 The whole log is in $LOG."
}

show_seconds() { # show_seconds LINE BEGIN: rewrites the line each second until it is killed
  while sleep 1; do printf '\r%s %3d s ' "$1" $(($(date +%s) - $2)); done
}

run() { # run TITLE "what to say when it fails for no known reason" COMMAND...
  title=$1 otherwise=$2
  shift 2
  step=$((step + 1))
  begin=$(date +%s)
  line=$(printf '  [%d/%d] %-42s' "$step" "$STEPS" "$title")
  printf '%s' "$line"
  printf '\n== %s\n' "$title" >>"$LOG"
  if [ -t 1 ]; then
    show_seconds "$line" "$begin" &
    ticker=$!
  fi
  "$@" >>"$LOG" 2>&1
  status=$?
  stop_ticker
  [ -t 1 ] && printf '\r%s' "$line"
  if [ "$status" -eq 0 ]; then
    printf ' %3d s \n' $(($(date +%s) - begin))
    return
  fi
  printf ' failed\n'
  explain "$otherwise"
}

pip() { "$VENV/bin/python" -m pip --disable-pip-version-check --no-input "$@"; }

# ---- the steps ----
make_venv() {
  "$python" -m venv "$VENV" && return
  # Debian without python3-venv: ensurepip is missing, but the system's pip can install into the venv.
  rm -rf "$VENV"
  "$python" -m venv --without-pip "$VENV" || return
  "$python" -m pip --disable-pip-version-check --python "$VENV/bin/python" install --retries 1 --timeout 15 pip
}

reach_index() { # the smallest locked package is the probe; pip's own settings decide where it looks
  probe=$(mktemp -d) || return
  pip download --quiet --no-deps --retries 1 --timeout 15 --dest "$probe" \
    "$(sed -n 's/^\(six==[0-9.]*\).*/\1/p' requirements.lock)"
  reached=$?
  rm -rf "$probe"
  return $reached
}

install_torch() {
  # Unquoted on purpose: TORCH_ARGS holds several arguments.
  # shellcheck disable=SC2086
  pip install --no-compile --progress-bar off "torch==$TORCH" $TORCH_ARGS
}

install_rest() { # the lock is whole, but for what requirements.excluded names
  pip install --no-compile --progress-bar off --no-deps --require-hashes -r requirements.lock
}

compile_all() { # pip would do it on one core; packages hold some files that are no Python, hence `true`
  "$VENV/bin/python" -m compileall -q -j 0 -x 'site-packages/.*/tests?/' "$VENV"/lib/python*/site-packages || true
}

install_firsthand() {
  pip install --no-deps --no-build-isolation -e . && jupyter_settings
}

# JupyterLab without the news popup and without the instructor's panels. These are files of this .venv,
# never of the person's home.
jupyter_settings() {
  mkdir -p "$VENV/share/jupyter/lab/settings" "$VENV/etc/jupyter/labconfig" &&
  cat >"$VENV/share/jupyter/lab/settings/overrides.json" <<'JSON' &&
{
  "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}
}
JSON
  cat >"$VENV/etc/jupyter/labconfig/page_config.json" <<'JSON'
{
  "disabledExtensions": {
    "@jupyter/nbgrader:assignment-list": true,
    "@jupyter/nbgrader:course-list": true,
    "@jupyter/nbgrader:create-assignment": true
  }
}
JSON
}

# A folder that was moved, or made with a Python that is gone, cannot be mended: its scripts name the old place.
if [ -d "$VENV" ]; then
  "$VENV/bin/python" -m pip --version >/dev/null 2>&1 || rm -rf "$VENV"
  case $(cat "$STAMP" 2>/dev/null) in
    "" | "$here "*) ;;
    *) rm -rf "$VENV" ;;
  esac
fi
rm -f "$STAMP"
: >"$LOG" || fail "cannot write here ($here); check the folder's permissions."

say "firsthand set-up with Python $(version "$python"); what pip says is in $LOG"
if [ -x "$VENV/bin/python" ]; then
  run "virtual environment (kept)" "The virtual environment is broken: remove $VENV and run make again." "$VENV/bin/python" -c pass
else
  run "virtual environment" "cannot make $VENV. Install the packages python3-venv or python3-pip." make_venv
fi
run "package index" "pip cannot download from the package index." reach_index
case "$(uname -s) $TORCH_ARGS" in
  "Linux ")
    say "        torch $TORCH: about 200 MB for a CPU build; where the index offers only the CUDA build,"
    say "        2.7 GB. TORCH_ARGS chooses (README.md, Set-up)." ;;
  "Darwin ") say "        torch $TORCH: about 110 MB" ;;
  *) say "        torch $TORCH with $TORCH_ARGS: 110 MB to 2.7 GB, by build" ;;
esac
run "torch" "torch $TORCH cannot be installed." install_torch
run "the other packages (about 170 MB)" "a package of requirements.lock cannot be installed." install_rest
run "byte code, on all cores" "the packages cannot be compiled." compile_all
run "firsthand itself" "firsthand itself cannot be installed." install_firsthand
printf '%s\n' "$key" >"$STAMP"
say "        ready in $VENV; \`. $VENV/bin/activate\` puts the command firsthand on your path"
