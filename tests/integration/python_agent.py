"""An agent written from docs/PROTOCOL.md alone, with the layouts of docs/STORAGE.md,
against the real collector.

    TALLYLINE_BIN=... python3 tests/integration/python_agent.py

It shares nothing with the product but proto/*.proto: ZeroMQ, protobuf, PyNaCl
and zstandard come from Debian. Each test makes a province of its own.
"""

import hashlib
import importlib
import os
import re
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest

import nacl.public
import nacl.signing
import zmq
import zmq.utils.monitor
import zstandard

from province import DEADLINE, PLAN, SOURCE, Province

(REVOKED, POSITION_TAKEN, CHAIN_BROKEN, BAD_SIGNATURE, GAP, LIMIT, FULL,
 VERSION, NOT_JOINED, JOIN_EXPIRED, JOIN_USED, EPOCH_CLOSED, WRONG_AGENT,
 UNKNOWN_EPOCH) = range(1, 15)


def compile_protos():
    """The messages, as modules made by protoc in a folder of their own."""
    folder = tempfile.mkdtemp(prefix="tallyline-proto-")
    files = ["event.proto", "ledger.proto", "uplink.proto"]
    subprocess.run(["protoc", f"--proto_path={SOURCE / 'proto'}",
                    f"--python_out={folder}", *files], check=True)
    sys.path.insert(0, folder)
    return [importlib.import_module(name.replace(".proto", "_pb2"))
            for name in files]


event_pb2, ledger_pb2, uplink_pb2 = compile_protos()


# ---- section 1: signatures ----

def signed(key, context, data):
    return key.sign(context.encode() + b"\0" + data).signature


def verify(public, context, data, signature):
    nacl.signing.VerifyKey(public).verify(
        context.encode() + b"\0" + data, signature)


def sha256(data):
    return hashlib.sha256(data).digest()


# ---- section 4: the batch ----

def varint(number):
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def make_event(day=17595, attendees=112):
    event = event_pb2.Event(
        type=2, occurred_on=day, unit=1300001, office=3, role=2,
        recorded_at=1520212800000000 + (day - 17595) * 86400000000,
        subject_unit=1500001, programme=1)
    body = event.communication_activity
    body.form, body.audience, body.sessions, body.attendees = 3, 3, 1, attendees
    return event.SerializeToString()


def make_batch(key, who, first, events, previous, pack=False,
               sealed_at=1520212800000000):
    plain = b"".join(varint(len(event)) + event for event in events)
    payload = zstandard.ZstdCompressor().compress(plain) if pack else plain
    data = (b"TLB1" + bytes([1, 2 if pack else 1, 0, 0])
            + who["agent"] + who["epoch"]
            + struct.pack(">IIQIIq", who["number"], who["ordinal"], first,
                          len(events), len(plain), sealed_at)
            + previous + struct.pack(">I", len(payload)) + payload)
    return data + signed(key, "tallyline batch 1", data)


# ---- section 5: the entry ----

def read_entry(data):
    assert len(data) == 112 and data[:5] == b"TLE1\x01", data
    names = ("kind", "flags", "index", "received_at", "agent", "epoch",
             "number", "ordinal", "first", "count", "size", "digest")
    return dict(zip(names, struct.unpack(">BHQq16s16sIIQII32s", data[5:])))


# ---- section 2: the link ----

