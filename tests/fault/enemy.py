#!/usr/bin/python3
"""Honest offices work while enemies of every kind are at the collector's door.

    tests/fault/enemy.py

A round is one mutation: something that no honest office sends, by an insider
with good keys (tests/support/insider.py) or by a peer that does not even speak
the protocol (tests/support/raw_peers.py), or speaks ZeroMQ's CURVE byte by byte to
spoil it (tests/support/curve_peer.py). The answer must be the one that the
protocol names. Then come the floods: hellos, heartbeats, handshakes with wrong
keys, connections that say nothing, messages of a great many parts. Meanwhile
two offices with the real agent record without pause. In the end

  - all that the honest offices saved is there, each event once;
  - of the enemies' batches those are there that got a receipt, and no others;
  - the figures are those of a recount of honest events, and of the insiders'
    events within their rights: nothing forged is counted;
  - what does not count has its reason, and each refusal is named by status
    and log, and the log has not grown without bound;
  - memory, descriptors and threads of the collector are within the bounds
    below, and those that were opened are closed again.
"""

import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import curve_peer  # noqa: E402
import insider  # noqa: E402
import ledger_file  # noqa: E402
import raw_peers  # noqa: E402
from line import (PROGRAMS, SMALL_PROVINCE, Line, environment,  # noqa: E402
                  expect, expect_equal, run_tests, saved_id, visit,
                  wait_until)
from rounds import Rounds  # noqa: E402
from worker import Worker  # noqa: E402

wire = insider.wire
ROUNDS = Rounds("mutations", ci=80, full=500)
FULL = ROUNDS.count >= 500
SILENT = 500 if FULL else 200
STRANGERS = 200 if FULL else 20
HELLOS = 5000 if FULL else 1000
PARTS, PART_BYTES = 300_000, 1024
BOMBS = 5 if FULL else 1
RAW_SHARE = 0.25
# What the collector may take at most, whatever comes.
RSS_MIB_MAX = 256
DESCRIPTORS_MAX = 64  # without the connections
THREADS_MAX = 12
HONEST_SECONDS_MAX = 20.0  # from `record` to the receipt, at the worst moment
HANDSHAKE_SECONDS = 15
# Of one place in the code at most 20 lines in ten seconds.
LOG_LINES_PER_SECOND = 60
UNIT, COMMUNE = 1300903, 1590301


