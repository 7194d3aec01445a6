#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Verbs beside their peers on random tables: see verbs.py. Names of its rows
# may follow.

cd "$(dirname "$0")/../.." || exit 2
. tests/lib/report.sh

report_start build/.verbs
if PYTHONDONTWRITEBYTECODE=1 \
    python3 tests/conformance/verbs.py build/cosend "$@"; then
    report_pass
else
    report_fail
fi
report_end 'verbs beside their peers'
