"""What was saved, held against what the province has.

Every event of a test has a mark of its own, the sum of its fine; a void is
marked by what it names, for it has no sum. SUBMITTED are the marks that a
command was given, ACKED those that it printed as saved.
"""

from collections import Counter

import ledger_file
from line import expect

CORRECTION = 20


def mark_of(event):
    if event.type == CORRECTION:
        return ledger_file.id_text(ledger_file.id_of(event.target))
    return event.inspection.fine_vnd


def check_marks(events, acked, submitted, imports=()):
    """What was acked is there, all of it once, and nothing else; a file
    (`imports`: the marks of each) is there whole or not at all."""
    stored = Counter(mark_of(event) for event in events)
    twice = [mark for mark, times in stored.items() if times > 1]
    expect(not twice, f"stored more than once: {twice[:5]}")
    lost = acked - stored.keys()
    expect(not lost, f"acked and lost: {sorted(map(str, lost))[:5]}, "
           f"{len(lost)} of {len(acked)}")
    made_up = stored.keys() - submitted
    expect(not made_up, f"stored and never submitted: {list(made_up)[:5]}")
    for marks in imports:
        there = marks & stored.keys()
        expect(not there or there == marks,
               f"{len(there)} of {len(marks)} rows of one import")
