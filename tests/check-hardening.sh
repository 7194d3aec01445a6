#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The program and the shared object are hardened: position independent, full
# RELRO, no executable stack, code apart from data, stack protector, fortified
# calls, no search path.

build=build
[ "${1-}" = --build ] && build=$2
failed=0

expect() {
    local file=$1 what=$2 pattern=$3

    grep -Eq "$pattern" <<< "$text" || {
        echo "$file: no $what"
        failed=1
    }
}

refuse() {
    local file=$1 what=$2 pattern=$3

    ! grep -Eq "$pattern" <<< "$text" || {
        echo "$file: $what"
        failed=1
    }
}

for file in "$build/cosend" "$build/libcosend.so"; do
    text=$(readelf -hldsW "$file")
    expect "$file" 'position independence' 'Type: +DYN'
    expect "$file" RELRO GNU_RELRO
    expect "$file" 'immediate binding' 'BIND_NOW|FLAGS.*NOW'
    expect "$file" 'stack without execution' 'GNU_STACK .* RW '
    expect "$file" 'code of its own' 'LOAD .* R E '
    refuse "$file" 'a segment to write and execute' 'LOAD .* RWE '
    refuse "$file" 'relocations in the code' TEXTREL
    refuse "$file" 'a search path' 'RPATH|RUNPATH'
    expect "$file" 'stack protector' __stack_chk_fail
    expect "$file" 'fortified calls' '__[a-z]+_chk'
done
exit $failed
