#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds the coroutines, the kernels of the scan, sets of strings, and their
# tests, for AArch64 with a cross compiler, and runs them under qemu's user
# emulation.
#
# usage: tests/aarch64/run.sh [BUILD]
set -eu

build=${1:-build}/aarch64
cc=${AARCH64_CC:-aarch64-linux-gnu-gcc}
qemu=${AARCH64_QEMU:-qemu-aarch64}
sysroot=${AARCH64_SYSROOT:-/usr/aarch64-linux-gnu}

for tool in "$cc" "$qemu"; do
    if ! command -v "$tool" >/dev/null 2>&1; then
        echo "aarch64: skipped, no $tool here"
        exit 0
    fi
done
mkdir -p "$build"
for test in tests/unit/test_coroutine*.c tests/unit/test_lecture.c; do
    program=$build/$(basename "$test" .c)
    "$cc" -std=gnu11 -O2 -g -Wall -Wextra -Itests/aarch64 -Ilib \
        -D_GNU_SOURCE -o "$program" "$test" \
        lib/base/base.c lib/base/sized.c lib/base/version.c \
        lib/coroutine/*.c lib/coroutine/switch/aarch64.S \
        -lpthread -lm
    echo "$program"
    "$qemu" -L "$sysroot" "$program"
done

# The kernels of the scan, NEON's among them.
program=$build/test_scan
"$cc" -std=gnu11 -O2 -g -Wall -Wextra -Itests/aarch64 -Ilib -D_GNU_SOURCE \
    -o "$program" tests/unit/test_scan.c \
    lib/base/base.c lib/base/simd.c lib/base/version.c \
    lib/record/byte_bitmaps*.c lib/record/rows.c \
    lib/record/arena.c lib/record/find.c
echo "$program"
"$qemu" -L "$sysroot" "$program"

# Sets of strings: Teddy's NEON kernel, and Volnitsky's search.
program=$build/test_literal_set
"$cc" -std=gnu11 -O2 -g -Wall -Wextra -Itests/aarch64 -Ilib -D_GNU_SOURCE \
    -o "$program" tests/unit/test_literal_set.c \
    lib/base/base.c lib/base/simd.c lib/base/version.c lib/match/bloom.c \
    lib/match/bytes.c lib/match/empty_word.c lib/match/literal_set.c \
    lib/match/teddy*.c lib/match/volnitsky*.c tests/aarch64/no_letters.c
echo "$program"
"$qemu" -L "$sysroot" "$program"
