#!/usr/bin/env bash
# Installs the package, runs the command line of the nightly unit under its restrictions, removes the
# package, and looks at what is left. All of it in an overlay over the machine's own files, which
# stay as they are; on a machine that is thrown away, HOST=1 does it there.
set -euo pipefail
cd "$(dirname "$0")/.."
package=$(readlink -f out/deb/vigie_*.deb)
if [ "${HOST:-}" != 1 ] && [ "${1:-}" != inside ]; then
    exec unshare --mount bash "$0" inside
fi
say() { printf '%-12s %s\n' "$1" "$2"; }
fail() { echo "deb-check: $*" >&2; exit 1; }
if [ "${1:-}" = inside ]; then
    overlay=$(mktemp -d)
    mount -t tmpfs overlay "$overlay"
    mkdir "$overlay"/{upper,work,root}
    mount -t overlay overlay -o "lowerdir=/,upperdir=$overlay/upper,workdir=$overlay/work" "$overlay/root"
    mount --bind /proc "$overlay/root/proc"
    mount --bind /dev "$overlay/root/dev"
    mkdir -p "$overlay/root/deb"
    cp "$package" packaging/sandbox.py packaging/deb_check.sh Tests/packaging/events.ndjson "$overlay/root/deb/"
    mkdir -p "$overlay/root/deb/packaging" "$overlay/root/deb/out/deb" "$overlay/root/deb/Tests/packaging"
    cp packaging/* "$overlay/root/deb/packaging/" 2> /dev/null || true
    cp Tests/packaging/events.ndjson "$overlay/root/deb/Tests/packaging/"
    cp "$package" "$overlay/root/deb/out/deb/"
    HOST=1 exec chroot "$overlay/root" bash /deb/packaging/deb_check.sh
fi

before=$(find /usr /etc /lib/systemd /var/lib -xdev 2> /dev/null | grep -v /var/lib/dpkg | sort)
dpkg --install "$package" > /dev/null
say installed "$(dpkg-query --show vigie)"
[ "$(stat -c '%U %a' /var/lib/vigie)" = "vigie 750" ] || fail "the folder of the account is wrong"
grep -q /etc/vigie/vigie.yaml <<< "$(dpkg-query -W -f '${Conffiles}' vigie)" || fail "no conffile"
files=$(dpkg --listfiles vigie)
pages=$(grep -c '/man1/.*\.gz$' <<< "$files")
scripts=$(grep -cE '/completions/vigie|/vendor[-_]completions(\.d)?/' <<< "$files")
say described "man pages $pages, completions $scripts"
for page in vigie vigie-audit vigie-nightly vigie-doctor vigie-log-append vigie-case-confirm; do
    grep -q "/$page\.1\.gz$" <<< "$files" || fail "no man page $page"
done
# What a program says of its options, and not what `vigie` says of the program.
for option in monitor:formula nightly:config policy:check; do
    zcat "/usr/share/man/man1/vigie-${option%:*}.1.gz" > /tmp/page
    grep -q "${option#*:}" /tmp/page || fail "the page of ${option%:*} says nothing of ${option#*:}"
done
zcat /usr/share/man/man1/vigie.1.gz > /tmp/page
grep -q audit /tmp/page || fail "the page of vigie is that of another program"
for program in $(grep '^/usr/bin/vigie' <<< "$files"); do
    grep -q "/$(basename "$program")\.1\.gz$" <<< "$files" || fail "no man page of $program"
done
for script in /usr/share/bash-completion/completions/vigie*; do bash -n "$script"; done
for program in $(grep '^/usr/bin/vigie' <<< "$files"); do
    libraries=$(ldd "$program")
    if grep -q libswift <<< "$libraries"; then fail "$program needs the Swift libraries"; fi
    "$program" --help > /dev/null || fail "$program does not start"
done

as_vigie() { setpriv --reuid vigie --regid vigie --clear-groups "$@"; }
cd /var/lib/vigie
as_vigie vigie log init /var/lib/vigie/log --origin vigie.example/deb > /dev/null
as_vigie vigie log append /var/lib/vigie/log < /deb/Tests/packaging/events.ndjson > /dev/null
for unit in vigie-audit vigie-audit-full vigie-audit; do
    status=0
    python3 /deb/packaging/sandbox.py /lib/systemd/system/$unit.service \
        > /tmp/night.out 2> /tmp/night.err || status=$?
    [ $status = 1 ] || { cat /tmp/night.out /tmp/night.err; fail "$unit ended in $status, not 1"; }
    say "$unit" "exit $status, $(tail -n 1 /tmp/night.out)"
done
grep -q "goes on from entry" /tmp/night.err || fail "the third run read everything again"
for report in audit.json audit.html vigie.prom; do
    [ "$(stat -c '%U %a' reports/$report)" = "vigie 600" ] || fail "report $report"
done
as_vigie vigie doctor > /tmp/doctor.out || { cat /tmp/doctor.out; fail "doctor finds a fault"; }
say doctor "$(tail -n 1 /tmp/doctor.out)"
printf 'unknown: 1\n' >> /etc/vigie/vigie.yaml
status=0; as_vigie vigie nightly 2> /tmp/night.err > /dev/null || status=$?
{ [ $status = 78 ] && grep -q CFG103 /tmp/night.err; } || fail "an unknown key is not refused"

dpkg --remove vigie > /dev/null
[ -f /etc/vigie/vigie.yaml ] || fail "the configuration went with a mere removal"
dpkg --purge vigie > /dev/null
[ -f /var/lib/vigie/log/checkpoint ] || fail "the log went with the package"
rm -rf /var/lib/vigie
after=$(find /usr /etc /lib/systemd /var/lib -xdev 2> /dev/null | grep -v /var/lib/dpkg | sort)
left=$(comm -13 <(echo "$before") <(echo "$after"))
[ -z "$left" ] || fail "left behind: $left"
say removed "nothing left but the log, its keys, its reports and the account"
