"""A second collector of the province, in another house: `init --beside`,
`orders` and `import-orders`, in either direction."""

import hashlib
import json
import shutil
import struct
import sys
from pathlib import Path

import nacl.signing

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from line import (Line, copy_folder, expect, expect_equal,  # noqa: E402
                  run_command, run_tests, visit, wait_until)
from false_clock import FalseClock  # noqa: E402
from second import Second, verified  # noqa: E402


def offices_known(province):
    """What a collector says of the offices, but for the line to them."""
    keys = ("agent", "name", "scope", "pairs", "state", "enrolled")
    return [{key: row[key] for key in keys if key in row}
            for row in province.rows("agents")]


def told_of_orders(province):
    """What doctor says of the other collector's orders."""
    out = province.command("doctor", "--format", "jsonl", code=None).stdout
    rows = [json.loads(text) for text in out.splitlines()]
    return next((row["state"] for row in rows if row["check"] == "orders"),
                None)


def plans_known(province):
    return province.command("plan", "show").stdout


def the_second_has_the_orders_of_the_first():
    with Line() as line:
        line.office("gso3:901")
        second = Second(line)
        expect_equal(offices_known(second), offices_known(line.province),
                     "offices at the second")
        expect_equal(plans_known(second), plans_known(line.province),
                     "plans at the second")
        first = line.province
        for name in ("server.key", "ledger.key"):
            expect(first.key(name) != second.key(name), f"a shared {name}")
        expect_equal(second.key("administrator.key"),
                     first.key("administrator.key"), "administrator's key")
        second.daemon.start()
        second.daemon.stop()
        verified(second)


def an_order_is_carried_once():
    """Into a collector that runs and one that does not; the same file again
    adds nothing, and takes nothing away."""
    with Line() as line:
        second = Second(line)
        for runs in (False, True):
            if runs:
                second.daemon.start()
            line.office(f"gso3:90{1 + runs}")
            expect_equal(second.hear(line.province), (2, 0),
                         "an enrolment and a join")
            expect_equal(second.hear(line.province), (0, 0), "the same file")
            expect_equal(offices_known(second), offices_known(line.province),
                         "offices at the second")
        line.province.command("revoke", 1)
        expect_equal(second.hear(line.province), (1, 0), "a revocation")
        states = [row["state"] for row in second.rows("agents")]
        expect_equal(states[0], "revoked", "the revoked office")
        second.daemon.stop()
        verified(second)


def orders_are_given_at_the_second_while_the_first_is_dead():
    with Line() as line:
        second = Second(line)
        line.province.daemon.kill()
        second.daemon.start()
        office = second.office("gso3:901")
        office.start()
        office.record("inspection", visit(90101, 1000))
        wait_until(office.drained, "the second to receive it")
        line.province.daemon.start()
        expect_equal(line.province.hear(second), (2, 0), "carried back")
        expect_equal(line.province.hear(second), (0, 0), "carried again")
        expect_equal(second.hear(line.province), (0, 0), "and to the second")
        expect_equal(offices_known(second), offices_known(line.province),
                     "offices at both")
        expect_equal(second.figures()["visits"], 1, "visits at the second")
        office.daemon.stop()
        second.daemon.stop()
        verified(second)


def of_two_orders_about_one_thing_the_later_one_holds():
    """Both collectors change what the office may write for, each without
    knowing of the other."""
    with Line() as line:
        line.office("gso3:901")
        second = Second(line)
        line.province.command("enrol", "--agent", 1, "--name", "earlier")
        second.command("enrol", "--agent", 1, "--name", "later")
        files = [side.leave() for side in (line.province, second)]
        expect_equal(second.arrive(files[0]), (0, 1), "the earlier one")
        expect_equal(line.province.arrive(files[1]), (1, 0), "the later one")
        for side in (line.province, second):
            expect_equal(side.rows("agents")[0]["name"], "later", "the name")
        expect_equal(second.hear(line.province), (0, 1), "it stays so")


def an_order_of_the_future_takes_no_others_place():
    """The second's clock is ten days ahead."""
    with Line() as line:
        line.office("gso3:901")
        second = Second(line)
        clock = FalseClock(line.home / "second.clock")
        clock.jump(days=10)
        second.more.update(clock.environment())
        second.command("enrol", "--agent", 1, "--name", "of the future")
        second.command("revoke", 1)
        expect_equal(line.province.arrive(second.leave(), code=1), (1, 0),
                     "the revocation alone")
        row, = line.province.rows("agents")
        expect_equal((row["name"], row["state"]), ("Office 1", "revoked"),
                     "the office")