class Link:
    """One connection, made with one pair of CURVE keys."""

    def __init__(self, address, server_key, pair):
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.immediate = 1
        self.socket.reconnect_ivl = -1
        self.socket.curve_serverkey = server_key
        self.socket.curve_publickey = pair.public_key.encode()
        self.socket.curve_secretkey = pair.encode()
        self.monitor = self.socket.get_monitor_socket()
        self.socket.connect(address)

    def handshake(self):
        """None when the link stands, else the status of the ZAP handler."""
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            if not self.monitor.poll(100):
                continue
            message = zmq.utils.monitor.recv_monitor_message(self.monitor)
            if message["event"] == zmq.EVENT_HANDSHAKE_SUCCEEDED:
                return None
            if message["event"] == zmq.EVENT_HANDSHAKE_FAILED_AUTH:
                return message["value"]
            if message["event"] in (zmq.EVENT_CLOSED,
                                    zmq.EVENT_DISCONNECTED):
                return -1
        raise AssertionError("no end of the handshake")

    def send(self, up, *batches):
        self.socket.send_multipart([up.SerializeToString(), *batches])

    def receive(self, *fields):
        """The next message with one of these fields; others are kept for
        whoever asks."""
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            if self.socket.poll(100):
                frames = self.socket.recv_multipart()
                assert len(frames) == 1
                down = uplink_pb2.Down()
                down.ParseFromString(frames[0])
                name = down.ListFields()[0][0].name
                if name in fields:
                    return name, getattr(down, name)
                if name == "document":
                    self.documents.append(down.document)
        raise AssertionError(f"none of {fields} came")

    documents = ()

    def close(self):
        self.socket.disable_monitor()
        self.monitor.close()
        self.socket.close()


# ---- section 3: the agent ----

class Agent:
    def __init__(self, file):
        self.file = file
        self.address = re.sub(r"\s", "", file.get("address", ""))
        self.server_key = bytes.fromhex(file["server_key"])
        self.join_pair = nacl.public.PrivateKey(
            bytes.fromhex(file["join_secret"]))
        self.pair = nacl.public.PrivateKey.generate()
        self.key = nacl.signing.SigningKey.generate()
        self.who = {"agent": os.urandom(16), "epoch": os.urandom(16)}
        self.next_seq = 1
        self.previous = bytes(32)
        self.link = None

    def connect(self, pair=None):
        if self.link:
            self.link.close()
        self.link = Link(self.address, self.server_key, pair or self.pair)
        self.link.documents = []
        return self.link.handshake()

    def ask(self, up, *fields):
        self.link.send(up)
        return self.link.receive("refusal", *fields)

    def join_request(self, pair):
        key = self.key.verify_key.encode()
        fields = (self.who["agent"] + self.who["epoch"]
                  + self.pair.public_key.encode() + key)
        return uplink_pb2.Up(join=uplink_pb2.Join(
            agent_id=self.who["agent"], epoch=self.who["epoch"],
            curve_key=self.pair.public_key.encode(), sign_key=key,
            proof=signed(self.key, "tallyline join 1",
                         pair.public_key.encode() + fields)))

    def join(self):
        assert self.connect(self.join_pair) is None
        name, answer = self.ask(self.join_request(self.join_pair), "joined")
        assert name == "joined", answer
        self.who["number"] = answer.agent_number
        self.who["ordinal"] = answer.epoch_ordinal
        return answer

    def hello(self, protocol=1, documents=()):
        hello = uplink_pb2.Hello(
            protocol=protocol, capabilities=1, agent_id=self.who["agent"],
            epoch=self.who["epoch"], software="python", next_seq=self.next_seq,
            now=int(time.time() * 1e6))
        for name, digest in documents:
            hello.documents.add(name=name, digest=digest)
        return self.ask(uplink_pb2.Up(hello=hello), "welcome")

    def run(self):
        assert self.connect() is None
        name, welcome = self.hello()
        assert name == "welcome", welcome
        return welcome

    def seal(self, events, **how):
        """The next batch of the stream; the agent then stands behind it."""
        batch = make_batch(self.key, self.who, self.next_seq, events,
                           self.previous, **how)
        self.next_seq += len(events)
        self.previous = sha256(batch)
        return batch

    def send(self, *batches):
        self.link.send(uplink_pb2.Up(batches=uplink_pb2.Batches()), *batches)

    def answer(self):
        return self.link.receive("refusal", "receipts")

    def receipts(self, count):
        entries = []
        while len(entries) < count:
            name, answer = self.answer()
            assert name == "receipts", answer
            entries += answer.entries
        return entries


