#!/bin/bash
# SPDX-License-Identifier: MIT
#
# What was compiled with the headers of the last release works with these:
# lib/cosend.abi has its functions, structs and constants (tests/abi.py). Or
# COSEND_ABI is another, and nothing is taken for it.

export PYTHONDONTWRITEBYTECODE=1
failed=0
[ "$(getconf LONG_BIT)" = 64 ] || { echo 'skipped: made for 64 bits'; exit 0; }
python3 tests/abi.py check lib/cosend.abi || {
    echo 'Programs that were compiled before would trip over that. Let it be as'
    echo 'it was, or raise COSEND_ABI in lib/cosend/version.h; with a release,'
    echo 'or before the first one, make keep-abi.'
    failed=1
}

# Each public header says of which kind its structs are.
for header in $(grep -lE '^struct cosend_\w+ \{' lib/cosend/*.h); do
    tr '\n' ' ' < "$header" | grep -qiE '\b(sized|stamped|frozen)\b' || {
        echo "$header: are its structs sized, stamped or frozen?" \
            "See lib/cosend/version.h"
        failed=1
    }
done
exit $failed
