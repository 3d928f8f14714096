"""How many rounds a fault test goes, and by which choices.

    TALLYLINE_FULL=1        the full count instead of CI's
    TALLYLINE_ROUNDS=N      so many instead
    TALLYLINE_TEST_SEED=N   other choices than CI's
"""

import os

CI_SEED = 20180305


class Rounds:
    """`count` rounds with choices that `seed` repeats."""

    def __init__(self, name, ci, full):
        self.name = name
        self.full = full
        self.is_full = bool(os.environ.get("TALLYLINE_FULL"))
        self.count = int(os.environ.get("TALLYLINE_ROUNDS") or
                         (full if self.is_full else ci))
        self.seed = int(os.environ.get("TALLYLINE_TEST_SEED") or CI_SEED)

    def __str__(self):
        return (f"{self.name}: {self.count} rounds (full count: {self.full}), "
                f"TALLYLINE_TEST_SEED={self.seed}")
