#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The host programs of tests/hosts, built against an installed cosend, beside
# what its command line makes of the same files; under valgrind, and two of the
# threads under TSan. Compilers that are not here are installed where that can
# be; else their hosts are skipped. Names of hosts may follow.

cd "$(dirname "$0")/../.." || exit 2
. tests/lib/report.sh

hosts=$PWD/tests/hosts
room=$PWD/build/hosts
prefix=$room/prefix
unset MAKEFLAGS MAKELEVEL CDPATH
rm -rf "$room"
mkdir -p "$room"
report_start "$room/.report"
make -s PREFIX="$prefix" install > "$room/install.log" 2>&1 || {
    cat "$room/install.log"
    report_fail
}
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig LD_LIBRARY_PATH=$prefix/lib
export PATH=$prefix/bin:$PATH
export PYTHONPATH=$prefix/share/cosend PYTHONDONTWRITEBYTECODE=1
export GOCACHE=$room/go-cache GOFLAGS=-mod=mod GOTOOLCHAIN=local LC_ALL=C.UTF-8
cosend_flags() { pkg-config --cflags --libs cosend; }

# Whether a program is here, by the Debian package $2 if it has to be.
have() {
    local sudo=

    command -v "$1" > /dev/null && return
    command -v apt-get > /dev/null || return
    [ "$(id -u)" = 0 ] || sudo=sudo
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y \
        --no-install-recommends "$2" > "$room/$2.log" 2>&1
    command -v "$1" > /dev/null
}

# ---- The files, and what the command line makes of them ---------------------

make_files() {
    awk -v room="$room" 'BEGIN {
        for (i = 1; i <= 5000; i++) {
            printf "%d %s line\n", i, i % 3 ? "ERROR" : "INFO" > room "/text"
            printf "{\"host\":\"h%d \303\251\",\"ms\":%d.%d%s}\n", i % 7, i, i % 4,
                i % 5 ? "" : ",\"x\":{\"y\":[1,null]}" > room "/records"
        }
        print "host,ms" > room "/table"
        for (i = 1; i <= 5000; i++)
            print "host" i % 11 "," (i % 1000 ? i % 97 : "x" i) > room "/table"
        print "ragged" > room "/table"
        printf "last,8" > room "/table"
    }'
    cp "$room/table" "$room/mistake"
    cp "$room/text" "$room/raising"
}

make_due() {
    cat > "$room/table.json" <<'END'
{"cosend": 1, "params": {"least": {"type": "int"}},
 "from": {"input": {"format": "csv"}},
 "steps": [{"where": "ms >= ${least}", "id": "slow", "on_error": "reject"},
           {"average": {"field": "ms", "by": ["host"]}}],
 "to": {"stdout": {"format": "csv"}}}
END
    cosend 'grep ERROR | count' "$room/text" | tail -n 1 > "$room/text.due"
    cosend run "$room/table.json" -p least=6 --rejects "$room/rejects" \
        "$room/table" > "$room/table.due" 2> /dev/null
    cosend --from jsonl --to 'template:{line} {step} {kind} {raw}' \
        'pass' "$room/rejects" \
        > "$room/table.errors.due"
    cosend --from jsonl --to jsonl "set 'd = ms * 2' | select host,d,x" \
        "$room/records" > "$room/records.due"
    cosend --from csv 'where mss > 1' "$room/mistake" \
        > "$room/mistake.due" 2> "$room/mistake.errors.due"
    echo came out > "$room/raising.due"
    for what in text records raising; do : > "$room/$what.errors.due"; done
}

# A host is a command; each of its runs must print what is due.
compare() {
    local name=$1 what

    shift
    for what in text table records mistake raising; do
        local own=$room/$name.$what

        "$@" "$what" "$room/$what" > "$own" 2> "$own.errors"
        [ $what != raising ] || sed -i 's/^.*came out/came out/' "$own"
        # What a step that reads ahead rejects is its reader's, by this name.
        sed -i 's/ push ragged / input ragged /' "$own.errors"
        report_check "$name $what" diff "$room/$what.due" "$own"
        report_check "$name $what: errors" \
            diff "$room/$what.errors.due" "$own.errors"
    done
}

skip() {
    echo "$1: skipped, no $2 here"
    report_skip
}

clean() {
    valgrind -q --error-exitcode=9 --leak-check=full \
        --errors-for-leak-kinds=definite "$@"
}

