"""A province and its offices as real processes, for tests in Python.

    with Line() as line:
        office = line.office("gso3:901")
        identity = office.record("inspection", visit(...))
        wait_until(lambda: office.count("received") == 1, "a receipt")

Everything lives in a folder of its own and on ports of the loopback that were
free. Nothing is waited for by time alone: a daemon is ready when it says so to
its service manager (NOTIFY_SOCKET), all else is a condition with a deadline.
Only processes that were started here are ended, by their own id. When a test
fails the ends of all logs are shown.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
PROGRAMS = Path(os.environ.get("TALLYLINE_BIN", SOURCE / "build" / "bin"))
SMALL_PROVINCE = SOURCE / "tests" / "support" / "small_province"
LABOUR_OFFICE = "district_labour_office"
# What is promised: a killed service answers again within this time.
ANSWER_SECONDS = 10
WAIT_SECONDS = 30
COMMAND_SECONDS = 60
LOG_LINES_SHOWN = 25


class Failure(Exception):
    """What a test expected and did not find."""


class Skip(Exception):
    """Why a test could not be run here."""


def expect(condition, what):
    if not condition:
        raise Failure(what)


def expect_equal(found, wanted, what):
    expect(found == wanted, f"{what}: {found!r}, not {wanted!r}")


def wait_until(condition, what, seconds=WAIT_SECONDS):
    """Asks until the answer is true, and gives it."""
    end = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > end:
            raise Failure(f"waited {seconds} s in vain for {what}")
        time.sleep(0.02)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def copy_folder(source, target):
    """A copy as one makes it of a machine that is off: without sockets."""
    shutil.copytree(source, target, dirs_exist_ok=True,
                    ignore=shutil.ignore_patterns("*.sock"))


def environment(**more):
    return {**os.environ, "TALLYLINE_LANG": "en", **more}


def run_command(program, folder, arguments, code=0, more=None):
    """Runs a command to its end. `code` None takes any exit code; `more` is
    added to its environment."""
    done = subprocess.run(
        [PROGRAMS / program, *map(str, arguments), "--dir", str(folder)],
        capture_output=True, text=True, env=environment(**(more or {})),
        timeout=COMMAND_SECONDS, stdin=subprocess.DEVNULL)
    if code is not None and done.returncode != code:
        raise Failure(f"{program} {' '.join(map(str, arguments))}: code "
                      f"{done.returncode}, not {code}\n{done.stderr}")
    return done


class Daemon:
    """`PROGRAM run` on a folder: started, stopped, killed, started again."""

    def __init__(self, program, folder, home):
        self.program = program
        self.folder = folder
        self.log = home / f"{folder.name}.log"
        self.socket_path = home / f"{folder.name}.notify"
        self.prefix = []  # what the program is started by, as strace
        self.more = {}  # to its environment
        self.process = None

    def running(self):
        return self.process is not None and self.process.poll() is None

    def launch(self):
        """Starts without waiting."""
        expect(not self.running(), f"{self.folder.name} runs already")
        self.socket_path.unlink(missing_ok=True)
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind(str(self.socket_path))
        self.notify.setblocking(False)
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [*self.prefix, PROGRAMS / self.program, "run", "--dir",
                 str(self.folder)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=environment(NOTIFY_SOCKET=str(self.socket_path),
                                **self.more))

    def is_ready(self):
        expect(self.running(), f"{self.program} in {self.folder.name} ended "
               f"with code {self.process.poll()} before it was ready")
        try:
            return b"READY=1" in self.notify.recv(4096)
        except BlockingIOError:
            return False

    def start(self, seconds=ANSWER_SECONDS):
        self.launch()
        wait_until(self.is_ready, f"{self.folder.name} to be ready", seconds)
        self.notify.close()

    def start_in_vain(self, code):
        """Starts what must end by itself with this code; gives its words."""
        done = subprocess.run(
            [PROGRAMS / self.program, "run", "--dir", str(self.folder)],
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            env=environment(**self.more), timeout=ANSWER_SECONDS)
        expect_equal(done.returncode, code, f"code of a second {self.program}")
        return done.stderr

    def end(self, number, code):
        if self.running():
            self.process.send_signal(number)
        if self.process is not None:
            found = self.process.wait(timeout=ANSWER_SECONDS)
            self.process = None
            if code is not None:
                expect_equal(found, code, f"code of {self.folder.name}")

    def stop(self):
        self.end(signal.SIGTERM, 0)

    def kill(self):
        self.end(signal.SIGKILL, None)

    def log_text(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""


class Province:
    def __init__(self, line, origin, files, unit):
        self.folder = line.home / "province"
        self.daemon = Daemon("tallyline-collector", self.folder, line.home)
        self.port = free_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.more = dict(line.more)
        self.daemon.more = self.more
        self.command("init", "--origin", origin, "--unit", unit)
        self.configure()
        self.command("plan", "load", files)

    def configure(self, **more):
        settings = {"listen": self.address, **more}
        (self.folder / "collector.yaml").write_text(
            "".join(f"{key}: {value}\n" for key, value in settings.items()))

    def command(self, *arguments, code=0):
        return run_command("tallyline-collector", self.folder, arguments, code,
                           self.more)

    def rows(self, *arguments):
        out = self.command(*arguments, "--format", "jsonl").stdout
        return [json.loads(text) for text in out.splitlines()]

    def key(self, name):
        return (self.folder / "keys" / name).read_text()

    def leave(self, *more):
        """Its orders, in a file for another collector."""
        path = self.folder.parent / f"{self.folder.name}.orders"
        self.command("orders", "--output", path, *more)
        return path

    def arrive(self, path, code=0):
        """Gives how many orders were new, and how many passed over."""
        done = self.command("import-orders", path, "--format", "jsonl",
                            code=code)
        self.arrived = json.loads(done.stdout)
        self.said = done.stderr
        return self.arrived["added"], self.arrived["passed_over"]

    def hear(self, other):
        return self.arrive(other.leave())

    def enrol(self, name, output, pairs, *more):
        """Gives the agent's number."""
        options = [part for pair in pairs for part in ("--pair", pair)]
        done = self.command("enrol", "--name", name, "--output", output,
                            *options, *more)
        return int(done.stdout.split()[0])

    def figures(self, *more):
        """Value of each indicator of the plan, as the ledger now stands."""
        return {row["indicator"]: row["value"]
                for row in self.rows("indicators", *more)}

    def outcomes(self):
        """Events that do not count, by why."""
        return {row["outcome"]: row["events"]
                for row in self.rows("status", "--totals")}


