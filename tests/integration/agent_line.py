"""The agent's line from outside: join, run, recover and rotate against a real
collector, and what is left when they are killed.

    TALLYLINE_BIN=... python3 tests/integration/agent_line.py

Random moments come from TALLYLINE_TEST_SEED, which is printed.
"""

import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest

from province import BIN, DEADLINE, Province

AGENT = BIN / "tallyline-agent"
SEED = int(os.environ.get("TALLYLINE_TEST_SEED", time.time()))
KILLS = 12

TALK = ["communication_activity", "subject_unit=gso3:00001",
        "form=loudspeaker", "audience=students", "sessions=1"]


def until(what, condition):
    """Looks again and again until the condition is true."""
    end = time.monotonic() + DEADLINE
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"too late: {what}")


class Office:
    def __init__(self, path):
        self.path = path
        self.process = None

    def run(self, *words, code=0):
        """Runs a command; gives what it wrote to stdout and stderr."""
        done = subprocess.run(
            [AGENT, *words, "--dir", self.path], capture_output=True,
            text=True, check=False,
            env={**os.environ, "TALLYLINE_LANG": "en"})
        if done.returncode != code:
            raise AssertionError(f"{words}: exit {done.returncode}, not "
                                 f"{code}\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def killed(self, after, *words):
        """Runs a command and kills it after that many seconds; its exit code,
        or None when the kill was quicker."""
        process = subprocess.Popen(
            [AGENT, *words, "--dir", self.path], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        try:
            return process.wait(after)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return None

    def start(self, **environment):
        self.log = open(self.path / "log", "ab")
        self.process = subprocess.Popen(
            [AGENT, "run", "--dir", self.path], stderr=self.log,
            env={**os.environ, **environment})
        until("the daemon's ear",
              lambda: (self.path / "agent.sock").exists())

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        code = self.process.wait(DEADLINE)
        self.process = None
        self.log.close()
        return code

    def close(self):
        if self.process:
            self.stop(signal.SIGKILL)

    def record(self, day, count=1):
        for i in range(count):
            self.run("record", *TALK, f"held_on=2018-11-{day:02}",
                     f"attendees={i + 1}")

    def status(self):
        """The one row of `status`; code 1 says that the line stands still."""
        done = subprocess.run(
            [AGENT, "status", "--format", "jsonl", "--dir", self.path],
            capture_output=True, text=True, check=False)
        return json.loads(done.stdout)

    def received(self, count):
        until(f"{count} received",
              lambda: int(self.status()["received"]) == count)

    def stands_still(self):
        until("the line stands still",
              lambda: self.status()["line"] == "position_taken")


class Cutter:
    """A wire between agent and collector that breaks, `cuts` times, after as
    many bytes as `size` says."""

    def __init__(self, port, cuts, size):
        self.port, self.cuts, self.size = port, cuts, size
        self.server = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self.server.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                agent, _ = self.server.accept()
            except OSError:
                return
            collector = socket.create_connection(("127.0.0.1", self.port))
            limit = self.size() if self.cuts > 0 else None
            for pair in ((agent, collector, limit), (collector, agent, None)):
                threading.Thread(target=self.pump, args=pair,
                                 daemon=True).start()

    def pump(self, source, sink, limit):
        passed = 0
        try:
            while data := source.recv(4096):
                sink.sendall(data)
                passed += len(data)
                if limit is not None and passed >= limit:
                    self.cuts -= 1
                    break
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        source.close()

    def close(self):
        self.server.close()


class Line(unittest.TestCase):
    def setUp(self):
        self.province = Province()
        self.addCleanup(self.province.close)
        self.path = pathlib.Path(self.province.folder.name)
        self.random = random.Random(f"{SEED} {self.id()}")

    def enrol(self, name="office"):
        self.province.enrol(name)
        return self.path / f"{name}.enrol"

    def office(self, name="a"):
        office = Office(self.path / name)
        self.addCleanup(office.close)
        return office

    def joined(self):
        office = self.office()
        office.run("join", self.enrol())
        return office

    def counted(self):
        found = re.search(r"(?m)^counted +([\d,]+)",
                          self.province.command("status"))
        return int(found.group(1).replace(",", ""))

    def copy(self, office):
        """A clone of the office, as a disk image would be."""
        shutil.copytree(office.path, self.path / "copy",
                        ignore=shutil.ignore_patterns("agent.sock"))
        return self.office("copy")


class Join(Line):
    def test_recording_works_right_after(self):
        office = self.joined()
        office.record(1)
        self.assertEqual(office.status()["saved"], 1)

    def test_a_second_time_changes_nothing(self):
        office = self.joined()
        keys = {path.name: path.read_bytes()
                for path in (office.path / "keys").iterdir()}
        office.run("join", self.path / "office.enrol")
        self.assertEqual(keys, {path.name: path.read_bytes() for path
                                in (office.path / "keys").iterdir()})
        self.assertEqual(
            {path.stat().st_mode & 0o777
             for path in (office.path / "keys").iterdir()}, {0o600})

    def test_killed_at_any_moment_it_goes_on_as_the_same_agent(self):
        file = self.enrol()
        office = self.office()
        for _ in range(KILLS):
            if office.killed(self.random.uniform(0, 0.04), "join",
                             file) == 0:
                break
        office.run("join", file)
        office.record(1)
        self.assertRegex(self.province.command("agents"), r"(?m)^ *1 ")
        self.assertEqual(
            self.province.command("agents").count("\n 2 "), 0)

    def test_a_file_that_was_used_is_no_good_elsewhere(self):
        self.joined()
        text = self.office("b").run("join", self.path / "office.enrol",
                                    "--timeout", "5", code=1)
        self.assertRegex(text, "does not let this key in|used by another")

    def test_a_file_out_of_date_says_so(self):
        self.province.file("late.enrol", "enrol", "--name", "late", "--pair",
                           "gso3:001:police", "--valid", "1m")
        path = self.path / "late.enrol"
        self.assertIn("valid_until", path.read_text())
        # The date is only for people: the province's own record decides.
        path.write_text(re.sub("valid_until: .*",
                               "valid_until: 2018-01-01T00:00:00Z",
                               path.read_text()))
        self.office().run("join", path)

    def test_nobody_there_and_the_wrong_key_are_told_apart(self):
        file = self.enrol()
        wrong = self.path / "wrong.enrol"
        wrong.write_text(re.sub("server_key: ..", "server_key: 00",
                                file.read_text()))
        self.assertIn("not the one whose key",
                      self.office("b").run("join", wrong, "--timeout", "6",
                                           code=1))
        self.province.stop()
        office = self.office()
        self.assertIn("cannot be reached",
                      office.run("join", file, "--timeout", "2", code=1))
        self.province.start()
        office.run("join", file)

    def test_a_file_that_is_none_is_explained_line_by_line(self):
        path = self.path / "none.enrol"
        path.write_text("version: 1\npurpose: jion\n")
        self.assertIn("none.enrol:2:",
                      self.office().run("join", path, code=65))
        self.office().run("join", self.path / "absent", code=66)


class Run(Line):
    def test_a_live_event_leaves_at_once(self):
        office = self.joined()
        office.start()
        until("connected", lambda: office.status()["line"] == "running")
        for day in range(1, 6):
            office.record(day)
            office.received(day)
        self.assertEqual(self.counted(), 5)

    def test_what_was_saved_without_a_province_leaves_later(self):
        office = self.joined()
        self.province.stop()
        office.start()
        office.record(1, 3)
        self.assertEqual(office.status()["saved"], 3)
        self.province.start()
        office.received(3)
        self.assertEqual(self.counted(), 3)

    def test_an_office_has_one_daemon(self):
        office = self.joined()
        office.start()
        self.assertIn("runs already", office.run("run", code=1))
        self.assertEqual(office.stop(), 0)
        self.assertFalse((office.path / "agent.sock").exists())

    def test_without_joining_it_does_not_start(self):
        self.office().path.mkdir()
        self.assertIn("join", self.office().run("run", code=78))

    def test_the_service_manager_is_told_and_the_watchdog_fed(self):
        office = self.joined()
        path = self.path / "notify"
        manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(manager.close)
        manager.bind(str(path))
        manager.settimeout(DEADLINE)
        office.start(NOTIFY_SOCKET=str(path), WATCHDOG_USEC="1000000")
        told = []
        while (len(told) < 100 and (
                sum("WATCHDOG=1" in words for words in told) < 2
                or not any("STATUS=running" in words for words in told))):
            told.append(manager.recv(4096).decode())
        self.assertIn("READY=1", told[0])
        self.assertGreaterEqual(
            sum("WATCHDOG=1" in words for words in told), 2)
        self.assertEqual(office.stop(), 0)
        while "STOPPING=1" not in told[-1]:
            told.append(manager.recv(4096).decode())

    def test_a_reload_checks_before_it_swaps(self):
        office = self.joined()
        office.start()
        path = office.path / "agent.yaml"
        good = path.read_text()
        log = office.path / "log"
        path.write_text(good + "nonsense: 1\n")
        office.process.send_signal(signal.SIGHUP)
        until("the mistake", lambda: "the old ones stay" in log.read_text())
        path.write_text(good)
        office.process.send_signal(signal.SIGHUP)
        until("the reload", lambda: "read again" in log.read_text())
        office.record(1)
        office.received(1)

    def test_i3_a_wire_that_breaks_again_and_again_loses_nothing(self):
        office = self.joined()
        rows = self.path / "rows.csv"
        rows.write_text(
            "type,held_on,subject_unit,form,audience,sessions,attendees\n"
            + "".join(f"communication_activity,2018-11-{i % 28 + 1:02},"
                      f"gso3:00001,loudspeaker,students,"
                      f"{self.random.randrange(1, 99)},{i + 1}\n"
                      for i in range(5000)))
        office.run("import", rows)
        cutter = Cutter(self.province.port, 6,
                        lambda: self.random.randrange(2000, 12000))
        self.addCleanup(cutter.close)
        config = office.path / "agent.yaml"
        config.write_text(config.read_text().replace(self.province.address,
                                                     cutter.address))
        office.start()
        office.received(5000)
        self.assertEqual(self.counted(), 5000)
        self.assertLess(cutter.cuts, 6, "the wire never broke")

    def test_i3_killed_again_and_again_on_both_sides_each_event_is_once(self):
        office = self.joined()
        office.start()
        for day in range(1, KILLS + 1):
            office.record(day)
            if self.random.random() < 0.5:
                office.stop(signal.SIGKILL)
                office.record(day + 12)
                office.start()
            else:
                self.province.stop(signal.SIGKILL)
                office.record(day + 12)
                self.province.start()
        office.received(2 * KILLS)
        self.assertEqual(self.counted(), 2 * KILLS)


class Recover(Line):
    def diverged(self):
        """An office and its copy; the office has sent one event more, and the
        copy, which has recorded two, stands still."""
        office = self.joined()
        office.start()
        office.record(1)
        office.received(1)
        office.stop()
        copy = self.copy(office)
        office.start()
        office.record(2)
        office.received(2)
        office.stop()
        copy.record(3, 2)
        copy.start()
        copy.stands_still()
        return office, copy

    def test_i3_a_copy_stands_still_and_goes_on_in_a_new_epoch(self):
        office, copy = self.diverged()
        self.assertIn("position_taken", self.province.command("status"))
        self.assertIn("STANDS STILL", copy.run("status", code=1))
        text = copy.run("recover", code=1)
        self.assertIn("not received from this machine: 2", text)
        self.assertIn("--yes", text)
        copy.run("recover", "--yes")  # beside the daemon
        copy.received(3)
        self.assertEqual(self.counted(), 4)
        # The first machine is the copy now.
        office.start()
        office.stands_still()
        office.record(9)
        office.run("recover", "--yes")
        office.received(3)
        self.assertEqual(self.counted(), 5)
        office.stop()
        self.assertIn("nothing to recover", office.run("recover"))

    def test_killed_at_any_moment_each_event_moves_once(self):
        _, copy = self.diverged()
        copy.stop()
        for _ in range(KILLS):
            if copy.killed(self.random.uniform(0, 0.05), "recover",
                           "--yes") == 0:
                break
        copy.run("recover", "--yes")
        copy.start()
        copy.received(3)
        self.assertEqual(self.counted(), 4)
        self.assertEqual(int(copy.status()["epoch"]), 2)

    def test_i3_what_came_from_this_copy_is_not_sent_twice(self):
        office = self.joined()
        office.start()
        office.record(1)
        office.received(1)
        # Sealed and sent, but the receipt is not here yet: so is the copy.
        until("connected", lambda: office.status()["line"] == "running")
        self.province.process.send_signal(signal.SIGSTOP)
        office.record(2)
        until("sealed", lambda: int(office.status()["sent"]) == 1)
        office.stop(signal.SIGKILL)
        copy = self.copy(office)
        self.province.process.send_signal(signal.SIGCONT)
        office.start()
        office.record(4)
        office.received(3)
        office.stop()
        copy.record(3)
        copy.start()
        copy.stands_still()
        copy.run("recover", "--yes")
        copy.received(3)
        self.assertEqual(self.counted(), 4)


class Rotate(Line):
    def file(self):
        self.province.file("new.enrol", "rotate", "1")
        return self.path / "new.enrol"

    def test_new_keys_go_on_with_the_same_stream(self):
        office = self.joined()
        office.start()
        office.record(1)
        office.received(1)
        file = self.file()
        self.assertIn("stop it first", office.run("rotate", file, code=1))
        office.stop()
        before = (office.path / "keys" / "sign.key").read_text()
        office.run("rotate", file)
        self.assertNotEqual(
            before, (office.path / "keys" / "sign.key").read_text())
        office.start()
        office.record(2)
        office.received(2)
        self.assertEqual(int(office.status()["epoch"]), 1)
        self.assertEqual(self.counted(), 2)

    def test_killed_at_any_moment_the_same_keys_are_offered_again(self):
        office = self.joined()
        office.record(1)
        file = self.file()
        for _ in range(KILLS):
            if office.killed(self.random.uniform(0, 0.03), "rotate",
                             file) == 0:
                break
        office.run("rotate", file)
        office.run("rotate", file)
        office.start()
        office.received(1)

    def test_a_rotation_half_done_keeps_the_daemon_from_starting(self):
        office = self.joined()
        (office.path / "keys" / "curve.next").write_bytes(
            (office.path / "keys" / "curve.key").read_bytes())
        self.assertIn("rotate", office.run("run", code=78))

    def test_a_file_for_joining_is_not_for_rotating(self):
        office = self.joined()
        self.assertIn("join", office.run("rotate",
                                         self.path / "office.enrol", code=65))


if __name__ == "__main__":
    print(f"seed {SEED}", file=sys.stderr)
    unittest.main()
