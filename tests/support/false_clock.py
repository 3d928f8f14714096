"""A clock that is wrong, for processes that a test starts.

    clock = FalseClock(folder / "office.clock", speed=10)
    office = Line(more=clock.environment()) ...
    clock.jump(days=-5)          under processes that run

`speed` is how fast the monotonic clock goes: a minute of silence is over
sooner, nothing else differs. The library that does it is clock_shim.c.
"""

import datetime
import mmap
import os
import struct
from pathlib import Path

from line import SOURCE

BUILD = Path(os.environ.get("TALLYLINE_BUILD", SOURCE / "build" / "dev"))
LIBRARY = BUILD / "tests" / "support" / "libfalse_clock.so"
LAYOUT = struct.Struct("=qq")
US_PER_S = 1_000_000
TRUE = datetime.timezone.utc


class FalseClock:
    def __init__(self, path, speed=1):
        self.path = Path(path)
        self.speed = speed
        self.path.write_bytes(LAYOUT.pack(0, speed))
        with open(self.path, "r+b") as file:
            self.page = mmap.mmap(file.fileno(), LAYOUT.size)

    def environment(self):
        # A sanitizer would rather be the first library that is loaded.
        options = [os.environ.get("ASAN_OPTIONS", ""),
                   "verify_asan_link_order=0"]
        return {"LD_PRELOAD": str(LIBRARY),
                "TALLYLINE_TEST_CLOCK": str(self.path),
                "ASAN_OPTIONS": ":".join(filter(None, options))}

    @property
    def offset_us(self):
        return LAYOUT.unpack(self.page[:])[0]

    def set(self, offset_us):
        self.page[:] = LAYOUT.pack(int(offset_us), self.speed)

    def jump(self, **by):
        """As for datetime.timedelta."""
        self.set(self.offset_us
                 + datetime.timedelta(**by) / datetime.timedelta(
                     microseconds=1))

    def set_to(self, moment):
        """So that it shows `moment` now."""
        self.set((moment - datetime.datetime.now(TRUE))
                 / datetime.timedelta(microseconds=1))

    def now(self):
        return (datetime.datetime.now(TRUE)
                + datetime.timedelta(microseconds=self.offset_us))
