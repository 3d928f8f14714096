#!/bin/sh
# Breaks the product on purpose, one small patch at a time, and says whether
# the test that should notice does.
#
#   tests/mutants/run.sh [NAME]...
#
# A mutant is a file tests/mutants/NAME.patch that begins with
#
#   Invariant: I3
#   Breaks: what the product then does wrong, in one line
#   Test: CTEST-NAME [SUITE/TEST]
#
# With SUITE/TEST only that test of a Criterion program is run. Everything
# happens in a copy below build/mutants. A mutant is killed when its test
# passes without it and fails, crashes or hangs with it; one that does not
# apply or does not build is a failure of this list, not a kill. Exit code 0
# only if every mutant is killed.
set -eu
cd "$(dirname "$0")/../.."
scratch=build/mutants
tree=$scratch/tree
log=$scratch/log
seconds_max=120
passed=0 failed=0

header() {
    sed -n "/^diff /q; s/^$1: //p" "$2" | head -n 1
}

copy_tree() {
    rm -rf "$scratch"
    mkdir -p "$tree"
    git ls-files -co --exclude-standard -z |
        tar -c --null --files-from=- --ignore-failed-read 2>/dev/null |
        tar -x -C "$tree"
    cmake -S "$tree" -B "$scratch/build" -G Ninja \
        -DCMAKE_BUILD_TYPE=Debug >"$log" 2>&1
}

# What a ctest name needs: its own program, or both of the product's.
targets() {
    case $1 in
    test_*) echo "$1" ;;
    *) echo "tallyline-agent tallyline-collector" ;;
    esac
}

build() {
    # shellcheck disable=SC2046 # one word each
    ninja -C "$scratch/build" $(targets "$1") >"$log" 2>&1
}

# run CTEST-NAME [FILTER]: 0 when it passed; 3 when there is no such test.
run() {
    if [ -n "${2:-}" ]; then
        timeout "$seconds_max" "$scratch/build/tests/$1" --filter "$2" \
            >"$log" 2>&1 || return 1
        ! grep -q 'Tested: 0 ' "$log" || return 3
    else
        timeout "$seconds_max" ctest --test-dir "$scratch/build" -R "^$1\$" \
            --no-tests=error --output-on-failure >"$log" 2>&1 || return 1
        ! grep -q 'Skipped' "$log" || return 3
    fi
}

say() {
    printf '%-8s %-9s %-34s %s\n' "$1" "$2" "$3" "$4"
}

fail() {
    failed=$((failed + 1))
    say "$1" "$invariant" "$name" "$2"
    tail -n 20 "$log" | sed 's/^/    | /'
}

mutate() {
    # The test is named in one or two words.
    # shellcheck disable=SC2086
    if ! build $test || ! run $test; then
        fail "no test" "$test does not pass on the product itself"
        return
    fi
    if ! git apply -C1 --directory="$tree" "$patch" >"$log" 2>&1; then
        fail "stale" "the patch does not apply"
        return
    fi
    # shellcheck disable=SC2086
    if ! build $test; then
        fail "broken" "the mutant does not build"
    elif run $test; then
        fail SURVIVED "$test: $breaks"
    else
        passed=$((passed + 1))
        say killed "$invariant" "$name" "$breaks"
    fi
    git apply -C1 --directory="$tree" -R "$patch"
}

copy_tree || {
    cat "$log"
    exit 1
}
if [ $# -eq 0 ]; then
    # shellcheck disable=SC2046 # names without blanks
    set -- $(git ls-files -co --exclude-standard 'tests/mutants/*.patch' |
        sed 's|.*/||; s|\.patch$||' | sort -V)
fi
for name in "$@"; do
    patch=tests/mutants/$name.patch
    invariant=$(header Invariant "$patch")
    breaks=$(header Breaks "$patch")
    test=$(header Test "$patch")
    mutate
done
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
