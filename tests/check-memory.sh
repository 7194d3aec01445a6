#!/bin/bash
# SPDX-License-Identifier: MIT
#
# What need not hold records stays within 32 MiB of resident memory, however
# long its input is.
#
#   tests/check-memory.sh [--build DIR] [--size MIB]

build=build size=64 most=32768
while [ $# -gt 1 ]; do
    case $1 in
    --build) build=$2 ;;
    --size) size=$2 ;;
    esac
    shift 2
done

# A sanitizer's own memory is not ours.
if nm "$build/cosend" 2> /dev/null | grep -q __asan_init; then
    exit 0
fi
directory=$(mktemp -d) || exit 1
trap 'rm -rf "$directory"' EXIT

# Some 8 MiB of records again and again, up to the size wanted.
fill() {
    local i

    for ((i = 0; i < size; i += 8)); do
        cat "$1"
    done
}

awk 'BEGIN { for (i = 0; i < 90000; i++)
    printf "10.0.%d.%d - - [10/Oct/2025:13:55:%02d +0000] \"GET /p/%d " \
           "HTTP/1.1\" %d %d \"-\" \"Mozilla/5.0\"\n", i % 200, i % 7, i % 60, i,
           i % 9 ? 200 : 404, i * 7919 % 100000 }' > "$directory/log"
awk 'BEGIN { for (i = 0; i < 250000; i++)
    printf "%d,host%d,%d,\"a %d, b\"\n", i, i % 50, i * 7919 % 100000,
           i }' > "$directory/rows"

# Peak resident KiB of a command, looked at until it has ended.
peak() {
    local input=$1 pid kib=0 now
    shift

    "$@" < "$input" > /dev/null 2> "$directory/errors" &
    pid=$!
    while now=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' \
                    "/proc/$pid/status" 2> /dev/null) && [ -n "$now" ]; do
        kib=$now
        sleep 0.01
    done
    wait "$pid" || { cat "$directory/errors"; return 1; }
    echo "$kib"
}

failed=0
bounded() {
    local name=$1 kib
    shift

    kib=$(peak "$@") || { echo "$name: $kib"; failed=1; return; }
    if [ "$kib" -gt $most ]; then
        echo "$name: $kib KiB resident; $most are allowed"
        failed=1
    elif [ -n "${SHOW-}" ]; then
        echo "$name: $kib KiB"
    fi
}

mkfifo "$directory/fifo"
run() {
    local name=$1 data=$2
    shift 2

    fill "$data" > "$directory/fifo" &
    bounded "$name" "$directory/fifo" "$build/cosend" "$@"
    wait
}

echo 'id,host,size,text' > "$directory/csv"
cat "$directory/rows" >> "$directory/csv"
run grep "$directory/log" 'grep " 404 "'
run 'parse, count by a field' "$directory/log" 'parse combined | count status'
run 'csv select' "$directory/csv" -f csv 'select size,host'
exit $failed
