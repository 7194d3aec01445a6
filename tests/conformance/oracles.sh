#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Times and the order of values against Python, by the million: what the units
# do with a few thousand. All zones of the system's tzdata, all their changes.

cd "$(dirname "$0")/../.." || exit 2
. tests/lib/report.sh

report_start build/.oracles
for name in test_value test_time_oracle; do
    report_check "$name" env COSEND_LONG_TESTS=1 timeout -k 5 3600 \
        "build/tests/$name"
done
report_end 'values and times by the million'
