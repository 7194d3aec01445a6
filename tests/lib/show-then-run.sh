# SPDX-License-Identifier: MIT
#
# show-then-run.sh FIRST: sourced by a case. For every one-liner of the cases
# whose name begins with one of those letters, [a-e]: the spec that show prints,
# run, does what the line does.
[ "$VARIANT" = default ] && [ -z "${COSEND_SIMD-}" ] || exit 77
! grep -qE '__[at]san_init' "$BUILD/cosend" || exit 77 # hundreds of runs
tried=0

# run NAME COMMAND...: its output, status and files in out.NAME.
run() {
    local to=$PWD/out.$1

    shift
    mkdir "$to"
    cp -R "$case" "$to/files"
    [ ! -e "$case/files" ] || rm -r "$to/files/files"
    (
        cd "$to/files" || exit
        [ -e input ] || : > input
        "$COSEND" "$@" < input > ../stdout 2> ../stderr
        echo $? > ../status
    )
    # Only where in the two a mistake stands may differ.
    [ ! -s "$to/stderr" ] ||
        sed -E -i 's/^(<line>|[^ ]*\.shown):[0-9]+:[0-9]+: [^ ]*: //' \
            "$to/stderr"
}

for line in "$LIB"/../cases/$1*/line; do
    case=${line%/line}
    args=()
    [ ! -e "$case/args" ] || mapfile -t args < "$case/args"
    rm -rf out.*
    run line "$(cat "$line")" "${args[@]}"
    if "$COSEND" show "$(cat "$line")" > spec.shown 2> shown.errors; then
        run spec run "$PWD/spec.shown" "${args[@]}"
        diff -r out.line out.spec || echo "differs: ${case##*/}"
        tried=$((tried + 1))
    elif [ "$(cat out.line/status)" != 2 ]; then
        echo "not shown: ${case##*/}: $(cat shown.errors)"
    fi
done
[ $tried -gt 50 ] || echo "only $tried lines could be shown"