def a_number_given_twice_holds_up_its_offices_alone():
    """Both collectors gave the next number to another office. What else the
    first ordered is taken: a revocation waits for nobody."""
    with Line() as line:
        second = Second(line)
        line.office("gso3:901")
        second.daemon.start()
        stranger = second.office("gso3:902")
        expect_equal(stranger.number, 1, "the same number")
        line.office("gso3:903")
        line.province.command("revoke", 2)
        before = offices_known(second)
        for taken in (3, 0):
            done = second.command("import-orders", line.province.leave(),
                                  "--format", "jsonl", code=1)
            for named in ("order 3 (An office was enrolled, agent 1)",
                          "order 4 (An agent joined, agent 1)"):
                expect(named in done.stderr, f"no {named}: {done.stderr}")
            row = json.loads(done.stdout)
            expect_equal((row["added"], row["left_out"]), (taken, 2), "taken")
        expect_equal(offices_known(second)[:1], before, "the second's office")
        expect_equal(second.rows("agents")[1]["state"], "revoked", "office 2")
        expect_equal(told_of_orders(second), "bad", "doctor")
        # A person has acted: the first takes the number back, and enrols anew.
        line.province.command("revoke", 1)
        line.office("gso3:901")
        expect_equal(second.hear(line.province), (2, 3), "what is left")
        expect_equal(told_of_orders(second), "good", "doctor")
        expect_equal(second.rows("agents")[0], before[0] | second.rows(
            "agents")[0], "the second's office")
        expect_equal(second.rows("agents")[0]["state"], "joined", "its state")
        second.daemon.stop()
        verified(second)


def a_key_to_join_by_holds_though_a_later_order_does():
    """A file for new keys was given at the first, the office renamed at the
    second, and the file was used."""
    with Line() as line:
        office = line.office("gso3:901")
        second = Second(line)
        second.daemon.start()
        line.province.command("rotate", 1, "--output", line.home / "rotate")
        second.command("enrol", "--agent", 1, "--name", "renamed")
        office.command("rotate", line.home / "rotate")
        line.office("gso3:902")
        line.province.command("revoke", 2)
        expect_equal(second.hear(line.province), (5, 0), "all of it")
        line.province.hear(second)
        for side, other in ((second, line.province),) * 2:
            side.hear(other)
            other.hear(side)
        for side in (line.province, second):
            rows = side.rows("agents")
            expect_equal([(row["name"], row["state"]) for row in rows],
                         [("renamed", "joined"), ("Office 2", "revoked")],
                         "offices")
        expect_equal(second.hear(line.province), (0, 0), "at rest")
        expect_equal(line.province.hear(second)[0], 0, "at rest")
        second.daemon.stop()
        verified(second)


def a_later_order_leaves_a_key_that_is_out():
    """As above, but the file is used when the later order has come."""
    with Line() as line:
        office = line.office("gso3:901")
        second = Second(line)
        line.province.command("rotate", 1, "--output", line.home / "rotate")
        second.command("enrol", "--agent", 1, "--name", "renamed")
        expect_equal(line.province.hear(second), (1, 0), "the later order")
        office.command("rotate", line.home / "rotate")
        second.hear(line.province)
        for side in (line.province, second):
            line.province.hear(second)
            expect_equal(side.rows("agents")[0]["name"], "renamed", "its name")
        verified(second)


