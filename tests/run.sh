#!/bin/sh
# ./dev test: the stages that CI runs, one line each, all output in
# build/test/*.log. The last line is 'N passed, N failed, N skipped': single
# tests where a runner counts them, one for each other stage.
#
#   tests/run.sh [--quick] [LABEL|PATH]...
set -eu
cd "$(dirname "$0")/.."
logs=build/test
# Two places for each core: a test that keeps a core busy takes both (busy in
# tests/CMakeLists.txt), those that wait for a clock share one.
jobs=$((2 * $(nproc)))
passed=0 failed=0 skipped=0
# What ctest and the sanitizers tell and nobody wants to read again.
noise='^Test command:\|^Working Dir\|^Environment var\|^ [A-Z_]*=\|^Test time'
noise="$noise"'\|^ *\(=>\)\?0x[0-9a-f]*: *\[\?[0-9a-f][0-9a-f][] []'
noise="$noise"'\|^Shadow b\|^ *[A-Z][A-Za-z ]*: *[0-9a-f][0-9a-f] *$'
mkdir -p "$logs"

say() {
    printf '%s\n' "$*"
}

# begin NAME: the stage's name, without a line end, and its clock.
begin() {
    stage=$1
    log=$logs/$(printf '%s' "$stage" | tr ' /' '--').log
    started=$(date +%s)
    printf '%-24s ' "$stage"
}

took() {
    echo "$(($(date +%s) - started)) s"
}

# step NAME RERUN COMMAND...: a stage that is passed or failed as a whole.
step() {
    begin "$1"
    rerun=$2
    shift 2
    if "$@" >"$log" 2>&1 </dev/null; then
        passed=$((passed + 1))
        say "passed  $(took)"
        return 0
    fi
    failed=$((failed + 1))
    say "FAILED  $(took)  ($log)"
    tail -n 40 "$log" | sed 's/^/    /'
    say "    run again: $rerun"
    return 1
}

# What a verbose ctest log says, as lines: "count P F S", "failed N NAME",
# "skipped N NAME". Criterion's synthesis and lines of the form 'N passed, N
# failed, N skipped' count for single tests, any other test for one.
read_ctest() {
    awk '
    match($0, /^[0-9]+: /) { id = substr($0, 1, RLENGTH - 2) + 0 }
    /^[0-9]+: .*Synthesis: Tested: / {
        for (i = 1; i < NF; i++) {
            if ($i == "Passing:") p[id] += $(i + 1)
            if ($i == "Failing:" || $i == "Crashing:") f[id] += $(i + 1)
        }
        counted[id] = 1
    }
    /^[0-9]+: [0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$/ {
        p[id] += $2; f[id] += $4; s[id] += $6; counted[id] = 1
    }
    /^ *[0-9]+\/[0-9]+ +Test +#[0-9]+: / {
        sub(/^.*Test +#/, ""); split($0, part, /[: ]+/)
        id = part[1] + 0; name = part[2]
        if ($0 ~ /\*\*\*Skipped/) {
            if (!counted[id]) s[id] = 1
            print "skipped", id, name
        } else if ($0 ~ / Passed +[0-9.]+ sec/) {
            if (!counted[id]) p[id] = 1
        } else {
            if (!f[id]) f[id] = 1
            print "failed", id, name
        }
        P += p[id]; F += f[id]; S += s[id]
    }
    END { print "count", P + 0, F + 0, S + 0 }' "$1"
}

# tests NAME PRESET CTEST-ARGUMENT...: a stage that ctest runs and counts.
tests() {
    begin "$1"
    preset=$2
    shift 2
    ctest --test-dir "build/$preset" --verbose --parallel "$jobs" \
        --no-tests=error "$@" >"$log" 2>&1 </dev/null && rc=0 || rc=$?
    read_ctest "$log" >"$log.summary"
    # shellcheck disable=SC2046 # three numbers
    set -- $(sed -n 's/^count //p' "$log.summary")
    [ "$rc" -eq 0 ] || [ "$2" -gt 0 ] || set -- "$1" 1 "$3"
    passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
    if [ "$2" -eq 0 ]; then
        say "passed  $(took)  $1 passed, $3 skipped"
    else
        say "FAILED  $(took)  $1 passed, $2 failed, $3 skipped  ($log)"
    fi
    while read -r what id name; do
        if [ "$what" = skipped ]; then
            say "    skipped $name: $(grep "^$id: ." "$log" |
                tail -n 1 | sed "s/^$id: //")"
        elif [ "$what" = failed ]; then
            say "    failed $name"
            sed -n "s/^$id: //p" "$log" | grep -v "$noise" | tail -n 40 |
                sed 's/^/    | /'
            say "    run again: ctest --test-dir build/$preset" \
                "-R '^$name\$' --output-on-failure"
        fi
    done <"$log.summary"
    if [ "$rc" -ne 0 ] && ! grep -q '^failed' "$log.summary"; then
        tail -n 10 "$log" | sed 's/^/    | /'
    fi
    [ "$2" -eq 0 ]
}

