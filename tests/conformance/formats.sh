#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The formats against corpora that others made. COSEND_CORPORA names a folder
# that has csv-spectrum, libcsv-tests and json-test-suite in it, by default
# ../shared/corpora; without it nothing is run.

cd "$(dirname "$0")/../.." || exit 2
. tests/lib/report.sh

corpora=${COSEND_CORPORA-../shared/corpora}
report_start build/.formats
if [ ! -d "$corpora" ]; then
    report_skip
elif cc -std=c11 -O2 -D_GNU_SOURCE -Ilib -o build/formats \
    tests/conformance/formats.c build/libcosend.a \
    -lpcre2-8 -ljansson -lcsv -lxxhash -lz -lzstd -lm -lpthread -ldl; then
    report_check formats build/formats "$corpora/csv-spectrum" \
        "$corpora/libcsv-tests" "$corpora/json-test-suite"
else
    report_fail
fi
report_end formats
