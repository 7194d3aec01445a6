# SPDX-License-Identifier: MIT
#
# Counting checks, for the scripts under tests. Each result is a line in a file,
# so that checks may run in parallel.
#
#   report_start FILE    begin to count, in FILE
#   report_pass          one check passed; report_fail and report_skip likewise
#   report_each COMMAND NAME...
#                        run the command with each name, as many at a time as
#                        there are processors
#   report_end TITLE     print the summary, and add it to $REPORT with the
#                        seconds that it took, from which `make test` adds
#                        everything up; returns 1 if any failed
#   report_times FILE    the seconds of all that is in such a file, as a table
#   report_sum FILE      add it all up, in a line; returns 1 if any failed

report_start() {
    report_file=$1
    mkdir -p "$(dirname "$report_file")"
    : > "$report_file"
    report_began=$SECONDS
}

report_pass() {
    echo pass >> "$report_file"
}

report_fail() {
    echo fail >> "$report_file"
}

report_skip() {
    echo skip >> "$report_file"
}

report_count() {
    grep -c "^$1$" "$report_file"
}

# Run a command; it passes if its status is 0 and is shown otherwise. One that
# says `skipped` is.
report_check() {
    local title=$1 log

    shift
    if log=$("$@" 2>&1); then
        case $log in
        *': skipped, '*) report_skip ;;
        *) report_pass ;;
        esac
    else
        report_fail
        printf 'FAIL %s\n%s\n' "$title" "$log"
    fi
}

report_each() {
    local command=$1 name running=0 most

    shift
    most=$(nproc)
    for name; do
        if [ $running -ge "$most" ]; then
            wait -n
            running=$((running - 1))
        fi
        "$command" "$name" < /dev/null &
        running=$((running + 1))
    done
    wait
}

report_end() {
    local passed failed skipped text

    passed=$(report_count pass)
    failed=$(report_count fail)
    skipped=$(report_count skip)
    text="$passed passed, $failed failed"
    [ "$skipped" = 0 ] || text="$text, $skipped skipped"
    echo "$1: $text"
    [ -z "${REPORT-}" ] ||
        echo "$passed $failed $skipped $((SECONDS - report_began)) $1" \
            >> "$REPORT"
    [ "$failed" = 0 ]
}

report_times() {
    awk '{ seconds = $4; $1 = $2 = $3 = $4 = ""; sub(/^ +/, "")
           printf "%6d s  %s\n", seconds, $0 }' "$1"
}

report_sum() {
    awk '{ passed += $1; failed += $2; skipped += $3 }
         END { printf "%d passed, %d failed", passed, failed
               if (skipped) printf ", %d skipped", skipped
               print ""
               exit !passed || failed }' "$1"
}
