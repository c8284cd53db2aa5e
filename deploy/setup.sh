#!/bin/sh
# Makes .venv: the dependencies of requirements.lock by hash, then the workspace's own packages, editable.
# Does nothing where that was done for the present lock. Says what it waits for.
set -eu
cd "$(dirname "$0")/.."

members="contracts chassis cli deploy/local services/intake services/routing services/pujk_gateway services/notifier services/tracking"
stamp=.venv/installed
wanted=$(cat requirements.lock $(for m in $members; do echo "$m/pyproject.toml"; done) | sha256sum | cut -d' ' -f1)
if [ -x .venv/bin/python ] && [ "$(cat $stamp 2>/dev/null)" = "$wanted" ]; then
    exit 0
fi

python=${PYTHON:-python3}
command -v "$python" >/dev/null || { echo "Python tidak ditemukan / was not found; install Python >= 3.11"; exit 1; }
"$python" - <<'EOF' || exit 1
import sys
if sys.version_info < (3, 11):
    sys.exit(f"Python >= 3.11 dibutuhkan / is needed; this is {sys.version.split()[0]}. Set PYTHON=/path/to/python3.11")
EOF

make_venv() { "$python" -m venv --clear .venv >.venv.log 2>&1 && .venv/bin/python -m pip --version >>.venv.log 2>&1; }
echo "Lingkungan Python: membuat .venv / making .venv"
if ! make_venv; then
    # Debian and Ubuntu keep venv's pip in a package of its own.
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Memasang python$version-venv dari distribusi / installing it from the distribution (apt-get, once)"
        { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "python$version-venv"; } \
            >.venv.log 2>&1 || { tail -n 20 .venv.log; exit 1; }
    fi
    make_venv || { tail -n 5 .venv.log; echo "Pasang / install: sudo apt-get install python$version-venv"; exit 1; }
fi
rm -f .venv.log

printf 'Pustaka: memasang requirements.lock menurut hash / installing it by hash (about a minute, once) '
# Compiled afterwards: pip does it on one core.
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes \
    --requirement requirements.lock &
while kill -0 $! 2>/dev/null; do
    printf .
    sleep 3
done
echo
wait $!
echo "Paket suite / the suite's own packages"
# shellcheck disable=SC2046
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
    $(for m in $members; do printf -- '--editable ./%s ' "$m"; done)
# Some packages bring files for other versions of Python.
.venv/bin/python -m compileall -q -j 0 .venv/lib >.venv/compiled.log 2>&1 || :
echo "$wanted" >$stamp
