#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Arrows point down: a folder of lib/ includes itself and what is below it;
# filters and the command line include cosend.h and use nothing hidden; lib/
# never names a filter, but through cosend_builtin_filters.

build=build
[ "${1-}" = --build ] && build=$2
failed=0

wrong() {
    echo "$*"
    failed=1
}

rank() {
    case $1 in
    base | cosend/base.h | cosend/bytes.h | cosend/text.h) echo 0 ;;
    coroutine | cosend/coroutine.h) echo 1 ;;
    record | cosend/record.h | cosend/number.h) echo 2 ;;
    match | cosend/match.h | group | cosend/group.h | cosend/groups.h) echo 3 ;;
    io | cosend/io.h) echo 3 ;;
    cosend/stage.h) echo 4 ;;
    format) echo 5 ;;
    plan | spec | stage | run | read | endpoint | pipeline | cosend/pipeline.h)
        echo 6 ;;
    cosend.h) echo 7 ;;
    *) echo 99 ;;
    esac
}

while IFS=: read -r file include; do
    folder=${file#lib/}
    folder=${folder%%/*}
    case $include in
    cosend/* | cosend.h) above=$(rank "$include") ;;
    */*) above=$(rank "${include%%/*}") ;;
    *) above=99 ;;
    esac
    [ "$folder" != cosend ] || continue
    [ "$above" -le "$(rank "$folder")" ] ||
        wrong "$file includes \"$include\", which is not below it"
done < <(grep -ro --include='*.[chS]' '^#include "[^"]*"' lib/*/ |
    sed 's/:#include "/:/; s/"$//')

while IFS=: read -r file include; do
    case $file:$include in
    *:cosend.h | cli/*:cli.h | cli/*:cli/*) ;;
    filters/*:*.def) ;;
    *) wrong "$file includes \"$include\"; cosend.h is for all" ;;
    esac
done < <(grep -o '^#include "[^"]*"' filters/*.[ch] cli/*.[ch] |
    sed 's/:#include "/:/; s/"$//')

# The symbols of the objects below $2 that nm prints for $1.
symbols() {
    find "$build/$2" -name '*.o' -exec nm "$1" {} + 2> /dev/null |
        awk '{ print $NF }' | grep '^[a-z]' | sort -u
}

for part in filters cli; do
    symbols --undefined-only $part | grep '^csi_' |
        comm -23 - <(symbols --defined-only $part) > "$build/hidden"
    [ ! -s "$build/hidden" ] ||
        wrong "$part/ uses what is hidden:" $(cat "$build/hidden")
done
symbols --undefined-only lib |
    comm -12 - <(symbols --defined-only filters) |
    grep -vx cosend_builtin_filters > "$build/named"
[ ! -s "$build/named" ] || wrong "lib/ names filters:" $(cat "$build/named")
rm -f "$build/hidden" "$build/named"
exit $failed
