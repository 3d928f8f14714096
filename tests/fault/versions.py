#!/usr/bin/python3
"""Stores meet other versions of the programs, with kills in between.

    tests/fault/versions.py

A round is one of four things:

  other program  another version takes over from one that was
                 killed, and is killed, and so on; the versions differ in what
                 they call themselves, since all that were published so far
                 write the same formats
  newer store    a store of a format from the future: every command and both
                 services refuse it with a sentence and code 78 and leave every
                 byte of it as it is; with its own number again it works
  older store    the ledger is one of format 1, as programs wrote it before the
                 tree: commands read it as it is, the service is killed while it
                 makes it newer; at the end it has every node that it should
  first time     `init` and `join` are killed while they make a store; calling
                 them again makes it, or says that it is there, and it works

After each the line works without a hand, and tests/support/scene.py compares.
"""

import hashlib
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import ledger_file  # noqa: E402
import line as harness  # noqa: E402
import scene as scenes  # noqa: E402
from line import (SMALL_PROVINCE, Daemon, environment, expect,  # noqa: E402
                  expect_equal, free_port, run_tests, visit, wait_until)
from rounds import Rounds  # noqa: E402

ROUNDS = Rounds("meetings of versions", ci=12, full=60)
CONFIG = 78
OWN = harness.PROGRAMS
MAKER = Path(os.environ["TALLYLINE_BUILD"]) / "tests/support/make_older_ledger"
NAMES = ("tallyline-agent", "tallyline-collector", "tallyline-agent-full")
TAKEOVERS = 3
FIRST_KILLS = 4
KILL_SECONDS = 0.04
# What an administrator and an office may call; none may touch the store.
OFFICE_COMMANDS = [
    ["status"], ["outbox"], ["export"], ["recover", "--yes"],
    ["record", "inspection", *(f"{key}={value}" for key, value
                               in visit(90101, 999).items())]]
PROVINCE_COMMANDS = [["status"], ["indicators"], ["agents"],
                     ["plan", "load", SMALL_PROVINCE], ["revoke", "1"]]


def own_version():
    done = subprocess.run([OWN / NAMES[0], "version"], capture_output=True,
                          env=environment(), check=True)
    return done.stdout.split()[-1]


def make_versions(home):
    """Folders with programs that call themselves otherwise. Only the first
    letter: other texts may share the end of the name."""
    name = own_version()
    folders = [OWN]
    for letter in (b"7", b"9"):
        other = letter + name[1:]
        folder = home / other.decode()
        folder.mkdir()
        for program in NAMES:
            data = (OWN / program).read_bytes()
            expect(name + b"\0" in data, "the name in the program")
            path = folder / program
            path.write_bytes(data.replace(name + b"\0", other + b"\0"))
            path.chmod(0o755)
        folders.append(folder)
    return folders


def let_live(process, chance):
    """A moment, which the process may end before."""
    try:
        process.wait(timeout=chance.uniform(0, KILL_SECONDS))
    except subprocess.TimeoutExpired:
        pass


def use(folder):
    harness.PROGRAMS = scenes.PROGRAMS = folder


# ---- other program ----

def other_program(scene, chance, versions, seen):
    for _ in range(TAKEOVERS):
        use(chance.choice(versions))
        for daemon in scene.line.all_daemons():
            daemon.start()
        for _ in range(chance.randint(1, 4)):
            scene.record()
        if chance.random() < 0.5:
            scene.import_rows(chance.randint(1, 50))
        let_live(scene.office.daemon.process, chance)
        for daemon in chance.sample(scene.line.all_daemons(), 2):
            daemon.kill()
        seen["kills"] += 2
    use(chance.choice(versions))


# ---- newer store ----

def bytes_of(folder):
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.name.endswith("-lock")}


def newer_store(scene, chance, versions, seen):
    use(chance.choice(versions))
    province = chance.random() < 0.5
    part = scene.province if province else scene.office
    path = part.folder / ("ledger.mdb" if province else "spool.mdb")
    number = ledger_file.read_format(path)
    ledger_file.write_format(path, number + chance.choice([1, 2, 1000]))
    before = bytes_of(part.folder)
    words = part.daemon.start_in_vain(CONFIG)
    expect("newer version" in words, words)
    commands = PROVINCE_COMMANDS if province else OFFICE_COMMANDS
    for arguments in chance.sample(commands, 3):
        code, _, errors = scene.command(part.daemon.program, part.folder,
                                        arguments)
        expect_equal(code, CONFIG, f"code of {arguments}: {errors}")
        expect("newer version" in errors, f"{arguments}: {errors}")
    part.daemon.launch()
    let_live(part.daemon.process, chance)
    part.daemon.kill()
    seen["kills"] += 1
    expect_equal(bytes_of(part.folder), before, "every byte as it was")
    ledger_file.write_format(path, number)