class Watch(threading.Thread):
    """The collector's memory, descriptors and threads, ten times a second."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid = pid
        self.most = Counter()
        self.ending = threading.Event()

    def look(self):
        status = Path(f"/proc/{self.pid}/status").read_text()
        values = dict(line.split(":", 1) for line in status.splitlines())
        return {"rss_mib": int(values["VmRSS"].split()[0]) // 1024,
                "descriptors": len(os.listdir(f"/proc/{self.pid}/fd")),
                "threads": int(values["Threads"])}

    def run(self):
        while not self.ending.wait(0.1):
            for name, value in self.look().items():
                self.most[name] = max(self.most[name], value)


class Clerk(Worker):
    """Records one event after the other and waits for each receipt."""

    def __init__(self, office, number):
        super().__init__()
        self.office, self.number = office, number
        self.marks = self.slowest = 0

    def step(self):
        self.marks += 1
        began = time.monotonic()
        done = subprocess.run(
            [PROGRAMS / "tallyline-agent", "record", "inspection", "--dir",
             self.office.folder,
             *(f"{key}={value}" for key, value in visit(
                 self.number * 100 + 90001, self.number * 1_000_000
                 + self.marks, f"@so-{self.marks % 9}").items())],
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            env=environment())
        expect_equal(done.returncode, 0, f"record: {done.stderr}")
        expect(saved_id(done.stdout), done.stdout)
        wait_until(self.office.drained, f"a receipt in {self.office.unit}")
        self.slowest = max(self.slowest, time.monotonic() - began)


class Siege:
    """One province, its honest offices and its enemies."""

    def __init__(self, line):
        self.line = line
        self.address = line.province.address
        self.log_begins = len(line.province.daemon.log_text())
        self.began = time.monotonic()
        self.clerks = []
        for number in (1, 2):
            office = line.office(f"gso3:90{number}")
            office.start()
            self.clerks.append(Clerk(office, number))
        self.other = self.insider("other", None)
        self.insider = self.insider("insider", self.other)
        self.revoked = self.make_revoked()
        self.watch = Watch(line.province.daemon.process.pid)
        self.base = self.watch.look()

    def file(self, name):
        path = self.line.home / f"{name}.enrol"
        self.line.province.enrol(
            name, path, ["gso3:903:district_labour_office"], "--programme",
            "prostitution", "--from", "2018-01-01", "--to", "2018-12-31",
            "--area", f"gso3:{COMMUNE % 100000 + (name != 'insider')}")
        return path

    def insider(self, name, victim):
        return insider.Insider(self.file(name), self.address, UNIT,
                               COMMUNE + (name != "insider"), victim)

    def make_revoked(self):
        made = insider.Insider(self.file("revoked"), self.address, UNIT,
                               COMMUNE + 1, None)
        made.give(made.event(counts=True))
        self.line.province.command("revoke", made.agent.who["number"])
        return made

    def insiders(self):
        return [self.insider, self.other, self.revoked]

    def close(self):
        for enemy in self.insiders():
            enemy.close()


# ---- one mutation a round ----

def stranger(siege, chance):
    agent = wire.Agent(siege.insider.file)
    expect_equal(agent.connect(), 400, "a key that nobody knows")
    agent.link.close()


def wrong_server_key(siege, chance):
    agent = wire.Agent(siege.insider.file)
    agent.server_key = wire.nacl.public.PrivateKey.generate() \
        .public_key.encode()
    expect_equal(agent.connect(siege.insider.agent.pair), -1,
                 "another server's key")
    agent.link.close()


def no_curve(siege, chance):
    expect(not raw_peers.zeromq_without_curve(
        siege.address, chance.random() < 0.5), "let in without CURVE")


def revoked(siege, chance):
    """Let in, to be told: whatever it sends."""
    me = siege.revoked
    me.refused("revoked", me.unsent())
    if chance.random() < 0.3:
        expect_equal(me.agent.connect(), None, "a revoked office's link")
        name, answer = me.agent.hello()
        expect_equal((name, answer.code),
                     ("refusal", insider.REFUSALS["revoked"]), "hello")


def chosen_routing_id(siege, chance):
    """Another one's place cannot be taken: such peers are not heard."""
    agent = wire.Agent(siege.insider.file)
    agent.pair, agent.key = siege.insider.agent.pair, siege.insider.agent.key
    agent.who = siege.insider.agent.who
    socket = wire.zmq.Context.instance().socket(wire.zmq.DEALER)
    socket.linger, socket.immediate = 0, 1
    socket.routing_id = chance.choice([b"\x01office", b"a" * 5, b"b" * 200])
    socket.curve_serverkey = agent.server_key
    socket.curve_publickey = agent.pair.public_key.encode()
    socket.curve_secretkey = agent.pair.encode()
    socket.connect(siege.address)
    socket.send(wire.uplink_pb2.Up(hello=wire.uplink_pb2.Hello(
        protocol=1, agent_id=agent.who["agent"], epoch=agent.who["epoch"],
        software="x", next_seq=1, now=1)).SerializeToString())
    siege.insider.heard()
    expect(not socket.poll(50), "an answer to a chosen routing id")
    socket.close()


def raw(siege, chance):
    chance.choice(raw_peers.RAW)(siege.address, chance)


DOOR = [stranger, wrong_server_key, no_curve, revoked, revoked,
        chosen_routing_id]


CURVE = (curve_peer.ENDED_BEFORE + curve_peer.ENDED_AFTER
         + curve_peer.ENDED_SOMEHOW)


def spoil_curve(kind, siege, chance):
    """Ends that link and nothing else."""
    agent = siege.insider.agent
    own = agent.pair
    if kind in curve_peer.ENDED_BEFORE and chance.random() < 0.5:
        own = wire.nacl.public.PrivateKey.generate()
    try:
        with curve_peer.Peer(siege.address, agent.server_key, own) as peer:
            kind(peer, chance)
            if kind not in curve_peer.ENDED_SOMEHOW:
                expect(peer.ended(), "the end of the link")
    except curve_peer.Closed:
        pass  # even sooner


def deck(chance):
    """All kinds of mutation in a random order, again and again."""
    while True:
        kinds = insider.MUTATIONS + DOOR + CURVE
        kinds += [raw] * int(len(kinds) * RAW_SHARE)
        chance.shuffle(kinds)
        yield from kinds


