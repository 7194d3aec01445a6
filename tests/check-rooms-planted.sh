#!/bin/bash
# SPDX-License-Identifier: MIT
#
# What tests/check-rooms.sh is there to find, it finds: a small house is built
# in which all is well, and then one with each fault.

room=$(mktemp -d) || exit 2
trap 'rm -rf "$room"' EXIT
failed=0

# Write a file of the house from standard input.
file() {
    mkdir -p "$(dirname "$room/$1")"
    cat > "$room/$1"
}

# Compile the house, and let the check judge it.
judge() {
    local path object

    for path in $(cd "$room" && find lib filters cli -name '*.c'); do
        object=$room/build/${path%.c}.o
        mkdir -p "$(dirname "$object")"
        ${CC:-cc} -std=c11 -I"$room/lib" -c -o "$object" "$room/$path" ||
            return
    done
    tests/check-rooms.sh --top "$room" --build build
}

house() {
    rm -rf "${room:?}"/*
    file lib/base/ground.h <<< 'int csi_ground(void);'
    file lib/base/ground.c << '.'
#include "base/ground.h"
int csi_ground(void)
{
    return 1;
}
.
    file lib/record/row.h <<< 'int csi_row(void);'
    file lib/record/row.c << '.'
#include "base/ground.h"
#include "record/row.h"
int csi_row(void)
{
    return csi_ground();
}
.
    file filters/one.c <<< 'int cosend_builtin_filters(void) { return 1; }'
    file cli/main.c <<< 'int main(void) { return 0; }'
}

# The check must fail, and say each of these. A pattern is an extended regular
# expression; line ends are spaces.
finds() {
    local pattern said

    if said=$(judge 2>&1); then
        echo "not found: $*"
        failed=1
    fi
    [ -z "${SHOW-}" ] || echo "$said"
    for pattern in "$@"; do
        tr '\n' ' ' <<< "$said" | grep -Eq "$pattern" || {
            printf 'not said: %s\nbut: %s\n' "$pattern" "$said"
            failed=1
        }
    done
}

house
said=$(judge 2>&1) || { echo "a house in order: $said"; failed=1; }

# Up: the base uses what stands on it.
file lib/base/roof.h <<< 'int csi_roof(void);'
file lib/base/roof.c << '.'
#include "base/roof.h"
int csi_row(void);
int csi_roof(void)
{
    return csi_row();
}
.
finds 'lib/base/roof uses csi_row of lib/record/row, which is not below it'

# The same, in an inline function that nobody below calls.
house
file lib/base/ground.h << '.'
int csi_ground(void);
int csi_row(void);
static inline int csi_high(void)
{
    return csi_row();
}
.
finds 'lib/base/ground uses csi_row of lib/record/row, which is not below it' \
    'ground.h declares csi_row, which is defined in lib/record/row '

# A circle of three in one room.
house
for pair in 'a b' 'b c' 'c a'; do
    set -- $pair
    file "lib/record/$1.h" <<< "int csi_$1(void);"
    printf '%s\n' "#include \"record/$1.h\"" "#include \"record/$2.h\"" \
        "int csi_$1(void)" '{' "    return csi_$2();" '}' |
        file "lib/record/$1.c"
done
finds "a circle of files: \
    lib/record/a uses csi_b of lib/record/b \
    lib/record/b uses csi_c of lib/record/c \
    lib/record/c uses csi_a of lib/record/a"

# A type from above, of which no symbol tells.
house
file lib/record/row.h << '.'
struct csi_row { int height; };
int csi_row(void);
.
file lib/base/ground.c << '.'
#include "base/ground.h"
#include "record/row.h"
int csi_ground(void)
{
    return (int)sizeof(struct csi_row);
}
.
finds 'lib/base/ground.c includes "record/row.h", which is not below it'

# Neighbours, and a room that nobody knows.
house
file lib/match/pattern.h <<< 'int csi_pattern(void);'
file lib/match/pattern.c << '.'
#include "match/pattern.h"
int csi_pattern(void)
{
    return 1;
}
.
file lib/group/key.c <<< 'int csi_pattern(void); int csi_key = 0; int k(void);
int k(void) { return csi_pattern(); }'
file lib/attic/old.c <<< 'int csi_row(void); int csi_old(void);
int csi_old(void) { return csi_row(); }' \
    'lib/group/key uses csi_pattern of lib/match/pattern' \
    'lib/attic/old uses csi_row of lib/record/row'

# The library names a filter; a filter, and the command line, what is hidden.
house
file filters/two.c <<< 'int csi_row(void); int two(void); int hid(void);
int two(void) { return csi_row(); } int hid(void) { return 0; }'
file lib/pipeline/pipeline.c <<< 'int cosend_builtin_filters(void); int two(void);
int named(void); int named(void)
{ return two() + cosend_builtin_filters(); }'
file cli/main.c <<< '#include "base/ground.h"
int main(void) { return csi_ground(); }' \
    'lib/pipeline/pipeline uses two of filters/two' \
    'filters/two uses csi_row, which is hidden' \
    'cli/main uses csi_ground, which is hidden' \
    'cli/main.c includes "base/ground.h"'

# What is not built cannot be judged.
house
file lib/record/late.c <<< 'int csi_late;'
judge > /dev/null 2>&1
rm "$room/build/lib/record/late.o"
tests/check-rooms.sh --top "$room" --build build > /dev/null 2>&1 && {
    echo 'not found: a source that was not built'
    failed=1
}

# A header without a definition; too long a file, and function.
house
file lib/record/more.h <<< 'int csi_more(void);'
file lib/record/deep.c << .
int csi_deep(int x);
int csi_deep(int x)
{
$(printf '    x++;\n%.0s' {1..60})
    return x;
}
.
{
    echo '#include "record/row.h"'
    printf '/* %d */\n' {1..601}
    echo 'int csi_row(void) { return 1; }'
} | file lib/record/row.c
finds 'more.h declares csi_more, which is defined in no file' \
    'lib/record/row.c: 603 lines; at most 600' \
    'lib/record/deep.c: csi_deep has 64 lines; at most 60'

# One name for the functions of four files; but not of three, and not a role's.
house
for name in a b c d; do
    printf '%s\n' "int csi_$name(void);" 'static int body(void)' '{' \
        '    return 1;' '}' '' 'static int settle(void)' '{' \
        '    return body();' '}' '' "int csi_$name(void)" '{' \
        '    return settle();' '}' | file "lib/record/$name.c"
done
finds 'settle is a function of( lib/record/[abcd][.]c){4}; give'
rm "$room/lib/record/d.c"
said=$(judge 2>&1) || { echo "three with one name: $said"; failed=1; }
exit $failed
