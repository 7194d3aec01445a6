#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The sample log is what its generator makes.

build=build
[ "${1-}" = --build ] && build=$2
"$build/access-log" | cmp - pipelines/access.log