def mutate(siege, chance, done):
    for kind, _ in zip(deck(chance), range(ROUNDS.count)):
        try:
            if kind in CURVE:
                spoil_curve(kind, siege, chance)
            else:
                kind(siege.insider if kind in insider.MUTATIONS else siege,
                     chance)
        except Exception as failure:
            raise AssertionError(f"{kind.__name__}: {failure}") from failure
        done[kind.__name__] += 1
        expect(siege.line.province.daemon.running(),
               f"the collector ended at {kind.__name__}")


# ---- floods ----

def expired_file(siege):
    """A join key whose time is over, made by a command whose clock is slow."""
    path = siege.line.home / "expired.enrol"
    done = subprocess.run(
        ["faketime", "-f", "-8d", PROGRAMS / "tallyline-collector", "enrol",
         "--name", "late", "--pair", "gso3:903:police", "--output", path,
         "--dir", siege.line.province.folder],
        capture_output=True, text=True, env=environment())
    expect_equal(done.returncode, 0, done.stderr)
    values = insider.read_file(path)
    agent = wire.Agent({**values, "address": siege.address})
    expect_equal(agent.connect(agent.join_pair), None, "let in, to be told")
    _, answer = agent.ask(agent.join_request(agent.join_pair), "joined")
    expect_equal(answer.code, insider.REFUSALS["join_expired"], "join")
    agent.link.close()


def flood_of_hellos(siege):
    """Every one would be answered, with all documents behind it."""
    agent = siege.insider.link()
    up = wire.uplink_pb2.Up(hello=wire.uplink_pb2.Hello(
        protocol=1, capabilities=1, agent_id=agent.who["agent"],
        epoch=agent.who["epoch"], software="flood", next_seq=1,
        now=1)).SerializeToString()
    for _ in range(HELLOS):
        agent.link.socket.send(up)
    siege.insider.heard()
    siege.insider.renew()
    siege.insider.heard()


def flood_of_strangers(siege):
    for _ in range(STRANGERS):
        stranger(siege, None)


def message_of_many_parts(siege):
    """What the library collects before anybody can look at it."""
    agent = siege.insider.link()
    part = bytes(PART_BYTES)
    agent.link.socket.send(b"\x2a\x00", wire.zmq.SNDMORE)
    for _ in range(PARTS):
        agent.link.socket.send(part, wire.zmq.SNDMORE, copy=False)
    agent.link.socket.send(part)
    batch = siege.insider.unsent()
    agent.send(wire.make_batch(agent.key, agent.who, agent.next_seq + 7,
                               [siege.insider.event()], wire.sha256(batch)))
    siege.insider.answered_or_cut()
    siege.insider.renew()
    siege.insider.heard()


def silent_connections(siege):
    """They are there from the beginning; a new link is not kept waiting."""
    crowd = raw_peers.Crowd(siege.address, SILENT, ROUNDS.seed)
    expect_equal(len(crowd.peers), SILENT, "connections")
    began = time.monotonic()
    stranger(siege, None)
    siege.insider.renew()
    siege.insider.heard()
    took = time.monotonic() - began
    expect(took < HONEST_SECONDS_MAX, f"a new link took {took:.1f} s")
    return crowd


# ---- what must hold afterwards ----

class Ledger(ledger_file.Ledger):
    """The insiders' payloads are not looked into: what is inside may be
    anything. Their batches must be signed and chained all the same."""

    def __init__(self, path, classes, insiders):
        self.of_insiders = {agent: [] for agent in insiders}
        super().__init__(path, classes)

    def read_events(self, entry, header, payload, what):
        if entry.agent_number in self.of_insiders:
            self.of_insiders[entry.agent_number].append(entry.digest)
        else:
            super().read_events(entry, header, payload, what)


def counted_events(siege, ledger):
    honest = [event for event, _ in ledger.events.values()]
    within = [event for enemy in siege.insiders()
              for event in enemy.counting.values()]
    return honest, within


def check_ledger(siege, figures, ledger):
    for clerk in siege.clerks:
        stored = Counter(
            event.inspection.fine_vnd for (agent, _, _), (event, _)
            in ledger.events.items() if agent == clerk.office.number)
        wanted = Counter(clerk.number * 1_000_000 + mark + 1
                         for mark in range(clerk.marks))
        expect_equal(stored, wanted, f"events of {clerk.office.unit}")
    for enemy in siege.insiders():
        expect_equal(ledger.of_insiders[enemy.agent.who["number"]],
                     enemy.taken, "batches of an insider")
    honest, within = counted_events(siege, ledger)
    live = honest + within
    recount = {"visits": len(live),
               "fines": sum(event.inspection.fine_vnd for event in live),
               "inspected": len({event.inspection.est_ref for event in live}),
               "communes": len({event.subject_unit for event in live})}
    expect_equal(figures, recount, "figures beside the recount")
    return len(honest), len(within)


