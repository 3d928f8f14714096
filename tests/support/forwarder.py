"""A link that goes wrong on purpose: stands between an office and its province
and forwards bytes, or does not.

    with Forwarder(port_of_the_province) as link:
        ... the office connects to link.port ...
        link.cut()               both ends are told (RST), now
        link.cut_after(5000)     when so many bytes more have passed
        link.hush(up=True)       half open: sockets stay, nothing passes
        link.forget()            as a NAT that lost its table: what stands now
                                 is half open for ever, new connections work
        link.forget_idle(30)     as a NAT that forgets who says nothing for so
                                 many seconds
        link.refuse()            nobody listens
        link.slow(6250)          bytes a second, each way
        link.stutter(0.5)        stands still again and again, as TCP does
                                 above loss and reordering
        link.flip(up=True)       one bit of what passes next
        link.heal()              all of it is over

All links share one thread. A call takes effect before it returns.
"""

import asyncio
import random
import socket
import struct
import threading

CHUNK = 2048
# Little lies in between, so that what is slow is slow for both ends.
BUFFER_BYTES = 16384
RESET = struct.pack("ii", 1, 0)
UP, DOWN = 0, 1


class Loop:
    """The thread that all links share."""

    shared = None

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True,
                         name="links").start()

    @classmethod
    def get(cls):
        if cls.shared is None:
            cls.shared = cls()
        return cls.shared

    def call(self, function, *arguments):
        """Runs it in the thread and gives what it gives."""
        async def run():
            return function(*arguments)
        return asyncio.run_coroutine_threadsafe(run(), self.loop).result()


def keep_small(one):
    for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
        one.setsockopt(socket.SOL_SOCKET, option, BUFFER_BYTES)
    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    one.setblocking(False)


class Connection:
    """Two sockets and what passes between them."""

    def __init__(self, link, near):
        self.link = link
        self.ends = [near, None]
        self.forgotten = False
        self.passed_at = link.loop.time()
        self.tasks = [link.loop.create_task(self.run())]

    async def run(self):
        far = socket.socket()
        self.ends[1] = far
        for one in self.ends:
            keep_small(one)
        try:
            await self.link.loop.sock_connect(far, self.link.target)
        except OSError:
            self.reset()
            return
        self.tasks += [self.link.loop.create_task(self.pump(way))
                       for way in (UP, DOWN)]

    def reset(self):
        """Both ends are told at once that it is over."""
        for one in self.ends:
            if one is not None and one.fileno() >= 0:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.close()

    def close(self):
        for task in self.tasks:
            task.cancel()
        for one in self.ends:
            if one is not None:
                one.close()
        self.link.connections.discard(self)

    async def passes(self, way):
        """Waits until this way is open."""
        while self.forgotten or self.link.hushed[way]:
            self.link.changed.clear()
            await self.link.changed.wait()

    def note(self):
        """Something passes; too late for a NAT that has forgotten it."""
        now, idle_max = self.link.loop.time(), self.link.idle_max
        if idle_max is not None and now - self.passed_at > idle_max:
            self.forgotten = True
        self.passed_at = now

    async def pump(self, way):
        loop, link = self.link.loop, self.link
        source, sink = self.ends[way], self.ends[1 - way]
        try:
            while True:
                await self.passes(way)
                data = await loop.sock_recv(source, CHUNK)
                self.note()
                await self.passes(way)
                if not data:
                    break
                await link.delay(way, len(data))
                await self.passes(way)
                await loop.sock_sendall(sink, link.spoil(way, data))
                link.passed[way] += len(data)
                if link.spend(len(data)):
                    self.reset()
                    return
        except OSError:
            pass
        self.reset()


class Forwarder:
    def __init__(self, target_port, seed=0, host="127.0.0.1"):
        self.shared = Loop.get()
        self.loop = self.shared.loop
        self.target = (host, target_port)
        self.random = random.Random(seed)
        self.connections = set()
        self.hushed = [False, False]
        self.passed = [0, 0]
        self.accepted = 0
        self.port = 0
        self.listener = None
        self.changed = asyncio.Event()
        self.never = asyncio.Event()
        self.calm()
        self.shared.call(self.listen)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.refuse()
        self.cut()

    # ---- what may be wrong ----

    def calm(self):
        self.hushed = [False, False]
        self.rate = self.pause = self.left = self.idle_max = None
        self.flips = [False, False]
        self.free_at = [0.0, 0.0]

    async def take_time(self, seconds):
        try:
            await asyncio.wait_for(self.never.wait(), seconds)
        except asyncio.TimeoutError:
            pass

    async def delay(self, way, size):
        if self.pause is not None and self.random.random() < 0.2:
            await self.take_time(self.random.uniform(0, self.pause))
        if self.rate is not None:
            now = self.loop.time()
            self.free_at[way] = max(self.free_at[way], now) + size / self.rate
            await self.take_time(self.free_at[way] - now)

    def spoil(self, way, data):
        if not self.flips[way]:
            return data
        self.flips[way] = False
        at = self.random.randrange(len(data))
        flipped = data[at] ^ 1 << self.random.randrange(8)
        return data[:at] + bytes([flipped]) + data[at + 1:]

    def spend(self, size):
        """True when the connection is to be cut now."""
        if self.left is None:
            return False
        self.left -= size
        if self.left > 0:
            return False
        self.left = None
        return True

    # ---- the door ----

    def listen(self):
        if self.listener is not None:
            return
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", self.port))
        self.listener.listen(64)
        self.listener.setblocking(False)
        self.port = self.listener.getsockname()[1]
        self.door = self.loop.create_task(self.accept())

    async def accept(self):
        while True:
            near, _ = await self.loop.sock_accept(self.listener)
            self.accepted += 1
            self.connections.add(Connection(self, near))

    def shut(self):
        if self.listener is not None:
            self.door.cancel()
            self.listener.close()
            self.listener = None

    # ---- for tests ----

    def set(self, **values):
        def change():
            for name, value in values.items():
                setattr(self, name, value)
            self.changed.set()
        self.shared.call(change)

    def cut(self):
        self.shared.call(lambda: [one.reset()
                                  for one in list(self.connections)])

    def refuse(self):
        self.shared.call(self.shut)
        self.cut()

    def cut_after(self, size):
        self.set(left=size)

    def hush(self, up=False, down=False):
        self.set(hushed=[up, down])

    def forget(self):
        def change():
            for one in self.connections:
                one.forgotten = True
        self.shared.call(change)

    def forget_idle(self, seconds):
        self.set(idle_max=seconds)

    def slow(self, bytes_a_second):
        self.set(rate=bytes_a_second)

    def stutter(self, seconds_max):
        self.set(pause=seconds_max)

    def flip(self, up):
        self.set(flips=[up, not up])

    def heal(self):
        def change():
            self.calm()
            self.listen()
            self.changed.set()
        self.shared.call(change)