class Line(unittest.TestCase):
    def setUp(self):
        self.province = Province()
        self.addCleanup(self.province.close)

    def agent(self, name="office"):
        file = self.province.enrol(name)
        file["address"] = self.province.address
        agent = Agent(file)
        self.addCleanup(lambda: agent.link and agent.link.close())
        return agent

    def running(self, name="office"):
        agent = self.agent(name)
        agent.join()
        self.assertEqual(agent.run().next_seq, 1)
        return agent

    def refused(self, agent, code, *batches):
        agent.send(*batches)
        name, answer = agent.answer()
        self.assertEqual((name, answer.code), ("refusal", code))
        return answer


class Joining(Line):
    def test_the_same_question_gets_the_same_answer(self):
        agent = self.agent()
        first = agent.join()
        _, again = agent.ask(agent.join_request(agent.join_pair), "joined")
        self.assertEqual(first, again)
        entry = read_entry(first.entry)
        self.assertEqual((entry["kind"], first.agent_number), (2, 1))
        # The answer was lost: over a link with the new key.
        self.assertIsNone(agent.connect())
        _, again = agent.ask(agent.join_request(agent.pair), "joined")
        self.assertEqual(first, again)

    def test_another_machine_with_the_same_file_is_turned_away(self):
        agent = self.agent()
        agent.join()
        other = Agent(agent.file)
        status = other.connect(other.join_pair)
        if status is None:
            _, answer = other.ask(other.join_request(other.join_pair))
            self.assertEqual(answer.code, JOIN_USED)
        else:
            self.assertEqual(status, 400)
        other.link.close()

    def test_a_wrong_proof_is_refused(self):
        agent = self.agent()
        self.assertIsNone(agent.connect(agent.join_pair))
        request = agent.join_request(agent.pair)  # of another link
        _, answer = agent.ask(request, "joined")
        self.assertEqual(answer.code, BAD_SIGNATURE)

    def test_an_unknown_key_is_not_let_in(self):
        agent = self.agent()
        self.assertEqual(agent.connect(), 400)

    def test_another_servers_key_is_not_talked_to(self):
        agent = self.agent()
        agent.server_key = nacl.public.PrivateKey.generate() \
            .public_key.encode()
        self.assertEqual(agent.connect(agent.join_pair), -1)

    def test_a_join_key_is_good_for_nothing_else(self):
        agent = self.agent()
        self.assertIsNone(agent.connect(agent.join_pair))
        agent.who.update(number=1, ordinal=1)
        name, answer = agent.hello()
        self.assertEqual((name, answer.code), ("refusal", NOT_JOINED))
        self.refused(agent, NOT_JOINED, agent.seal([make_event()]))

    def test_another_version_is_refused(self):
        agent = self.agent()
        agent.join()
        self.assertIsNone(agent.connect())
        _, answer = agent.hello(protocol=2)
        self.assertEqual(answer.code, VERSION)


