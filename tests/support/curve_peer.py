"""A ZMTP 3.1 peer with CURVE, byte by byte: what libzmq would never send.

Written from ZeroMQ's RFC 23, 26 and 37. A Peer goes as far through the
handshake as it is told, and then says whatever its mutation wants. `own` is
its pair of keys; one that the collector knows gets through, another does not.
"""

import socket
import struct

import nacl.public
import nacl.utils

import raw_peers

COMMAND, LONG = 0x04, 0x02
READY_METADATA = (b"\x0bSocket-Type\0\0\0\x06DEALER"
                  b"\x08Identity\0\0\0\0")


class Closed(Exception):
    """The other side has ended the connection."""


class Peer:
    def __init__(self, address, server_key, own):
        self.server = nacl.public.PublicKey(server_key)
        self.own = own
        self.short = nacl.public.PrivateKey.generate()
        self.nonce = 0
        self.socket = raw_peers.connect(address)
        self.socket.settimeout(30)

    def close(self, reset=False):
        if reset:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                   struct.pack("ii", 1, 0))
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # ---- frames ----

    def frame(self, body, flags=0):
        if len(body) > 255:
            return bytes([flags | LONG]) + struct.pack(">Q", len(body)) + body
        return bytes([flags, len(body)]) + body

    def send(self, body, flags=0):
        try:
            self.socket.sendall(self.frame(body, flags))
        except OSError as error:
            raise Closed from error

    def take(self, size):
        data = b""
        while len(data) < size:
            try:
                more = self.socket.recv(size - len(data))
            except ConnectionError as error:
                raise Closed from error
            if not more:
                raise Closed
            data += more
        return data

    def receive(self):
        flags, = self.take(1)
        size = (struct.unpack(">Q", self.take(8))[0] if flags & LONG
                else self.take(1)[0])
        return self.take(size)

    def short_nonce(self):
        self.nonce += 1
        return struct.pack(">Q", self.nonce)

    def box(self, data, prefix, nonce, key=None, to=None):
        return nacl.public.Box(key or self.short, to or self.server).encrypt(
            data, prefix + nonce).ciphertext

    # ---- the handshake ----

    def greet(self):
        self.socket.sendall(raw_peers.GREETING)
        self.take(64)

    def hello(self, version=b"\x01\x00", noise=None):
        nonce = self.short_nonce()
        box = self.box(bytes(64), b"CurveZMQHELLO---", nonce)
        return (b"\x05HELLO" + version + bytes(72)
                + self.short.public_key.encode() + nonce + (noise or box))

    def take_welcome(self):
        body = self.receive()
        if not body.startswith(b"\x07WELCOME"):
            raise Closed
        plain = nacl.public.Box(self.short, self.server).decrypt(
            body[24:], b"WELCOME-" + body[8:24])
        self.session = nacl.public.PublicKey(plain[:32])
        self.cookie = plain[32:]

    def initiate(self, metadata=READY_METADATA, cookie=None, vouched=None):
        """`vouched`: for which key the vouch is; None: the right one."""
        nonce, long_nonce = self.short_nonce(), nacl.utils.random(16)
        vouch = self.box((vouched or self.short.public_key).encode()
                         + self.server.encode(), b"VOUCH---", long_nonce,
                         key=self.own, to=self.session)
        box = self.box(self.own.public_key.encode() + long_nonce + vouch
                       + metadata, b"CurveZMQINITIATE", nonce,
                       to=self.session)
        return b"\x08INITIATE" + (cookie or self.cookie) + nonce + box

    def shake_hands(self):
        """To the end. Closed when this key is not let in."""
        self.greet()
        self.send(self.hello(), COMMAND)
        self.take_welcome()
        self.send(self.initiate(), COMMAND)
        if not self.receive().startswith(b"\x05READY"):
            raise Closed
        return self

    # ---- afterwards ----

    def message(self, data, flags=0):
        """An encrypted frame; flags 1: more follow, 2: a command."""
        nonce = self.short_nonce()
        return b"\x07MESSAGE" + nonce + self.box(
            bytes([flags]) + data, b"CurveZMQMESSAGEC", nonce, to=self.session)

    def ended(self):
        """Waits until the other side ends the connection; False after a
        while."""
        try:
            while True:
                self.receive()
        except (Closed, socket.timeout, OSError) as end:
            return isinstance(end, Closed)


# ---- before the handshake has ended: anybody who knows the server's key ----

def hello_of_another_version(peer, chance):
    peer.greet()
    peer.send(peer.hello(version=chance.choice([b"\2\0", b"\1\1", b"\xff\xff"])),
              COMMAND)


def hello_that_does_not_open(peer, chance):
    peer.greet()
    peer.send(peer.hello(noise=chance.randbytes(80)), COMMAND)


def hello_cut(peer, chance):
    peer.greet()
    body = peer.hello()
    peer.send(body[:chance.randrange(len(body))], COMMAND)


