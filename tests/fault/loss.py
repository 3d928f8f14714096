#!/usr/bin/python3
"""Offices behind a network that loses up to 30 % of the packets each way,
reorders and doubles them.

    tests/fault/loss.py

A round is one profile of the network (tests/support/rounds.py), under which an
office records and imports, loses its connection and finds it again; all of it
must be received within SEND_SECONDS while the network stays as bad as it is. At
the end every event that was acked is in the province's ledger once, and the
figures are those of a recount. Needs root for the network (lossy.py).
"""

import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from book import Book, check_province, check_receipts  # noqa: E402
from line import Line, run_tests, wait_until  # noqa: E402
from lossy import LossyNetwork  # noqa: E402
from rounds import Rounds  # noqa: E402

ROUNDS = Rounds("lossy networks", ci=3, full=40)
SEND_SECONDS = 240
PROFILES = [{"loss": 0.05, "jitter": 0.2}, {"loss": 0.3},
            {"loss": 0.3, "jitter": 0.1, "twice": 0.05},
            {"loss": 0.15, "jitter": 0.5, "twice": 0.2}]
PORT = 5570


def live_behind(line, office, net):
    """Both daemons move into the network's namespaces."""
    for daemon in (line.province.daemon, office.daemon):
        daemon.stop()
    line.province.configure(listen=f"tcp://{net.near}:{PORT}")
    config = office.folder / "agent.yaml"
    config.write_text(config.read_text().replace(
        line.province.address, f"tcp://{net.near}:{PORT}"))
    line.province.daemon.prefix = net.at_near
    office.daemon.prefix = net.at_far
    line.province.daemon.start()
    office.daemon.start()


def connections(office):
    return office.daemon.log_text().count("msg=connected")


def what_the_network_loses_is_sent_again():
    print(ROUNDS, flush=True)
    chance = random.Random(ROUNDS.seed)
    slowest = 0.0
    with LossyNetwork(ROUNDS.seed) as net, Line() as line:
        office = line.office("gso3:901")
        office.start()
        book = Book(office, 1, chance)
        live_behind(line, office, net)
        for number in range(ROUNDS.count):
            net.profile(**PROFILES[(number + 1) % len(PROFILES)])
            if number % 2:
                office.daemon.kill()
                office.daemon.start()
            for _ in range(3):
                book.record()
            book.import_rows(chance.randrange(10, 800))
            began = time.monotonic()
            wait_until(office.drained, "the office to send", SEND_SECONDS)
            slowest = max(slowest, time.monotonic() - began)
        net.profile()
        ledger = check_province(line, [book])
        check_receipts(office, ledger)
        print(f"{len(ledger.entries)} entries, {len(ledger.events)} events, "
              f"{connections(office)} connections, packets: {net.counts}; "
              f"slowest round {slowest:.0f} s")


run_tests([what_the_network_loses_is_sent_again])
