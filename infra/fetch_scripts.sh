#!/usr/bin/env bash
# Fetch what browsers run into .build/scripts: htmx for the console, axe-core for its tests. Each by
# the version and the hash in infra/scripts/package-lock.json, from this machine's npm registry.
set -euo pipefail
cd "$(dirname "$0")/.."

STAMP=.build/scripts/.prepared

hashed=$(cat infra/scripts/package.json infra/scripts/package-lock.json | git hash-object --stdin)
[ "$(cat "$STAMP" 2>/dev/null)" = "$hashed" ] && exit 0
npm=$(command -v npm || true)
[ -n "$npm" ] || npm=.venv/bin/npm
rm -rf .build/scripts && mkdir -p .build/scripts
cp infra/scripts/package.json infra/scripts/package-lock.json .build/scripts/
PATH="$PWD/.venv/bin:$PATH" "$npm" ci --silent --ignore-scripts --no-audit --no-fund \
    --prefix .build/scripts
echo "$hashed" >"$STAMP"
