#!/bin/sh
# SPDX-License-Identifier: MIT
# The differential test: N random coroutine programs, run by CPython and by
# cosend, must leave the same traces.
#
# usage: tests/oracle/run.sh BUILD N SEED     (BUILD/tests/interpret is built)
set -eu

build=$1 count=$2 seed=$3
oracle=$(dirname "$0")/oracle.py
python=${PYTHON:-python3}

# What CPython made of some of them, where there is none.
recorded=$(dirname "$0")/recorded
"$build/tests/interpret" <"$recorded.programs" | cmp - "$recorded.traces"
if ! command -v "$python" >/dev/null 2>&1; then
    echo "oracle: skipped, no $python here"
    exit 0
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$python" "$oracle" programs "$count" "$seed" >"$scratch/programs"
"$python" "$oracle" traces "$count" "$seed" >"$scratch/cpython"
"$build/tests/interpret" <"$scratch/programs" >"$scratch/ours" ||
    echo "oracle: the interpreter ended with status $?"
"$python" "$oracle" compare "$scratch/cpython" "$scratch/ours"
