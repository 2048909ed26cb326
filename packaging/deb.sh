#!/usr/bin/env bash
# Makes out/deb/vigie_VERSION_ARCH.deb: the programs with the Swift libraries inside, man pages and
# completions that they describe themselves, the units, the account, an example of the configuration.
#
#     packaging/deb.sh BUILD MANUAL-TOOL
#
# BUILD is the folder in which `swift build --static-swift-stdlib` linked each program: what they were
# linked of is linked once more, into one file that is all of them.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$1 manual=$2
programs="vigie vigie-log vigie-policy vigie-review vigie-nightly vigie-summary vigie-identity vigie-monitor vigie-witness"
version=$(sed -n 's/.*version = "\(.*\)"/\1/p' Sources/Reporting/Exchange/Product.swift)
architecture=$(dpkg --print-architecture)
# Equal sources give equal bytes: every time stamp is that of the last change.
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
root=out/deb/root
rm -rf out/deb && mkdir -p "$root" out/deb/man

install -d "$root"/usr/bin "$root"/usr/share/man/man1 "$root"/usr/share/vigie/policies \
    "$root"/usr/share/bash-completion/completions "$root"/usr/share/zsh/vendor-completions \
    "$root"/usr/share/fish/vendor_completions.d "$root"/usr/share/doc/vigie "$root"/etc/vigie \
    "$root"/lib/systemd/system "$root"/usr/lib/sysusers.d "$root"/usr/lib/tmpfiles.d "$root"/DEBIAN
names=$(printf 'P(%s) ' ${programs//-/_})
for program in $programs; do cat "$build/$program.product/Objects.LinkFileList"; done \
    | sort -u > out/deb/objects
clang -O2 -Wall -Werror "-DPROGRAMS(P)=$names" -c packaging/programs.c -o out/deb/programs.o
swiftc -static-stdlib -o "$root/usr/bin/vigie" @out/deb/objects out/deb/programs.o \
    -Xlinker --gc-sections -lcurl -lcrypto -lsqlite3
strip --strip-unneeded "$root/usr/bin/vigie"
for program in $programs; do
    [ "$program" = vigie ] || ln -s vigie "$root/usr/bin/$program"
    # In a folder each: some call themselves `vigie`, whose own page must not be taken for theirs.
    mkdir -p "out/deb/man/$program"
    "$manual" "$root/usr/bin/$program" --multi-page --section 1 \
        --date "$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%d)" \
        --output-directory "out/deb/man/$program"
    [ "$program" = vigie ] || rm -f "out/deb/man/$program/vigie.1"
    # A program may call itself `vigie witness`, which is no name for a function of a shell, or just
    # `vigie`: its functions would then take the place of those of `vigie`.
    rename="s/vigie ${program#vigie-}/$program/g"
    if [ "$program" = vigie-log ]; then
        rename="s/_vigie/_vigie_log_/g; s/(^|[^_a-z])vigie([^-_a-z]|$)/\\1vigie-log\\2/g"
    fi
    complete() {
        "$root/usr/bin/$program" --generate-completion-script "$1" | sed -E "$rename"
    }
    complete bash > "$root/usr/share/bash-completion/completions/$program"
    complete zsh > "$root/usr/share/zsh/vendor-completions/_$program"
    complete fish > "$root/usr/share/fish/vendor_completions.d/$program.fish"
done
# The page of `vigie log append` is vigie-log-append(1), whatever program performs it. `vigie` itself
# knows no more of a group than its name, so its pages come first; then those of programs, then
# those of their verbs: a later page of the same name takes the place of an earlier one.
others=$(printf '%s\n' out/deb/man/vigie-*/*.1)
for page in out/deb/man/vigie/*.1 \
    $(awk -F. '{ print NF, $0 }' <<< "$others" | sort -n | cut -d' ' -f2); do
    name=$(basename "$page" .1)
    case $name in
        vigie-log.* | vigie-review.* | vigie-nightly.*) name=vigie-${name#*.} ;;
    esac
    # Pages name each other by the names that they have here.
    awk '/^\.Xr / { sub(/^vigie-(log|review|nightly)\./, "vigie-", $2); gsub(/\./, "-", $2) } 1' "$page" \
        | gzip -9n > "$root/usr/share/man/man1/${name//./-}.1.gz"
done
cp -R policies/pilote-linkedin "$root/usr/share/vigie/policies/"
install -m 644 packaging/systemd/* "$root/lib/systemd/system/"
install -m 644 packaging/debian/sysusers.conf "$root/usr/lib/sysusers.d/vigie.conf"
install -m 644 packaging/debian/tmpfiles.conf "$root/usr/lib/tmpfiles.d/vigie.conf"
install -m 644 packaging/debian/vigie.yaml "$root/etc/vigie/vigie.yaml"
install -m 644 README.md docs/errors.md docs/events.md docs/rules.md docs/log-format.md \
    docs/report-format.md docs/threat-model.md "$root/usr/share/doc/vigie/"
install -m 644 packaging/debian/copyright "$root/usr/share/doc/vigie/copyright"
for script in postinst prerm postrm; do
    install -m 755 "packaging/debian/$script" "$root/DEBIAN/$script"
done
echo /etc/vigie/vigie.yaml > "$root/DEBIAN/conffiles"

# What the programs are linked with tells which packages they need.
depends=$(for program in $programs; do
        needed=$(objdump -p "$root/usr/bin/$program" | awk '/NEEDED/ { print $2 }')
        ldd "$root/usr/bin/$program" | awk -v needed="$needed" '
            BEGIN { split(needed, names); for (n in names) wanted[names[n]] = 1 }
            $3 ~ /^\// && $1 in wanted { print $3 }'
    done | sort -u | while read -r library; do
        path=$(readlink -f "$library")
        # The package may know the file by the path without /usr.
        { dpkg -S "$path" 2> /dev/null || dpkg -S "${path#/usr}" 2> /dev/null || true; } \
            | head -n 1 | cut -d: -f1
    done | sort -u | while read -r package; do
        case $package in
            libc6) echo "libc6 (>= $(dpkg-query -W -f '${Version}' libc6 | cut -d- -f1))" ;;
            *) echo "$package" ;;
        esac
    done | paste -sd, | sed 's/,/, /g')
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@DEPENDS@/$depends/" \
    -e "s/@SIZE@/$(du -sk --exclude=DEBIAN "$root" | cut -f1)/" \
    packaging/debian/control > "$root/DEBIAN/control"
find "$root" -type d -exec chmod 755 {} +
find "$root" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
package="out/deb/vigie_${version}_${architecture}.deb"
dpkg-deb -Zxz --root-owner-group --build "$root" "$package"
rm -rf "$root" out/deb/man out/deb/objects out/deb/programs.o
dpkg-deb --info "$package" | sed -n '/Package:/,$p'
