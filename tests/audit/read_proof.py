#!/usr/bin/python3
"""Reads a proof that an entry is in the ledger, without the product.

  read_proof.py FILE --key FILE

From C2SP's tlog-proof, tlog-checkpoint, tlog-cosignature and signed-note, RFC
6962, and the 112 bytes of an entry (docs/STORAGE.md). FILE of the
keys holds lines NAME+ID+BASE64: the ledger's key (type 1) and those of
witnesses (type 4). The note must be signed by the ledger's key under its own
name, the entry must be the leaf that leads to the root in it, and the bytes
behind the entry must have the hash that it names. Prints what was shown; ends
with code 1 and the reason when something does not fit.
"""
import base64
import datetime
import hashlib
import struct
import sys
from pathlib import Path

import nacl.exceptions
import nacl.signing

ENTRY = struct.Struct(">4sBBHQq16s16sIIQII32s")
FIRST = "c2sp.org/tlog-proof@v1"


class Wrong(Exception):
    """The file does not prove what it should."""


def need(condition, what):
    if not condition:
        raise Wrong(what)


class Key:
    def __init__(self, line):
        self.name, self.id, data = line.split("+", 2)
        data = base64.b64decode(data, validate=True)
        need(len(data) == 33 and data[0] in (1, 4), "a key of a known type")
        own = hashlib.sha256(self.name.encode() + b"\n" + data).digest()[:4]
        need(own.hex() == self.id, "a key's id is that of its bytes")
        self.type = data[0]
        self.key = nacl.signing.VerifyKey(data[1:])

    def check(self, text, blob):
        """The time of a cosignature, None of another signature."""
        time = None
        if self.type == 4:
            time, = struct.unpack_from(">Q", blob)
            blob = blob[8:]
            text = f"cosignature/v1\ntime {time}\n".encode() + text
        try:
            self.key.verify(text, blob)
        except (nacl.exceptions.BadSignatureError, ValueError) as error:
            raise Wrong(f"the signature of {self.name} is wrong") from error
        return time


def read_keys(path):
    lines = Path(path).read_text().splitlines()
    return [Key(line) for line in lines if line and line[0] != "#"]


def signatures(note, keys):
    """The text of the note, and by name the time of each good signature."""
    text, _, lines = note.rpartition("\n\n")
    text = (text + "\n").encode()
    found = {}
    for line in lines.splitlines():
        dash, name, blob = line.split(" ")
        need(dash == "\u2014", "a line of a signature begins with a dash")
        blob = base64.b64decode(blob, validate=True)
        for key in keys:
            if key.name == name and blob[:4].hex() == key.id:
                found[name] = key.check(text, blob[4:])
    return text.decode(), found


def root_of(leaf, index, size, path):
    """RFC 9162, 2.1.3.2: the root that the path leads to."""
    need(index < size, "the entry lies below the checkpoint's size")
    node, last = index, size - 1
    value = leaf
    for hash_ in path:
        need(last > 0, "the path is no longer than the way to the root")
        if node & 1 or node == last:
            value = hashlib.sha256(b"\1" + hash_ + value).digest()
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            value = hashlib.sha256(b"\1" + value + hash_).digest()
        node >>= 1
        last >>= 1
    need(last == 0, "the path leads to the root")
    return value


def read_proof(text):
    lines = text.split("\n")
    need(lines[0] == FIRST, "the first line names the format")
    need(lines[1].startswith("extra "), "the entry is in the extra data")
    extra = base64.b64decode(lines[1][6:], validate=True)
    need(lines[2].startswith("index "), "the index is named")
    end = lines.index("")
    path = [base64.b64decode(line, validate=True) for line in lines[3:end]]
    return int(lines[2][6:]), extra, path, "\n".join(lines[end + 1:])


def check(text, keys):
    """What the proof shows, as a dict."""
    ledgers = [key for key in keys if key.type == 1]
    need(len({key.name for key in ledgers}) == 1,
         "the keys of one ledger are there, former ones too")
    index, extra, path, note = read_proof(text)
    entry, content = extra[:ENTRY.size], extra[ENTRY.size:]
    fields = ENTRY.unpack(entry)
    need(fields[0] == b"TLE1" and fields[4] == index, "it is that entry")
    need(not content or hashlib.sha256(content).digest() == fields[13],
         "the bytes have the hash that the entry names")
    body, found = signatures(note, keys)
    origin, size, root = body.split("\n")[:3]
    need(origin == ledgers[0].name and origin in found,
         "the ledger's key has signed under its name")
    leaf = hashlib.sha256(b"\0" + entry).digest()
    need(root_of(leaf, index, int(size), path) == base64.b64decode(root),
         "the entry is in the tree that was signed")
    return {"origin": origin, "index": index, "received_at": fields[5],
            "agent": fields[8], "first_seq": fields[10], "count": fields[11],
            "size": int(size), "content": content,
            "witnesses": {name: time for name, time in found.items()
                          if name != origin}}


def main():
    path, option, keys = sys.argv[1:]
    need(option == "--key", "usage: read_proof.py FILE --key FILE")
    shown = check(Path(path).read_text(), read_keys(keys))
    moment = datetime.datetime.fromtimestamp(shown["received_at"] / 1e6,
                                             datetime.timezone.utc)
    print(f"{shown['origin']}: entry {shown['index']} of {shown['size']}, "
          f"agent {shown['agent']}, received {moment.isoformat()}, "
          f"{len(shown['witnesses'])} witnesses")


if __name__ == "__main__":
    try:
        main()
    except Wrong as wrong:
        print(f"{sys.argv[1]}: not shown: {wrong}", file=sys.stderr)
        sys.exit(1)