def only_the_whole_file_of_this_province_is_taken():
    with Line() as line:
        second = Second(line)
        line.office("gso3:901")
        whole = line.province.leave()
        data = whole.read_bytes()
        for at in (0, 4, 5, 50, len(data) // 2, len(data) - 97, len(data) - 1):
            bad = bytearray(data)
            bad[at] ^= 1
            whole.write_bytes(bad)
            # The version is looked at first, the signature last.
            code = {4: 78, len(data) - 1: 1}.get(at, 65)
            second.command("import-orders", whole, code=code)
            whole.write_bytes(data[:at])
            second.command("import-orders", whole, code=65)
        expect_equal(second.rows("agents"), [], "taken from a bad file")
        # Whole, and signed, by another province's administrator.
        other = line.home / "other"
        run_command("tallyline-collector", other,
                    ["init", "--origin", "other.example", "--unit", "gso3:91"])
        run_command("tallyline-collector", other,
                    ["orders", "--output", line.home / "other.orders"])
        second.command("import-orders", line.home / "other.orders", code=1)
        second.command("import-orders", line.home / "none", code=66)
        whole.write_bytes(data)
        expect_equal(second.arrive(whole), (2, 0), "the whole file")


def a_late_second_gets_all_that_was_ever_received():
    """Made years later, when the offices no longer have what they sent; and
    with an office that has changed its keys meanwhile."""
    with Line() as line:
        office = line.office("gso3:901")
        office.start()
        office.record("inspection", visit(90101, 1000))
        wait_until(office.drained, "the first to be received")
        office.daemon.stop()
        line.province.command("rotate", office.number, "--output",
                              line.home / "rotate")
        office.command("rotate", line.home / "rotate")
        office.record("inspection", visit(90101, 2000))
        office.start()
        wait_until(office.drained, "the second to be received")
        office.daemon.stop()
        file = line.province.leave("--batches")
        second = Second(line, file=file)
        expect_equal(len(second.rows("agents")), 1, "orders up to a batch")
        expect_equal(second.arrive(file, code=1), (0, 0), "nobody runs")
        second.daemon.start()
        expect_equal(second.arrive(file), (2, 0), "the orders behind it")
        expect_equal((second.arrived["batches"], second.arrived["refused"]),
                     (2, 0), "batches")
        expect_equal(second.arrive(file), (0, 0), "orders of the same file")
        expect_equal(second.arrived["batches"], 0, "batches of the same file")
        second.daemon.stop()
        expect_equal(second.figures(), line.province.figures(), "figures")
        expect_equal(second.figures()["visits"], 2, "visits")
        verified(second)


def what_only_the_second_has_comes_to_the_first():
    """An office was at the second alone, and its machine is lost."""
    with Line() as line:
        second = Second(line)
        second.daemon.start()
        office = second.office("gso3:901")
        office.start()
        office.record("inspection", visit(90101, 1000))
        wait_until(office.drained, "the second to receive it")
        office.daemon.kill()
        expect_equal(line.province.arrive(second.leave("--batches")), (2, 0),
                     "orders")
        expect_equal(line.province.arrived["batches"], 1, "batches")
        wait_until(lambda: line.province.figures() == second.figures(),
                   "the same figures")
        second.daemon.stop()
        verified(second)


def what_only_one_had_and_comes_again_counts_once():
    """The first is put back to an older copy, the office's machine is lost, and
    what the second alone still has is entered once more: by hand, so without a
    row's key."""
    with Line() as line:
        office, second = line.office("gso3:901"), Second(line)
        second.daemon.start()
        office.start()
        office.record("inspection", visit(90101, 1000))
        wait_until(office.drained, "the first visit to be received")
        copy = line.home / "copy"
        line.province.daemon.stop()
        copy_folder(line.province.folder, copy)
        line.province.daemon.start()
        office.record("inspection", visit(90101, 2000))
        wait_until(office.drained, "the second visit to be received")
        second.arrive(line.province.leave("--batches"))
        wait_until(lambda: second.figures()["visits"] == 2, "two visits")
        for lost in (office, line.province):
            lost.daemon.kill()
            shutil.rmtree(lost.folder)
        copy_folder(copy, line.province.folder)
        line.province.daemon.start()
        file = line.home / "again.enrol"
        line.province.command("enrol", "--again", 1, "--output", file)
        office.command("join", file)
        office.start()
        office.record("inspection", visit(90101, 2000))
        wait_until(office.drained, "it to be received again")
        second.arrive(line.province.leave("--batches"))
        expect_equal(second.arrived["batches"], 1, "new batches")
        for side in (line.province, second):
            wait_until(lambda side=side: side.figures()["visits"] == 2,
                       "two visits at both")
        expect_equal(second.outcomes()["out_of_scope"], 1, "out of scope")
        office.daemon.stop()
        second.daemon.stop()
        verified(second)


def what_a_lost_machine_had_sent_to_one_comes_to_the_other():
    """The second hears of the new machine's keys first. What the old ones have
    signed it takes from a file all the same, up to where their epoch ended."""
    with Line() as line:
        office, second = line.office("gso3:901"), Second(line)
        second.daemon.start()
        office.start()
        for fine in (1000, 2000):
            office.record("inspection", visit(90101, fine))
            wait_until(office.drained, "the first to receive it")
        office.daemon.kill()
        shutil.rmtree(office.folder)
        file = line.home / "again.enrol"
        line.province.command("enrol", "--again", 1, "--output", file)
        office.command("join", file)
        office.start()
        office.record("inspection", visit(90101, 3000))
        wait_until(office.drained, "the new machine to send")
        expect_equal(second.hear(line.province), (3, 0), "the orders alone")
        expect_equal(second.arrive(line.province.leave("--batches")), (0, 0),
                     "orders")
        expect_equal((second.arrived["batches"], second.arrived["refused"]),
                     (3, 0), "batches")
        wait_until(lambda: second.figures() == line.province.figures(),
                   "the same figures")
        expect_equal(second.figures()["visits"], 3, "visits")
        shown = second.command("audit", "show", "1.1.1").stdout
        expect("good" in shown, f"the signature: {shown}")
        office.daemon.stop()
        second.daemon.stop()
        verified(second)


def a_batch_that_does_not_fit_is_refused_alone():
    """The second has the office's new keys and lacks what the old ones had
    signed; another office's batches behind it are taken."""
    with Line() as line:
        second = Second(line)
        offices = [line.office(f"gso3:90{number}") for number in (1, 2)]
        for office, commune in zip(offices, (90101, 90201)):
            office.start()
            office.record("inspection", visit(commune, 1000))
            wait_until(office.drained, "it to be received")
            office.daemon.stop()
        line.province.command("rotate", 1, "--output", line.home / "rotate")
        offices[0].command("rotate", line.home / "rotate")
        second.hear(line.province)
        second.daemon.start()
        second.arrive(line.province.leave("--batches"), code=1)
        expect_equal((second.arrived["batches"], second.arrived["refused"]),
                     (1, 1), "batches taken and refused")
        second.daemon.stop()
        verified(second)


def with_a_record(data, record, key):
    """The file with one record more at its end, signed by who has the key."""
    records = data[40:-5 - 32 - 64] + bytes([1]) + struct.pack(
        ">I", len(record)) + record
    digest = hashlib.sha256(data[:40]).digest()
    at = 0
    while at < len(records):
        size = 5 + struct.unpack(">I", records[at + 1:at + 5])[0]
        one = hashlib.sha256(records[at:at + size]).digest()
        digest = hashlib.sha256(digest + one).digest()
        at += size
    seed = bytes.fromhex(key.strip())[:32]
    signature = nacl.signing.SigningKey(seed).sign(
        b"tallyline orders 1\0" + digest).signature
    return data[:40] + records + bytes(5) + digest + signature


def beside_overwrites_nothing_and_leaves_nothing_half_made():
    with Line() as line:
        second = Second(line)
        orders = line.province.leave()
        keys = line.province.folder / "keys"

        def beside(folder, *more, code=0):
            return run_command("tallyline-collector", folder,
                               ["init", "--beside", orders, *more], code=code)

        beside(second.folder, "--keys", keys, code=1)
        # An order that nobody can read behind a good beginning.
        broken = line.home / "broken.orders"
        broken.write_bytes(with_a_record(orders.read_bytes(), b"no order",
                                         line.province.key(
                                             "administrator.key")))
        half = line.home / "half"
        done = run_command("tallyline-collector", half,
                           ["init", "--beside", broken, "--keys", keys], None)
        expect(done.returncode != 0, "a broken order was taken")
        expect_equal(list(half.rglob("*.key")), [], "keys that are left")
        beside(half, "--keys", keys)
        third = line.home / "third"
        beside(third, code=2)
        beside(third, "--keys", keys, "--unit", "gso3:90", code=2)
        beside(third, "--keys", keys, "--origin", line.origin, code=2)
        beside(third, "--keys", line.home, code=3)
        expect(not (third / "ledger.mdb").exists(), "a ledger was made")
        beside(third, "--keys", keys, "--origin", "third.example")
        # Half a ledger has half the orders.
        lost = line.home / "lost"
        run_command("tallyline-collector", lost,
                    ["init", "--recover", "--keys", keys])
        run_command("tallyline-collector", lost,
                    ["orders", "--output", line.home / "lost.orders"], code=1)
        # What was there under the name stays unless it is such a file.
        note = line.home / "note.txt"
        note.write_text("mine")
        line.province.command("orders", "--output", note, code=1)
        expect_equal(note.read_text(), "mine", "the note")


def a_card_says_what_the_offices_have_to_know():
    with Line() as line:
        second = Second(line)
        card = line.home / "second.card"
        second.command("card", "--name", " no", "--output", card, code=2)
        second.command("card", "--output", card, code=2)
        second.command("card", "--name", "Nhà hai", "--output", card)
        text = card.read_text()
        for part in ("purpose: collector", 'name: "Nhà hai"', second.address,
                     'origin: "test.example/ledger/2"'):
            expect(part in text, f"{part} is missing in {text}")
        for name in ("administrator.key", "ledger.key", "server.key"):
            expect(second.key(name)[:64] not in text, f"{name} in the card")
        second.command("card", "--name", "again", "--output", card, code=1)


run_tests([
    the_second_has_the_orders_of_the_first,
    an_order_is_carried_once,
    orders_are_given_at_the_second_while_the_first_is_dead,
    of_two_orders_about_one_thing_the_later_one_holds,
    an_order_of_the_future_takes_no_others_place,
    a_number_given_twice_holds_up_its_offices_alone,
    a_key_to_join_by_holds_though_a_later_order_does,
    a_later_order_leaves_a_key_that_is_out,
    only_the_whole_file_of_this_province_is_taken,
    a_late_second_gets_all_that_was_ever_received,
    what_only_the_second_has_comes_to_the_first,
    what_only_one_had_and_comes_again_counts_once,
    what_a_lost_machine_had_sent_to_one_comes_to_the_other,
    a_batch_that_does_not_fit_is_refused_alone,
    beside_overwrites_nothing_and_leaves_nothing_half_made,
    a_card_says_what_the_offices_have_to_know,
])
