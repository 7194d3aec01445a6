#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Every public header compiles alone, as C11 and as C++20, without a warning.
#
# Not with -Wshadow in C++, where g++ minds a function with the name of a struct
# (cosend_field), which both languages allow.

cc=${CC:-cc}
failed=0

alone() {
    local header=$1

    shift
    "$@" -Werror -Ilib -fsyntax-only -include "$header" /dev/null || {
        echo "$header: $*"
        failed=1
    }
}

strict=(-Wall -Wextra -Wpedantic -Wconversion)
everything=(-Weverything -Wno-padded -Wno-documentation
    -Wno-documentation-unknown-command -Wno-c++-compat
    -Wno-declaration-after-statement -Wno-reserved-identifier
    -Wno-reserved-macro-identifier)
# C++20 that compiles as C++98 is not asked for.
plus=(-Wno-c++98-compat -Wno-c++98-compat-pedantic -Wno-old-style-cast)

for header in lib/cosend.h lib/cosend/*.h; do
    alone "$header" "$cc" -x c -std=c11 "${strict[@]}" -Wshadow \
        -Wstrict-prototypes
    if command -v g++ > /dev/null; then
        alone "$header" g++ -x c++ -std=c++20 "${strict[@]}"
    fi
    if command -v clang > /dev/null; then
        alone "$header" clang -x c -std=c11 "${everything[@]}"
        alone "$header" clang -x c++ -std=c++20 "${everything[@]}" "${plus[@]}"
    fi
done
exit $failed
