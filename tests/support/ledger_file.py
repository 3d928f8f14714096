"""Reads a collector's ledger.mdb, apart from the product.

Written from docs/STORAGE.md and the headers of batch.h and entry.h: LMDB by
python3-lmdb, hashes and signatures by python3-nacl, events by the Python
classes that protoc makes of proto/. Every entry that is given has been held
against its hash, every batch against its agent's signature and the batch
before it; what does not fit is a Damage.
"""

import hashlib
import importlib
import itertools
import struct
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import lmdb
import nacl.exceptions
import nacl.hash
import nacl.encoding
import nacl.signing
import zstandard

SOURCE = Path(__file__).resolve().parents[2]
ENTRY = struct.Struct(">4sBBHQq16s16sIIQII32s")
BATCH = struct.Struct(">4sBBH16s16sIIQIIq32sI")
BATCH_CONTEXT = b"tallyline batch 1\0"
CONTROL_CONTEXT = b"tallyline control 1\0"
SIGNATURE_BYTES = 64
KEY_BYTES = 32
PAYLOAD_MAX = 1 << 20
KIND_BATCH, KIND_CONTROL, KIND_MISSING = 1, 2, 3
CODEC_PLAIN = 1
# Positions of tables in the store's list: part of a value's hash.
TABLES = {"entries": 0, "bytes": 1, "streams": 2, "positions": 3,
          "controls": 4, "tree": 5, "format": 255}
TREE_WIDTH = 256

Entry = namedtuple("Entry", "magic version kind flags index received_at agent "
                   "epoch agent_number epoch_ordinal first_seq count size "
                   "digest")
Header = namedtuple("Header", "magic version codec zero agent epoch "
                    "agent_number epoch_ordinal first_seq count unpacked "
                    "sealed_at previous size")


class Damage(Exception):
    """What is in the file is not what was written."""


def need(condition, what):
    if not condition:
        raise Damage(what)


def load_classes(folder):
    """Makes Python classes of the protocol's files in `folder`."""
    subprocess.run(["protoc", f"--proto_path={SOURCE / 'proto'}",
                    f"--python_out={folder}", "event.proto", "ledger.proto"],
                   check=True)
    sys.path.insert(0, str(folder))
    try:
        return (importlib.import_module("event_pb2"),
                importlib.import_module("ledger_pb2"))
    finally:
        sys.path.pop(0)


def siphash(key, data):
    return nacl.hash.siphash24(data, key, nacl.encoding.RawEncoder)


def value_hash(table, key, value):
    outer = b"tallyline store "
    inner = siphash(outer, bytes([TABLES[table]]) + key) + outer[:8]
    return siphash(inner, value)


def open_value(table, key, stored):
    """The value behind its hash."""
    value = bytes(stored[8:])
    need(value_hash(table, key, value) == bytes(stored[:8]),
         f"{table} {key.hex()}: the value does not have its hash")
    return value


def read_format(path, change=None):
    """The number of the format in a store's file, which nobody has open.
    `change` is written in its place."""
    with lmdb.open(str(path), subdir=False, max_dbs=32,
                   map_size=1 << 30) as store:
        table = store.open_db(b"format", create=False)
        with store.begin(write=True) as txn:
            record = open_value("format", b"format",
                                txn.get(b"format", b"", table))
            if change is not None:
                new = change.to_bytes(4, "big") + record[4:]
                txn.put(b"format", value_hash("format", b"format", new) + new,
                        db=table)
            return int.from_bytes(record[:4], "big")


def write_format(path, number):
    read_format(path, number)


def signed(data, context, key, what):
    """The data without the signature that is checked."""
    body, signature = data[:-SIGNATURE_BYTES], data[-SIGNATURE_BYTES:]
    try:
        nacl.signing.VerifyKey(key).verify(context + body, signature)
    except nacl.exceptions.BadSignatureError as error:
        raise Damage(f"{what}: the signature does not fit") from error
    return body


def entry_of(raw):
    return Entry(*ENTRY.unpack(raw))


