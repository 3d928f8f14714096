"""`doctor` of both programs names each fault that people really meet, says what
to do, and finds nothing wrong where nothing is."""

import json
import socket
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from false_clock import FalseClock  # noqa: E402
from line import (LABOUR_OFFICE, PROGRAMS, Line, environment,  # noqa: E402
                  expect, expect_equal, free_port, run_command, run_tests,
                  visit, wait_until)
from scene import TRACED, need_strace, strace  # noqa: E402

GRAVE = ["good", "note", "bad"]
OFFICE_CHECKS = {"config", "keys", "disk", "spool", "clock", "service",
                 "address",
                 "line", "enrolment", "plan", "to_mend"}
PROVINCE_CHECKS = {"config", "keys", "disk", "clock", "ledger", "damage",
                   "backup", "service", "offices", "witnesses"}


def read(done):
    """The gravest finding of each check."""
    found = {}
    for text in done.stdout.splitlines():
        row = json.loads(text)
        old = found.get(row["check"], row)
        grave = max(old, row, key=lambda one: GRAVE.index(one["state"]))
        found[row["check"]] = grave
    bad = any(row["state"] == "bad" for row in found.values())
    expect_equal(done.returncode, int(bad), "the exit code")
    for row in found.values():
        expect(row["advice"] or row["state"] == "good",
               f"{row['check']}: no word of what to do")
    return found


def look(office, more=None):
    return read(run_command(
        "tallyline-agent", office.folder, ["doctor", "--format", "jsonl"],
        code=None, more={**office.more, **(more or {})}))


def look_at_province(line, more=None):
    return read(run_command(
        "tallyline-collector", line.province.folder,
        ["doctor", "--format", "jsonl"], code=None,
        more={**line.more, **(more or {})}))


def only_bad(found, *checks):
    bad = {check for check, row in found.items() if row["state"] == "bad"}
    expect_equal(bad, set(checks), f"what is wrong, of {found}")


def nothing_is_wrong():
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        office.record("inspection", visit(90101, 1000))
        line.settle()
        found = look(office)
        only_bad(found)
        expect_equal(OFFICE_CHECKS - set(found), set(), "checks left out")
        words = office.command("doctor").stdout
        expect("BAD" not in words, words)
        expect_equal(line.province.outcomes().get("counted"), 1,
                     "events after all that looking")


def an_office_that_has_not_joined_is_told_to():
    with Line() as line:
        office = line.office("gso3:901")
        empty = line.home / "empty"
        empty.mkdir()
        done = run_command("tallyline-agent", empty,
                           ["doctor", "--format", "jsonl"], code=1)
        found = read(done)
        only_bad(found, "config")
        expect("join" in found["config"]["advice"], found["config"])
        path = office.folder / "agent.yaml"
        path.write_text(path.read_text() + "spool_bytes: many\n")
        found = look(office)
        expect_equal(found["config"]["state"], "bad", "a mistake in the file")
        expect("line" in found["config"]["text"], found["config"])


def keys_that_others_read_or_that_are_gone():
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        key = office.folder / "keys" / "sign.key"
        key.chmod(0o644)
        found = look(office)
        only_bad(found, "keys")
        expect("chmod" in found["keys"]["advice"], found["keys"])
        key.chmod(0o600)
        kept = key.read_bytes()
        key.unlink()
        only_bad(look(office), "keys")
        key.write_bytes(kept)
        key.chmod(0o600)
        only_bad(look(office))


def a_service_that_does_not_run():
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        office.daemon.stop()
        office.record("inspection", visit(90101, 1000))
        found = look(office)
        only_bad(found, "service")
        expect("1 events wait" in found["line"]["text"], found["line"])


def a_province_that_is_not_there():
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        line.province.daemon.stop()
        found = look(office)
        only_bad(found, "address")
        expect("nobody listens" in found["address"]["text"],
               found["address"])
        office.go_by(0)
        path = office.folder / "agent.yaml"
        path.write_text(path.read_text().replace(
            "tcp://127.0.0.1:0", "tcp://no.such.place.invalid:5570"))
        found = look(office)
        only_bad(found, "address")
        expect("no.such.place" in found["address"]["text"], found["address"])
        line.province.daemon.start()


def another_server_at_the_address():
    with Line() as line, Line(origin="other.example/ledger") as other:
        office = line.office("gso3:901")
        office.start()
        office.go_by(other.province.port)
        found = look(office)
        only_bad(found, "address")
        expect("not the server" in found["address"]["text"], found["address"])


def a_server_that_says_nothing_is_not_taken_for_another():
    with Line() as line, socket.socket() as silent:
        silent.bind(("127.0.0.1", free_port()))
        silent.listen()
        office = line.office("gso3:901")
        office.start()
        office.go_by(silent.getsockname()[1])
        found = look(office)
        only_bad(found, "address")
        text = found["address"]["text"]
        expect("not the server" not in text, text)
        expect("said nothing" in text, text)


def a_key_that_is_not_let_in():
    with Line() as line, Line() as other:
        office = line.office("gso3:901")
        office.start()
        stranger = other.office("gso3:901")
        name = Path("keys") / "curve.key"
        (office.folder / name).write_bytes(
            (stranger.folder / name).read_bytes())
        found = look(office)
        only_bad(found, "address")
        expect("does not take" in found["address"]["text"], found["address"])


