#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Install somewhere else, build a program against that with pkg-config, linked
# both ways, uninstall, and look for left-overs.

build=build
[ "${1-}" = --build ] && build=$2
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
unset MAKEFLAGS MAKELEVEL
set -e

make -s BUILD="$build" DESTDIR="$room/root" PREFIX=/opt/cosend install

prefix=$room/root/opt/cosend
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig
export PKG_CONFIG_SYSROOT_DIR=$room/root
cat > "$room/version.c" <<'END'
#include <cosend.h>
#include <stdio.h>

int main(void)
{
    return puts(cosend_version()) < 0;
}
END
${CC:-cc} -std=c11 -Wall -Wextra -Werror -o "$room/shared" "$room/version.c" \
    $(pkg-config --cflags --libs cosend)
${CC:-cc} -std=c11 -o "$room/static" "$room/version.c" \
    $(pkg-config --cflags cosend) "$prefix/lib/libcosend.a" \
    $(pkg-config --static --libs cosend)

version=$(pkg-config --modversion cosend)
[ "$(LD_LIBRARY_PATH=$prefix/lib "$room/shared")" = "$version" ]
[ "$("$room/static")" = "$version" ]
"$prefix/bin/cosend" version | grep -qF "$version"
readelf -d "$prefix/lib/libcosend.so" | grep -q 'SONAME.*libcosend\.so\.0'

make -s BUILD="$build" DESTDIR="$room/root" PREFIX=/opt/cosend uninstall
left=$(find "$room/root" ! -type d -o -name cosend ! -path '*/opt/cosend')
[ -z "$left" ] || { echo "left behind: $left"; exit 1; }
