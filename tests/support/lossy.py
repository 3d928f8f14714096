"""A network that loses, delays, reorders and doubles packets, between two
namespaces, each with one end of it.

    with LossyNetwork() as net:
        net.near, net.far         addresses
        net.at_near, net.at_far   what a command is started by to be there
        net.profile(loss=0.3, jitter=0.05, twice=0.02)

Each end is a TUN device; a thread carries what comes out of one into the other.
Needs root and /dev/net/tun, or else it says Skip.
"""

import fcntl
import heapq
import itertools
import os
import random
import select
import struct
import subprocess
import threading
import time

from line import Skip

SET_INTERFACE = 0x400454CA
TUN_WITHOUT_HEADER = 0x1001
PACKET_MAX = 2048
MTU = 1400
DELAY = 0.01  # seconds, each way


def ip(*arguments):
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        raise Skip(f"ip {' '.join(arguments)}: {done.stderr.strip()}")


def open_tun(name):
    try:
        tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(tun, SET_INTERFACE,
                    struct.pack("16sH14s", name.encode(),
                                TUN_WITHOUT_HEADER, b""))
    except OSError as error:
        raise Skip(f"no TUN device: {error}") from error
    return tun


class LossyNetwork(threading.Thread):
    near, far = "10.77.0.1", "10.77.0.2"

    def __init__(self, seed=0):
        super().__init__(daemon=True, name="packets")
        self.random = random.Random(seed)
        self.spaces = [f"tallyline-{os.getpid()}-{side}" for side in "nf"]
        self.at_near, self.at_far = (
            ["ip", "netns", "exec", space] for space in self.spaces)
        self.ends = []
        self.ending = False
        self.counts = {"carried": 0, "lost": 0, "doubled": 0}
        self.profile()

    def profile(self, loss=0.0, jitter=0.0, twice=0.0):
        """Chances for each packet; more delay by up to `jitter` seconds."""
        self.loss, self.jitter, self.twice = loss, jitter, twice

    def __enter__(self):
        try:
            for space, address in zip(self.spaces, (self.near, self.far)):
                name = f"tl{os.getpid()}{len(self.ends)}"[:15]
                ip("netns", "add", space)
                self.ends.append(open_tun(name))
                ip("link", "set", name, "netns", space)
                for command in (["link", "set", "lo", "up"],
                                ["address", "add", f"{address}/24", "dev",
                                 name],
                                ["link", "set", name, "mtu", str(MTU), "up"]):
                    ip("-n", space, *command)
        except BaseException:
            self.close()
            raise
        self.start()
        return self

    def __exit__(self, kind, value, trace):
        self.ending = True
        self.join()
        self.close()

    def close(self):
        for end in self.ends:
            os.close(end)
        for space in self.spaces:
            subprocess.run(["ip", "netns", "delete", space],
                           capture_output=True)

    def take(self, end, waiting, numbers):
        """What becomes of one packet is decided when it comes."""
        packet = os.read(end, PACKET_MAX)
        times = 1
        if self.random.random() < self.loss:
            self.counts["lost"] += 1
            return
        if self.random.random() < self.twice:
            self.counts["doubled"] += 1
            times = 2
        for _ in range(times):
            due = (time.monotonic() + DELAY
                   + self.random.uniform(0, self.jitter))
            other = self.ends[1 - self.ends.index(end)]
            heapq.heappush(waiting, (due, next(numbers), other, packet))

    def run(self):
        waiting = []
        numbers = itertools.count()
        while not self.ending:
            timeout = 0.05
            if waiting:
                timeout = min(timeout,
                              max(0.0, waiting[0][0] - time.monotonic()))
            for end in select.select(self.ends, [], [], timeout)[0]:
                self.take(end, waiting, numbers)
            while waiting and waiting[0][0] <= time.monotonic():
                _, _, other, packet = heapq.heappop(waiting)
                self.counts["carried"] += 1
                try:
                    os.write(other, packet)
                except OSError:
                    pass  # a full queue loses it too
