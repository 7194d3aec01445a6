# SPDX-License-Identifier: MIT
#
# For the `cmd` of a case: . "$LIB/case.sh"

# Wait until a command succeeds, for at most 20 seconds.
wait_for() {
    local i

    for ((i = 0; i < 2000; i++)); do
        "$@" && return
        sleep 0.01
    done
    echo "waited in vain: $*" >&2
    return 1
}

# wait_for lines FILE N: the file has at least N lines.
lines() {
    [ -e "$1" ] && [ "$(wc -l < "$1")" -ge "$2" ]
}

# Skip the case where something that it needs is not there.
need() {
    command -v "$1" > /dev/null || exit 77
}

# The program with system calls that fail, as tests/faults/shim.c has it:
#     faulty "fsync:EIO:2" ARGUMENT...
# Not where the variant has faults of its own, nor under a sanitizer.
faulty() {
    local fail=$1

    shift
    COSEND_FAIL=$fail LD_PRELOAD=$BUILD/tests/shim.so "$COSEND" "$@"
}

need_faults() {
    case $VARIANT in *short* | *interrupted* | valgrind) exit 77 ;; esac
    [ -e "$BUILD/tests/shim.so" ] || exit 77
    ! grep -q __asan_init "$BUILD/cosend" || exit 77
}

# wait_for catches PID: the process has a handler for SIGUSR1.
catches() {
    local mask

    mask=$(awk '/^SigCgt/ { print $2 }' "/proc/$1/status" 2> /dev/null)
    [ -n "$mask" ] && ((0x$mask & 0x200))
}