# ---- older store ----

def older_store(scene, chance, versions, seen):
    use(chance.choice(versions))
    path = scene.province.folder / "ledger.mdb"
    older = path.with_name("older.mdb")
    size = len(list(ledger_file.read_store(path)))
    subprocess.run([MAKER, path, older], check=True)
    older.replace(path)
    path.with_name(path.name + "-lock").unlink(missing_ok=True)
    expect_equal(ledger_file.read_format(path), 1, "the older format")
    code, _, errors = scene.command(NAMES[1], scene.province.folder,
                                    ["status"])
    expect_equal(code, 0, f"status of an older ledger: {errors}")
    expect_equal(ledger_file.read_format(path), 1, "only read")
    for _ in range(TAKEOVERS):
        scene.province.daemon.launch()
        let_live(scene.province.daemon.process, chance)
        scene.province.daemon.kill()
        seen["kills"] += 1
    scene.province.daemon.start()
    scene.province.daemon.kill()
    expect_equal(ledger_file.read_format(path), 2, "the newer format")
    expect_equal(len(list(ledger_file.read_store(path))), size, "entries")
    ledger_file.check_tree(path)


# ---- first time ----

def kill_soon(arguments, chance, seen):
    """Runs a command that is killed, perhaps before its end; gives its code."""
    with subprocess.Popen(list(map(str, arguments)), env=environment(),
                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:
        let_live(process, chance)
        process.kill()
        code = process.wait()
    seen["kills"] += code < 0
    return code


def make_for_good(arguments, chance, seen):
    for _ in range(FIRST_KILLS):
        if kill_soon(arguments, chance, seen) == 0:
            return
    done = subprocess.run(list(map(str, arguments)), env=environment(),
                          stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=60)
    expect(done.returncode == 0 or "already" in done.stderr,
           f"{arguments}: {done.stderr}")


def first_time(scene, chance, versions, seen):
    use(chance.choice(versions))
    home = scene.line.home / f"first-{seen['first time']}"
    make_for_good([harness.PROGRAMS / NAMES[1], "init", "--origin",
                   "first.example/ledger", "--unit", "gso3:90", "--dir", home],
                  chance, seen)
    (home / "collector.yaml").write_text(
        f"listen: tcp://127.0.0.1:{free_port()}\n")
    daemon = Daemon(NAMES[1], home, scene.line.home)
    daemon.start()
    daemon.stop()

    file = scene.line.home / f"{home.name}.enrol"
    scene.province.daemon.start()
    scene.province.enrol(home.name, file, ["gso3:902:district_labour_office"])
    office = scene.line.home / f"{home.name}-office"
    join = [harness.PROGRAMS / NAMES[0], "join", file, "--dir", office]
    make_for_good(join, chance, seen)
    daemon = Daemon(NAMES[0], office, scene.line.home)
    daemon.start()

    def joined():
        code, out, _ = scene.command(NAMES[0], office, ["status"])
        return code == 0 and "999" not in out
    wait_until(joined, "the office that has joined")
    daemon.stop()
    scene.province.daemon.kill()


KINDS = {"other program": other_program, "newer store": newer_store,
         "older store": older_store, "first time": first_time}


def a_store_survives_every_version():
    print(ROUNDS, flush=True)
    chance = random.Random(ROUNDS.seed)
    seen = Counter()
    with scenes.Scene() as scene:
        versions = make_versions(scene.line.home)
        for number in range(ROUNDS.count):
            scene.restore()
            kind = list(KINDS)[number % len(KINDS)]
            try:
                KINDS[kind](scene, chance, versions, seen)
                scene.check()
            except Exception:
                print(f"round {number}: {kind}, {harness.PROGRAMS}")
                raise
            seen[kind] += 1
        use(OWN)
    print(", ".join(f"{what}: {times}" for what, times
                    in sorted(seen.items())))
    expect(all(seen[kind] for kind in KINDS), "each kind came")


os.umask(0o077)
run_tests([a_store_survives_every_version])
