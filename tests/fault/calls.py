#!/usr/bin/python3
"""Both programs are killed at every Kth system call of what they do: saving,
importing, joining, recovering, starting, sealing and sending, receiving and
committing, loading a plan.

    tests/fault/calls.py

Each phase is run once under strace to see its calls; then it is run again and
again from the same saved folders, and strace kills it when it enters its Kth
call. After each kill the line is started, and everything that was acknowledged
must be there (tests/support/scene.py). In full the Ks are spread over all calls
of each phase; in CI over those that write, sync or send.
"""

import shutil
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from line import (SMALL_PROVINCE, expect, run_tests,  # noqa: E402
                  saved_count, wait_until)
from rounds import Rounds  # noqa: E402
from scene import TRACED, Scene, need_strace, strace  # noqa: E402

ROUNDS = Rounds("kills at a system call", ci=40, full=2000)
IMPORT_ROWS = 40
# What leaves something behind, here or at the other end.
LEAVES = {"write", "pwrite64", "writev", "fdatasync", "fsync", "ftruncate",
          "rename", "renameat", "renameat2", "link", "linkat", "unlink",
          "unlinkat", "mkdir", "sendto", "sendmsg", "openat", "fcntl"}
KILLED = -9
DISK = 74


def calls_of(trace):
    """The names of the calls of the first thread, in order."""
    lines = [line.split(None, 1) for line in
             trace.read_text(errors="replace").splitlines()]
    first = lines[0][0]
    return [text.split("(")[0] for thread, text in lines
            if thread == first and "(" in text
            and not text.startswith(("<...", "+++", "---"))]


class Command:
    """A command that ends by itself."""

    def __init__(self, name, run, prepare=None):
        self.name = name
        self.act = run
        self.prepare = prepare

    def run(self, scene, prefix):
        if self.prepare is not None:
            self.prepare(scene)
        return self.act(scene, prefix)[0]


class Service:
    """A daemon, from its start until the office has sent all it has."""

    def __init__(self, name, victim):
        self.name = name
        self.victim = victim

    def run(self, scene, prefix):
        daemons = {"province": scene.province.daemon,
                   "office": scene.office.daemon}
        victim = daemons.pop(self.victim)
        for daemon in daemons.values():
            daemon.start()
        victim.prefix, victim.more = prefix, TRACED
        victim.launch()
        wait_until(lambda: not victim.running() or scene.office.drained(),
                   f"{self.name} to end")
        # A kill later than all calls is one too, at the end.
        code = victim.process.poll()
        victim.kill()
        victim.notify.close()
        victim.prefix, victim.more = [], {}
        return code


def load_plan(scene, prefix):
    files = scene.line.home / "second"
    if not files.exists():
        shutil.copytree(SMALL_PROVINCE, files)
        plan = next(files.glob("*.yaml"))
        plan.write_text(plan.read_text().replace("revision: 1",
                                                 "revision: 2"))
    return scene.command("tallyline-collector", scene.province.folder,
                         ["plan", "load", files], prefix)


def before_join(scene):
    """The office as it is before it has joined; the province runs."""
    scene.province.daemon.start()
    scene.newcomer = scene.line.home / "newcomer"
    shutil.rmtree(scene.newcomer, ignore_errors=True)
    scene.file = scene.line.home / "newcomer.enrol"
    scene.file.unlink(missing_ok=True)
    scene.province.enrol("Newcomer", scene.file,
                         ["gso3:902:district_labour_office"])


def join(scene, prefix):
    answer = scene.command("tallyline-agent", scene.newcomer,
                           ["join", scene.file], prefix)
    if answer[0] == KILLED:
        code, _, errors = scene.command("tallyline-agent", scene.newcomer,
                                        ["join", scene.file])
        joined = scene.command("tallyline-agent", scene.newcomer,
                               ["status"])[0]
        expect(code == 0 or joined in (0, 1),
               f"joining again after a kill: {errors}")
    return answer


def start_province(scene):
    scene.province.daemon.start()


def recover(scene, prefix):
    """A person to whom it said nothing gives the command again."""
    answer = scene.agent("recover", "--yes", prefix=prefix)
    if answer[0] == KILLED:
        code, _, errors = scene.agent("recover", "--yes")
        expect(code == 0, f"recovering again after a kill: {errors}")
    return answer


PHASES = [
    Command("record", lambda scene, prefix: scene.record(prefix)),
    Command("import",
            lambda scene, prefix: scene.import_rows(IMPORT_ROWS, prefix)),
    Command("join", join, before_join),
    Command("recover", recover, start_province),
    Command("plan load", load_plan),
    Service("office: start, seal, send, keep receipts", "office"),
    Service("province: start, take, commit", "province"),
]


def look(phase, scene):
    """The calls of one run that nothing harms."""
    trace = scene.line.home / "trace"
    scene.restore()
    code = phase.run(scene, ["strace", "-D", "-f", "-qq", "-o", str(trace)])
    expect(code in (0, None), f"{phase.name} unharmed: code {code}")
    scene.check()
    return calls_of(trace)


def injection(calls, k):
    """strace counts the calls of each name, and of each thread, by itself."""
    name = calls[k - 1]
    return ["-e", f"trace={name}", "-e",
            f"inject={name}:signal=SIGKILL:when={calls[:k].count(name)}"]


def spread(points, count):
    """`count` of the points, evenly; some twice when there are fewer."""
    return [points[i * len(points) // count] for i in range(count)]


def killed_at_any_call_nothing_acknowledged_is_lost():
    need_strace()
    print(ROUNDS, flush=True)
    done = Counter()
    missed = 0
    with Scene() as scene:
        for i, phase in enumerate(PHASES):
            calls = look(phase, scene)
            share = (ROUNDS.count * (i + 1) // len(PHASES) -
                     ROUNDS.count * i // len(PHASES))
            points = list(range(1, len(calls) + 1))
            if not ROUNDS.is_full:
                points = [k for k in points if calls[k - 1] in LEAVES]
            for k in spread(points, share):
                scene.restore()
                code = phase.run(scene, strace(*injection(calls, k)))
                expect(code in (KILLED, 0, None), f"{phase.name}, call {k} "
                       f"({calls[k - 1]}): code {code}")
                missed += code != KILLED
                done[phase.name] += 1
                try:
                    scene.check()
                except Exception:
                    print(f"{phase.name}, call {k} ({calls[k - 1]})")
                    raise
            print(f"{phase.name}: {done[phase.name]} kills at "
                  f"{len(calls)} calls", flush=True)
    print(f"{sum(done.values())} kills, {missed} of them after the last call")
    expect(missed * 4 <= ROUNDS.count, "most kills came at their call")


def what_is_there_already_is_synced_before_it_is_told():
    """I1. The command before may have died between writing its rows and the
    sync: they are seen, and a power cut would take them away."""
    need_strace()
    with Scene() as scene:
        scene.restore()
        path = scene.office.write_rows([{"type": "inspection",
                                         **scene.event(scene.mark())}])
        said = [scene.agent("import", path, prefix=prefix)
                for prefix in ((), (), strace(
                    "-e", "trace=fdatasync,fsync,msync", "-e",
                    "inject=fdatasync,fsync,msync:error=EIO"))]
        expect([code for code, _, _ in said] == [0, 0, DISK], str(said))
        expect(saved_count(said[2][1]) is None, said[2][1])


run_tests([killed_at_any_call_nothing_acknowledged_is_lost,
           what_is_there_already_is_synced_before_it_is_told])
