#!/usr/bin/python3
"""Reads what `audit export --tiles` wrote, without the product.

  read_tiles.py DIR [--key VKEY] [INDEX]...

From C2SP's tlog-tiles, tlog-checkpoint and signed-note, and RFC 6962. The note
must be signed by the key (a line NAME+ID+BASE64, or a file with it; without it
the one that lies in DIR, which proves nothing about who signed). Every entry
must have its hash in the tiles, every tile must follow from those below it,
and the root must be the one in the note. For each INDEX the proof that the
entry is in the tree is made of the tiles and checked. Ends with code 1 and the
place when something does not fit.
"""
import base64
import hashlib
import struct
import sys
from pathlib import Path

import nacl.exceptions
import nacl.signing

WIDTH = 256
ENTRY_BYTES = 112


class Wrong(Exception):
    """What was exported does not prove what it should."""


def need(condition, what):
    if not condition:
        raise Wrong(what)


def leaf_hash(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


# ---- the note ----

class Key:
    """NAME+ID+BASE64 of a type byte, 1 for Ed25519, and the public key."""

    def __init__(self, line):
        self.name, self.id, data = line.strip().split("+", 2)
        data = base64.b64decode(data, validate=True)
        need(data[0] == 1 and len(data) == 33, "the key is one of Ed25519")
        own = hashlib.sha256(self.name.encode() + b"\n" + data).digest()[:4]
        need(own.hex() == self.id, "the key's id is that of its bytes")
        self.key = nacl.signing.VerifyKey(data[1:])


def open_note(note, key):
    """The text, after at least one signature of the key was found good."""
    text, _, signatures = note.partition("\n\n")
    text += "\n"
    good = False
    for line in signatures.splitlines():
        need(line.startswith("\u2014 "), "a signature's line")
        name, data = line[2:].split(" ")
        data = base64.b64decode(data, validate=True)
        if (name, data[:4].hex()) != (key.name, key.id):
            continue  # of a witness, or of nobody we know
        try:
            key.key.verify(text.encode(), data[4:])
        except nacl.exceptions.BadSignatureError as error:
            raise Wrong("the checkpoint's signature") from error
        good = True
    need(good, f"the checkpoint is signed by {key.name}")
    return text


def read_checkpoint(folder, key):
    note = (folder / "checkpoint").read_text(encoding="utf-8")
    origin, size, root = open_note(note, key).splitlines()[:3]
    need(origin == key.name, "the origin is the key's name")
    need(size == str(int(size)), "the size is a plain number")
    return int(size), base64.b64decode(root, validate=True)


# ---- tiles ----

class Tiles:
    def __init__(self, folder, size):
        self.folder = folder
        self.size = size
        self.read = {}  # the last tile of each level

    def path(self, level, number, width):
        groups = f"{number:03d}"
        groups = groups.zfill(-(-len(groups) // 3) * 3)
        parts = [groups[i:i + 3] for i in range(0, len(groups), 3)]
        path = self.folder / "tile" / str(level)
        for part in parts[:-1]:
            path /= "x" + part
        return (path / parts[-1] if width == WIDTH
                else path / (parts[-1] + ".p") / str(width))

    def width(self, level, number):
        """How many nodes of the level's tile there are."""
        nodes = self.size // WIDTH ** level - number * WIDTH
        return max(0, min(WIDTH, nodes))

    def tile(self, level, number):
        if self.read.get(level, (None,))[0] != number:
            width = self.width(level, number)
            path = self.path(level, number, width)
            data = path.read_bytes()
            need(len(data) == 32 * width, f"size of {path}")
            self.read[level] = (number, [data[i:i + 32] for i in
                                         range(0, len(data), 32)])
        return self.read[level][1]

    def bundle(self, number):
        width = self.width(0, number)
        path = self.path("entries", number, width)
        data = path.read_bytes()
        entries = []
        while data:
            (size,) = struct.unpack_from(">H", data)
            need(size == ENTRY_BYTES, f"size of an entry in {path}")
            entries.append(data[2:2 + size])
            data = data[2 + size:]
        need(len(entries) == width, f"entries in {path}")
        return entries

    def node(self, level, number):
        """Of a complete subtree over 2^level leaves."""
        tile_level, height = divmod(level, 8)
        first = number << height
        hashes = self.tile(tile_level, first // WIDTH)
        found = hashes[first % WIDTH:first % WIDTH + (1 << height)]
        while len(found) > 1:
            found = [node_hash(*found[i:i + 2])
                     for i in range(0, len(found), 2)]
        return found[0]


def check_tiles(tiles):
    """Entries against leaves, and each full tile against the one above."""
    level, nodes = 0, tiles.size
    while nodes:
        for number in range(-(-nodes // WIDTH)):
            hashes = tiles.tile(level, number)
            if level == 0:
                for i, entry in enumerate(tiles.bundle(number)):
                    index = number * WIDTH + i
                    need(struct.unpack_from(">Q", entry, 8)[0] == index,
                         f"index of entry {index}")
                    need(leaf_hash(entry) == hashes[i],
                         f"hash of entry {index}")
            if len(hashes) == WIDTH:
                above = tiles.tile(level + 1, number // WIDTH)
                need(above[number % WIDTH] == root_of(hashes),
                     f"node {number} of level {level + 1}")
        nodes //= WIDTH
        level += 1


def root_of(hashes):
    """The definition of RFC 6962, of hashes of leaves."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    left = 1 << (len(hashes) - 1).bit_length() - 1
    return node_hash(root_of(hashes[:left]), root_of(hashes[left:]))


def run_root(tiles, start, end):
    """Over a run that begins where a right side does."""
    if start == end:
        return hashlib.sha256(b"").digest()
    level = (end - start).bit_length() - 1
    node = tiles.node(level, start >> level)
    start += 1 << level
    return node if start == end else node_hash(node,
                                               run_root(tiles, start, end))


# ---- proofs ----

def prove(tiles, index):
    proof = []
    start, end = 0, tiles.size
    while end - start > 1:
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        if index < middle:
            proof.append((middle, end))
            end = middle
        else:
            proof.append((start, middle))
            start = middle
    return [run_root(tiles, *run) for run in reversed(proof)]


def check_inclusion(leaf, index, size, proof, root):
    """RFC 9162, 2.1.3.2."""
    node, last = index, size - 1
    for beside in proof:
        need(last > 0, f"proof of entry {index} is too long")
        if node & 1 or node == last:
            leaf = node_hash(beside, leaf)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            leaf = node_hash(leaf, beside)
        node, last = node >> 1, last >> 1
    need(last == 0 and leaf == root, f"proof of entry {index}")


def main(arguments):
    folder = Path(arguments.pop(0))
    line = None
    if arguments[:1] == ["--key"]:
        line = arguments[1]
        del arguments[:2]
    line = line or folder / "ledger.vkey"
    key = Key(str(line) if "+" in str(line)
              else Path(line).read_text(encoding="utf-8"))
    size, root = read_checkpoint(folder, key)
    tiles = Tiles(folder, size)
    check_tiles(tiles)
    need(run_root(tiles, 0, size) == root, "root of the checkpoint")
    for index in map(int, arguments):
        need(index < size, f"entry {index} is below the checkpoint's size")
        entry = tiles.bundle(index // WIDTH)[index % WIDTH]
        check_inclusion(leaf_hash(entry), index, size, prove(tiles, index),
                        root)
        print(f"entry {index} is in the tree")
    print(f"{key.name}: {size} entries, root {root.hex()}, all of it fits")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (Wrong, OSError, ValueError) as error:
        print(f"read_tiles: does not fit: {error}", file=sys.stderr)
        sys.exit(1)