class Batches(Line):
    def check(self, agent, batch, receipt):
        entry = read_entry(receipt)
        first, count = struct.unpack(">QI", batch[48:60])
        self.assertEqual(
            (entry["kind"], entry["agent"], entry["epoch"], entry["number"],
             entry["ordinal"], entry["first"], entry["count"], entry["size"],
             entry["digest"]),
            (1, agent.who["agent"], agent.who["epoch"], agent.who["number"],
             agent.who["ordinal"], first, count, len(batch), sha256(batch)))
        return entry

    def test_receipts_are_the_entries_of_the_batches(self):
        agent = self.running()
        batches = [agent.seal([make_event(17600 + i), make_event(17700 + i)],
                              pack=i % 2 == 1) for i in range(7)]
        agent.send(*batches)
        entries = [self.check(agent, batch, receipt) for batch, receipt
                   in zip(batches, agent.receipts(7))]
        self.assertEqual([e["index"] for e in entries],
                         list(range(entries[0]["index"],
                                    entries[0]["index"] + 7)))
        self.assertEqual(sorted(e["received_at"] for e in entries),
                         [e["received_at"] for e in entries])
        self.assertRegex(self.province.command("status"),
                         r"(?m)^counted +14 ")

    def test_i3_the_same_bytes_get_the_same_receipt_over_a_restart_too(self):
        agent = self.running()
        batch = agent.seal([make_event()])
        agent.send(batch)
        first = agent.receipts(1)
        agent.send(batch, batch)
        self.assertEqual(agent.receipts(2), first * 2)
        self.province.stop(signal.SIGKILL)
        self.province.start()
        welcome = agent.run()
        self.assertEqual((welcome.next_seq, welcome.previous_digest),
                         (2, sha256(batch)))
        agent.send(batch)
        self.assertEqual(agent.receipts(1), first)

    def test_i3_other_bytes_at_the_same_place_freeze_the_stream(self):
        agent = self.running()
        batch = agent.seal([make_event()])
        agent.send(batch)
        first = agent.receipts(1)
        fork = make_batch(agent.key, agent.who, 1, [make_event(17596)],
                          bytes(32))
        self.assertEqual(self.refused(agent, POSITION_TAKEN, fork).seq, 1)
        self.refused(agent, POSITION_TAKEN, agent.seal([make_event()]))
        agent.send(batch)
        self.assertEqual(agent.receipts(1), first, "what it holds it holds")
        self.assertIsNone(agent.connect())
        _, answer = agent.hello()
        self.assertEqual(answer.code, POSITION_TAKEN)
        self.assertIn("position_taken", self.province.command("status"))

    def test_a_wrong_signature_is_refused_and_takes_no_place(self):
        agent = self.running()
        batch = agent.seal([make_event()])
        wrong = batch[:-1] + bytes([batch[-1] ^ 1])
        self.refused(agent, BAD_SIGNATURE, wrong)
        agent.send(batch)
        self.check(agent, batch, agent.receipts(1)[0])

    def test_a_gap_says_where_to_go_on(self):
        agent = self.running()
        batches = [agent.seal([make_event()]) for _ in range(3)]
        self.assertEqual(self.refused(agent, GAP, batches[1]).seq, 1)
        agent.send(*batches)
        agent.receipts(3)

    def test_a_broken_chain_is_refused(self):
        agent = self.running()
        agent.send(agent.seal([make_event()]))
        agent.receipts(1)
        agent.previous = bytes(32)
        self.refused(agent, CHAIN_BROKEN, agent.seal([make_event()]))

    def test_i8_link_and_batch_belong_to_one_agent(self):
        agent, other = self.running(), self.running("other")
        other.send(agent.seal([make_event()]))
        _, answer = other.answer()
        self.assertEqual(answer.code, WRONG_AGENT)

    def test_what_is_no_batch_and_an_unknown_epoch_are_refused(self):
        agent = self.running()
        self.refused(agent, LIMIT, b"no batch")
        agent.who["epoch"] = os.urandom(16)
        self.refused(agent, UNKNOWN_EPOCH, agent.seal([make_event()]))

    def test_i6_what_is_inside_is_never_refused(self):
        agent = self.running()
        rubbish = agent.seal([b"\xff\xff\xff", make_event()])
        agent.send(rubbish)
        self.check(agent, rubbish, agent.receipts(1)[0])
        self.assertRegex(self.province.command("status"), r"malformed +1 ")

    def test_a_heartbeat_is_answered_in_its_own_time(self):
        agent = self.running()
        agent.link.send(uplink_pb2.Up(heartbeat=uplink_pb2.AgentHeartbeat(
            next_seq=1, waiting=0, now=1)))
        name, _ = agent.link.receive("heartbeat", "refusal")
        self.assertEqual(name, "heartbeat")