finish() {
    say "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ]
    exit
}

build() {
    step "build $1" "./dev build $1" ./dev build "$1"
}

# without WHAT WHY: a stage that could not run, said and counted.
without() {
    skipped=$((skipped + 1))
    say "$(printf '%-24s ' "$1")skipped  $2"
}

fuzz() {
    if build fuzz; then
        tests "fuzz 10 s each" fuzz -L '^fuzz$' || true
    else
        without "fuzz 10 s each" "the fuzz preset did not build"
    fi
}

# Ten million executions of each target: hours.
fuzz_full() {
    if build fuzz; then
        tests "fuzz in full" fuzz -L '^fuzz-full$' || true
        sed -n 's/^[0-9]*: \(fuzz_[a-z_]*: [0-9]* executions\)$/    \1/p' \
            "$log"
    else
        without "fuzz in full" "the fuzz preset did not build"
    fi
}

# The real programs under the thread sanitizer, driven by the scripts.
tsan() {
    if build tsan; then
        tests "tsan" tsan -L '^integration$' -E '^(deploy_|oracle)' || true
        tests "tsan, faults" tsan -R '^(line_kill|enemy)$' || true
    else
        without "tsan" "the tsan preset did not build"
    fi
}

analyze() {
    step "analyze" "tools/analyze.sh" tools/analyze.sh || true
    tail -n 1 "$log" | sed 's/^/    /'
}

demo() {
    if [ -x demo/run.sh ]; then
        for plan in plans/*/; do
            plan=$(basename "$plan")
            step "demo" "./dev demo --check --plan $plan" \
                ./dev demo --check --plan "$plan" || true
        done
    else
        without "demo" "there is no demo/run.sh"
    fi
}

lint() {
    step "lint" "./dev lint" tools/lint.sh || true
}

has_label() {
    ctest --test-dir build/dev --print-labels | grep -qx "  $1"
}

# one LABEL|PATH: what somebody works on, in the dev preset.
one() {
    case $1 in
    lint) lint ;;
    demo) demo ;;
    fuzz) fuzz ;;
    fuzz-full) fuzz_full ;;
    tsan) tsan ;;
    analyze) analyze ;;
    */*.*)
        stem=$(basename "$1")
        tests "$1" dev -R "^(test_|fuzz_)?${stem%.*}\$" || true
        ;;
    */) tests "$1" dev -L "^$(basename "$1")\$" || true ;;
    *)
        if [ -d "$1" ] || has_label "$(basename "$1")"; then
            tests "$(basename "$1")" dev -L "^$(basename "$1")\$" || true
        else
            tests "$1" dev -R "^(test_|fuzz_)?$1\$" || true
        fi
        ;;
    esac
}

everything() {
    lint
    if build dev; then
        for label in tidy unit integration fault; do
            if has_label "$label"; then
                tests "$label" dev -L "^$label\$" || true
            else
                without "$label" "no test has this label"
            fi
        done
    else
        without "tests" "the dev preset did not build"
    fi
    if build asan; then
        tests "asan" asan -L '^(unit|integration|fuzz)$' || true
    else
        without "asan" "the asan preset did not build"
    fi
    fuzz
    demo
    without "mutants" "many minutes; by hand: ./dev test mutants"
    without "full counts" "hours; by hand: ./dev test full"
}

quick=
case ${1:-} in
--quick)
    quick=yes
    shift
    ;;
-*)
    echo "usage: ./dev test [--quick] [LABEL|PATH]..." >&2
    exit 2
    ;;
esac
if [ $# -gt 0 ]; then
    build dev || finish
    for what in "$@"; do
        one "$what"
    done
elif [ -n "$quick" ]; then
    lint
    build dev || finish
    tests "unit" dev -L '^unit$' || true
else
    everything
fi
finish
