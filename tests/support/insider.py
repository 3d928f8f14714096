"""An office that has good keys and means ill, and the others whose keys are
no good. Speaks the protocol by itself (tests/integration/python_agent.py).

A mutation is a function of an Insider and a source of choices. It sends what
no honest office would, and fails unless the answer is the one that
docs/PROTOCOL.md names; what the collector took all the same is written down
in `Insider.taken`, with the marks of the events that must count.
"""

import os
import re
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration"))
import python_agent as wire  # noqa: E402
from line import expect, expect_equal  # noqa: E402

INSPECTION, CORRECTION = 8, 20
DAY = 17595  # 2018-03-05
DAY_US = 86400 * 1000000
RECORDED_US = 1520212800000000
PROSTITUTION, TRAFFICKING = 1, 2
LABOUR, POLICE = 3, 6
OTHER_UNIT, PROVINCE_UNIT, NO_UNIT = 1300901, 1200090, 1399999
BATCH_EVENTS_MAX = 2048
FRAME_BYTES_MAX = 256 * 1024
COUNT_AT, UNPACKED_AT, SIZE_AT, PREVIOUS_AT = 56, 60, 104, 72
REFUSALS = {"revoked": 1, "position_taken": 2, "chain_broken": 3,
            "bad_signature": 4, "gap": 5, "limit": 6, "version": 8,
            "not_joined": 9, "join_expired": 10, "join_used": 11,
            "epoch_closed": 12, "wrong_agent": 13, "unknown_epoch": 14}


def read_file(path):
    """The values of a file for joining."""
    return dict(re.findall(r'^(\w+): "?([^"\n]*)"?$', path.read_text(),
                           re.MULTILINE))


