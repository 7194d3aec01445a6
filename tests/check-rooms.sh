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

mapfile -t sources < <(find lib filters cli -name '*.[chS]' | LC_ALL=C sort)

# The symbols of objects, each of the file of its name below $1.
symbols() {
    local below=$1

    shift
    nm -gA "$@" 2> /dev/null | awk -v below="$below" '
        { split($0, part, ":")
          file = substr(part[1], length(below) + 1)
          sub(/\.o$/, "", file)
          print $(NF - 1) == "U" ? "uses" : "defines", file, $NF }'
}

# What the inline functions of a header need. What it includes itself comes
# first, as it is; so only its own are compiled.
inline_symbols() {
    {
        grep '^#include "' "$1"
        echo '#define inline __attribute__((used)) inline'
        echo "#include \"$PWD/$1\""
    } > "$room/inline.c"
    mkdir -p "$room/${1%/*}"
    ${CC:-cc} -std=c11 -D_GNU_SOURCE -Ilib -O1 -c -o "$room/${1%.h}.o" \
        "$room/inline.c" 2> "$room/errors" || {
        echo "unbuilt $1"
        head -n 3 "$room/errors" >&2
        return
    }
    symbols "$room/" "$room/${1%.h}.o" | grep '^uses'
}

# The hidden functions and objects that headers declare.
declarations() {
    awk '
        # What stands outside of braces, up to a semicolon.
        function declared(text) {
            if (text ~ /^ *(typedef|static|__extension__ typedef) /)
                return
            if (text ~ /^ *extern /) {
                n = split(text, part, /[^a-z0-9_]+/)
                for (i = 1; i <= n; i++)
                    if (part[i] ~ /^csi_/ && part[i - 1] != "struct")
                        print "declares", path, part[i]
            } else if (match(text, /[ *]csi_[a-z0-9_]+\(/)) {
                print "declares", path, substr(text, RSTART + 1, RLENGTH - 2)
            }
        }
        function take(line) {
            while (match(line, /[;{}]/)) {
                before = substr(line, 1, RSTART - 1)
                mark = substr(line, RSTART, 1)
                line = substr(line, RSTART + 1)
                if (mark == ";" && !depth)
                    declared(text before)
                depth += (mark == "{") - (mark == "}")
                text = ""
            }
            if (!depth)
                text = text line " "
        }
        FNR == 1 { path = FILENAME; text = ""; depth = comment = 0 }
        !comment && /^#/ { next }
        {
            line = $0
            while (line != "") {
                at = index(line, comment ? "*/" : "/*")
                if (!comment)
                    take(at ? substr(line, 1, at - 1) : line)
                if (!at)
                    break
                comment = !comment
                line = substr(line, at + 2)
            }
        }' "$@"
}

# A function begins with its first line behind a blank one, a comment, a
# directive or the end of another, and has its braces at the left.
functions() {
    awk '
        function end() { if (path) print "lines", path, lines }
        FNR == 1 { end(); path = FILENAME; inside = 0; name = ""; start = 1 }
        { lines = FNR }
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
        END { end() }' "$@"
}

headers=()
objects=()
for path in "${sources[@]}"; do
    case $path in
    lib/cosend*) continue ;; # whoever calls these uses what they use
    *.h) headers+=("$path") ;;
    *)
        if [ -e "$build/${path%.*}.o" ]; then
            objects+=("$build/${path%.*}.o")
        elif [[ $path != lib/coroutine/switch/* ]]; then
            echo "unbuilt $path"
        fi
        ;;
    esac
done > "$room/facts"
{
    functions "${sources[@]}"
    grep -oH '^#include "[^"]*"' "${sources[@]}" |
        sed 's,^\([^:]*\):#include ",includes \1 ,; s,"$,,'
    declarations "${headers[@]}"
    symbols "$build/" "${objects[@]}"
    for path in $(grep -l '^static inline' "${headers[@]}"); do
        inline_symbols "$path"
    done
} >> "$room/facts"

awk -f "$here/tests/lib/rooms.awk" "$room/facts"