def hello_twice(peer, chance):
    peer.greet()
    peer.send(peer.hello(), COMMAND)
    peer.take_welcome()
    peer.send(peer.hello(), COMMAND)


def initiate_with_noise(peer, chance):
    peer.greet()
    peer.send(peer.hello(), COMMAND)
    peer.take_welcome()
    body = bytearray(peer.initiate())
    at = chance.randrange(9, len(body))
    body[at] ^= 1 << chance.randrange(8)
    peer.send(bytes(body), COMMAND)


def initiate_cut(peer, chance):
    peer.greet()
    peer.send(peer.hello(), COMMAND)
    peer.take_welcome()
    body = peer.initiate()
    peer.send(body[:chance.randrange(len(body))], COMMAND)


def cookie_of_another(peer, chance):
    peer.greet()
    peer.send(peer.hello(), COMMAND)
    peer.take_welcome()
    peer.send(peer.initiate(cookie=chance.randbytes(96)), COMMAND)


def vouch_for_another(peer, chance):
    peer.greet()
    peer.send(peer.hello(), COMMAND)
    peer.take_welcome()
    other = nacl.public.PrivateKey.generate().public_key
    peer.send(peer.initiate(vouched=other), COMMAND)


def strange_metadata(peer, chance):
    """Properties that are cut, too long, of another socket, or noise."""
    peer.greet()
    peer.send(peer.hello(), COMMAND)
    peer.take_welcome()
    peer.send(peer.initiate(metadata=chance.choice([
        b"\xff", b"\x0bSocket-Type\xff\xff\xff\xffDEALER",
        b"\x0bSocket-Type\0\0\0\x03PUB", b"\x0bSocket-Type\0\0\0\x00",
        READY_METADATA[:chance.randrange(len(READY_METADATA))],
        chance.randbytes(chance.randrange(1, 400))])), COMMAND)


# ---- after it: only who has a key that is let in ----

def spoiled_message(peer, chance):
    body = bytearray(peer.shake_hands().message(b"\x2a\x00"))
    body[chance.randrange(8, len(body))] ^= 1 << chance.randrange(8)
    peer.send(bytes(body))


def message_twice(peer, chance):
    body = peer.shake_hands().message(b"\x32\x02\x08\x01")
    peer.send(body)
    peer.send(body)


def older_nonce(peer, chance):
    peer.shake_hands().nonce += 100
    peer.send(peer.message(b"\x32\x02\x08\x01"))
    peer.nonce -= 50
    peer.send(peer.message(b"\x32\x02\x08\x01"))


def short_message(peer, chance):
    body = peer.shake_hands().message(b"")
    peer.send(body[:chance.randrange(len(body))])


def frame_in_the_clear(peer, chance):
    peer.shake_hands().send(chance.choice([
        b"\x2a\x00", b"", b"\x07MESSAGE", chance.randbytes(100)]),
        chance.choice([0, 1, COMMAND]))


def handshake_again(peer, chance):
    peer.shake_hands()
    peer.send(chance.choice([peer.hello(), peer.initiate()]), COMMAND)


def wrong_flags(peer, chance):
    """A frame with flags that nobody has defined."""
    peer.shake_hands()
    peer.socket.sendall(bytes([chance.randrange(8, 256), 4]) + b"abcd")


ENDED_BEFORE = [hello_of_another_version, hello_that_does_not_open, hello_cut,
                hello_twice, initiate_with_noise, initiate_cut,
                cookie_of_another, vouch_for_another]
ENDED_AFTER = [spoiled_message, message_twice, older_nonce, short_message,
               frame_in_the_clear, handshake_again]


def commands(peer, chance):
    """Pings of all kinds, and commands that a DEALER has no use for."""
    peer.shake_hands()
    for _ in range(chance.randrange(1, 9)):
        ttl = struct.pack(">H", chance.choice([0, 1, 65535]))
        peer.send(peer.message(chance.choice([
            b"\x04PING" + ttl, b"\x04PING" + ttl + bytes(16),
            b"\x04PING" + ttl + bytes(200), b"\x04PING", b"\x04PING\0",
            b"\x04PONG", b"\x04PONG" + bytes(300), b"\x09SUBSCRIBEabc",
            b"\x06CANCELabc", b"\x05ERROR\x03abc", b"\xffNOTHING", b"",
            chance.randbytes(40)]), 2))


def half_a_frame(peer, chance):
    """And then gone, with and without a farewell."""
    body = peer.shake_hands().frame(peer.message(bytes(5000), 1))
    peer.socket.sendall(body[:chance.randrange(len(body))])
    peer.close(reset=chance.random() < 0.5)


def parts_and_gone(peer, chance):
    peer.shake_hands()
    for _ in range(chance.randrange(1, 20)):
        peer.send(peer.message(b"part", 1))
    peer.close(reset=chance.random() < 0.5)


# How these end is up to the library; the collector must outlive them.
ENDED_SOMEHOW = [strange_metadata, commands, wrong_flags, half_a_frame,
                 parts_and_gone]
