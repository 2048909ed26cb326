#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Has programs of others check what Vigie writes; fails if one of them is absent: run.sh SIZE...
set -euo pipefail
cd "$(dirname "$0")/../.."
out=out/interop
built=${INTEROP_BUILT:-.build/release}
rm -rf "$out"
mkdir -p out

# Go's checksum-database packages, as Debian packages them.
test -d /usr/share/gocode/src/golang.org/x/mod/sumdb || {
    echo "interop: golang-golang-x-mod-dev is not installed" >&2; exit 69; }
(cd Tests/interop/gocheck &&
    GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE="$PWD/../../../out/go-cache" \
        go build -o ../../../out/gocheck .)

# The packages from PyPI; two of them ask for Python 3.12, and work with 3.11. A command of that name
# may be a wrapper without a Python behind it, so each is tried.
python=
for name in python3.13 python3.12 python3 /usr/bin/python3; do
    if "$name" -c 'import venv, ensurepip' 2>/dev/null; then python=$name; break; fi
done
[ -n "$python" ] || { echo "interop: no Python 3 with venv" >&2; exit 69; }
[ -x out/venv-interop/bin/python ] || "$python" -m venv out/venv-interop
out/venv-interop/bin/pip install -q --disable-pip-version-check --ignore-requires-python \
    aics-tlog==0.2.1 aics-witness==0.1.0 tlog-scales==0.0.3 rfc3161-client==1.0.9

python=out/venv-interop/bin/python
"$built"/interop-logs "$out" "$@"
# What takes seconds comes first; the Python packages hash the longest logs for minutes.
witnessed=(); for size in "$@"; do
    if [ "$size" -ge 3 ] && [ "$size" -le 1000 ]; then witnessed+=("$size"); fi
done
$python Tests/interop/check_witnesses.py "$out" "$built"/vigie "${witnessed[@]}"
$python Tests/interop/check_anchors.py "$out" "$built"/vigie "$@"
out/gocheck "$out" "$@"
$python Tests/interop/check_aics.py "$out" "$@"
rm -rf "$out"
echo "interop: all checks hold, in $SECONDS s"
