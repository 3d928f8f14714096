"""Stands between offices and their province and reads what goes down: receipts
are lost, doubled, late, out of date, and the collector is killed between its
commit and the receipt.

    man = Middleman(line, random.Random(1), kill=True)
    man.serve(office)    before the office's daemon is started
    man.start()
    ...
    man.calm()           from here on everything passes; every link is cut once
    man.finish()

It has the province's key for the link and those of its offices, so both ends
take it for the other one. What it does with a receipt it chooses at random;
`done` counts that. A receipt that was lost is asked for by the office's hello,
so links are cut now and then. One thread; it kills and starts the collector
itself.
"""

import errno
import hashlib
import importlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, deque

import nacl.public
import zmq

from line import SOURCE, free_port, wait_until

KEPT = 64  # old messages to send again
LATE = 5  # messages that overtake a late one, at most
COMMIT_SECONDS = 2
META_PAGES = (0, 4096)
META_TRANSACTION = 144  # within a meta page of LMDB 0.9, 64 bits
# Of a hundred messages with receipts; the rest passes.
CHANCES = {"lost": 12, "doubled": 15, "late": 15, "out of date": 8,
           "killed with it": 1}
KILL_AT_COMMIT = 0.01  # of the messages with batches
LATE_SECONDS = 0.2
CUT_SECONDS = 0.5


def key_pair(path):
    return nacl.public.PrivateKey(bytes.fromhex(path.read_text().strip()))


def load_uplink(folder):
    """Python classes of the link's messages, made in `folder`."""
    subprocess.run(["protoc", f"--proto_path={SOURCE / 'proto'}",
                    f"--python_out={folder}", "uplink.proto"], check=True)
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module("uplink_pb2")
    finally:
        sys.path.pop(0)


def last_transaction(path):
    """The number of the ledger's last commit."""
    with open(path, "rb") as file:
        numbers = []
        for page in META_PAGES:
            file.seek(page + META_TRANSACTION)
            numbers.append(int.from_bytes(file.read(8), sys.byteorder))
        return max(numbers)


class Front:
    """Where one office connects, and its links to the province."""

    def __init__(self, man, office):
        self.man = man
        self.port = free_port()
        self.keys = key_pair(office.folder / "keys" / "curve.key")
        self.links = {}  # routing id: socket
        self.late = []  # (messages still to pass, routing id, message)
        self.old = deque(maxlen=KEPT)
        self.losses = 0  # since the last cut
        self.moved_at = time.monotonic()
        self.open()

    def open(self):
        self.socket = self.man.context.socket(zmq.ROUTER)
        self.socket.linger = 0
        self.socket.curve_server = 1
        self.socket.curve_secretkey = self.man.server.encode()
        self.socket.curve_publickey = self.man.server.public_key.encode()
        wait_until(self.bound, f"port {self.port}")
        self.man.poller.register(self.socket, zmq.POLLIN)

    def bound(self):
        """The one before may not have let go yet."""
        try:
            self.socket.bind(f"tcp://127.0.0.1:{self.port}")
            return True
        except zmq.ZMQError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            return False

    def close(self):
        for socket in (self.socket, *self.links.values()):
            self.man.poller.unregister(socket)
            socket.close()
        self.links.clear()
        self.late.clear()

    def cut(self):
        self.close()
        self.losses = 0
        self.moved_at = time.monotonic()
        self.open()

    def look_after(self):
        """What is late comes in the end, and an office that waits for what
        was lost asks again when its link is cut (by itself after a minute)."""
        waited = time.monotonic() - self.moved_at
        if self.late and waited > LATE_SECONDS:
            for _, identity, message in self.late:
                self.down(identity, message)
            self.late.clear()
        if self.losses and waited > CUT_SECONDS:
            self.man.done["cut"] += 1
            self.cut()

    def link_of(self, identity):
        if identity not in self.links:
            socket = self.man.context.socket(zmq.DEALER)
            socket.linger = 0
            socket.reconnect_ivl = -1
            socket.curve_serverkey = self.man.server.public_key.encode()
            socket.curve_secretkey = self.keys.encode()
            socket.curve_publickey = self.keys.public_key.encode()
            socket.connect(self.man.province.address)
            self.man.poller.register(socket, zmq.POLLIN)
            self.links[identity] = socket
        return self.links[identity]

    def down(self, identity, message):
        self.socket.send_multipart([identity, message])