class Office:
    def __init__(self, line, unit, pairs=(), more=(), folder=None,
                 province=None):
        line.offices.append(self)
        self.unit = unit
        self.line = line
        self.folder = line.home / (folder or f"office-{len(line.offices)}")
        self.daemon = Daemon("tallyline-agent", self.folder, line.home)
        self.number = None
        self.files = 0
        self.more = dict(line.more)
        self.daemon.more = self.more
        if folder is None:
            file = line.home / f"{self.folder.name}.enrol"
            self.number = (province or line.province).enrol(
                f"Office {len(line.offices)}", file,
                pairs or [f"{unit}:{LABOUR_OFFICE}"], *more)
            self.command("join", file)

    def start(self):
        """Starts the daemon and waits for what the office needs to record."""
        self.daemon.start()
        self.wait_for_lists()

    def go_by(self, *ports):
        """From the next start on the office reaches the province there."""
        path = self.folder / "agent.yaml"
        config = path.read_text()
        for port in ports:
            config = config.replace(self.line.province.address,
                                    f"tcp://127.0.0.1:{port}")
        path.write_text(config)

    def wait_for_lists(self):
        wait_until(lambda: self.status()["plan"], "the plan to come down")

    def command(self, *arguments, code=0):
        return run_command("tallyline-agent", self.folder, arguments, code,
                           self.more)

    def rows(self, *arguments):
        out = self.command(*arguments, "--format", "jsonl").stdout
        return [json.loads(text) for text in out.splitlines()]

    def record(self, kind, fields, code=0):
        """Gives the id of what was saved."""
        done = self.command(
            "record", kind, *(f"{key}={value}" for key, value
                              in fields.items()), code=code)
        return saved_id(done.stdout) if code == 0 else None

    def write_rows(self, rows):
        """A CSV file of these rows, which are dicts with the same keys."""
        self.files += 1
        path = self.line.home / f"{self.folder.name}-{self.files}.csv"
        text = [",".join(rows[0])]
        text += [",".join(str(value) for value in row.values())
                 for row in rows]
        path.write_text("\n".join(text) + "\n")
        return path

    def import_rows(self, rows, code=0):
        """Gives how many rows were new."""
        return self.import_file(self.write_rows(rows), code)

    def import_file(self, path, code=0):
        done = self.command("import", path, code=code)
        return saved_count(done.stdout) if code == 0 else None

    def outbox(self):
        return self.rows("outbox")

    def status(self):
        done = self.command("status", "--format", "jsonl", code=None)
        expect(done.returncode in (0, 1), done.stderr)
        return json.loads(done.stdout)

    def words(self):
        """What `status` tells a person."""
        return self.command("status", code=None).stdout

    def count(self, state):
        return self.status()[state]

    def drained(self):
        row = self.status()
        return row["saved"] + row["sent"] == 0


