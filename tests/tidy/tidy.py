"""House rules that a compiler does not see.

    python3 tests/tidy/tidy.py [FOLDER]

Reads the files that git knows or would know below FOLDER (the project itself
if none is named), prints FILE:LINE: RULE: what is wrong, and exits with 1 if
anything is. Each rule is shown to fail by tidy_self_test.py.
"""

import re
import subprocess
import sys
import unicodedata
from pathlib import Path

COLUMNS_MAX = 80
FILE_LINES_MAX = 450
FUNCTION_LINES_MAX = 80
# The longest pause between two looks at a condition, in seconds.
POLL_SECONDS_MAX = 0.05

# What holds a main() is no part of its layer.
PROGRAMS = ("main.c", "front.c")
LAYERS = {
    "proto": (),
    "common": ("common",),
    "agent": ("agent", "common"),
    "collector": ("collector", "common"),
}
# Headers that only some files may include, wherever they are.
RESERVED_HEADERS = {
    "lmdb.h": r"common/store/store(_\w+)?\.c|tests/\w+/test_store\w*\.c",
    "microhttpd.h": r"common/http/http\w*\.[ch]|tests/unit/test_http\w*\.c",
    "zmq.h": r"agent/line/uplink\w*\.[ch]|collector/feed/feed\w*\.[ch]"
             r"|collector/line/(intake|zap)\w*\.[ch]"
             r"|(agent|collector|common)/(\w+/)?\w*_socket\w*\.[ch]"
             r"|(tests|bench)/.*",
}
GENERATED_HEADER = re.compile(r"\.pb-c\.h$")
# The descriptors are what the catalogue is held against.
GENERATED_USERS = re.compile(
    r"common/format/codec\w*\.[ch]|tests/unit/test_(catalogue|codec)\w*\.c"
    r"|tests/fuzz/fuzz_(codec|wire)\w*\.c")
GENERATED_FILES = re.compile(
    r"\.pb-c\.[ch]$|_pb2\.py$|\.(o|a|so|pyc|gcda|gcno)$|^build/")

UNSAFE = re.compile(
    r"\b(strcpy|stpcpy|strcat|sprintf|vsprintf|gets|system|popen|tmpnam"
    r"|mktemp|alloca)\s*\(")
UNFINISHED = re.compile(
    r"\b(TODO|FIXME|XXX|HACK)\b"
    r"|\b(not (yet )?implemented|placeholder|for now)\b", re.IGNORECASE)
MACHINE_PATH = re.compile(r"(?<![\w.])/(work|root|home)/\w")

C_FILES = (".c", ".h")
CODE_FILES = C_FILES + (".sh", ".py", ".cmake", ".proto", ".js")
TEXT_FILES = CODE_FILES + (".md", ".txt", ".yaml", ".yml", ".json", ".service")
# These name the forbidden words because it is their work.
OWN_FILES = re.compile(r"^tests/tidy/")


class Source:
    """One file: its path below the folder, its text and, for C, its text
    with comments and literals blanked out, line for line."""

    def __init__(self, path, text):
        self.path = path
        self.suffix = Path(path).suffix
        self.text = text
        self.lines = text.split("\n")
        self.bare = blank(text) if self.suffix in C_FILES else text
        self.bare_lines = self.bare.split("\n")

    def line_of(self, offset):
        return self.bare.count("\n", 0, offset) + 1


def blank(text):
    """C text with comments, strings and characters replaced by spaces."""
    pattern = re.compile(
        r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'',
        re.DOTALL)
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


def columns(line):
    return sum(0 if unicodedata.combining(c) else 1 for c in line)