def read_store(path):
    """Entries with their bytes, as they lie in the store."""
    with lmdb.open(str(path), subdir=False, readonly=True, max_dbs=32,
                   map_size=1 << 36) as store, store.begin() as txn:
        entries, data = [store.open_db(name, txn, create=False)
                         for name in (b"entries", b"bytes")]
        for key, stored in txn.cursor(entries):
            raw = open_value("entries", key, stored)
            entry = Entry(*ENTRY.unpack(raw))
            if entry.kind == KIND_MISSING:
                yield raw, b""
                continue
            yield raw, open_value("bytes", entry.digest,
                                  txn.get(entry.digest, b"", data))


def subtree(hashes):
    """The node over a power of two of hashes, by RFC 6962."""
    while len(hashes) > 1:
        hashes = [hashlib.sha256(b"\1" + hashes[i] + hashes[i + 1]).digest()
                  for i in range(0, len(hashes), 2)]
    return hashes[0]


def check_tree(path):
    """Every node that should be kept is there, and no other."""
    with lmdb.open(str(path), subdir=False, readonly=True, max_dbs=32,
                   map_size=1 << 36) as store, store.begin() as txn:
        entries, tree = [store.open_db(name, txn, create=False)
                         for name in (b"entries", b"tree")]
        hashes = [hashlib.sha256(b"\0" + open_value("entries", key, stored))
                  .digest() for key, stored in txn.cursor(entries)]
        found = {bytes(key): open_value("tree", key, stored)
                 for key, stored in txn.cursor(tree)}
    wanted, level = {}, 0
    while len(hashes) >= TREE_WIDTH:
        level += 1
        hashes = [subtree(hashes[first:first + TREE_WIDTH]) for first in
                  range(0, len(hashes) - TREE_WIDTH + 1, TREE_WIDTH)]
        wanted.update({bytes([level]) + index.to_bytes(8, "big"): node
                       for index, node in enumerate(hashes)})
    need(found == wanted, "the nodes of the tree")


def read_export(folder):
    """The same of what `audit export --raw` wrote."""
    records = (folder / "entries.bin").read_bytes()
    need(len(records) % ENTRY.size == 0, "entries.bin ends within a record")
    for at in range(0, len(records), ENTRY.size):
        raw = records[at:at + ENTRY.size]
        entry = Entry(*ENTRY.unpack(raw))
        kind = "batch" if entry.kind == KIND_BATCH else "control"
        file = (folder / "raw" / f"{entry.index // 10000:04}" /
                f"{entry.index:010}-{entry.digest.hex()}.{kind}")
        yield raw, file.read_bytes() if file.exists() else None


class Stream:
    """What must follow in one epoch of one agent."""

    def __init__(self, key):
        self.key = key
        self.next_seq = 1
        self.last = bytes(32)