class Middleman:
    def __init__(self, line, chance, kill=True):
        self.line = line
        self.province = line.province
        self.chance = chance
        self.uplink_pb2 = load_uplink(line.home)
        self.kill = kill
        self.context = zmq.Context()
        self.poller = zmq.Poller()
        self.server = key_pair(self.province.folder / "keys" / "server.key")
        self.fronts = []
        self.batches = set()  # digests of those that were seen
        self.done = Counter()
        self.calming = self.ending = False
        self.failure = None
        self.thread = threading.Thread(target=self.run, name="middleman")

    # ---- for the test ----

    def serve(self, office):
        front = Front(self, office)
        self.fronts.append(front)
        config = office.folder / "agent.yaml"
        config.write_text(re.sub(r'"tcp://[^"]*"',
                                 f'"tcp://127.0.0.1:{front.port}"',
                                 config.read_text()))

    def start(self):
        self.thread.start()

    def calm(self):
        self.calming = True

    def finish(self):
        self.ending = True
        self.thread.join()
        if self.failure is not None:
            raise self.failure

    # ---- the thread ----

    def run(self):
        try:
            calm = False
            while not self.ending:
                if self.calming and not calm:
                    calm = True
                    for front in self.fronts:
                        front.cut()
                for socket, _ in self.poller.poll(20):
                    self.take(socket)
                for front in self.fronts:
                    front.look_after()
        except Exception as failure:
            self.failure = failure
        finally:
            self.context.destroy(linger=0)

    def take(self, socket):
        for front in self.fronts:
            if socket is front.socket:
                self.take_up(front)
                return
            for identity, link in front.links.items():
                if socket is link:
                    self.take_down(front, identity, link.recv_multipart())
                    return
        # Of a link that was cut in this turn.

    def take_up(self, front):
        identity, head, *batches = front.socket.recv_multipart()
        if batches:
            front.moved_at = time.monotonic()
        self.batches |= {hashlib.sha256(batch).digest() for batch in batches}
        front.link_of(identity).send_multipart([head, *batches])
        if batches and self.may_kill() and \
                self.chance.random() < KILL_AT_COMMIT:
            self.kill_at_commit()

    def take_down(self, front, identity, frames):
        down = self.uplink_pb2.Down.FromString(frames[0])
        if not down.HasField("receipts") or not down.receipts.entries \
                or self.calming:
            front.down(identity, frames[0])
            return
        self.choose(front, identity, frames[0])

    def may_kill(self):
        return self.kill and not self.calming

    def choose(self, front, identity, message):
        what = self.chance.choices(
            [*CHANCES, "passed"],
            [*CHANCES.values(), 100 - sum(CHANCES.values())])[0]
        if what == "killed with it" and not self.kill:
            what = "lost"
        self.done[what] += 1
        if what == "killed with it":
            os.kill(self.province.daemon.process.pid, signal.SIGKILL)
            self.start_again()
            return
        if what == "lost":
            front.losses += 1
        if what == "late":
            front.late.append(
                [self.chance.randint(1, LATE), identity, message])
        elif what != "lost":
            front.down(identity, message)
        if what == "doubled":
            for _ in range(self.chance.randint(1, 3)):
                front.down(identity, message)
        if what == "out of date" and front.old:
            front.down(identity, self.chance.choice(front.old))
        front.old.append(message)
        self.let_late_ones_go(front)

    @staticmethod
    def let_late_ones_go(front):
        for one in front.late:
            one[0] -= 1
        due = [one for one in front.late if one[0] < 0]
        front.late = [one for one in front.late if one[0] >= 0]
        for _, identity, message in due:
            front.down(identity, message)

    def kill_at_commit(self):
        """As soon as the ledger's file shows the next commit."""
        path = self.province.folder / "ledger.mdb"
        before = last_transaction(path)
        end = time.monotonic() + COMMIT_SECONDS
        while last_transaction(path) == before and time.monotonic() < end:
            pass
        os.kill(self.province.daemon.process.pid, signal.SIGKILL)
        self.done["killed at the commit"] += 1
        self.start_again()

    def start_again(self):
        """What the dead one had sent is lost with it."""
        self.province.daemon.kill()
        for front in self.fronts:
            front.cut()
        self.province.daemon.start()