class Insider:
    """An agent of unit `unit` with area `commune`; `mark` begins its marks."""

    def __init__(self, file, address, unit, commune, victim):
        values = read_file(file)
        values["address"] = address
        self.agent = wire.Agent(values)
        self.file = values
        self.unit, self.commune = unit, commune
        self.victim = victim  # another Insider, or None
        self.marks = 900_000_000
        self.taken = []  # digests of batches that got a receipt
        self.counting = {}  # mark: event, of those that must count
        self.agent.join()
        self.agent.run()

    def event(self, counts=False, **change):
        """An inspection as an honest office would record it, but for the
        header fields that are changed."""
        self.marks += 1
        event = wire.event_pb2.Event(
            type=INSPECTION, occurred_on=DAY, recorded_at=RECORDED_US,
            unit=self.unit, office=LABOUR, role=2,
            subject_unit=self.commune, programme=PROSTITUTION)
        for name, value in change.items():
            setattr(event, name, value)
        body = event.inspection
        body.est_ref = self.agent.who["number"] << 40 | 1 << 32 | 1
        body.team_kind, body.team_level, body.mode = 1, 2, 1
        body.result, body.violations = 3, 1
        body.fine_vnd = self.marks
        if counts:
            self.counting[self.marks] = event
        return event.SerializeToString()

    def link(self):
        """The link stands, and the agent knows where to go on."""
        if self.agent.link is None or self.agent.link.socket.closed:
            self.agent.run()
        return self.agent

    def renew(self):
        self.agent.run()

    def give(self, *events, **how):
        """Sends a batch that must be taken."""
        agent = self.link()
        batch = agent.seal(list(events), **how)
        agent.send(batch)
        receipt = agent.receipts(1)[0]
        entry = wire.read_entry(receipt)
        expect_equal(entry["digest"], wire.sha256(batch), "digest")
        self.taken.append(entry["digest"])
        return batch, receipt

    def refused(self, why, *batches):
        """Sends what must be refused for this reason."""
        agent = self.link()
        agent.send(*batches)
        name, answer = agent.answer()
        reasons = [why] if isinstance(why, str) else why
        expect(name == "refusal" and answer.code in
               [REFUSALS[reason] for reason in reasons],
               f"answered {name} {answer}, not {why}")
        return answer

    def unsent(self, *events, **how):
        """A batch in order that is not sent: the stream stays where it is."""
        agent = self.link()
        kept = agent.next_seq, agent.previous
        batch = agent.seal(list(events) or [self.event()], **how)
        agent.next_seq, agent.previous = kept
        return batch

    def heard(self):
        """The link still stands: a heartbeat is answered in kind."""
        agent = self.link()
        agent.link.send(wire.uplink_pb2.Up(
            heartbeat=wire.uplink_pb2.AgentHeartbeat(next_seq=1, now=1)))
        # The collector's own comes in its own time; a gap does not wait.
        batch = self.unsent()
        late = wire.make_batch(agent.key, agent.who, agent.next_seq + 7,
                               [self.event()], wire.sha256(batch))
        self.refused("gap", late)

    def was_cut(self):
        """The collector has ended the link, or does so soon."""
        monitor = self.agent.link.monitor
        while monitor.poll(wire.DEADLINE * 1000):
            event = wire.zmq.utils.monitor.recv_monitor_message(monitor)
            if event["event"] == wire.zmq.EVENT_DISCONNECTED:
                return True
        return False

    def answered_or_cut(self):
        """Waits for a refusal, or for the end of the link."""
        link = self.agent.link
        end = time.monotonic() + 3 * wire.DEADLINE
        while time.monotonic() < end:
            if link.socket.poll(50):
                down = wire.uplink_pb2.Down.FromString(link.socket.recv())
                if down.HasField("refusal"):
                    return
            if link.monitor.poll(50) and self.was_cut():
                return
        expect(False, "an answer, or the end of the link")

    def sign_again(self, body):
        return body + wire.signed(self.agent.key, "tallyline batch 1", body)

    def changed(self, at, data):
        """A batch in order with other bytes in its header, signed anew."""
        body = bytearray(self.unsent()[:-64])
        body[at:at + len(data)] = data
        return self.sign_again(bytes(body))

    def new_epoch(self):
        agent = self.link()
        epoch, previous = os.urandom(16), agent.who["epoch"]
        name, answer = agent.ask(wire.uplink_pb2.Up(
            open_epoch=wire.uplink_pb2.OpenEpoch(
                agent_id=agent.who["agent"], epoch=epoch, previous=previous,
                proof=wire.signed(agent.key, "tallyline epoch 1",
                                  agent.who["agent"] + epoch + previous))),
            "epoch_opened")
        expect_equal(name, "epoch_opened", "a new epoch")
        agent.who.update(epoch=epoch, ordinal=answer.epoch_ordinal)
        agent.next_seq, agent.previous = 1, bytes(32)
        agent.run()

    def close(self):
        if self.agent.link is not None:
            self.agent.link.close()


# ---- batches that are refused ----

def cut_batch(me, chance):
    batch = me.unsent(*(me.event() for _ in range(3)))
    me.refused("limit", batch[:chance.randrange(len(batch))])


def longer_batch(me, chance):
    me.refused("limit", me.unsent() + chance.randbytes(chance.randrange(1, 99)))


