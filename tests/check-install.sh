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
abi=$(awk '/^#define COSEND_ABI / { print $3 }' lib/cosend/version.h)

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
    $(pkg-config --static --cflags --libs cosend)
# Where the libraries below it come as archives too. The linker warns of what
# wants the shared C library.
below=$(pkg-config --static --libs-only-l cosend | sed 's/-lcosend//')
alone=$room/static
if echo 'int main(void) { return 0; }' |
    ${CC:-cc} -static -o "$room/none" -x c - -x none $below 2> /dev/null; then
    alone=$room/alone
    ${CC:-cc} -std=c11 -static -o "$alone" "$room/version.c" \
        $(pkg-config --static --cflags --libs cosend) 2> "$room/warnings" ||
        { cat "$room/warnings"; exit 1; }
    if readelf -d "$alone" | grep NEEDED; then exit 1; fi
fi

# Whether a program needs the shared object $2.
needs() {
    readelf -d "$1" | grep -q "NEEDED.*$2"
}

version=$(pkg-config --modversion cosend)
[ "$(LD_LIBRARY_PATH=$prefix/lib "$room/shared")" = "$version" ]
[ "$("$room/static")" = "$version" ]
[ "$("$alone")" = "$version" ]
needs "$room/shared" libcosend
if needs "$room/static" libcosend; then
    echo 'pkg-config --static links the shared object'
    exit 1
fi
readelf -V "$room/shared" | grep -q "Name: COSEND_$abi"
"$prefix/bin/cosend" version | grep -qF "$version"
[ ! -e "$(command -v python3)" ] ||
    [ "$(PYTHONPATH=$prefix/share/cosend PYTHONDONTWRITEBYTECODE=1 \
        python3 -c 'import cosend; print(cosend.version())')" = "$version" ]
readelf -d "$prefix/lib/libcosend.so" | grep -q "SONAME.*libcosend\.so\.$abi"


# A plug-in that was built by what is installed, in the program that is.
${CC:-cc} -std=c11 -shared -fPIC -o "$room/plugin.so" tests/plugins/plugin.c \
    $(pkg-config --cflags cosend)
[ "$(seq 4 | "$prefix/bin/cosend" --plugin "$room/plugin.so" 'every 4')" = 4 ]

# Both targets of the package for CMake.
if command -v cmake > /dev/null; then
    cat > "$room/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.13)
project(version C)
find_package(cosend 0.1 CONFIG REQUIRED)
add_executable(cmake-shared version.c)
target_link_libraries(cmake-shared cosend::cosend)
add_executable(cmake-static version.c)
target_link_libraries(cmake-static cosend::static)
END
    cmake -S "$room" -B "$room/cmake" -DCMAKE_PREFIX_PATH="$prefix" \
        > "$room/said" && cmake --build "$room/cmake" >> "$room/said" ||
        { cat "$room/said"; exit 1; }
    [ "$("$room/cmake/cmake-shared")" = "$version" ]
    [ "$("$room/cmake/cmake-static")" = "$version" ]
    needs "$room/cmake/cmake-shared" libcosend
    if needs "$room/cmake/cmake-static" libcosend; then exit 1; fi
else
    echo 'skipped: CMake is not here'
fi

# The manual pages, and that there is one for each header.
[ "$(find "$prefix/share/man/man3" -name 'cosend*.3' | wc -l)" = \
    "$(find "$prefix/include" -name '*.h' | wc -l)" ]
if command -v mandoc > /dev/null; then
    mandoc -Tlint -W warning "$prefix"/share/man/man[13]/*
else
    echo 'skipped: mandoc is not here'
fi

make -s BUILD="$build" DESTDIR="$room/root" PREFIX=/opt/cosend uninstall
left=$(find "$room/root" ! -type d -o -name cosend ! -path '*/opt/cosend')
[ -z "$left" ] || { echo "left behind: $left"; exit 1; }
