#!/usr/bin/python3
"""Secret keys stay in their files: nothing of them in logs, on terminals, in
argument lists, environments, other files or cores."""

import base64
import os
import re
import resource
import signal
import stat
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import zmq.utils.z85  # noqa: E402
from line import (PROGRAMS, Failure, Line, environment, expect,  # noqa: E402
                  expect_equal, run_tests, visit)

KEY_BYTES = 32
REFUSED = 1


def secrets_of(folders, enrolments):
    """Every secret: what stands in the key files but the public halves, and
    the secret halves of join keys."""
    found = {}
    for folder in folders:
        for path in sorted((folder / "keys").glob("*")):
            text = path.read_text().strip()
            if path.suffix in (".key", ".next") or "key" in path.name:
                found[path] = bytes.fromhex(text)[:KEY_BYTES]
    for path in enrolments:
        text = re.search(r"^join_secret: \"?(\w+)", path.read_text(), re.M)[1]
        found[path] = bytes.fromhex(text)
    return found


def spellings(secret):
    """How a secret could be written down."""
    plain = base64.b64encode(secret).rstrip(b"=")
    yield from (secret, secret.hex().encode(), secret.hex().upper().encode(),
                plain, base64.urlsafe_b64encode(secret).rstrip(b"="),
                zmq.utils.z85.encode(secret),
                b":".join(b"%02x" % byte for byte in secret),
                secret[:16], secret[16:], secret[:16].hex().encode())


def look_for(secrets, name, data):
    for path, secret in secrets.items():
        if path.name == Path(name).name and str(path) == str(name):
            continue  # its own file
        for spelling in spellings(secret):
            expect(spelling not in data,
                   f"{path.name} stands in {name} ({spelling[:8]!r}...)")


def finds_what_is_there(secrets):
    """The control: a secret that lies about is found in every spelling."""
    for spelling in spellings(next(iter(secrets.values()))):
        try:
            look_for(secrets, "control", b"a line " + spelling + b" of log")
        except Failure:
            continue
        raise Failure(f"not found: {spelling!r}")


def processes(line):
    return [daemon.process.pid for daemon in line.all_daemons()
            if daemon.running()]


def what_people_see(line, office):
    """Output of every command that tells something."""
    province, done = line.province, []
    for arguments in (["agents"], ["status"], ["indicators"],
                      ["check-config"], ["plan", "show"]):
        done.append(province.command(*arguments, code=None))
    for arguments in (["status"], ["outbox"], ["export"], ["check-config"]):
        done.append(office.command(*arguments, code=None))
    return "".join(one.stdout + one.stderr for one in done).encode()


def keys_stand_nowhere_but_in_their_files():
    with Line() as line:
        line.province.configure(log="debug")
        line.province.daemon.stop()
        line.province.daemon.start()
        office = line.office("gso3:901")
        office.start()
        office.record("inspection", visit(90101, 1))
        line.settle()
        file = line.home / "new.enrol"
        line.province.command("rotate", office.number, "--output", file)
        before = secrets_of([office.folder], [])
        office.daemon.stop()
        office.command("rotate", file)
        office.start()
        office.record("inspection", visit(90101, 2))
        line.settle()
        secrets = secrets_of([line.province.folder, office.folder],
                             sorted(line.home.glob("*.enrol")))
        expect(len(secrets) >= 7, f"{len(secrets)} secrets: {list(secrets)}")
        # The files have the new keys by now.
        secrets.update({Path(f"{path}.old"): secret
                        for path, secret in before.items()})
        finds_what_is_there(secrets)
        for pid in processes(line):
            for what in ("cmdline", "environ"):
                look_for(secrets, f"{what} of {pid}",
                         Path(f"/proc/{pid}/{what}").read_bytes())
        look_for(secrets, "what people see", what_people_see(line, office))
        for path in sorted(line.home.rglob("*")):
            if path.is_file():
                look_for(secrets, path, path.read_bytes())


def files_of_keys_are_for_their_owner_alone():
    with Line() as line:
        office = line.office("gso3:901")
        for folder in (line.province.folder / "keys", office.folder / "keys"):
            expect_equal(stat.S_IMODE(folder.stat().st_mode), 0o700, folder)
            for path in folder.iterdir():
                expect_equal(stat.S_IMODE(path.stat().st_mode), 0o600, path)
        file = line.home / "office-1.enrol"
        expect_equal(stat.S_IMODE(file.stat().st_mode), 0o600, file)
        for daemon, path in ((office.daemon, office.folder / "keys"),
                             (line.province.daemon,
                              line.province.folder / "keys")):
            daemon.kill()
            key = next(iter(sorted(path.glob("*.key"))))
            key.chmod(0o640)
            expect(daemon.start_in_vain(REFUSED), "words for a key others read")
            key.chmod(0o600)


def allow_cores():
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))


def aborted(command, ready):
    """Whether a process leaves a core when it is told to abort."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, text=True,
                               stderr=subprocess.PIPE, env=environment(),
                               preexec_fn=allow_cores)
    ready(process)
    limits = Path(f"/proc/{process.pid}/limits").read_text()
    process.send_signal(signal.SIGABRT)
    status = os.waitpid(process.pid, 0)[1]
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    process.stderr.close()
    expect(os.WIFSIGNALED(status), f"ended by the signal: {status}")
    core = re.search(r"Max core file size +(\S+) +(\S+)", limits).groups()
    return os.WCOREDUMP(status), core


def a_crash_leaves_no_core():
    with Line() as line:
        office = line.office("gso3:901")
        line.province.daemon.stop()
        for program, folder in (("tallyline-collector", line.province.folder),
                                ("tallyline-agent", office.folder)):
            dumped, core = aborted(
                [PROGRAMS / program, "run", "--dir", folder],
                lambda process: process.stderr.readline())
            expect(not dumped, f"{program} left a core")
            expect_equal(core, ("0", "0"), f"core limit of {program}")


run_tests([keys_stand_nowhere_but_in_their_files,
           files_of_keys_are_for_their_owner_alone, a_crash_leaves_no_core])
