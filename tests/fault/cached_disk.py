"""nbdkit's Python plug-in: a disk with a write-back cache.

    nbdkit python cached_disk.py image=FILE pending=FILE [writes=N]

What is read is what was written last. On the disk, which is the image, is what
a flush has asked for; what was written since lies in `pending`, one write
behind the other: offset 8, size 4, the bytes. Whoever kills the plug-in cuts
the power, and chooses what of `pending` the disk still got done. With `writes`
it goes by itself, after so many of them.
"""

import builtins
import os
import signal
import struct

import nbdkit

API_VERSION = 2
HEAD = struct.Struct(">QI")
names = {}
disk = {}


def config(key, value):
    names[key] = value


def get_ready():
    disk["image"] = os.open(names["image"], os.O_RDWR)
    disk["pending"] = os.open(names["pending"],
                              os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    with builtins.open(names["image"], "rb") as image:
        disk["now"] = bytearray(image.read())
    disk["waiting"] = []
    disk["writes"] = int(names.get("writes", 0))


def thread_model():
    return nbdkit.THREAD_MODEL_SERIALIZE_ALL_REQUESTS


def open(readonly):
    return disk


def get_size(handle):
    return len(disk["now"])


def can_flush(handle):
    return True


def can_fua(handle):
    return nbdkit.FUA_EMULATE


def pread(handle, data, offset, flags):
    data[:] = disk["now"][offset:offset + len(data)]


def pwrite(handle, data, offset, flags):
    disk["now"][offset:offset + len(data)] = data
    disk["waiting"].append((offset, bytes(data)))
    os.write(disk["pending"], HEAD.pack(offset, len(data)) + data)
    disk["writes"] -= 1
    if disk["writes"] == 0:
        os.kill(os.getpid(), signal.SIGKILL)


def flush(handle, flags):
    for offset, data in disk["waiting"]:
        os.pwrite(disk["image"], data, offset)
    disk["waiting"].clear()
    os.ftruncate(disk["pending"], 0)
    os.lseek(disk["pending"], 0, os.SEEK_SET)