def flipped_bit(me, chance):
    batch = bytearray(me.unsent(pack=chance.random() < 0.5))
    at = chance.randrange(len(batch) * 8)
    batch[at // 8] ^= 1 << at % 8
    me.refused(["limit", "version", "wrong_agent", "unknown_epoch",
                "bad_signature"], bytes(batch))


def spliced_batch(me, chance):
    """The header of one, the payload of another, the signature of either."""
    one = me.unsent(me.event())
    other = me.unsent(me.event(), sealed_at=RECORDED_US + 1)
    body = one[:108] + other[108:-64]
    me.refused("bad_signature", body + chance.choice([one, other])[-64:])


def signed_by_another(me, chance):
    key = wire.nacl.signing.SigningKey.generate()
    if me.victim is not None and chance.random() < 0.5:
        key = me.victim.agent.key
    agent = me.link()
    me.refused("bad_signature", wire.make_batch(
        key, agent.who, agent.next_seq, [me.event()], agent.previous))


def in_the_name_of_another(me, chance):
    """Signed rightly, by the wrong agent or for it."""
    agent, other = me.link(), me.victim.agent
    key = chance.choice([agent.key, other.key])
    me.refused("wrong_agent", wire.make_batch(
        key, other.who, other.next_seq, [me.event()], other.previous))


def another_number(me, chance):
    number = me.victim.agent.who["number"]
    me.refused("wrong_agent", me.changed(40, number.to_bytes(4, "big")))


def unknown_epoch(me, chance):
    me.refused("unknown_epoch", me.changed(24, chance.randbytes(16)))


def another_ordinal(me, chance):
    ordinal = me.agent.who["ordinal"] + chance.choice([1, 9, 250])
    # An office has 255 epochs at most.
    me.refused(["unknown_epoch", "limit"],
               me.changed(44, ordinal.to_bytes(4, "big")))


def a_gap(me, chance):
    agent = me.link()
    seq = agent.next_seq + chance.choice([1, 2, 1 << 20, 1 << 40])
    # What cannot be a number of an event is beyond the limits.
    answer = me.refused(["gap", "limit"],
                        me.changed(48, seq.to_bytes(8, "big")))
    expect(answer.code != REFUSALS["gap"] or answer.seq == agent.next_seq,
           "where to go on")


def reordered(me, chance):
    """Three batches in a wrong order: none behind the gap is taken, and in the
    right order all are."""
    agent = me.link()
    batches = [agent.seal([me.event(counts=True)]) for _ in range(3)]
    agent.send(batches[2], batches[1])
    for _ in range(2):
        name, answer = agent.answer()
        expect_equal((name, answer.code), ("refusal", REFUSALS["gap"]), "gap")
    agent.send(*batches)
    for receipt in agent.receipts(3):
        me.taken.append(wire.read_entry(receipt)["digest"])


def not_chained(me, chance):
    me.give(me.event(counts=True))
    me.refused("chain_broken", me.changed(PREVIOUS_AT, chance.randbytes(32)))


def impossible_counts(me, chance):
    at, value = chance.choice([
        (COUNT_AT, 0), (COUNT_AT, BATCH_EVENTS_MAX + 1), (COUNT_AT, 1 << 31),
        (UNPACKED_AT, (1 << 20) + 1), (UNPACKED_AT, (1 << 32) - 1),
        (SIZE_AT, 0), (SIZE_AT, (1 << 32) - 1), (4, 0xff << 24)])
    me.refused(["limit", "version"], me.changed(at, value.to_bytes(4, "big")))


def replayed(me, chance):
    """The same bytes get the same receipt, as often as they come."""
    batch, receipt = me.give(me.event(counts=True))
    agent = me.link()
    times = chance.randrange(1, 7)
    agent.send(*[batch] * times)
    expect_equal(agent.receipts(times), [receipt] * times, "receipts")


def replayed_by_another(me, chance):
    """What one office has sent, over another one's link."""
    batch, _ = me.give(me.event(counts=True))
    me.victim.refused("wrong_agent", batch)


def other_bytes_at_a_taken_place(me, chance):
    """The stream freezes, and goes on in a new epoch."""
    agent = me.link()
    place = agent.next_seq, agent.previous
    batch, receipt = me.give(me.event(counts=True))
    fork = wire.make_batch(agent.key, agent.who, place[0], [me.event()],
                           place[1])
    me.refused("position_taken", fork)
    me.refused("position_taken", me.unsent())
    agent.send(batch)
    expect_equal(agent.receipts(1), [receipt], "what it holds it holds")
    me.new_epoch()
    me.give(me.event(counts=True))


# ---- batches that are taken, and do not count ----

def forged_events(me, chance):
    """Signed and in order: kept, not counted, the reason told."""
    victim = me.victim
    target = victim.agent.who["number"] << 40 | 1 << 32 | 1
    events = [
        me.event(unit=victim.unit, subject_unit=victim.commune),
        me.event(subject_unit=victim.commune),
        me.event(unit=OTHER_UNIT), me.event(subject_unit=PROVINCE_UNIT),
        me.event(unit=NO_UNIT, subject_unit=NO_UNIT),
        me.event(office=POLICE), me.event(office=60000),
        me.event(programme=TRAFFICKING), me.event(programme=60000),
        me.event(occurred_on=DAY + 365), me.event(occurred_on=DAY - 365),
        me.event(occurred_on=30000), me.event(occurred_on=-(1 << 31)),
        me.event(type=999), me.event(type=CORRECTION),
        me.event(target=target, reason=1)]
    chance.shuffle(events)
    me.give(*events)


def rubbish_inside(me, chance):
    """A payload of noise, signed and in order."""
    count = chance.randrange(1, 9)
    me.give(*(chance.randbytes(chance.randrange(1, 900))
              for _ in range(count)), pack=chance.random() < 0.5)


def payload_that_lies(me, chance):
    """Other counts and sizes than what is packed; a payload that bursts."""
    agent = me.link()
    body = bytearray(me.unsent(me.event(), pack=True)[:-64])
    what = chance.randrange(4)
    if what == 0:
        body[COUNT_AT:COUNT_AT + 4] = (2).to_bytes(4, "big")
    elif what == 1:
        body[UNPACKED_AT:UNPACKED_AT + 4] = (1 << 20).to_bytes(4, "big")
    elif what == 2:
        bomb = wire.zstandard.ZstdCompressor().compress(bytes(1 << 28))
        body[SIZE_AT:SIZE_AT + 4] = len(bomb).to_bytes(4, "big")
        body[108:] = bomb
    else:
        body[112:] = chance.randbytes(len(body) - 112)
    batch = me.sign_again(bytes(body))
    agent.send(batch)
    entry = wire.read_entry(agent.receipts(1)[0])
    me.taken.append(entry["digest"])
    agent.next_seq += entry["count"]
    agent.previous = entry["digest"]


# ---- requests ----

def hello_of_another(me, chance):
    agent = me.link()
    other = me.victim.agent
    who = dict(agent.who)
    who.update({chance.choice(["agent", "epoch"]): None})
    up = wire.uplink_pb2.Up(hello=wire.uplink_pb2.Hello(
        protocol=1, agent_id=who["agent"] or other.who["agent"],
        epoch=who["epoch"] or other.who["epoch"], software="x", next_seq=1,
        now=1))
    name, answer = agent.ask(up, "welcome")
    expect(name == "refusal" and answer.code in (
        REFUSALS["wrong_agent"], REFUSALS["unknown_epoch"]),
        f"{name} {answer}")


def hello_of_the_future(me, chance):
    name, answer = me.link().hello(protocol=chance.choice([0, 2, 1 << 31]))
    expect_equal((name, answer.code), ("refusal", REFUSALS["version"]), "hello")


def join_again(me, chance):
    """Another machine with the same file, whose key was used."""
    other = wire.Agent(me.file)
    try:
        status = other.connect(other.join_pair)
        if status is None:
            _, answer = other.ask(other.join_request(other.join_pair),
                                  "joined")
            expect_equal(answer.code, REFUSALS["join_used"], "join")
        else:
            expect_equal(status, 400, "status")
    finally:
        other.link.close()


def epoch_of_another(me, chance):
    """A new epoch for another office, or signed by another key."""
    agent, other = me.link(), me.victim.agent
    epoch = chance.randbytes(16)
    who, key, why = chance.choice([(other.who, other.key, "wrong_agent"),
                                   (agent.who, other.key, "bad_signature")])
    name, answer = agent.ask(wire.uplink_pb2.Up(
        open_epoch=wire.uplink_pb2.OpenEpoch(
            agent_id=who["agent"], epoch=epoch, previous=who["epoch"],
            proof=wire.signed(key, "tallyline epoch 1", who["agent"] + epoch
                              + who["epoch"]))), "epoch_opened")
    expect_equal((name, answer.code), ("refusal", REFUSALS[why]), "epoch")


def keys_without_a_file(me, chance):
    """New keys over the office's own link: only a join key's may bring them."""
    agent = me.link()
    pair = wire.nacl.public.PrivateKey.generate()
    key = wire.nacl.signing.SigningKey.generate()
    fields = (agent.pair.public_key.encode() + agent.who["agent"]
              + pair.public_key.encode() + key.verify_key.encode())
    name, answer = agent.ask(wire.uplink_pb2.Up(rotate=wire.uplink_pb2.Rotate(
        agent_id=agent.who["agent"], curve_key=pair.public_key.encode(),
        sign_key=key.verify_key.encode(),
        proof=wire.signed(key, "tallyline rotate 1", fields),
        proof_old=wire.signed(agent.key, "tallyline rotate 1", fields))),
        "rotated")
    expect_equal((name, answer.code), ("refusal", REFUSALS["join_used"]),
                 "rotate")


def compare(me, first, count, digest):
    agent = me.link()
    return agent.ask(wire.uplink_pb2.Up(compare=wire.uplink_pb2.Compare(
        agent_id=agent.who["agent"], epoch=agent.who["epoch"],
        first_seq=first, count=count, digest=digest)), "compared")


def compare_what_cannot_be_read(me, chance):
    """Asks for events that are noise, bursting or not there."""
    first = me.link().next_seq
    rubbish_inside(me, chance)
    payload_that_lies(me, chance)
    for seq, count in ((first, 1), (first, 2048), (first + 8, 9),
                       (first + 1000, 1), (1, 2048), (1 << 40, 1)):
        name, answer = compare(me, seq, count, chance.randbytes(32))
        expect(name == "compared" and not answer.same, f"{name} {answer}")


def compare_another_ones(me, chance):
    agent, other = me.link(), me.victim.agent
    name, answer = agent.ask(wire.uplink_pb2.Up(
        compare=wire.uplink_pb2.Compare(
            agent_id=other.who["agent"], epoch=other.who["epoch"],
            first_seq=1, count=1, digest=bytes(32))), "compared")
    expect_equal((name, answer.code), ("refusal", REFUSALS["wrong_agent"]),
                 "compare")


# ---- messages that are dropped ----

def dropped(me, *frames):
    """No answer, and the link goes on."""
    me.link().link.socket.send_multipart(list(frames))
    me.heard()


def noise(me, chance):
    dropped(me, chance.randbytes(chance.randrange(0, 5000)))


def many_frames(me, chance):
    frames = chance.randrange(8, 200)
    dropped(me, b"\x2a\x00", *[me.unsent()] * frames)


def batches_without_frames(me, chance):
    dropped(me, b"\x2a\x00")


def frames_without_batches(me, chance):
    dropped(me, b"\x32\x02\x08\x01", me.unsent())


def only_newer_fields(me, chance):
    dropped(me, b"\xa2\x06\x04abcd")


def long_hello(me, chance):
    who = me.link().who
    hello = wire.uplink_pb2.Hello(
        protocol=1, agent_id=who["agent"], epoch=who["epoch"],
        software="x" * chance.choice([64, 5000]), next_seq=1, now=1)
    for i in range(chance.choice([0, 17, 3000])):
        hello.documents.add(name=f"d{i}", digest=bytes(32))
    dropped(me, wire.uplink_pb2.Up(hello=hello).SerializeToString())


def swelling_message(me, chance):
    """As many empty things as a frame can hold."""
    item = chance.choice([b"\x42\x00", b"\x3a\x00", b"\x08\x01", b"\x0a\x00"])
    inner = item * ((FRAME_BYTES_MAX - 16) // len(item))
    size = wire.varint(len(inner))
    dropped(me, chance.choice([inner, b"\x22" + size + inner,
                               b"\x0a" + size + inner])[:FRAME_BYTES_MAX])


def frame_above_the_limit(me, chance):
    """Ends the link."""
    agent = me.link()
    agent.link.socket.send_multipart(
        [b"\x2a\x00", bytes(FRAME_BYTES_MAX + 65 + chance.randrange(9999))])
    expect(me.was_cut(), "the link ends")
    me.renew()


MUTATIONS = [
    cut_batch, longer_batch, flipped_bit, flipped_bit, spliced_batch,
    signed_by_another, in_the_name_of_another, another_number, unknown_epoch,
    another_ordinal, a_gap, reordered, not_chained, impossible_counts,
    replayed, replayed_by_another, other_bytes_at_a_taken_place,
    forged_events, rubbish_inside, payload_that_lies,
    hello_of_another, hello_of_the_future, join_again, epoch_of_another,
    keys_without_a_file, compare_what_cannot_be_read, compare_another_ones,
    noise, many_frames, batches_without_frames,
    frames_without_batches, only_newer_fields, long_hello, swelling_message,
    frame_above_the_limit]
