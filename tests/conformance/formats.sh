#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The formats against corpora that others made. COSEND_CORPORA names a folder
# that has csv-spectrum, libcsv-tests and json-test-suite in it; without it
# nothing is run.

cd "$(dirname "$0")/../.." || exit 2
. tests/lib/report.sh

report_start build/.formats
if [ -z "${COSEND_CORPORA-}" ]; then
    report_skip
elif cc -std=c11 -O2 -D_GNU_SOURCE -Ilib -o build/formats \
    tests/conformance/formats.c build/libcosend.a \
    -lpcre2-8 -ljansson -lcsv -lxxhash -lm -lpthread; then
    report_check formats build/formats "$COSEND_CORPORA/csv-spectrum" \
        "$COSEND_CORPORA/libcsv-tests" "$COSEND_CORPORA/json-test-suite"
else
    report_fail
fi
report_end formats
