"""What becomes of `record` when it is handed to the daemon.

    TALLYLINE_BIN=... TALLYLINE_BUILD=... python3 tests/integration/record_handover.py

Where it matters who did the work, the program is run from a folder of its own,
without the full program beside it: then only the daemon can have done it.
"""

import csv
import io
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

from agent_commands import AGENT, INSPECTION, MAKE_OFFICE, Office

FULL = AGENT.with_name("tallyline-agent-full")
KEY = "TALLYLINE_ENTRY_KEY"
DEADLINE = 30
NO_PROGRAM = 78
AREAS = "gso3:001"
ELSEWHERE = [word.replace("Ngọc Khánh", "gso3:00082") for word in INSPECTION]


def run(program, office, *words, lang="vi"):
    environment = {**os.environ, "TALLYLINE_LANG": lang}
    if lang is None:
        del environment["TALLYLINE_LANG"]
    return subprocess.run([program, *words, "--dir", office.path],
                          capture_output=True, text=True, check=False,
                          env=environment)


def enrol(office, areas):
    """The enrolment comes down anew, with other areas."""
    subprocess.run([MAKE_OFFICE, office.path, "271",
                    "gso3:001:district_labour_office", areas], check=True)


def exported(office):
    """What was saved, but for when and under which key."""
    rows = list(csv.DictReader(io.StringIO(office.run("export")[0])))
    for row in rows:
        del row["recorded_at"], row["entry_key"]
    return rows


def call(office, message):
    """Calls the daemon; gives what it answers, b"" for a closed socket."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.connect(str(office.path / "agent.sock"))
        with theirs:
            socket.send_fds(ear, [message], [theirs.fileno()])
        ours.settimeout(DEADLINE)
        return ours.recv(4096)


def message(*words, version=None, key="00112233445566778899aabbccddeeff"):
    if version is None:
        done = subprocess.run([AGENT, "version"], capture_output=True,
                              text=True, check=True)
        version = done.stdout.split()[-1]
    return b"".join(word.encode() + b"\0"
                    for word in (version, "vi", key, *words))


class FalseEar:
    """Takes one call in the daemon's place and does what it is told to."""

    def __init__(self, office, act):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(office.path / "agent.sock"))
        self.thread = threading.Thread(target=self.serve, args=(act,))
        self.thread.start()

    def serve(self, act):
        data, fds, _, _ = socket.recv_fds(self.socket, 65536, 1)
        self.words = [word.decode() for word in data.split(b"\0")[:-1]]
        act(self.words)
        os.close(fds[0])

    def end(self):
        self.thread.join(DEADLINE)
        self.socket.close()


