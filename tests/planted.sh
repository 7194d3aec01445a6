#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The programs under tests/planted have a fault each, inside a coroutine; the
# tools must report it. A program says in its own text how:
#
#    reported by sanitizer: PATTERN
#    reported by sanitizer of clang: PATTERN
#    reported by valgrind: PATTERN
#
#   tests/planted.sh [--build DIR] sanitizer | valgrind

cd "$(dirname "$0")/.." || exit 2
. tests/lib/report.sh

build=build
if [ "${1-}" = --build ]; then
    build=$2
    shift 2
fi
tool=$1
before=()
[ "$tool" != valgrind ] ||
    before=(valgrind -q --leak-check=full --error-exitcode=99)

of=
[ "$tool" != sanitizer ] || ! grep -q clang "$build/settings" ||
    of='\( of clang\)\?'

report_start "$build/.planted"
for source in tests/planted/*.c; do
    [ -e "$source" ] || { report_fail; echo "FAIL no planted faults"; break; }
    name=$(basename "$source" .c)
    pattern=$(sed -n "s/.*reported by $tool$of: *//p" "$source")
    if [ -z "$pattern" ]; then
        report_skip
        continue
    fi
    log=$(timeout 120 "${before[@]}" "$build/tests/$name" 2>&1 \
        < /dev/null)
    if [ $? != 0 ] && grep -Eq "$pattern" <<< "$log"; then
        report_pass
    else
        report_fail
        echo "FAIL $name: $tool did not report: $pattern"
        tail -n 20 <<< "$log" | cat -v
    fi
done
report_end "planted faults ($tool)"
