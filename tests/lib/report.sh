# SPDX-License-Identifier: MIT
#
# Counting checks, for the scripts under tests. Each result is a line in a file,
# so that checks may run in parallel.
#
#   report_start FILE    begin to count, in FILE
#   report_pass          one check passed; report_fail and report_skip likewise
#   report_end TITLE     print the summary, and add it to $REPORT, from which
#                        `make test` adds everything up; returns 1 if any failed

report_start() {
    report_file=$1
    mkdir -p "$(dirname "$report_file")"
    : > "$report_file"
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

report_end() {
    local passed failed skipped text

    passed=$(report_count pass)
    failed=$(report_count fail)
    skipped=$(report_count skip)
    text="$passed passed, $failed failed"
    [ "$skipped" = 0 ] || text="$text, $skipped skipped"
    echo "$1: $text"
    [ -z "${REPORT-}" ] || echo "$passed $failed $skipped $1" >> "$REPORT"
    [ "$failed" = 0 ]
}
