#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Every filter in each of its options, over tables that are not clean: see
# options.py. Names of filters may follow.

cd "$(dirname "$0")/../.." || exit 2
. tests/lib/report.sh

# Of small blocks, so that several threads have something to do.
build=build/options
report_start build/.options
if ! make -j2 BUILD=$build MASKABLE=1 all $build/tests/shim.so \
    > build/options.log 2>&1; then
    tail -n 40 build/options.log
    report_fail
elif PYTHONDONTWRITEBYTECODE=1 python3 tests/conformance/options.py \
    $build/cosend $build/tests/shim.so "$@"; then
    report_pass
else
    report_fail
fi
report_end 'options of filters'
