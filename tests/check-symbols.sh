#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The shared object exports what the headers declare with COSEND_API or
# COSEND_INLINE, in the version node that is this ABI's, and nothing else.

build=build
abi=$(awk '/^#define COSEND_ABI / { print $3 }' lib/cosend/version.h)
[ "${1-}" = --build ] && build=$2

declared() {
    sed -e ':more; /\\$/{N; s/\\\n//; b more}' lib/cosend/*.h |
        sed -e 's,/\*,\n/*\n,g; s,\*/,\n*/\n,g' |
        awk '$0 == "/*" { comment = 1 } !comment && !/^#/ { print }
             $0 == "*/" { comment = 0 }' |
        tr '\n' ' ' | tr ';{}' '\n\n\n' |
        sed -nE -e '/COSEND_(API|INLINE)/!d' \
            -e 's/^[^(]*[ *](cosend_[a-z0-9_]+)\(.*/\1/p; t' \
            -e 's/.*extern.*[ *](cosend_[a-z0-9_]+)(\[.*)?$/\1/p' |
        sed "s/\$/@@COSEND_$abi/" | sort -u
}

exported() {
    nm -D --defined-only "$build/libcosend.so" |
        awk '$2 != "A" { print $3 }' | sort -u
}

if grep -n '^static inline' lib/cosend/*.h; then
    echo 'these have no twin in the library: begin them with COSEND_INLINE'
    exit 1
fi
diff -u --label 'COSEND_API, COSEND_INLINE in the headers' --label "nm -D libcosend.so" \
    <(declared) <(exported)
