#!/usr/bin/env bash
# The line on one machine: a collector and a few offices as real processes on
# loopback, with all their state under build/demo.
#
#   demo/run.sh [--check] [--plan ID]     (called by ./dev demo)
#
# Offices import a sample year; collector and one office are killed in the
# middle and come back; then the figures follow. --check holds every figure
# against samples/expected.csv and ends. The plan of a district needs no
# province: its collector stands in the district.
set -euo pipefail
cd "$(dirname "$0")/.."

check='' plan=ha-noi-2018
while [ $# -gt 0 ]; do
    case $1 in
    --check) check=1 ;;
    --plan)
        plan=${2:?--plan needs an id}
        shift
        ;;
    *)
        echo "usage: ./dev demo [--check] [--plan ID]" >&2
        exit 2
        ;;
    esac
    shift
done
samples=plans/$plan/samples
if [ ! -d "$samples" ]; then
    echo "demo: no plan '$plan' with samples; there are:" plans/*/samples >&2
    exit 3
fi

unit=$(sed -n 's/^unit: //p' "plans/$plan/plan.yaml")
case $unit in
*:???) level=commune ;;
*) level=district ;;
esac

state=$PWD/build/demo
agent=$PWD/build/bin/tallyline-agent
collector=$PWD/build/bin/tallyline-collector
province=$state/province
export TALLYLINE_LANG=${TALLYLINE_LANG:-vi}
declare -A pids=()

stop_all() {
    for name in "${!pids[@]}"; do
        kill "${pids[$name]}" 2>/dev/null || true
    done
    wait 2>/dev/null || true
}
trap stop_all EXIT

step() { printf '\n\033[1m%s\033[0m\n' "$*"; }
[ -t 1 ] || step() { printf '\n%s\n' "$*"; }

# Runs a command whose output belongs in the log; shows it when it fails.
quietly() {
    if ! "$@" >>"$state/demo.log" 2>&1; then
        echo "demo: failed: $*" >&2
        tail -n 15 "$state/demo.log" >&2
        exit 1
    fi
}

# Waits until a command succeeds, at most a minute.
wait_for() {
    local what=$1 deadline=$((SECONDS + 60))
    shift
    until "$@" >/dev/null 2>&1; do
        if [ $SECONDS -ge $deadline ]; then
            echo "demo: waited a minute for: $what" >&2
            tail -n 20 "$state"/*.log >&2
            exit 1
        fi
        sleep 0.1
    done
}

start_province() {
    "$collector" run --dir "$province" >>"$state/province.log" 2>&1 &
    pids[province]=$!
    wait_for "the collector" "$collector" status --dir "$province" --format csv
}

start_office() {
    "$agent" run --dir "$state/$1" >>"$state/$1.log" 2>&1 &
    pids[$1]=$!
}

kill_hard() {
    kill -9 "${pids[$1]}"
    wait "${pids[$1]}" 2>/dev/null || true
    unset "pids[$1]"
}

nothing_waits() {
    local saved sent
    saved=$("$agent" outbox --dir "$state/$1" --format csv --state saved | wc -l)
    sent=$("$agent" outbox --dir "$state/$1" --format csv --state sent | wc -l)
    [ "$saved" -eq 1 ] && [ "$sent" -eq 1 ] # the header rows
}

# Imports so many files of an office, in the order of their names.
import_files() {
    local folder=$1 first=$2 count=$3 files file
    files=("$samples/$folder"/[0-9]*.csv)
    for file in "${files[@]:first:count}"; do
        quietly "$agent" import "$file" --dir "$state/$folder"
    done
}

free_port() {
    /usr/bin/python3 -c 'import socket
with socket.socket() as s:
    s.bind(("127.0.0.1", 0))
    print(s.getsockname()[1])'
}

rm -rf "$state"
mkdir -p "$state"
chmod 700 "$state"
address=tcp://127.0.0.1:$(free_port)
web=127.0.0.1:$(free_port)

step "[1/6] The province: keys, ledger, plan"
quietly "$collector" init --dir "$province" --origin "demo.$plan" \
    --unit "$unit" --listen "$address" --web "$web"
quietly "$collector" plan load "plans/$plan" --dir "$province"
start_province
echo "  collector runs as process ${pids[province]}, $address"

step "[2/6] The offices are enrolled and join"
folders=()
while IFS=, read -r number folder pairs area; do
    [ "$number" != agent ] || continue
    [ "${first_pair:-}" ] || first_pair=${pairs%%;*}
    arguments=()
    for pair in ${pairs//;/ }; do arguments+=(--pair "$pair"); done
    quietly "$collector" enrol --dir "$province" --name "$folder" \
        "${arguments[@]}" --area "${area//;/,}" \
        --output "$state/$folder.join"
    quietly "$agent" join "$state/$folder.join" --dir "$state/$folder"
    start_office "$folder"
    folders+=("$folder")
    echo "  agent $number  $folder"
done <"$samples/offices.csv"
victim=${folders[2]}

step "[3/6] The offices import their year"
for folder in "${folders[@]}"; do
    import_files "$folder" 0 6
    echo "  $folder: its first files"
done

step "[4/6] The power goes: SIGKILL to the collector and to $victim"
for folder in "${folders[@]}"; do
    import_files "$folder" 6 1
done &
importing=$!
kill_hard province
kill_hard "$victim"
echo "  collector and $victim are dead; the offices go on entering"
wait "$importing"
for folder in "${folders[@]}"; do
    import_files "$folder" 7 99
done
echo "  everything is saved in the offices"

step "[5/6] Both come back"
start_province
start_office "$victim"
for folder in "${folders[@]}"; do
    wait_for "$folder to be received" nothing_waits "$folder"
    # The same file again adds nothing.
    "$agent" import "$samples/$folder"/03-*.csv --dir "$state/$folder" |
        sed "s/^/  $folder, the third file again: /"
done

step "[6/6] The plan and what was counted"

"$collector" indicators --dir "$province"
/usr/bin/python3 demo/check.py "$samples/expected.csv" \
    <("$collector" indicators --dir "$province" --format csv) \
    <("$collector" indicators --dir "$province" --by "$level" --raw \
        --format csv)

# Somebody to sign in as; the password is nobody's: a link opens the pages.
head -c 18 /dev/urandom | base64 |
    quietly "$collector" users add demo --role officer --dir "$province"
/usr/bin/python3 demo/look.py \
    "$("$collector" users link demo --dir "$province")"

if [ "$level" = commune ]; then
    step "[+] The same office alone: no province, its own ledger"
    quietly "$agent" join "plans/$plan" --alone --dir "$state/alone" \
        --pair "$first_pair"
    for file in "$samples/${folders[0]}"/[0-9]*.csv; do
        quietly "$agent" import "$file" --dir "$state/alone"
    done
    "$agent" indicators --dir "$state/alone"
    echo "  Its two corrections wait: they name events by their number above."
fi
if [ -n "$check" ]; then
    exit 0
fi

link=$("$collector" users link demo --dir "$province")
first=${folders[0]}
first_unit=${first_pair%:*}
year=${plan##*-}
cat <<TEXT

The dashboard (opens once, within ten minutes; another address is given by
build/bin/tallyline-collector users link demo --dir build/demo/province):

  $link

It goes on running; Ctrl-C ends it. In another terminal, try:

  1. One event, from the office to the figure:
     build/bin/tallyline-agent record communication_activity \\
       --dir build/demo/$first unit=$first_unit office=${first_pair##*:} \\
       held_on=$year-12-20 subject_unit=$first_unit form=talk \\
       audience=community sessions=1 attendees=30
     build/bin/tallyline-agent outbox --dir build/demo/$first
     build/bin/tallyline-collector indicators --dir build/demo/province \\
       --indicator outreach_attendee_sum
  2. Pull the plug again: kill -9 ${pids[province]}, record once more, then
     build/bin/tallyline-agent status --dir build/demo/$first
     build/bin/tallyline-collector run --dir build/demo/province
  3. A mistake, and how it is told:
     build/bin/tallyline-agent record inspection --dir build/demo/$first \\
       inspected_on=$year-02-30 result=violated
TEXT
# The collector may be killed and come back by another hand: wait for Ctrl-C.
trap 'exit 0' INT TERM
sleep infinity &
pids[pause]=$!
wait "${pids[pause]}"