def rule_layers(source):
    if source.suffix not in C_FILES:
        return
    top = source.path.split("/")[0]
    for number, line in enumerate(source.lines, 1):
        match = re.match(r'\s*#\s*include\s*(["<])([^">]+)[">]', line)
        if not match:
            continue
        name = match.group(2)
        if ".." in name.split("/"):
            yield number, f"{name}: includes start at the top folder"
        if GENERATED_HEADER.search(name):
            if not GENERATED_USERS.fullmatch(source.path):
                yield number, f"{name}: only common/format/codec* may include it"
            continue
        allowed = RESERVED_HEADERS.get(name)
        if allowed and not re.fullmatch(allowed, source.path):
            yield number, f"{name}: this file may not include it"
        if match.group(1) == '"' and top in LAYERS:
            if name.split("/")[0] not in LAYERS[top]:
                yield number, f"{name}: {top} may not depend on it"


def rule_generated(source):
    if GENERATED_FILES.search(source.path):
        yield 1, "a generated file is not kept in git"


def rule_columns(source):
    if source.suffix in C_FILES:
        for number, line in enumerate(source.lines, 1):
            if columns(line) > COLUMNS_MAX:
                yield number, f"{columns(line)} columns, at most {COLUMNS_MAX}"


def rule_blanks(source):
    if source.suffix not in TEXT_FILES:
        return
    for number, line in enumerate(source.lines, 1):
        if "\t" in line:
            yield number, "a tab"
        if line != line.rstrip():
            yield number, "blanks at the end of the line"
    if source.text and not source.text.endswith("\n"):
        yield len(source.lines), "no line end at the end of the file"


def functions(source):
    """(first line, number of lines) of each body whose braces stand alone in
    the first column, which is how clang-format lays out functions."""
    start = None
    for number, line in enumerate(source.bare_lines, 1):
        if line.rstrip() == "{":
            start = number
        elif line.rstrip() == "}" and start is not None:
            yield start, number - start + 1
            start = None


def rule_size(source):
    if source.suffix not in C_FILES:
        return
    bodies = list(functions(source))
    lines = len(source.lines) - 1
    # A file without functions is a table or a list of declarations.
    if lines > FILE_LINES_MAX and bodies:
        yield lines, f"{lines} lines, at most {FILE_LINES_MAX}"
    for start, size in bodies:
        if size > FUNCTION_LINES_MAX:
            yield start, (f"a function of {size} lines, at most "
                          f"{FUNCTION_LINES_MAX}")


def rule_unfinished(source):
    if source.suffix not in TEXT_FILES or OWN_FILES.match(source.path):
        return
    for number, line in enumerate(source.lines, 1):
        match = UNFINISHED.search(line)
        # An input field of a page has an attribute of this name.
        if match and not (source.suffix == ".js"
                          and match.group().lower() == "placeholder"):
            yield number, f'unfinished work: "{match.group()}"'


def rule_machine_path(source):
    if source.suffix not in TEXT_FILES or OWN_FILES.match(source.path):
        return
    for number, line in enumerate(source.lines, 1):
        if MACHINE_PATH.search(line):
            yield number, "a path of one machine"


def rule_sleep(source):
    if (not source.path.startswith("tests/")
            or OWN_FILES.match(source.path)):
        return
    for number, line in enumerate(source.bare_lines, 1):
        if source.suffix in C_FILES:
            if re.search(r"\b(sleep|usleep|nanosleep)\s*\(", line):
                yield number, "a sleep; wait for a condition with a deadline"
            continue
        if source.suffix == ".py":
            match = re.search(r"\bsleep\(([^)]*)", line)
        elif source.suffix == ".sh":
            match = re.search(r"(?:^|[;&|]|\bdo\b)\s*sleep\s+(\S+)", line)
        else:
            return
        if match and not is_poll(match.group(1)):
            yield number, "a sleep; wait for a condition with a deadline"


def is_poll(argument):
    try:
        return float(argument) <= POLL_SECONDS_MAX
    except ValueError:
        return False


def rule_unsafe(source):
    if source.suffix not in C_FILES:
        return
    for number, line in enumerate(source.bare_lines, 1):
        match = UNSAFE.search(line)
        if match:
            yield number, f"{match.group(1)}() is not used here"
        if re.search(r"(?<![\w])assert\s*\(", line):
            yield number, "assert() vanishes in release; use check()"


