#!/bin/bash
# SPDX-License-Identifier: MIT
#
# What tests/check-abi.sh is there to find, it finds, and what may change, may:
# both are planted into copies of the headers.

export PYTHONDONTWRITEBYTECODE=1
room=$(mktemp -d) || exit 2
trap 'rm -rf "$room"' EXIT
failed=0
mkdir -p "$room/before/cosend"
cp lib/cosend/base.h lib/cosend/version.h "$room/before/cosend"
cat > "$room/before/cosend/trial.h" <<'.'
#include "cosend/base.h"
enum cosend_trial { COSEND_TRIAL_A, COSEND_TRIAL_B };
#define COSEND_TRIAL_MAX 10
typedef int (*cosend_try)(int);
struct cosend_grows { size_t size; double a; bool b; };
struct cosend_stays { int a; char text[4]; };
struct cosend_spares { void *a; uintptr_t reserved[3]; };
COSEND_API int cosend_try_it(const char *text, cosend_try how);
COSEND_API long cosend_try_again(struct cosend_stays *stays);
.
printf '#include "cosend/%s.h"\n' version trial > "$room/before/cosend.h"
python3 tests/abi.py describe "$room/before" > "$room/abi" || exit

# Plant by a script of sed's in trial.h.
plant() {
    rm -rf "$room/after"
    cp -r "$room/before" "$room/after"
    sed -i -E "$1" "$room/after/cosend/${2-trial.h}"
    python3 tests/abi.py check "$room/abi" "$room/after" > "$room/said"
}

may() {
    plant "$@" || {
        echo "refused: $1"
        cat "$room/said"
        failed=1
    }
}

# Refused, and each of these is said.
may_not() {
    local text

    if plant "$1"; then
        echo "not refused: $1"
        failed=1
    fi
    [ -z "${SHOW-}" ] || cat "$room/said"
    for text in "${@:2}"; do
        grep -qF "$text" "$room/said" || {
            echo "not said: $text"
            cat "$room/said"
            failed=1
        }
    done
}

# A function, a constant, a struct, members at the end of a sized struct and in
# spare words, and other names of parameters.
may 's/TRIAL_B/&, COSEND_TRIAL_C/
     s/bool b;/& double c; int d, *e;/
     s/(a; uintptr_t )reserved\[3\]/\1b, reserved[1]; int c, d/
     s/char \*text/char *words/
     $a struct cosend_more { int a; };\
COSEND_API void cosend_try_more(struct cosend_more *more);'
# Everything, with another number.
may 's/(define COSEND_ABI +)1/\12/' version.h

may_not 's/COSEND_TRIAL_A, //
         s/MAX 10/MAX 11/
         s/int \(\*cosend_try\)/long (*cosend_try)/
         s/bool b/bool b, c/
         s/int a; char/int a, c; char/
         s/(a; uintptr_t reserved)\[3\]/b, *a; uintptr_t reserved[2]/
         s/const char \*text,/& unsigned flags,/
         /cosend_try_again/d' \
    'constant COSEND_TRIAL_A is gone' \
    'constant COSEND_TRIAL_B is "0"; it was "1"' \
    'constant COSEND_TRIAL_MAX is "11"; it was "10"' \
    'type cosend_try is' \
    'struct cosend_grows has a new member "bool c" at byte 17' \
    'struct cosend_stays has 12 bytes; it had 8' \
    'struct cosend_stays has "char text[4]" at byte 8 (4 bytes); it had' \
    'struct cosend_spares has "void*a" at byte 8' \
    'function cosend_try_it is' \
    'function cosend_try_again is gone'
exit $failed
