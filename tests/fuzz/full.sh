#!/bin/sh
# Runs a fuzz target until it has been executed often enough, and says how
# often that was: full.sh TARGET RUNS MAX_LEN FOUND CORPUS. The machine's other
# work goes first.
set -eu
target=$1 runs=$2 max_len=$3 found=$4 corpus=$5
log=$found.log
nice -n 10 "$target" -runs="$runs" -max_len="$max_len" -timeout=10 \
    -entropic=0 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$found/crash-" "$found" "$corpus" \
    >"$log" 2>&1 || {
    tail -n 40 "$log"
    exit 1
}
done=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
echo "$(basename "$target"): $done executions"
[ "$done" -ge "$runs" ]
