#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The house's order, as CONTRIBUTING.md has it: a room of lib/ uses only what is
# below it, filters/ and cli/ only what cosend.h declares, the library names no
# filter, and no files use each other in a circle. A header declares what the .c
# of its name defines. No file and no function is too long.
#
# Who uses whom is read from the symbols of the objects, where an inline
# function of a header counts as its header's; and from the includes.
# tests/lib/rooms.awk holds the order of rooms, and judges.
#
#   tests/check-rooms.sh [--build DIR] [--top DIR]

build=build
top=.
here=$PWD
while [ $# -gt 0 ]; do
    case $1 in
    --build) build=$2; shift ;;
    --top) top=$2; shift ;;
    esac
    shift
done
cd "$top" || exit 2
room=$(mktemp -d) || exit 2
trap 'rm -rf "$room"' EXIT

sources=$(find lib filters cli -name '*.[chS]' | LC_ALL=C sort)

# The symbols of an object or, with `uses`, those that it needs, of file $1.
symbols() {
    nm -g "$2" 2> /dev/null | awk -v file="$1" '
        NF == 2 { print "uses", file, $2 }
        NF == 3 { print "defines", file, $3 }'
}

# What the inline functions of a header need. What it includes itself comes
# first, as it is; so only its own are compiled.
inline_symbols() {
    {
        grep '^#include "' "$1"
        echo '#define inline __attribute__((used)) inline'
        echo "#include \"$PWD/$1\""
    } > "$room/inline.c"
    ${CC:-cc} -std=c11 -D_GNU_SOURCE -Ilib -O1 -c -o "$room/inline.o" \
        "$room/inline.c" 2> "$room/errors" || {
        echo "unbuilt $1"
        head -n 3 "$room/errors" >&2
        return
    }
    symbols "${1%.h}" "$room/inline.o" | grep '^uses'
}

# The hidden functions and objects that a header declares.
declarations() {
    sed -e 's,/\*,\n/*\n,g; s,\*/,\n*/\n,g' "$1" |
        awk '$0 == "/*" { comment = 1 } !comment && !/^#/ { print }
             $0 == "*/" { comment = 0 }' |
        tr '\n' ' ' | sed 's/[;{}]/&\n/g' |
        awk -v path="$1" '
            # Bodies and members are in braces.
            { outer = depth == 0
              depth += gsub(/[{]/, "{") - gsub(/[}]/, "}") }
            !outer || !/;$/ || /^ *(typedef|static|__extension__ typedef) / {
                next
            }
            /^ *extern / {
                n = split($0, part, /[^a-z0-9_]+/)
                for (i = 1; i <= n; i++)
                    if (part[i] ~ /^csi_/ && part[i - 1] != "struct")
                        print "declares", path, part[i]
                next
            }
            match($0, /[ *]csi_[a-z0-9_]+\(/) {
                print "declares", path, substr($0, RSTART + 1, RLENGTH - 2)
            }'
}

# A function begins with its first line behind a blank one, a comment, a
# directive or the end of another, and has its braces at the left.
functions() {
    awk -v path="$1" '
        /^$|^#|^}|^\/\*|^ \*|;$/ && !inside { start = FNR + 1; name = "" }
        !inside && name == "" {
            sub(/__attribute__\(\([a-z_]*(\([^()]*\))?\)\)/, "")
            if (match($0, /[a-z0-9_]+\(/))
                name = substr($0, RSTART, RLENGTH - 1)
        }
        /^[{]/ { inside = 1 }
        /^[}]/ && inside {
            print "function", path, name, FNR - start + 1
            inside = 0
        }
        END { print "lines", path, FNR }' "$1"
}

for path in $sources; do
    functions "$path"
    grep -o '^#include "[^"]*"' "$path" |
        sed "s,^#include \",includes $path ,; s,\"\$,,"
    case $path in
    lib/cosend*) ;;
    *.h) declarations "$path" ;;
    *)
        object=$build/${path%.*}.o
        if [ -e "$object" ]; then
            symbols "${path%.*}" "$object"
        elif [[ $path != lib/coroutine/switch/* ]]; then
            echo "unbuilt $path"
        fi
        ;;
    esac
    case $path in
    lib/cosend*) ;; # whoever calls these uses what they use
    *.h) ! grep -q '^static inline' "$path" || inline_symbols "$path" ;;
    esac
done > "$room/facts"

awk -f "$here/tests/lib/rooms.awk" "$room/facts"
