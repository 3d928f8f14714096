"""Shows that each rule of tidy.py can fail, and that clean files pass."""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import tidy  # noqa: E402

CONTRACT = "/* a - x.\n */\n"
LONG_BODY = "int f(void)\n{\n" + "    g();\n" * 79 + "}\n"

# rule, path, text: each must be found, by that rule and no other.
BAD = [
    ("layers", "common/a.h", CONTRACT + '#include "agent/b.h"\n'),
    ("layers", "agent/a.h", CONTRACT + '#include "collector/b.h"\n'),
    ("layers", "collector/a.h", CONTRACT + '#include "agent/b.h"\n'),
    ("layers", "collector/main.c", '#include "tests/support/b.h"\n'),
    ("layers", "common/a.h", CONTRACT + '#include "event.pb-c.h"\n'),
    ("layers", "agent/main.c", '#include "event.pb-c.h"\n'),
    ("layers", "tests/support/a.c", '#include <uplink.pb-c.h>\n'),
    ("layers", "agent/main.c", "#include <lmdb.h>\n"),
    ("layers", "tests/support/a.c", "#include <lmdb.h>\n"),
    ("layers", "common/a.h", CONTRACT + "#include <zmq.h>\n"),
    ("layers", "collector/main.c", "#include <zmq.h>\n"),
    ("layers", "tests/support/a.c", '#include "../../common/a.h"\n'),
    ("generated", "proto/event.pb-c.c", "int x;\n"),
    ("generated", "tests/event_pb2.py", "x = 1\n"),
    ("columns", "agent/main.c", "int x; /*" + "x" * 70 + "*/\n"),
    ("blanks", "agent/main.c", "\tint x;\n"),
    ("blanks", "tools/a.sh", "echo \n"),
    ("blanks", "docs/a.md", "x"),
    ("size", "agent/main.c", LONG_BODY),
    ("size", "agent/main.c",
     "int f(void)\n{\n}\n" + "\n" * (tidy.FILE_LINES_MAX - 2)),
    ("unfinished", "agent/main.c", "/* TODO */\n"),
    ("unfinished", "agent/main.c", "/* FIXME */\n"),
    ("unfinished", "agent/main.c", "/* XXX */\n"),
    ("unfinished", "tools/a.sh", "# a HACK\n"),
    ("unfinished", "tools/a.py", "# not implemented\n"),
    ("unfinished", "docs/a.md", "Not yet implemented.\n"),
    ("unfinished", "docs/a.md", "A placeholder.\n"),
    ("unfinished", "agent/main.c", "/* for now */\n"),
    ("machine_path", "docs/a.md", "See /home/someone/x.\n"),
    ("sleep", "tests/support/a.c", "int x(void)\n{\n    sleep(1);\n}\n"),
    ("sleep", "tests/support/a.c", "int x(void)\n{\n    usleep(1);\n}\n"),
    ("sleep", "tests/a.py", "time.sleep(1)\n"),
    ("sleep", "tests/a.py", "sleep(delay)\n"),
    ("sleep", "tests/a.sh", "true; sleep 2\n"),
    ("braces", "agent/main.c", "int f(void)\n{\n    if (x)\n        y();\n}\n"),
    ("braces", "agent/main.c", "int f(void)\n{\n    for (;;)\n    g();\n}\n"),
    ("braces", "agent/main.c",
     "int f(void)\n{\n    if (x) {\n    } else\n        y();\n}\n"),
    ("contract", "common/base/b.h", "#define B 1\n"),
    ("listed", "common/base/new.c", "int x;\n"),
    ("listed", "common/twice.c", "int x;\n"),
    ("listed", "tests/unit/test_new.c", "int x;\n"),
] + [
    ("unsafe", "agent/main.c", f"int f(void)\n{{\n    {name}(a, b);\n}}\n")
    for name in ("strcpy", "sprintf", "strcat", "gets", "system", "popen",
                 "assert")
]

GOOD = [
    ("common/a.h", CONTRACT + '#include "common/b.h"\n#include <stdio.h>\n'),
    ("common/format/codec.c", '#include "event.pb-c.h"\n'),
    ("common/store/store.c", "#include <lmdb.h>\n"),
    ("agent/line/uplink.c", "#include <zmq.h>\n"),
    ("collector/line/intake.c", "#include <zmq.h>\n"),
    ("collector/line/zap.c", "#include <zmq.h>\n"),
    ("collector/line/control_socket.c", "#include <zmq.h>\n"),
    ("agent/main.c",
     "/* strcpy(a, b); assert(x) */\n"
     "int f(void)\n{\n" + "    g();\n" * 78 + "}\n"),
    ("collector/main.c",
     '#if defined(X)\nint x = 1;\n#else\nint x = 2;\n#endif\n'
     "#define LOOP(a) \\\n    do { \\\n        a; \\\n    } while (0)\n"
     "int g(void)\n{\n    if (x(1) && (y)) {\n        do {\n        } while "
     '(strstr(a, ") if (x) y;"));\n    } else if (z) {\n    } else {\n    }\n'
     "    static_assert(1, \"\");\n    snprintf(a, 1, b);\n}\n"),
    ("tests/unit/test_known.c", "int x;\n"),
    ("tests/a.py", "time.sleep(0.02)\n"),
    ("docs/a.md", "# Words\n\nfor nowhere, XXXXXX\n"),
]
LISTS = {
    "common/CMakeLists.txt":
        "  format/codec.c\n  store/store.c\n  twice.c\n  twice.c\n",
    "agent/CMakeLists.txt": "  line/uplink.c\n",
    "collector/CMakeLists.txt":
        "  line/control_socket.c\n  line/intake.c\n  line/zap.c\n",
    "tests/CMakeLists.txt": "tallyline_unit(known)\n",
}


def found_in(files):
    with tempfile.TemporaryDirectory() as folder:
        for path, text in files.items():
            target = Path(folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        return list(tidy.findings(folder, sorted(files)))


def main():
    passed = failed = 0
    for rule, path, text in BAD:
        rules = {item[2] for item in found_in({**LISTS, path: text})}
        if rules == {rule}:
            passed += 1
        else:
            failed += 1
            print(f"{rule}: {path}: {text!r} gave {sorted(rules)}")
    found = found_in({**LISTS, **dict(GOOD)})
    for item in found:
        print("a clean file was refused:", item)
    failed += 1 if found else 0
    passed += 0 if found else 1
    untried = set(tidy.FILE_RULES) | {"listed"}
    untried -= {rule for rule, _, _ in BAD}
    if untried:
        failed += 1
        print("rules that were never shown to fail:", sorted(untried))
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
