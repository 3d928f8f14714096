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
seconds_max=90 # a mutant that hangs is noticed too
passed=0 failed=0
# What a sync costs is not what is looked for here; and a test that is broken
# on purpose leaves its folder behind.
[ -n "${TMPDIR:-}" ] || [ ! -w /dev/shm ] || TMPDIR=/dev/shm
TMPDIR=$(mktemp -d "${TMPDIR:-/tmp}/tallyline-mutants-XXXXXX")
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
trap 'exit 1' INT TERM

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

# What ctest names need: their own programs, or the product, its pages, and what
# scripts run beside it.
targets() {
    for test_name in "$@"; do
        case $test_name in
        test_* | fuzz_*) echo "$test_name" ;;
        *) echo "agent/all collector/all tests/support/all" ;;
        esac
    done
}

build() {
    # shellcheck disable=SC2046 # one word each
    ninja -C "$scratch/build" $(targets "$@") >"$log" 2>&1
}

# A program may say that its test failed and then not end, for threads that
# nobody stopped.
watch() {
    timeout "$seconds_max" "$@" >"$log" 2>&1 &
    child=$!
    while kill -0 "$child" 2>/dev/null; do
        if grep -q '^\[FAIL\]' "$log"; then
            kill "$child" 2>/dev/null || true
            break
        fi
        sleep 0.02
    done
    wait "$child" && ! grep -q '^\[FAIL\]' "$log"
}

# run CTEST-NAME [FILTER]: 0 when it passed; 3 when there is no such test.
run() {
    if [ -n "${2:-}" ]; then
        watch "$scratch/build/tests/$1" --filter "$2" || return 1
        ! grep -q 'Tested: 0 ' "$log" || return 3
    else
        watch ctest --test-dir "$scratch/build" -R "^$1\$" \
            --no-tests=error --output-on-failure || return 1
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

# The product as it is: everything is built at once, each test runs once.
# What does not pass is written to $scratch/unfit.
check_product() {
    for mutant in "$@"; do
        header Test "tests/mutants/$mutant.patch"
    done | sort -u >"$scratch/tests"
    # shellcheck disable=SC2046 # one word each
    build $(sed 's/ .*//' "$scratch/tests" | sort -u) || return 1
    while read -r program filter; do
        run "$program" "$filter" </dev/null || echo "$program${filter:+ $filter}"
    done <"$scratch/tests" >"$scratch/unfit"
}

mutate() {
    if grep -qFx "$test" "$scratch/unfit"; then
        fail "no test" "$test does not pass on the product itself"
        return
    fi
    if ! git apply -C1 --directory="$tree" "$patch" >"$log" 2>&1; then
        fail "stale" "the patch does not apply"
        return
    fi
    # The test is named in one or two words.
    # shellcheck disable=SC2086
    if ! build ${test%% *}; then
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
check_product "$@" || {
    tail -n 20 "$log"
    exit 1
}
for name in "$@"; do
    patch=tests/mutants/$name.patch
    invariant=$(header Invariant "$patch")
    breaks=$(header Breaks "$patch")
    test=$(header Test "$patch")
    mutate
done
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
