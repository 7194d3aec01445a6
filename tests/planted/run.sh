#!/bin/sh
# SPDX-License-Identifier: MIT
# Do the tools see what is planted? Each must report it, and fail.
#
# usage: tests/planted/run.sh asan|valgrind BUILD
set -u

tool=$1 build=$2 failed=0

expect() { # PROGRAM TEXT
    if [ "$tool" = valgrind ]; then
        said=$(valgrind --leak-check=full --error-exitcode=9 \
            "$build/tests/$1" 2>&1)
    else
        said=$("$build/tests/$1" 2>&1)
    fi
    status=$?
    if [ $status -ne 0 ] && printf '%s' "$said" | grep -q -e "$2"; then
        echo "$tool reports the planted $1"
    else
        echo "$tool MISSED the planted $1 (status $status)"
        failed=1
    fi
}

if [ "$tool" = valgrind ]; then
    expect overflow 'Process terminating with default action of signal 11'
    expect leak '123 bytes in 1 blocks are definitely lost'
else
    expect overflow 'ERROR: AddressSanitizer: stack-overflow'
    expect leak 'Direct leak of 123 byte'
fi
exit $failed
