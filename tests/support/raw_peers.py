"""Peers that do not speak the protocol: bytes on a TCP socket, and ZeroMQ
sockets without the right mechanism.

Each function tries one thing at an address and says what the other side did:
"closed" or "silent". Nothing here waits longer than a second or two; what the
collector does to those that stay silent is up to its handshake's time.
"""

import os
import random
import socket
import struct

import zmq
import zmq.utils.monitor

ANSWER_SECONDS = 1.0
CONNECT_SECONDS = 10.0
# ZMTP 3.1: signature, version, mechanism, as-server, filler.
GREETING = (b"\xff" + bytes(8) + b"\x7f" + b"\x03\x01"
            + b"CURVE".ljust(20, b"\0") + b"\0" + bytes(31))


def connect(address):
    """Waits while the other side's queue of new connections is full."""
    host, port = address.removeprefix("tcp://").rsplit(":", 1)
    peer = socket.create_connection((host, int(port)), timeout=CONNECT_SECONDS)
    peer.settimeout(ANSWER_SECONDS)
    return peer


def outcome(peer, wanted=1 << 16):
    """What the other side does, after all that it says."""
    try:
        while wanted > 0:
            data = peer.recv(wanted)
            if not data:
                return "closed"
            wanted -= len(data)
    except socket.timeout:
        return "silent"
    except OSError:
        return "closed"
    return "silent"


def say(address, *parts):
    with connect(address) as peer:
        try:
            for part in parts:
                peer.sendall(part)
        except OSError:
            return "closed"
        return outcome(peer)


def garbage(address, chance):
    """Any bytes in the place of a greeting."""
    return say(address, chance.randbytes(chance.randrange(1, 4096)))


def another_protocol(address, chance):
    return say(address, chance.choice([
        b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\0\0\0\x54\xffSMBr" + bytes(80)]))


def old_greeting(address, chance):
    """ZMTP 1.0 and 2.0, which know no mechanism."""
    return say(address, chance.choice([
        b"\x01\x00", b"\xff" + bytes(8) + b"\x7f\x00",
        b"\xff" + bytes(8) + b"\x7f\x01\x05\x00\x00"]))


def other_mechanism(address, chance):
    name = chance.choice([b"NULL", b"PLAIN", b"GSSAPI", b"CURV", b"curve",
                          b"\xff" * 20])
    greeting = GREETING[:12] + name.ljust(20, b"\0") + GREETING[32:]
    return say(address, greeting, b"\x04\x19\x05READY" + bytes(19))


def greeting_and_nothing(address, chance):
    return say(address, GREETING)


def greeting_byte_by_byte(address, chance):
    return say(address, *(GREETING[i:i + 1]
                          for i in range(chance.randrange(1, len(GREETING)))))


def huge_frame(address, chance):
    """A frame of nearly 2^63 bytes behind a greeting."""
    flags = chance.choice([b"\x06", b"\x02", b"\x03"])
    size = chance.choice([1 << 62, (1 << 63) - 1, (1 << 64) - 1, 1 << 40])
    return say(address, GREETING, flags + struct.pack(">Q", size),
               os.urandom(4096))


def hello_of_noise(address, chance):
    """CURVE's first command, with the right shape and nothing behind it."""
    hello = b"\x05HELLO\x01\x00" + bytes(72) + chance.randbytes(32 + 8 + 80)
    return say(address, GREETING, b"\x04" + bytes([len(hello)]) + hello)


def wrong_command(address, chance):
    """INITIATE, READY or a message before HELLO."""
    name = chance.choice([b"INITIATE", b"READY", b"MESSAGE", b"PING", b"ERROR"])
    body = bytes([len(name)]) + name + chance.randbytes(chance.randrange(200))
    return say(address, GREETING, b"\x04" + bytes([len(body)]) + body)


RAW = [garbage, another_protocol, old_greeting, other_mechanism,
       greeting_and_nothing, greeting_byte_by_byte, huge_frame,
       hello_of_noise, wrong_command]


def zeromq_without_curve(address, plain):
    """Whether a ZeroMQ peer without CURVE is let in."""
    peer = zmq.Context.instance().socket(zmq.DEALER)
    peer.linger = 0
    peer.immediate = 1
    peer.reconnect_ivl = -1
    if plain:
        peer.plain_username = b"office"
        peer.plain_password = b"office"
    monitor = peer.get_monitor_socket()
    try:
        peer.connect(address)
        while monitor.poll(5000):
            event = zmq.utils.monitor.recv_monitor_message(monitor)["event"]
            if event == zmq.EVENT_HANDSHAKE_SUCCEEDED:
                return True
            if event in (zmq.EVENT_DISCONNECTED, zmq.EVENT_CLOSED,
                         zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL,
                         zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL):
                return False
        return False
    finally:
        peer.disable_monitor()
        monitor.close()
        peer.close()


class Crowd:
    """Many connections that say nothing, or stop after the greeting."""

    def __init__(self, address, count, seed):
        chance = random.Random(seed)
        self.peers = []
        for _ in range(count):
            try:
                peer = connect(address)
                peer.setblocking(False)
                if chance.random() < 0.5:
                    peer.send(GREETING[:chance.randrange(len(GREETING))])
                self.peers.append(peer)
            except OSError:
                break  # no more are taken

    def left(self):
        """How many the other side still keeps."""
        self.peers = [peer for peer in self.peers if stands(peer)]
        return len(self.peers)

    def close(self):
        for peer in self.peers:
            peer.close()


def stands(peer):
    try:
        while peer.recv(4096):
            pass
    except BlockingIOError:
        return True
    except OSError:
        pass
    peer.close()
    return False