def rule_braces(source):
    if source.suffix not in C_FILES:
        return
    # Directives are not statements; a macro's body is.
    text = re.sub(r"(?m)^[ \t]*#[ \t]*(?!define)[^\n]*",
                  lambda m: " " * len(m.group()), source.bare)
    text = text.replace("\\\n", " \n")
    for match in re.finditer(r"\b(if|for|while|switch)\b\s*\(", text):
        end = closing(text, match.end() - 1)
        after = text[end + 1:].lstrip()[:1] if end is not None else "{"
        before = text[:match.start()].rstrip()[-1:]
        if match.group(1) == "while" and before == "}" and after != "{":
            continue
        if after != "{":
            yield source.line_of(match.start()), f"{match.group(1)} without {{"
    for match in re.finditer(r"\belse\b\s*(\w+|.)", text):
        if match.group(1) not in ("if", "{"):
            yield source.line_of(match.start()), "else without {"


def closing(text, opening):
    depth = 0
    for offset in range(opening, len(text)):
        if text[offset] == "(":
            depth += 1
        elif text[offset] == ")":
            depth -= 1
            if depth == 0:
                return offset
    return None


def rule_contract(source):
    match = re.fullmatch(r"(?:common|agent|collector)/(?:\w+/)?(\w+)\.h",
                         source.path)
    if match and not source.text.startswith(f"/* {match.group(1)} - "):
        yield 1, f"a header begins with its contract: /* {match.group(1)} - …"


FILE_RULES = {
    "layers": rule_layers,
    "generated": rule_generated,
    "columns": rule_columns,
    "blanks": rule_blanks,
    "size": rule_size,
    "unfinished": rule_unfinished,
    "machine_path": rule_machine_path,
    "sleep": rule_sleep,
    "unsafe": rule_unsafe,
    "braces": rule_braces,
    "contract": rule_contract,
}


def check_listed(sources):
    """Every C source is built and every unit test is run, once."""
    texts = {source.path: source.text for source in sources}
    for path in sorted(texts):
        layer, _, below = path.partition("/")
        name = path.rpartition("/")[2]
        in_layer = layer in LAYERS and layer != "proto"
        if in_layer and name.endswith(".c") and name not in PROGRAMS:
            wanted = [(f"{layer}/CMakeLists.txt", rf"^\s*{re.escape(below)}$")]
        elif re.fullmatch(r"tests/(unit|integration|fault)/test_\w+\.c", path):
            stem = name[len("test_"):-len(".c")]
            wanted = [("tests/CMakeLists.txt",
                       rf"tallyline_unit\({stem}\b|[ /]{re.escape(name)}\b")]
        else:
            continue
        for lists, pattern in wanted:
            found = re.findall(pattern, texts.get(lists, ""), re.MULTILINE)
            if not found:
                yield path, 1, f"not named in {lists}"
            elif len(found) > 1:
                yield path, 1, f"named {len(found)} times in {lists}"


def known_files(folder):
    listed = subprocess.run(
        ["git", "-C", str(folder), "ls-files", "-co", "--exclude-standard",
         "-z"], check=True, capture_output=True).stdout.decode()
    return sorted(name for name in listed.split("\0") if name)


def read_sources(folder, names):
    for name in names:
        try:
            yield Source(name, (folder / name).read_text(encoding="utf-8"))
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            yield Source(name, "")


def findings(folder, names):
    """All that is wrong, as (path, line, rule, text)."""
    sources = list(read_sources(Path(folder), names))
    for source in sources:
        for rule, function in FILE_RULES.items():
            for line, text in function(source):
                yield source.path, line, rule, text
    for path, line, text in check_listed(sources):
        yield path, line, "listed", text


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else (
        Path(__file__).resolve().parents[2])
    found = list(findings(folder, known_files(folder)))
    for path, line, rule, text in found:
        print(f"{path}:{line}: {rule}: {text}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
