#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Every built-in filter is as its author says: `cosend check-filter` finds
# nothing, but for what is explained here. Names of filters may follow.

cd "$(dirname "$0")/../.." || exit 2
. tests/lib/report.sh

build=build
room=$(mktemp -d) || exit 2
trap 'rm -rf "$room"' EXIT

# What stands for a filter whose examples need files, have outputs, or wait.
stages() {
    case $1 in
    lookup)
        printf 'alpha,name\nalpha,A\n5,B\n' > "$room/table.csv"
        echo "lookup $room/table.csv on=alpha"
        ;;
    throttle)
        echo 'throttle 3 1h mode=drop time=alpha'
        echo 'throttle 3 1h mode=reject time=alpha by=beta'
        ;;
    # Steps inside are written as in a spec alone, and examples have none.
    route)
        echo '{"route": {"cases": [{"when": "alpha != \"5\"",' \
            '"steps": [{"set": {"k": "\"yes\""}}]}],' \
            '"default": [{"pass": {}}]}}'
        echo '{"route": {"cases": [{"when": "alpha != \"5\"",' \
            '"steps": [{"grep": "a"}]}, {"when": "beta == \"5\"",' \
            '"steps": [{"head": 3}]}], "default": [], "match": "all"}}'
        ;;
    tee) echo '{"tee": [{"grep": "a"}]}' ;;
    broadcast)
        echo broadcast
        echo '{"broadcast": [[{"grep": "a"}], [{"pass": {}}]]}'
        ;;
    *) echo "$1" ;;
    esac
}

# A line of these may be found, and is right.
#   origin: the number of a line is where it stands, not what was before it
#   stats: details say that the last digit of sd may differ with -j
explained='^(stateless: \{"origin"|(merges|threads): \{"stats")'

check_stage() {
    timeout 300 "$build/cosend" check-filter "$1" \
        > "$room/found" 2> "$room/errors"
    case $? in
    0) report_pass ;;
    1) if grep '^[a-z_]*: ' "$room/found" | grep -v ' runs, ' |
        grep -qvE "$explained"; then
        report_fail
        cut -c1-400 "$room/found"
    else
        report_pass
    fi ;;
    *)
        report_fail
        echo "$1: not checked"
        tail -n 3 "$room/errors"
        ;;
    esac
}

report_start build/.check-filters
names=("$@")
[ $# -gt 0 ] || mapfile -t names < <("$build/cosend" list |
    sed -n '/^Filters/,/^$/p' | awk '/^  [a-z]/ { print $1 }')
for name in "${names[@]}"; do
    while read -r stage; do
        check_stage "$stage"
    done < <(stages "$name")
done
report_end 'filters as their rows have them'
