#!/bin/bash
# SPDX-License-Identifier: MIT
#
# cosend against corpora that others made, which are not part of the project.
# COSEND_CORPORA names a folder that has them in it, by default
# ../shared/corpora; what is not there is not run.

cd "$(dirname "$0")/../.." || exit 2
. tests/lib/report.sh

corpora=${COSEND_CORPORA-../shared/corpora}
counts=build/.corpora
report_start "$counts"
if [ ! -d "$corpora" ]; then
    report_skip
elif ! make -j2 conformance-programs > build/corpora.log 2>&1; then
    tail -n 40 build/corpora.log
    report_fail
elif ! PYTHONDONTWRITEBYTECODE=1 \
    python3 tests/conformance/run.py build "$corpora" "$counts"; then
    report_fail
fi
report_end corpora