class Documents(Line):
    def collect(self, agent, wanted):
        """Puts pieces together until all wanted documents are there."""
        bodies, parts = {}, {}
        ledger_key = bytes.fromhex(agent.file["ledger_key"])
        end = time.monotonic() + DEADLINE
        while not wanted <= set(bodies):
            self.assertLess(time.monotonic(), end)
            if not agent.link.documents:
                agent.link.documents.append(
                    agent.link.receive("document")[1])
            piece = agent.link.documents.pop(0)
            packed = parts.get(piece.name, b"") if piece.offset else b""
            self.assertEqual(len(packed), piece.offset)
            parts[piece.name] = packed + piece.piece
            if len(parts[piece.name]) == piece.size:
                body = parts[piece.name]
                if piece.codec == 2:
                    body = zstandard.ZstdDecompressor().decompress(body)
                verify(ledger_key, "tallyline document 1",
                       piece.name.encode() + b"\0"
                       + struct.pack(">Q", piece.index) + sha256(body),
                       piece.signature)
                bodies[piece.name] = body
        return bodies

    def test_documents_come_down_signed_and_only_when_they_are_new(self):
        agent = self.running()
        administrator = bytes.fromhex(agent.file["administrator"])
        wanted = {"genesis", "plan", "units", "enrolment", "joined"}
        bodies = self.collect(agent, wanted)
        for kind, name in ((1, "genesis"), (2, "plan"), (3, "units"),
                           (5, "enrolment"), (6, "joined")):
            body = bodies[name]
            self.assertEqual(body[-96:-64], administrator)
            verify(administrator, "tallyline control 1", body[:-96],
                   body[-64:])
            control = ledger_pb2.ControlBody()
            control.ParseFromString(body[:-96])
            self.assertEqual(control.kind, kind)
        plan = ledger_pb2.ControlBody()
        plan.ParseFromString(bodies["plan"][:-96])
        self.assertIn((PLAN / "plan.yaml").read_bytes(),
                      [file.content for file in plan.plan.files])
        # Said to be here already, only the others come.
        self.assertIsNone(agent.connect())
        agent.hello(documents=[(name, sha256(bodies[name]))
                               for name in wanted - {"genesis"}])
        again = self.collect(agent, {"genesis"})
        self.assertFalse({"plan", "units", "enrolment"} & set(again))

    def test_outcomes_say_which_events_do_not_count(self):
        agent = self.running()
        agent.send(agent.seal([make_event(day=30000)]))  # in 2052
        agent.receipts(1)
        end = time.monotonic() + DEADLINE
        outcomes = uplink_pb2.Outcomes()
        while not outcomes.items:
            self.assertLess(time.monotonic(), end)
            body = self.collect(agent, {"outcomes"})["outcomes"]
            outcomes.ParseFromString(body)
        self.assertEqual(
            outcomes.items[0].event,
            agent.who["number"] << 40 | agent.who["ordinal"] << 32 | 1)
        self.assertNotEqual(outcomes.items[0].outcome, 0)