def check_reasons(siege, outcomes, rows, text):
    for reason in ("malformed", "unknown_value", "invalid", "out_of_scope",
                   "unit_not_in_force", "target_missing"):
        expect(outcomes.get(reason, 0) > 0, f"{reason} in {outcomes}")
    row = next(row for row in rows
               if row["agent"] == siege.insider.agent.who["number"])
    for reason in ("bad_signature", "wrong_agent", "position_taken",
                   "chain_broken"):
        expect(reason in row["alarms"], f"{reason} in {row['alarms']}")
    expect(row["refused"], "the last refusal is named")
    for words in ("unknown keys", "handshakes that failed", "beyond the limits",
                  "without a known sender", "not understood"):
        expect(words in text, f"\"{words}\" in the status")


def check_log(siege):
    text = siege.line.province.daemon.log_text()[siege.log_begins:]
    for words in ("unknown key", "handshake failed", "beyond the limits",
                  "not understood", "without a known sender",
                  "a batch was refused", "a request was refused", "alarm",
                  "a link was ended"):
        expect(words in text, f"\"{words}\" in the log")
    lines = text.count("\n")
    most = LOG_LINES_PER_SECOND * (time.monotonic() - siege.began)
    expect(lines < most, f"{lines} lines in the log, at most {most:.0f}")
    return lines


def check_bounds(siege):
    most = siege.watch.most
    connections = SILENT + 50
    expect(most["rss_mib"] <= RSS_MIB_MAX, f"memory: {most}")
    expect(most["descriptors"] <= connections + DESCRIPTORS_MAX,
           f"descriptors: {most}")
    expect(most["threads"] <= THREADS_MAX, f"threads: {most}")
    wait_until(lambda: siege.watch.look()["descriptors"]
               <= siege.base["descriptors"] + 4, "descriptors to be closed")


def honest_offices_do_not_notice_the_enemy():
    print(ROUNDS, flush=True)
    chance = random.Random(ROUNDS.seed)
    done = Counter()
    with Line(files=SMALL_PROVINCE) as line:
        siege = Siege(line)
        siege.watch.start()
        for clerk in siege.clerks:
            clerk.start()
        try:
            crowd = silent_connections(siege)
            mutate(siege, chance, done)
            for flood, times in ((expired_file, 1), (flood_of_strangers, 1),
                                 (flood_of_hellos, 1),
                                 (message_of_many_parts, BOMBS)):
                for _ in range(times):
                    began = time.monotonic()
                    flood(siege)
                    done[flood.__name__] += 1
                    print(f"{flood.__name__}: {time.monotonic() - began:.1f} "
                          f"s, at most so far {dict(siege.watch.most)}",
                          flush=True)
            wait_until(lambda: crowd.left() == 0, "silent connections to be "
                       "closed", 2 * HANDSHAKE_SECONDS)
            for clerk in siege.clerks:
                clerk.finish()
        finally:
            siege.watch.ending.set()
            for clerk in siege.clerks:
                clerk.ending.set()
        for clerk in siege.clerks:
            expect(clerk.marks > 1 and clerk.slowest < HONEST_SECONDS_MAX,
                   f"{clerk.marks} events, the slowest {clerk.slowest:.1f} s")
        line.settle()
        check_bounds(siege)
        rows, outcomes = line.province.rows("status"), line.province.outcomes()
        text = line.province.command("status").stdout
        figures = line.province.figures()
        siege.close()
        line.province.daemon.stop()
        ledger = Ledger(line.province.folder / "ledger.mdb",
                        ledger_file.load_classes(line.home),
                        [enemy.agent.who["number"]
                         for enemy in siege.insiders()])
        honest, within = check_ledger(siege, figures, ledger)
        check_reasons(siege, outcomes, rows, text)
        lines = check_log(siege)
        expect_equal(line.province.figures(), figures, "figures folded again")
        print(f"{sum(done.values())} mutations of {len(done)} kinds; "
              f"{len(ledger.entries)} entries, {honest} honest events, "
              f"{within} of insiders within their rights; slowest receipt "
              f"{max(clerk.slowest for clerk in siege.clerks):.2f} s; at most "
              f"{dict(siege.watch.most)}; {lines} lines of log")


run_tests([honest_offices_do_not_notice_the_enemy])
