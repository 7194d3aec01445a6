#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Every function and table that the shared object exports is tried in the
# tests/unit/test_public_*.c, in every state and with what is none; but for what
# tests/unit/test_coroutine_matrix.c has in a table of its own.

build=build
[ "${1-}" = --build ] && build=$2

tried() {
    sed 's,//.*,,; s,^ *\*.*,,' tests/unit/test_public_*.c |
        grep -oE '\bcosend_[a-z0-9_]+' | LC_ALL=C sort -u
}

exported() {
    nm -D --defined-only "$build/libcosend.so" |
        awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | LC_ALL=C sort -u
}

failed=0
while read -r name; do
    echo "$name is public, and in no tests/unit/test_public_*.c. Add a row" \
        "there: what does it answer in every state, and to what is none?"
    failed=1
done < <(LC_ALL=C comm -13 <(tried) <(exported))
exit $failed
