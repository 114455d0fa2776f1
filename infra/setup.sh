#!/usr/bin/env bash
# Prepare .venv from the lock, on a machine with nothing but Python >= 3.11 and its venv module.
# Does nothing when nothing changed. Packages come from wherever this machine's pip gets them.
set -euo pipefail
cd "$(dirname "$0")/.."

UV_VERSION=0.13.9
UV=.build/uv/bin/uv
STAMP=.venv/.prepared

fail() {
    echo "setup: $*" >&2
    exit 1
}

# What takes long runs in a process group of its own: an interrupt reaches this script alone,
# which ends the group before it could print where it was interrupted.
child=
interrupted() {
    [ -z "$child" ] || kill -TERM -- "-$child" 2>/dev/null || true
    echo "setup: interrupted; run it again, it goes on where it stood" >&2
    exit 130
}
trap interrupted INT TERM

patiently() {
    set -m
    "$@" &
    child=$!
    set +m
    local code=0
    wait "$child" || code=$?
    child=
    return "$code"
}

find_python() {
    local candidate
    for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 python; do
        if [ -n "$candidate" ] && "$candidate" -c \
            'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    fail "Python 3.11 or later with its venv module is needed and is not there"
}

# What .venv must be prepared for: the lock, the project's own description, and whether the
# machine brings its own Node.
wanted() {
    cat uv.lock pyproject.toml infra/setup.sh infra/scripts/package-lock.json
    command -v node >/dev/null || echo "node from the lock"
    pwd
}

get_uv() {
    if ! { [ -x "$UV" ] && "$UV" --version 2>/dev/null | grep -qF "uv $UV_VERSION"; }; then
        echo "setup: fetching uv" >&2
        rm -rf .build/uv
        patiently "$python" -m venv .build/uv
        patiently .build/uv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$UV_VERSION" ||
            fail "uv could not be fetched from the machine's package index"
    fi
}

# uv does not read pip's configuration; hand on what a machine says there.
pip_says() {
    .build/uv/bin/python -m pip config get "global.$1" 2>/dev/null || true
}

adopt_pip_configuration() {
    local certificates
    certificates=${PIP_CERT:-$(pip_says cert)}
    if [ -z "${SSL_CERT_FILE:-}" ] && [ -n "$certificates" ]; then
        export SSL_CERT_FILE=$certificates
    fi
    index=${PIP_INDEX_URL:-$(pip_says index-url)}
    export UV_PYTHON=$python UV_PYTHON_DOWNLOADS=never
}

install_packages() {
    local groups=()
    command -v node >/dev/null || groups=(--group node)
    echo "setup: preparing .venv" >&2
    if [ -z "$index" ]; then
        "$UV" sync --frozen --quiet "${groups[@]}"
        return
    fi
    # The lock names the index it was made from; a machine with another one gets the same
    # files, by the same hashes, from there.
    export UV_DEFAULT_INDEX=$index
    [ -x .venv/bin/python ] || "$UV" venv --quiet .venv
    "$UV" export --frozen --quiet --no-emit-project "${groups[@]}" --output-file .build/lock.txt
    "$UV" pip sync --quiet --python .venv/bin/python --require-hashes .build/lock.txt
    "$UV" pip install --quiet --python .venv/bin/python --no-deps --editable .
}

hashed=$(wanted | git hash-object --stdin)
if [ -x .venv/bin/backoffice ] && [ "$(cat "$STAMP" 2>/dev/null)" = "$hashed" ]; then
    exit 0
fi
python=$(find_python)
mkdir -p .build
get_uv
adopt_pip_configuration
patiently install_packages || fail "the packages of the lock could not be installed"
[ -x .venv/bin/backoffice ] || fail "the command backoffice was not installed"
patiently bash infra/fetch_scripts.sh || fail "what browsers run could not be fetched by npm"
echo "$hashed" >"$STAMP"
