#!/bin/bash
# SPDX-License-Identifier: MIT
#
# profile.sh GENERATE FROM TO: run the program in FROM, compiled with
# -fprofile-generate, over what a user might, and put beside the objects of TO
# what it counted. GENERATE makes the data.

generate=$1 from=$2 to=$3
data=$(mktemp -d)
trap 'rm -rf "$data"' EXIT
set -e

"$generate" "$data" 20000
find "$from" -name '*.gcda' -delete
words=$(paste -sd '|' "$data/words.txt")
for threads in 1 2; do
    run() {
        "$from/cosend" "$@" -j$threads > /dev/null
    }
    for pattern in wp-admin/setup Firefox '/tags/[a-f][a-z]+[n-s]o ' \
        '[45][0-9]{2}[[:space:]][0-9]{5,}' '(?i)EXAMPLEbot' \
        '^203[.]0[.]113[.]1[0-9] ' 'wp-login|phpmyadmin' "$words"; do
        run "grep '$pattern'" "$data/access.log"
    done
    run "grep patterns_file=$data/strings-1000.txt fixed=true" \
        "$data/access.log"
    run 'parse combined no_match=keep | count by=status' "$data/access.log"
    run 'parse combined | count by=status' "$data/combined.log"
    run 'average ms by=host' "$data/access.csv"
    run 'where field=status op=ge value=500' "$data/access.csv"
    run 'select host,status' "$data/access.csv"
    run 'average ms by=host' "$data/access.jsonl"
    run 'where field=status op=ge value=500' "$data/access.jsonl" -t csv
    run average "$data/numbers.txt"
    run 'count by=key' "$data/keys.csv"
    for file in "$data/access.csv" "$data/access.jsonl"; do
        run 'where status >= 500 && ms > 100' "$file"
        run 'set seconds = ms / 1000' "$file"
        run 'sort ms' "$file"
        run 'top 10 ms' "$file"
        run 'dedup host,status' "$file"
        run 'aggregate by=host n=count() mean(ms) p95(ms)' "$file"
        run pass "$file" -t jsonl
        run pass "$file" -t csv
        run pass "$file" -t table
    done
    run run tests/bench/broadcast.json "$data/access.csv" -p out="$data"
done
(cd "$from" && find . -name '*.gcda' -print0 | tar cf - --null -T -) |
    (mkdir -p "$to" && cd "$to" && tar xf -)