# ---- The hosts ---------------------------------------------------------------

host_python() {
    compare python python3 "$hosts/python/host.py"
    report_check 'python, slowly' python3 -X dev -W error \
        "$hosts/python/test_module.py" "$room"
}

host_cxx() {
    report_check 'build of cxx' g++ -std=c++20 -Wall -Wextra -Werror -O1 -g \
        -o "$room/cxx" "$hosts/cxx/host.cc" $(cosend_flags)
    compare cxx "$room/cxx"
    report_check 'cxx under valgrind' clean "$room/cxx" raising "$room/raising"
    report_check 'cxx table under valgrind' clean "$room/cxx" table \
        "$room/table"
}

host_go() {
    have go golang-go || { skip go go; return; }
    report_check 'build of go' env -C "$hosts/go" \
        go build -o "$room/go" .
    GODEBUG=cgocheck=2 compare go "$room/go"
}

host_rust() {
    have rustc rustc || { skip rust rustc; return; }
    report_check 'build of rust' rustc -O -o "$room/rust" \
        "$hosts/rust/host.rs" $(pkg-config --libs-only-L cosend)
    compare rust "$room/rust"
    report_check 'rust under valgrind' clean "$room/rust" table "$room/table"
}

# Killed again and again while its log grows, half a line at a time.
ship_killed() {
    local log=$room/ship.log out=$room/ship.out round i daemon tries

    rm -f "$log" "$out" "$room/ship.at"
    : > "$log"
    for round in 1 2 3 4 5; do
        "$@" 'grep ERROR' "$log" "$out" "$room/ship.at" &
        daemon=$!
        for i in $(seq 300); do
            printf 'line %s.%s ERR' $round "$i" >> "$log"
            printf 'OR\nother\n' >> "$log"
        done
        kill -9 $daemon
        wait $daemon 2> /dev/null
    done
    "$@" 'grep ERROR' "$log" "$out" "$room/ship.at" &
    daemon=$!
    for tries in $(seq 300); do
        [ ! -e "$out" ] || [ "$(wc -l < "$out")" -lt 1500 ] || break
        sleep 0.1
    done
    printf 'ERROR, and half a line' >> "$log"
    kill $daemon
    wait $daemon || { echo "it ended with $?"; return 1; }
    grep 'ERROR$' "$log" | diff - "$out"
}

host_daemon() {
    report_check 'build of daemon' cc -std=gnu11 -Wall -Wextra -Werror -g \
        -o "$room/ship" "$hosts/daemon/ship.c" $(cosend_flags)
    report_check 'the daemon is killed' ship_killed "$room/ship"
    report_check 'the daemon under valgrind' ship_killed valgrind -q \
        --error-exitcode=9 --leak-check=full "$room/ship"
}

host_threads() {
    local tsan=build/tsan

    make -j"$(nproc)" BUILD=$tsan SANITIZE=tsan CC=gcc MASKABLE=1 \
        $tsan/libcosend.a > "$room/tsan.log" 2>&1 ||
        { tail "$room/tsan.log"; report_fail; return; }
    report_check 'build of threads' gcc -std=gnu11 -Wall -Wextra -Werror -g \
        -fsanitize=thread -no-pie -Ilib -o "$room/threads" \
        "$hosts/threads/threads.c" $tsan/libcosend.a \
        $(sed -n 's/^LDLIBS *:= //p' Makefile)
    "$room/threads" > "$room/threads.out" 2> "$room/threads.errors"
    report_check 'threads' diff - "$room/threads.out" <<'END'
own: 10000 10000
in turns: 1500
END
    report_check 'threads: errors' diff /dev/null "$room/threads.errors"
}

host_plugin() {
    cosend --plugin /none list 2>&1 | grep -q 'No such file' ||
        { skip plugin '--plugin'; return; }
    report_check 'build of a plug-in' cc -shared -fPIC -Wall -Wextra -Werror \
        -o "$room/every.so" "$hosts/plugin/every.c" \
        $(pkg-config --cflags cosend)
    seq 100 > "$room/numbers"
    cosend --plugin "$room/every.so" 'every 25 | average' \
        "$room/numbers" > "$room/plugin.out" 2>&1
    report_check plugin diff - "$room/plugin.out" <<'END'
count,average
4,62.5
END
}

make_files
make_due
for name in ${*:-python cxx go rust daemon threads plugin}; do
    "host_$name"
done
report_end 'hosts'