class Ledger:
    """All entries, read and checked at once."""

    def __init__(self, path, classes, size=None):
        """`path`: a ledger.mdb, or a folder that `audit export --raw` wrote.
        `size`: only so many entries."""
        self.event_pb2, self.ledger_pb2 = classes
        self.entries = []
        self.events = {}  # id as (agent, epoch, seq): (event, entry index)
        self.streams = {}
        self.keys = {}  # agent number: its signing key in force
        self.administrator = None
        self.new_keys = []  # entries that brought the province others
        self.absent = {}  # entries whose bytes an order must have erased
        read = read_export if Path(path).is_dir() else read_store
        for raw, data in itertools.islice(read(Path(path)), size):
            self.take(raw, data)
        need(size or not self.absent, f"no bytes of {sorted(self.absent)}")
        if read is read_store:
            check_tree(path)

    def take(self, raw, data):
        """The next entry, and its batch or control document."""
        entry = Entry(*ENTRY.unpack(raw))
        need(entry.magic == b"TLE1" and entry.index == len(self.entries),
             f"entry {entry.index} misplaced")
        if entry.kind == KIND_MISSING:
            need(raw[24:] == bytes(ENTRY.size - 24) and
                 entry.received_at == self.entries[-1].received_at,
                 f"missing entry {entry.index}")
            self.entries.append(entry)
            return
        need(data is None or hashlib.sha256(data).digest() == entry.digest and
             len(data) == entry.size, f"bytes of entry {entry.index}")
        need(not self.entries or
             entry.received_at >= self.entries[-1].received_at,
             f"entry {entry.index} is older than the one before it")
        self.entries.append(entry)
        if data is None:
            self.pass_by(entry)
        elif entry.kind == KIND_BATCH:
            self.read_batch(entry, data)
        else:
            self.read_control(entry, data)

    def pass_by(self, entry):
        """A batch that was erased: its place in its stream is known."""
        need(entry.kind == KIND_BATCH, f"no bytes of entry {entry.index}")
        self.absent[entry.index] = entry.digest
        self.follow(self.streams[entry.agent_number, entry.epoch_ordinal],
                    entry)

    def read_control(self, entry, data):
        signer = data[-SIGNATURE_BYTES - KEY_BYTES:-SIGNATURE_BYTES]
        body = data[:-SIGNATURE_BYTES - KEY_BYTES]
        try:
            nacl.signing.VerifyKey(signer).verify(CONTROL_CONTEXT + body,
                                                  data[-SIGNATURE_BYTES:])
        except nacl.exceptions.BadSignatureError as error:
            raise Damage(f"control entry {entry.index}") from error
        control = self.ledger_pb2.ControlBody.FromString(body)
        if entry.index == 0:
            self.administrator = control.genesis.administrator
        elif control.HasField("break_") and control.break_.administrator:
            # Whoever lost the old keys cannot sign with them.
            self.administrator = control.break_.administrator
            self.new_keys.append(entry.index)
        need(signer == self.administrator,
             f"control entry {entry.index} is signed by somebody else")
        if control.HasField("joined"):
            joined = control.joined
            self.keys[joined.agent_number] = joined.sign_key
            self.open_epoch(joined.agent_number, 1, joined.epoch)
        elif control.HasField("key_change"):
            change = control.key_change
            self.keys[change.agent_number] = change.sign_key
        elif control.HasField("erasure_order"):
            order = control.erasure_order
            need(self.absent.pop(order.index, order.digest) == order.digest,
                 f"the order of entry {entry.index} names another batch")
        elif control.HasField("epoch_opened"):
            opened = control.epoch_opened
            self.open_epoch(opened.agent_number, opened.epoch_ordinal,
                            opened.epoch)

    def open_epoch(self, agent, ordinal, key):
        need((agent, ordinal) not in self.streams,
             f"epoch {ordinal} of agent {agent} is opened twice")
        self.streams[agent, ordinal] = Stream(key)

    def read_batch(self, entry, data):
        header = Header(*BATCH.unpack_from(data))
        what = f"batch of entry {entry.index}"
        need(header.magic == b"TLB1" and header[4:10] ==
             (entry.agent, entry.epoch, entry.agent_number,
              entry.epoch_ordinal, entry.first_seq, entry.count), what)
        body = signed(data, BATCH_CONTEXT, self.keys[entry.agent_number], what)
        stream = self.streams[entry.agent_number, entry.epoch_ordinal]
        need(stream.key == entry.epoch, f"{what}: another epoch")
        need(stream.last == header.previous, f"{what}: not chained")
        self.follow(stream, entry)
        self.read_events(entry, header, body[BATCH.size:], what)

    @staticmethod
    def follow(stream, entry):
        need(stream.next_seq == entry.first_seq,
             f"seq {entry.first_seq}, not {stream.next_seq}")
        stream.next_seq += entry.count
        stream.last = entry.digest

    def read_events(self, entry, header, payload, what):
        """What is inside of a batch that is signed and in its place."""
        need(len(payload) == header.size, f"{what}: size")
        if header.codec != CODEC_PLAIN:
            payload = zstandard.ZstdDecompressor().decompress(
                payload, max_output_size=PAYLOAD_MAX)
        need(len(payload) == header.unpacked, f"{what}: unpacked size")
        at = 0
        for seq in range(entry.first_seq, entry.first_seq + entry.count):
            size, at = read_varint(payload, at)
            event = self.event_pb2.Event.FromString(payload[at:at + size])
            at += size
            self.events[entry.agent_number, entry.epoch_ordinal, seq] = (
                event, entry.index)
        need(at == len(payload), f"{what}: bytes behind the last event")


def read_varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7f) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def id_of(number):
    """The parts of an id60."""
    return number >> 40, number >> 32 & 0xff, number & 0xffffffff


def id_text(identity):
    return ".".join(map(str, identity))
