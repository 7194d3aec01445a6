#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The shared object exports what the headers declare with COSEND_API, in the
# version node that is this ABI's, and nothing else.

build=build
[ "${1-}" = --build ] && build=$2

declared() {
    sed -e ':more; /\\$/{N; s/\\\n//; b more}' lib/cosend/*.h |
        sed -e 's,/\*,\n/*\n,g; s,\*/,\n*/\n,g' |
        awk '$0 == "/*" { comment = 1 } !comment && !/^#/ { print }
             $0 == "*/" { comment = 0 }' |
        tr '\n' ' ' | tr ';{}' '\n\n\n' |
        sed -nE -e '/COSEND_API/!d' \
            -e 's/^[^(]*[ *](cosend_[a-z0-9_]+)\(.*/\1/p; t' \
            -e 's/.*extern.*[ *](cosend_[a-z0-9_]+)(\[.*)?$/\1/p' |
        sed 's/$/@@COSEND_0.1/' | sort -u
}

exported() {
    nm -D --defined-only "$build/libcosend.so" |
        awk '$2 != "A" { print $3 }' | sort -u
}

diff -u --label 'COSEND_API in the headers' --label "nm -D libcosend.so" \
    <(declared) <(exported)