class Handover(unittest.TestCase):
    def setUp(self):
        self.office = Office()
        self.addCleanup(self.office.folder.cleanup)
        folder = tempfile.TemporaryDirectory(prefix="tallyline-")
        self.addCleanup(folder.cleanup)
        self.alone = pathlib.Path(folder.name) / "tallyline-agent"
        shutil.copy(AGENT, self.alone)
        self.daemon = None

    def start(self, office=None):
        office = office or self.office
        self.daemon = subprocess.Popen(
            [AGENT, "run", "--dir", office.path],
            stderr=subprocess.DEVNULL, env={**os.environ,
                                            "TALLYLINE_LANG": "en"})
        self.addCleanup(self.stop)
        end = time.monotonic() + DEADLINE
        while not (office.path / "agent.sock").exists():
            self.assertIsNone(self.daemon.poll())
            self.assertLess(time.monotonic(), end, "the daemon's ear")

    def stop(self):
        if self.daemon:
            self.daemon.send_signal(signal.SIGCONT)
            self.daemon.terminate()
            self.assertEqual(self.daemon.wait(DEADLINE), 0)
            self.daemon = None

    def test_the_daemon_saves_what_is_right_and_nothing_else(self):
        self.start()
        done = run(self.alone, self.office, "record", *INSPECTION)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout, "Đã lưu 271.1.1\n"
                         "mã mới EST-0271-000001-9 = @so-15\n")
        for words in (["record", "inspection"], ["record", "inspecton"],
                      ["record"], ["record", *ELSEWHERE], ["outbox"],
                      ["record", *INSPECTION, "--dry-run"]):
            done = run(self.alone, self.office, *words)
            self.assertEqual((done.returncode, done.stdout),
                             (NO_PROGRAM, ""), words)
        self.assertEqual(len(self.office.outbox()), 1)

    def test_without_a_daemon_everything_is_as_with_it(self):
        other = Office()
        self.addCleanup(other.folder.cleanup)
        self.start()
        for lang in ("vi", "en", None):
            for words in (
                    INSPECTION, ELSEWHERE, ["inspection"], ["inspecton"],
                    ["inspection", "inspected=1"], ["--fields"],
                    [*INSPECTION, "--dry-run"], ["--help"],
                    [*INSPECTION, "--role=clerk"],
                    [*INSPECTION, "--role", "clark"],
                    ["--unit", "gso3:001", *INSPECTION],
                    [word.replace("@so-15", "new") for word in INSPECTION],
                    [*INSPECTION, "corrects=271.1.1", "reason=typing_error"],
                    [*INSPECTION, "corrects=271.1.999",
                     "reason=typing_error"]):
                said = [run(AGENT, office, "record", *words, lang=lang)
                        for office in (self.office, other)]
                for field in ("returncode", "stdout", "stderr"):
                    self.assertEqual(getattr(said[0], field),
                                     getattr(said[1], field), words)
        self.assertEqual(len(other.outbox()), 15)
        self.assertEqual(exported(self.office), exported(other))

    def test_i3_what_the_daemon_saved_and_could_not_tell_is_saved_once(self):
        def save_and_die(words):
            done = subprocess.run(
                [FULL, *words[3:]], capture_output=True, text=True,
                check=False, env={**os.environ, KEY: words[2],
                                  "TALLYLINE_LANG": "vi"})
            self.first = done.stdout

        ear = FalseEar(self.office, save_and_die)
        done = run(AGENT, self.office, "record", *INSPECTION)
        ear.end()
        self.assertIn("271.1.1", self.first)
        self.assertEqual((done.returncode, done.stdout),
                         (0, "Đã lưu 271.1.1\n"))
        self.assertEqual(len(self.office.outbox()), 1)

    def test_a_daemon_that_leaves_it_undone_costs_nothing(self):
        ear = FalseEar(self.office, lambda words: None)
        done = run(AGENT, self.office, "record", *INSPECTION)
        ear.end()
        self.assertIn("271.1.1", done.stdout)
        self.assertEqual(len(self.office.outbox()), 1)
        (self.office.path / "agent.sock").unlink()
        os.environ[KEY] = ear.words[2]  # left over in somebody's shell
        self.addCleanup(os.environ.pop, KEY)
        for number, words in enumerate(([], ["--role=clerk"], ["--"]), 2):
            done = subprocess.run(
                [AGENT, "record", "--dir", self.office.path, *words,
                 *INSPECTION], capture_output=True, text=True, check=False)
            self.assertIn(f"271.1.{number}\n", done.stdout)

    def test_a_daemon_that_is_killed_meanwhile_costs_nothing(self):
        self.start()
        self.daemon.send_signal(signal.SIGSTOP)
        with subprocess.Popen(
                [AGENT, "record", *INSPECTION, "--dir", self.office.path],
                stdout=subprocess.PIPE, text=True) as child:
            with self.assertRaises(subprocess.TimeoutExpired):
                child.wait(0.3)  # it waits for an answer
            self.daemon.kill()
            self.daemon.wait()
            self.daemon = None
            self.assertIn("271.1.1", child.communicate(DEADLINE)[0])
        self.assertEqual(len(self.office.outbox()), 1)

    def test_i8_documents_that_came_down_since_are_read_first(self):
        self.start()
        self.assertEqual(run(self.alone, self.office, "record",
                             *INSPECTION).returncode, 0)
        self.assertNotEqual(run(self.alone, self.office, "record",
                                *ELSEWHERE).returncode, 0)
        enrol(self.office, "gso3:002")
        self.assertNotEqual(run(self.alone, self.office, "record",
                                *INSPECTION).returncode, 0)
        done = run(self.alone, self.office, "record", *ELSEWHERE)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_call_that_is_not_one_changes_nothing(self):
        self.start()
        good = message("record", *INSPECTION)
        bad = [b"", b"\0", good[:-1], good[:20], b"\0" * 16384,
               message("record", *INSPECTION, version="9.9.9"),
               message("record", *INSPECTION, key="00"),
               message("record", *INSPECTION, key="zz" * 16),
               message("export"), message("run"), message(),
               message("record", *INSPECTION, *["x=1"] * 100),
               message("record", *INSPECTION, "x=" + "1" * 16384)]
        for data in bad:
            self.assertEqual(call(self.office, data), b"", data[:60])
        self.assertEqual(self.office.outbox(), [])
        self.assertIn(b"271.1.1", call(self.office, good))
        self.assertEqual(call(self.office, good), "Đã lưu 271.1.1\n".encode())
        self.assertEqual(len(self.office.outbox()), 1)

    def test_many_at_once_are_saved_each_once(self):
        self.start()
        words = [AGENT, "record", *INSPECTION, "--dir", self.office.path]
        children = [subprocess.Popen(words, stdout=subprocess.PIPE)
                    for _ in range(40)]
        said = [child.communicate()[0].decode() for child in children]
        self.assertEqual([child.returncode for child in children], [0] * 40)
        self.assertEqual(len({text.splitlines()[0] for text in said}), 40)
        self.assertEqual(len(self.office.outbox()), 40)


if __name__ == "__main__":
    unittest.main(verbosity=2)
