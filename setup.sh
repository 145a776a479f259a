#!/bin/sh
# Makes the virtual environment: with uv where it is there, else with venv and pip.
set -eu
PYTHON="${PYTHON:-python3}"
VENV="${VENV:-.venv}"

command -v "$PYTHON" >/dev/null 2>&1 || { echo "setup: $PYTHON is not here; Plugfest needs Python 3.11 or later" >&2; exit 2; }
"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "setup: $("$PYTHON" --version) is too old; Plugfest needs Python 3.11 or later (make PYTHON=python3.12 ...)" >&2
    exit 2
}

if command -v uv >/dev/null 2>&1; then
    [ -x "$VENV/bin/python" ] || uv venv --quiet --python "$PYTHON" "$VENV"
    VIRTUAL_ENV="$PWD/$VENV" uv pip install --quiet --editable '.[dev]'
else
    if ! [ -x "$VENV/bin/pip" ]; then
        "$PYTHON" -m venv "$VENV" || {
            rm -rf "$VENV"
            echo "setup: $PYTHON has no venv module; install your system's package for it (Debian: python3-venv) or uv" >&2
            exit 2
        }
    fi
    "$VENV/bin/pip" install --quiet --disable-pip-version-check --editable '.[dev]'
fi
