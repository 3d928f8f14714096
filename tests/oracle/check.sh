#!/bin/sh
# The sample year is what its maker draws, and expected.csv what the separate
# count gives: neither may be mended by hand.
set -eu
samples=plans/ha-noi-2018/samples
units=plans/ha-noi-2018/units.csv
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
/usr/bin/python3 tests/oracle/make_samples.py "$units" "$made" >/dev/null
/usr/bin/python3 tests/oracle/oracle.py plans/ha-noi-2018 >"$made/expected.csv"
diff -r "$made" "$samples"
