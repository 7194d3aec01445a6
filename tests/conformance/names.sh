#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Every option that names a field, with names that are none: see names.py.

cd "$(dirname "$0")/../.." || exit 2
. tests/lib/report.sh

report_start build/.names
if PYTHONDONTWRITEBYTECODE=1 python3 tests/conformance/names.py build/cosend; then
    report_pass
else
    report_fail
fi
report_end 'names of fields'
