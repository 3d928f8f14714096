#!/bin/sh
# What two analyzers find in the product: clang-tidy (.clang-tidy) and cppcheck
# (tools/cppcheck.txt). Minutes. Every finding is printed; the exit code is 1
# if there was any.
set -eu
cd "$(dirname "$0")/.."
found=$(mktemp)
trap 'rm -f "$found"' EXIT
cmake --preset dev -DCMAKE_EXPORT_COMPILE_COMMANDS=ON >/dev/null

echo "== cppcheck"
cppcheck --enable=warning,performance,portability --std=c11 --quiet -I . \
    --suppressions-list=tools/cppcheck.txt -j "$(nproc)" \
    agent collector common >"$found" 2>&1
cat "$found"
failed=$(grep -c . "$found" || true)

echo "== clang-tidy"
git ls-files 'agent/*.c' 'collector/*.c' 'common/*.c' |
    xargs -P "$(nproc)" -n 4 clang-tidy -p build/dev --quiet \
        >"$found" 2>/dev/null || true
cat "$found"
tidied=$(grep -cE '(warning|error):' "$found" || true)

echo "$failed findings of cppcheck, $tidied of clang-tidy"
[ "$failed" -eq 0 ] && [ "$tidied" -eq 0 ]
