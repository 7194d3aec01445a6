#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The map at the head of cli/main.c names every source of lib/, filters/ and
# cli/, under its folder, and nothing else.

map=cli/main.c
room=$(mktemp -d) || exit 2
trap 'rm -rf "$room"' EXIT

# Lines of the map: ` *   FOLDER/  WORDS`, and ` *     FILE  WORDS` below it.
sed -n '2,/\*\//p' $map | awk '
    /^ \*   [a-z]/ { folder = /\/$/ ? "" : $2 }
    /^ \*     [a-z]/ { print folder $2 }' | LC_ALL=C sort > "$room/map"
find lib filters cli -name '*.[cS]' | LC_ALL=C sort > "$room/tree"

failed=0
while read -r path; do
    folder=$(dirname "$path")/
    folder=${folder/coroutine\/switch\//coroutine\/}
    printf '%s: %s is missing. Below the line of %s add\n' $map "$path" \
        "$folder"
    printf ' *     %-21s  WHAT IT IS\n' "${path#"$folder"}"
    failed=1
done < <(LC_ALL=C comm -13 "$room/map" "$room/tree")
while read -r path; do
    echo "$map: $path is on the map, and not in the tree"
    failed=1
done < <(LC_ALL=C comm -23 "$room/map" "$room/tree")
uniq -d "$room/map" | sed "s,\$, is on the map of $map twice," | grep . &&
    failed=1
exit $failed