class Line:
    """A province that runs, and the offices that were added to it. `more` is
    added to the environment of every process."""

    def __init__(self, origin="test.example/ledger", files=SMALL_PROVINCE,
                 more=None, unit="gso3:90"):
        self.more = more or {}
        self.origin = origin
        self.unit = unit
        self.files = files
        self.offices = []
        self.seconds = []  # further collectors (second.py)
        self.damaged = False  # a test has harmed the ledger for good

    def __enter__(self):
        self.home = Path(tempfile.mkdtemp(prefix="tallyline-"))
        self.daemons = []
        try:
            self.province = Province(self, self.origin, self.files,
                                     self.unit)
            self.province.daemon.start()
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        return self

    def office(self, unit, **options):
        """An office that has joined; its daemon does not run yet."""
        return Office(self, unit, **options)

    def settle(self, seconds=WAIT_SECONDS):
        """Waits until everything that was saved has been received."""
        for office in self.offices:
            wait_until(office.drained, f"{office.folder.name} to send all it "
                       "has", seconds)

    def all_daemons(self):
        found = [office.daemon for office in self.offices]
        if hasattr(self, "province"):
            found.append(self.province.daemon)
        found += [second.daemon for second in self.seconds]
        return found

    def audit(self):
        """Whatever a test has put the line through, the ledger that is left
        passes every check, unless the test has damaged it."""
        folder = getattr(self, "province", None) and self.province.folder
        if (folder is None or self.damaged
                or not (folder / "ledger.mdb").exists()):
            return None
        done = subprocess.run(
            [PROGRAMS / "tallyline-collector", "audit", "verify", "--data",
             folder], capture_output=True, text=True, env=environment(),
            timeout=COMMAND_SECONDS, stdin=subprocess.DEVNULL)
        if done.returncode == 0:
            return None
        return Failure(f"audit verify: code {done.returncode}\n{done.stdout}"
                       f"{done.stderr}")

    def __exit__(self, kind, value, trace):
        failure = None
        for daemon in self.all_daemons():
            try:
                if kind is None and daemon.running():
                    daemon.stop()  # a sanitizer has its say in the code
            except Exception as found:
                failure = found
            daemon.kill()
        if kind is None and failure is None:
            failure = self.audit()
        if failure is not None or (kind is not None
                                   and not issubclass(kind, Skip)):
            for log in sorted(self.home.glob("*.log")):
                print(f"--- {log.name}", file=sys.stderr)
                lines = log.read_text(errors="replace").splitlines()
                for text in lines[-LOG_LINES_SHOWN:]:
                    print(f"    {text}", file=sys.stderr)
        shutil.rmtree(self.home, ignore_errors=True)
        if failure is not None:
            raise failure
        return False


def saved_id(text):
    """The id in "Saved 1.1.42"; None when nothing was said to be saved."""
    words = text.split()
    return words[1] if words[:1] == ["Saved"] else None


def saved_count(text):
    """The number in "Saved: 20 new rows, 0 already here"."""
    words = text.replace(",", "").split()
    return int(words[1]) if words[:1] == ["Saved:"] else None


def visit(commune, fine, thing="@one", day="2018-03-05", **more):
    """An inspection with a fine that tells it from all others."""
    return {"inspected_on": day, "subject_unit": f"gso3:{commune}",
            "est_ref": thing, "team_kind": "interagency_178",
            "team_level": "district", "mode": "planned",
            "result": "violation", "violations": 1, "fine_vnd": fine, **more}


def run_tests(tests):
    """Runs the tests that the command line names, or all, and ends the
    program. The last line is what the runner counts."""
    wanted = sys.argv[1:]
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for test in tests:
        if wanted and test.__name__ not in wanted:
            continue
        began = time.monotonic()
        try:
            test()
            what, why = "passed", ""
        except Skip as skip:
            what, why = "skipped", f": {skip}"
        except Exception as failure:
            what, why = "failed", f": {failure}"
            traceback.print_exc()
        counts[what] += 1
        print(f"{what:8} {test.__name__} "
              f"({time.monotonic() - began:.1f} s){why}", flush=True)
    print(", ".join(f"{number} {what}" for what, number in counts.items()))
    sys.exit(1 if counts["failed"] or not any(counts.values()) else 0)
