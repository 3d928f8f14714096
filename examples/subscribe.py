#!/usr/bin/python3
"""Subscribes to the live feed of a Tallyline collector (docs/FEED.md).

    subscribe.py --make-key KEYFILE            once; prints the public key for
                                               `tallyline-collector users feed`
    subscribe.py --key KEYFILE --server HEX    the collector's key, as
                                               `users feed-server` prints it
                 [--publish ADDRESS] [--snapshot ADDRESS] [--from INDEX]

Prints one JSON object a line: every entry from INDEX on (without it: from now
on), in order and each once, and the figures whole at first and then as they
change. Needs python3-zmq and nothing else.
"""

import argparse
import json
import os
import time

import zmq
from zmq.utils import z85

SILENT_S = 12  # beats come every second: then the link is taken for dead
REFUSED_S = 2  # nothing at all was heard: perhaps the key was not known yet
ASK_MS = 3_000
QUEUE_MAX = 1_000


def make_key(path):
    public, secret = zmq.curve_keypair()
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "w", encoding="ascii") as out:
        json.dump({"public": z85.decode(public).hex(),
                   "secret": z85.decode(secret).hex()}, out)
    print(z85.decode(public).hex())


class Feed:
    """Both sockets of one door. `tell` gets everything, in order."""

    def __init__(self, keys, server, publish, snapshot, tell, start=None,
                 topics=("figures", "entries", "beat")):
        self.keys, self.server = keys, bytes.fromhex(server)
        self.publish, self.snapshot = publish, snapshot
        self.tell, self.topics = tell, topics
        self.run = None       # of the collector
        self.figures = None   # number of the last
        self.entries = start  # index of the next
        self.gaps = 0         # how often something had been missed
        self.context = zmq.Context()
        self.subscription = self.asking = None

    def socket(self, kind, address):
        socket = self.context.socket(kind)
        socket.linger = 0
        socket.ipv6 = True
        socket.rcvhwm = QUEUE_MAX
        socket.curve_serverkey = self.server
        socket.curve_publickey = bytes.fromhex(self.keys["public"])
        socket.curve_secretkey = bytes.fromhex(self.keys["secret"])
        socket.connect(address)
        return socket

    def open(self):
        """Subscribes first, so that nothing falls between snapshot and news."""
        self.close()
        self.subscription = self.socket(zmq.SUB, self.publish)
        for topic in self.topics:
            self.subscription.subscribe(topic)
        self.asking = self.socket(zmq.DEALER, self.snapshot)
        self.patience = REFUSED_S
        self.heard_at = time.monotonic()

    def close(self):
        for socket in (self.subscription, self.asking):
            if socket is not None:
                socket.close()
        self.subscription = self.asking = None

    def ask(self, *request):
        """The reply; None: not now. A late one to what was asked before is
        thrown away with the socket. Nor does the sending wait: a link that was
        turned away takes nothing, for ever."""
        parts = [str(part).encode() for part in request]
        try:
            if self.asking.poll(ASK_MS, zmq.POLLOUT) != 0:
                self.asking.send_multipart(parts, zmq.DONTWAIT)
        except zmq.Again:
            pass  # turned away between the two calls
        if self.asking.poll(ASK_MS) == 0:
            self.asking.close()
            self.asking = self.socket(zmq.DEALER, self.snapshot)
            return None
        topic, body = self.asking.recv_multipart()
        reply = json.loads(body)
        if topic == b"refused":
            raise ValueError(reply["why"])
        return reply if topic == str(request[0]).encode() else None

    def take_entries(self, end):
        """Asks for what is missing up to `end`."""
        while self.entries < end:
            page = self.ask("entries", self.entries)
            if page is None or page["next"] == self.entries:
                return
            for entry in page["entries"]:
                self.tell("entry", entry)
            self.entries = page["next"]

    def take_figures(self):
        reply = self.ask("figures")
        if reply is not None:
            self.run, self.figures = reply["run"], reply["number"]
            self.tell("figures", reply["figures"])

    def hear_entries(self, message):
        if self.entries is None:
            self.entries = message["from"]
        if message["from"] > self.entries:
            self.gaps += 1
            self.take_entries(message["from"])
        for entry in message["entries"]:
            if entry["index"] == self.entries:
                self.entries += 1
                self.tell("entry", entry)

    def hear_figures(self, message):
        if message["run"] != self.run or self.figures is None or \
                message["number"] > self.figures + 1:
            self.gaps += self.figures is not None
            self.take_figures()
        elif message["number"] == self.figures + 1:
            self.figures += 1
            self.tell("figures", message["figures"])

    def hear_beat(self, message):
        """What it names was said before it: whatever of it is not here is
        missing."""
        if self.entries is None:
            self.entries = message["entries"]
        if self.entries < message["entries"]:
            self.gaps += 1
            self.take_entries(message["entries"])
        if message["run"] != self.run or self.figures is None or \
                message["figures"] > self.figures:
            self.gaps += self.figures is not None
            self.take_figures()

    def hear(self, wait_ms=1_000):
        """One message; False: nothing came. A link over which not even beats
        come is opened anew: one that was turned away does not try again by
        itself."""
        if self.subscription is None or \
                time.monotonic() > self.heard_at + self.patience:
            self.open()
        if self.subscription.poll(wait_ms) == 0:
            return False
        self.heard_at, self.patience = time.monotonic(), SILENT_S
        topic, body = self.subscription.recv_multipart()
        message = json.loads(body)
        {b"entries": self.hear_entries, b"figures": self.hear_figures,
         b"beat": self.hear_beat}[topic](message)
        return True


def print_line(what, data):
    print(json.dumps({what: data}, ensure_ascii=False), flush=True)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--make-key", metavar="KEYFILE")
    parser.add_argument("--key", metavar="KEYFILE")
    parser.add_argument("--server", metavar="HEX")
    parser.add_argument("--publish", default="tcp://127.0.0.1:5571")
    parser.add_argument("--snapshot", default="tcp://127.0.0.1:5572")
    parser.add_argument("--from", dest="start", type=int, metavar="INDEX")
    options = parser.parse_args()
    if options.make_key:
        make_key(options.make_key)
        return
    if not options.key or not options.server:
        parser.error("--key and --server are needed")
    with open(options.key, encoding="ascii") as file:
        keys = json.load(file)
    feed = Feed(keys, options.server, options.publish, options.snapshot,
                print_line, options.start)
    while True:
        feed.hear()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
