#!/bin/sh
# A sample year is what its maker draws, and expected.csv what the separate
# count gives: neither may be mended by hand.
set -eu
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
for plan in plans/*/; do
    plan=${plan%/}
    id=$(basename "$plan")
    /usr/bin/python3 tests/oracle/make_samples.py "$id" "$plan/units.csv" "$made/$id" >/dev/null
    if [ -f "tests/oracle/$id.sql" ]; then
        /usr/bin/python3 tests/oracle/oracle.py "$plan" >"$made/$id/expected.csv"
    fi
    diff -r "$made/$id" "$plan/samples"
done