def an_office_that_was_revoked():
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        line.province.command("revoke", office.number)
        office.record("inspection", visit(90101, 1000))
        wait_until(lambda: office.status()["line"] == "revoked",
                   "the line to stand still")
        found = look(office)
        expect_equal(found["line"]["state"], "bad", "the line")
        expect("stands still" in found["line"]["text"], found["line"])


def a_clock_that_is_wrong():
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        office.record("inspection", visit(90101, 1000))
        clock = FalseClock(line.home / "wrong.clock")
        clock.jump(days=-30)
        found = look(office, clock.environment())
        only_bad(found, "clock")
        expect("earlier than the event" in found["clock"]["text"],
               found["clock"])


def a_clock_that_may_not_be_asked_is_not_told_as_kept():
    """As within the hardened service, whose filter has no adjtimex."""
    need_strace()
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        done = subprocess.run(
            [*strace("-e", "trace=adjtimex,clock_adjtime", "-e",
                     "inject=adjtimex,clock_adjtime:error=EPERM"),
             PROGRAMS / "tallyline-agent-full", "doctor", "--dir",
             office.folder, "--format", "jsonl"],
            capture_output=True, text=True, env=environment(**TRACED))
        found = {row["check"]: row for row in
                 map(json.loads, done.stdout.splitlines())}
        expect("cannot be seen" in found["clock"]["text"], found["clock"])


def a_store_that_is_damaged():
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        office.daemon.stop()
        (office.folder / "spool.mdb").write_bytes(b"not a spool at all" * 999)
        found = look(office)
        only_bad(found, "spool")
        expect("keep the file" in found["spool"]["advice"], found["spool"])


def a_disk_with_less_room_than_the_store_may_take():
    with Line() as line:
        office = line.office("gso3:901")
        path = office.folder / "agent.yaml"
        lines = [text for text in path.read_text().splitlines()
                 if not text.startswith("spool_bytes")]
        path.write_text("\n".join([*lines, f"spool_bytes: {1 << 40}", ""]))
        found = look(office)
        expect_equal(found["disk"]["state"], "note", "the disk")
        expect("may take" in found["disk"]["text"], found["disk"])


def nothing_is_wrong_with_the_province():
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        office.record("inspection", visit(90101, 1000))
        line.settle()
        line.province.command("backup", line.home / "copy")
        found = look_at_province(line)
        only_bad(found)
        expect_equal(PROVINCE_CHECKS - set(found), set(), "checks left out")
        notes = {check for check, row in found.items()
                 if row["state"] == "note"}
        expect(notes <= {"clock", "disk"}, f"noted: {found}")
        line.province.enrol("Late office", line.home / "late.enrol",
                            [f"gso3:902:{LABOUR_OFFICE}"])
        found = look_at_province(line)
        expect_equal(found["offices"]["state"], "note", "the offices")
        expect("1 not joined yet" in found["offices"]["text"],
               found["offices"])


def a_province_that_was_not_read_again_or_backed_up():
    with Line() as line:
        found = look_at_province(line)
        only_bad(found)
        expect_equal(found["backup"]["state"], "note", "no backup")
        clock = FalseClock(line.home / "later.clock")
        clock.jump(days=8)
        found = look_at_province(line, clock.environment())
        only_bad(found)
        expect_equal(found["damage"]["state"], "note", "no scrub")


def a_collector_that_does_not_run():
    with Line() as line:
        line.province.daemon.stop()
        found = look_at_province(line)
        only_bad(found, "service")
        expect("offices" not in found, "a word of offices that nobody knows")
        line.province.daemon.start()


def a_mistake_in_the_settings_and_keys_that_others_read():
    with Line() as line:
        path = line.province.folder / "collector.yaml"
        kept = path.read_text()
        path.write_text(kept + "scrub_hour: 77\n")
        found = look_at_province(line)
        only_bad(found, "config")
        expect("line 2" in found["config"]["text"], found["config"])
        path.write_text(kept)
        key = line.province.folder / "keys" / "ledger.key"
        key.chmod(0o644)
        found = look_at_province(line)
        only_bad(found, "keys")
        expect("ledger.key" in found["keys"]["text"], found["keys"])
        key.chmod(0o600)


def a_clock_behind_the_ledger():
    with Line() as line:
        clock = FalseClock(line.home / "wrong.clock")
        clock.jump(days=-30)
        found = look_at_province(line, clock.environment())
        only_bad(found, "ledger")
        expect("after this machine's clock" in found["ledger"]["text"],
               found["ledger"])


run_tests([nothing_is_wrong, an_office_that_has_not_joined_is_told_to,
           keys_that_others_read_or_that_are_gone, a_service_that_does_not_run,
           a_province_that_is_not_there, another_server_at_the_address,
           a_server_that_says_nothing_is_not_taken_for_another,
           a_key_that_is_not_let_in, an_office_that_was_revoked,
           a_clock_that_is_wrong,
           a_clock_that_may_not_be_asked_is_not_told_as_kept,
           a_store_that_is_damaged,
           a_disk_with_less_room_than_the_store_may_take,
           nothing_is_wrong_with_the_province,
           a_province_that_was_not_read_again_or_backed_up,
           a_collector_that_does_not_run,
           a_mistake_in_the_settings_and_keys_that_others_read,
           a_clock_behind_the_ledger])
