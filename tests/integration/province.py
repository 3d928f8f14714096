"""A province for the tests from outside: a real collector on loopback."""

import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ["TALLYLINE_BIN"])
COLLECTOR = BIN / "tallyline-collector"
PLAN = SOURCE / "plans" / "ha-noi-2018"
DEADLINE = 20  # seconds


class Province:
    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="tallyline-")
        self.path = pathlib.Path(self.folder.name) / "province"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.port = port
        self.address = f"tcp://127.0.0.1:{port}"
        self.command("init", "--origin", "test.example", "--unit", "gso3:01",
                     "--listen", self.address, "--address", self.address,
                     "--web", "off")
        self.command("plan", "load", str(PLAN))
        self.start()

    def start(self):
        self.log = open(self.path / "log", "ab")
        self.process = subprocess.Popen(
            [COLLECTOR, "run", "--dir", self.path], stderr=self.log)
        end = time.monotonic() + DEADLINE
        while not self.listens():
            assert time.monotonic() < end and self.process.poll() is None

    def listens(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait(DEADLINE)
        self.log.close()

    def close(self):
        self.stop()
        self.folder.cleanup()

    def command(self, *words):
        return subprocess.run(
            [COLLECTOR, *words, "--dir", self.path], check=True, text=True,
            capture_output=True,
            env={**os.environ, "TALLYLINE_LANG": "en"}).stdout

    def file(self, name, *words):
        path = pathlib.Path(self.folder.name) / name
        self.command(*words, "--output", str(path))
        return dict(re.findall(r"^(\w+): \"?([^\"\n]*)\"?$", path.read_text(),
                               re.MULTILINE))

    def enrol(self, name="office"):
        return self.file(f"{name}.enrol", "enrol", "--name", name, "--pair",
                         "gso3:001:district_labour_office", "--area",
                         "gso3:001")