class Standing(Line):
    def open_epoch(self, agent, epoch):
        previous = agent.who["epoch"]
        return agent.ask(uplink_pb2.Up(open_epoch=uplink_pb2.OpenEpoch(
            agent_id=agent.who["agent"], epoch=epoch, previous=previous,
            proof=signed(agent.key, "tallyline epoch 1",
                         agent.who["agent"] + epoch + previous))),
            "epoch_opened")

    def test_a_copied_office_goes_on_in_a_new_epoch(self):
        agent = self.running()
        batch = agent.seal([make_event()])
        agent.send(batch)
        first = agent.receipts(1)
        epoch = os.urandom(16)
        name, opened = self.open_epoch(agent, epoch)
        self.assertEqual(
            (name, opened.epoch_ordinal, opened.previous_next_seq,
             opened.previous_digest),
            ("epoch_opened", 2, 2, sha256(batch)))
        self.assertEqual(self.open_epoch(agent, epoch)[1], opened,
                         "the same question, the same answer")
        self.refused(agent, EPOCH_CLOSED, agent.seal([make_event()]))
        agent.send(batch)
        self.assertEqual(agent.receipts(1), first)
        agent.who.update(epoch=epoch, ordinal=2)
        agent.next_seq, agent.previous = 1, bytes(32)
        self.assertEqual(agent.run().next_seq, 1)
        agent.send(agent.seal([make_event(17601)]))
        self.assertEqual(read_entry(agent.receipts(1)[0])["ordinal"], 2)

    def test_a_new_epoch_needs_the_key_in_force(self):
        agent = self.running()
        agent.key = nacl.signing.SigningKey.generate()
        _, answer = self.open_epoch(agent, os.urandom(16))
        self.assertEqual(answer.code, BAD_SIGNATURE)

    def test_new_keys_take_the_old_ones_place(self):
        agent = self.running()
        agent.send(agent.seal([make_event()]))
        agent.receipts(1)
        file = self.province.file("r.enrol", "rotate", "1")
        join_pair = nacl.public.PrivateKey(bytes.fromhex(file["join_secret"]))
        pair, key = (nacl.public.PrivateKey.generate(),
                     nacl.signing.SigningKey.generate())
        fields = (join_pair.public_key.encode() + agent.who["agent"]
                  + pair.public_key.encode() + key.verify_key.encode())
        self.assertIsNone(agent.connect(join_pair))
        name, answer = agent.ask(uplink_pb2.Up(rotate=uplink_pb2.Rotate(
            agent_id=agent.who["agent"], curve_key=pair.public_key.encode(),
            sign_key=key.verify_key.encode(),
            proof=signed(key, "tallyline rotate 1", fields),
            proof_old=signed(agent.key, "tallyline rotate 1", fields))),
            "rotated")
        self.assertEqual(name, "rotated", answer)
        self.assertEqual(read_entry(answer.entry)["kind"], 2)
        self.assertEqual(agent.connect(), 400, "the old key")
        old = agent.key
        agent.pair, agent.key = pair, key
        self.assertEqual(agent.run().next_seq, 2)
        previous = agent.previous
        self.refused(agent, BAD_SIGNATURE, make_batch(
            old, agent.who, 2, [make_event()], previous))
        agent.send(agent.seal([make_event(17601)]))
        agent.receipts(1)

    def test_i8_a_revoked_office_is_told_so_over_an_open_link_too(self):
        agent = self.running()
        self.province.command("revoke", "1")
        agent.link.send(uplink_pb2.Up(
            heartbeat=uplink_pb2.AgentHeartbeat(next_seq=1)))
        self.assertEqual(agent.answer()[1].code, REVOKED)
        self.refused(agent, REVOKED, agent.seal([make_event()]))
        self.assertIsNone(agent.connect(), "let in, to be told")
        _, answer = agent.hello()
        self.assertEqual(answer.code, REVOKED)


class Example(unittest.TestCase):
    def test_the_worked_example_is_what_its_words_say(self):
        text = (SOURCE / "docs" / "PROTOCOL.md").read_text()
        blocks = re.findall(r"(?:^    [0-9a-f]{16,64}\n)+",
                            text[text.index("## 7."):], re.MULTILINE)
        public, event, batch, digest = (
            bytes.fromhex(re.sub(r"\s", "", block)) for block in blocks)
        key = nacl.signing.SigningKey(bytes([7]) * 32)
        who = {"agent": bytes([1]) * 16, "epoch": bytes([2]) * 16,
               "number": 271, "ordinal": 1}
        self.assertEqual(public, key.verify_key.encode())
        self.assertEqual(event, make_event())
        self.assertEqual(batch, make_batch(key, who, 1, [event], bytes(32)))
        self.assertEqual(digest, sha256(batch))


if __name__ == "__main__":
    unittest.main()
