#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The sample logs are what their generator makes.

build=build
[ "${1-}" = --build ] && build=$2
for log in pipelines/*.log pipelines/*.jsonl; do
    "$build/samples" "${log#pipelines/}" | cmp - "$log" || failed=1
done
exit "${failed:-0}"
