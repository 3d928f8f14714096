#!/bin/sh
# What can be said about the sources without building them. Every finding is
# printed; the exit code is 1 if there was any.
set -eu
cd "$(dirname "$0")/.."
failed=0

sources() {
    git ls-files -co --exclude-standard "$@" | while read -r file; do
        [ ! -f "$file" ] || echo "$file"
    done
}

echo "== layout (clang-format)"
sources '*.c' '*.h' | xargs -r clang-format --dry-run -Werror || failed=1

echo "== shell scripts (shellcheck)"
sources | while read -r file; do
    case $file in
    *.sh) echo "$file" ;;
    *)
        head -c 64 "$file" | head -n 1 | tr -d '\0' |
            grep -qE '^#!.*[/ ](ba|da)?sh( |$)' && echo "$file"
        ;;
    esac
done | xargs -r shellcheck || failed=1

echo "== Python scripts (syntax)"
sources '*.py' | xargs -r python3 -c '
import ast, sys
for name in sys.argv[1:]:
    ast.parse(open(name, encoding="utf-8").read(), name)' || failed=1

echo "== house rules"
python3 tests/tidy/tidy.py || failed=1

[ "$failed" -eq 0 ] || echo "lint: ./dev fmt mends the layout" >&2
exit "$failed"
