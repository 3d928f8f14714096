#!/usr/bin/python3
"""Counts a sample year again, apart from the product, in SQL.

  oracle.py PLAN_DIR > expected.csv

It knows nothing of ledgers, batches, protocols or plan files: it reads the
CSV files that the offices import and the list of units, applies the
corrections in them, and asks the questions of tests/oracle/<plan>.sql, which
were written from the plan's own text and the meaning of its indicators.
"""
import csv
import re
import sqlite3
import sys
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROTO = HERE.parents[1] / "proto" / "event.proto"
DAYS = ["occurred_on", "issued_on", "held_on", "published_on", "as_of", "signed_on",
        "inspected_on", "sanctioned_on", "stage_on", "state_on", "period_to", "rated_on",
        "submitted_on", "corrected_on", "reported_on"]
PLACES = ["commune", "subject_unit", "visited_unit"]
THINGS = ["est_ref", "case_ref", "hotspot_ref", "model_ref", "tip_ref", "inspection_ref",
          "follow_up_of"]
COMMON = ["event", "day", "unit", "office", "place", "programme"]


def unit_text(code):
    return code if ":" in code else f"gso3:{code}"


def read_events(samples):
    """All rows in the order of import, with their ids and days."""
    events = {}
    folders = [row["folder"] for row in csv.DictReader(
        open(samples / "offices.csv", encoding="utf-8", newline=""))]
    numbers = defaultdict(dict)
    for agent, folder in enumerate(folders, 1):
        sequence, entered = 0, set()
        for path in sorted((samples / folder).glob("*.csv")):
            equal = defaultdict(int)
            with open(path, encoding="utf-8", newline="") as source:
                for row in csv.DictReader(source):
                    event = {key: text for key, text in row.items() if text}
                    # A row that an earlier file held adds nothing; equal rows of one
                    # file are different ones.
                    said = tuple(sorted(event.items()))
                    equal[said] += 1
                    if (said, equal[said]) in entered:
                        continue
                    entered.add((said, equal[said]))
                    sequence += 1
                    event["id"] = f"{agent}.1.{sequence}"
                    event["order"] = agent * 10**6 + sequence
                    event["day"] = next(event[name] for name in DAYS if name in event)
                    event["place"] = unit_text(next(
                        (event[name] for name in PLACES if name in event), event["unit"]))
                    for field in THINGS:
                        if field in event:
                            event[field] = thing(numbers, agent, field, event[field])
                    events[event["id"]] = event
    return events


def thing(numbers, agent, field, text):
    """A local name stands for the number that it got when it first came up."""
    if text.startswith("@"):
        known = numbers[agent, field]
        return f"{agent}.{known.setdefault(text, len(known) + 1)}"
    _, issuer, number, _ = text.split("-")
    return f"{int(issuer)}.{int(number)}"


def live(events):
    """What stands after voids and replacements: each names the version before."""
    gone = set()
    for event in events.values():
        if "target" in event:
            gone.add(event.get("head", event["target"]))
            if event["type"] == "correction":
                gone.add(event["id"])
    return [event for event in events.values() if event["id"] not in gone]


def same_things(events):
    """Two references that were told to be one thing are called by one name."""
    name = {}
    for event in events:
        if event["type"] == "same_as":
            pair = []
            for text in (event["first"], event["second"]):
                _, issuer, number, _ = text.split("-")
                pair.append((event["kind"], f"{int(issuer)}.{int(number)}"))
            name[pair[1]] = pair[0][1]
    kinds = {"est_ref": "establishment", "case_ref": "case", "hotspot_ref": "hotspot",
             "model_ref": "model", "tip_ref": "tip"}
    for event in events:
        for field, kind in kinds.items():
            if field in event:
                event[field] = name.get((kind, event[field]), event[field])


def columns_of_types():
    """Field names by type: what the protocol names and a CSV file may hold."""
    text = PROTO.read_text(encoding="utf-8")
    columns = {}
    for message, body in re.findall(r"^message (\w+) \{(.*?)^\}", text, re.M | re.S):
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", message).lower()
        columns[name] = re.findall(r"(?:optional|repeated) \w+ (\w+) =", body)
    return columns


def number(text):
    return int(text) if text is not None and re.fullmatch(r"\d+", text) else text


def load(plan, own="plan", events=None):
    """The sample year in tables. `own` names whose annex and wishes hold: the plan's, or
    those of every-annex.sql, which leaves out what is the plan's alone. `events` stand in
    the place of those of the sample year."""
    database = sqlite3.connect(":memory:")
    database.executescript("""
        CREATE TABLE unit(code PRIMARY KEY, level, parent, valid_from, valid_to);
        CREATE TABLE place(event, place);
        CREATE TABLE asked(from_day, to_day, known_day);
        CREATE TABLE line(name, ratio);
        CREATE TABLE not_computed(target, indicator);
        CREATE TABLE target(id, indicator, comparator, quantity, hundredths, unit);
        CREATE TABLE own_goal(target, unit, amount);
        CREATE TABLE top_only(line);
        CREATE TABLE shown(name);
        CREATE TABLE counted(type, programme);
        CREATE TABLE plan(year);
        CREATE TABLE asked_for(topic, item);
        CREATE TABLE value(line, unit, amount);
        CREATE TABLE whole(line, unit, amount);
        CREATE TABLE member(event, field, item);
    """)
    with open(plan / "units.csv", encoding="utf-8", newline="") as source:
        database.executemany("INSERT OR REPLACE INTO unit VALUES (?,?,?,?,?)", [
            (unit_text(row["code"]), row["level"],
             unit_text(row["parent_code"]) if row["parent_code"] else None,
             row["valid_from"] or "0000", row["valid_to"] or "9999")
            for row in csv.DictReader(source)
            if row["code_system"] == "gso3" and in_force(row, plan)])
    database.executescript("""
        CREATE TABLE above AS WITH RECURSIVE up(place, unit) AS (
            SELECT code, code FROM unit
            UNION SELECT up.place, unit.parent FROM up JOIN unit ON unit.code = up.unit
            WHERE unit.parent IN (SELECT code FROM unit))
        SELECT * FROM up;
        CREATE INDEX above_place ON above(place);
    """)
    events = live(read_events(plan / "samples") if events is None else events)
    same_things(events)
    by_type = defaultdict(list)
    for event in sorted(events, key=lambda event: event["order"]):
        by_type[event["type"]].append(event)
    for kind, columns in columns_of_types().items():
        extra = {key for event in by_type[kind] for key in event}
        names = [name for name in list(dict.fromkeys(columns + sorted(extra)))
                 if name not in COMMON + ["type", "id", "order"]]
        quoted = ", ".join(f'"{name}"' for name in COMMON + names)
        database.execute(f"CREATE TABLE {kind}({quoted})")
        database.execute(f"CREATE VIEW {kind}_in AS SELECT {kind}.* FROM {kind}, asked "
                         "WHERE day BETWEEN from_day AND to_day")
        database.execute(f"CREATE VIEW {kind}_by AS SELECT {kind}.* FROM {kind}, asked "
                         "WHERE day <= to_day")
        for event in by_type[kind]:
            marks = ",".join("?" * (len(COMMON) + len(names)))
            database.execute(f"INSERT INTO {kind} VALUES ({marks})", [
                event["order"], event["day"], event["unit"], event["office"], event["place"],
                event.get("programme"),
                *[number(event.get(name)) for name in names]])
            places = event["units"].split(";") if "units" in event else [event["place"]]
            database.executemany("INSERT INTO place VALUES (?,?)",
                                 [(event["order"], unit_text(place)) for place in places])
            database.executemany("INSERT INTO member VALUES (?,?,?)", [
                (event["order"], name, item) for name in names
                if ";" in str(event.get(name, "")) or name in
                ("integrates", "topics", "parts_done", "indicators")
                for item in str(event.get(name, "")).split(";") if item])
    # Where an event counts: in its places and in every unit above, once.
    database.executescript("""
        CREATE TABLE spot AS SELECT DISTINCT event, above.unit AS at
        FROM place JOIN above ON above.place = place.place;
        CREATE INDEX spot_event ON spot(event);
    """)
    database.execute("INSERT INTO plan VALUES (?)", (year_of(plan),))
    database.executescript((HERE / "common.sql").read_text(encoding="utf-8"))
    annex = HERE / f"{plan.name if own == 'plan' else own}-annex.sql"
    if annex.exists():
        database.executescript(annex.read_text(encoding="utf-8"))
    for kind in columns_of_types():
        database.execute(f"DELETE FROM {kind} WHERE coalesce(programme, 'prostitution') NOT IN "
                         "(SELECT 'prostitution' UNION SELECT programme FROM counted "
                         "WHERE type = ?)", (kind,))
    return database


def year_of(plan):
    return int(plan.name.rsplit("-", 1)[1])


def in_force(row, plan):
    """Units of the last day of the plan's year."""
    day = f"{year_of(plan)}-12-31"
    return (row["valid_from"] or "0") <= day < (row["valid_to"] or "9")


def figures(database, questions, first, last, known):
    """{(line, unit): (value, whole or None)} for every line that the files of SQL name."""
    for table in ("asked", "line", "value", "whole", "not_computed", "target",
                  "own_goal", "shown", "top_only"):
        database.execute(f"DELETE FROM {table}")
    database.execute("INSERT INTO asked VALUES (?,?,?)", (first, last, known))
    for name in questions:
        database.executescript((HERE / f"{name}.sql").read_text(encoding="utf-8"))
    values = {(line, unit): amount for line, unit, amount in database.execute(
        "SELECT line, unit, SUM(amount) FROM value GROUP BY line, unit")}
    wholes = {(line, unit): amount for line, unit, amount in database.execute(
        "SELECT line, unit, SUM(amount) FROM whole GROUP BY line, unit")}
    lines = dict(database.execute("SELECT name, ratio FROM line"))
    undeclared = {line for line, _ in [*values, *wholes]} - set(lines)
    if undeclared:
        sys.exit(f"lines without a declaration: {sorted(undeclared)}")
    units = database.execute("SELECT code, level FROM unit ORDER BY code").fetchall()
    return {(line, code): (values.get((line, code), 0),
                           wholes.get((line, code), 0) if ratio else None)
            for code, _ in units for line, ratio in lines.items()}


def met(comparator, quantity, hundredths, value, whole):
    """After the plan's year: what was to be reached is met or missed."""
    if comparator == "none":
        return value == 0
    reached = quantity in (None, "") or value >= quantity
    if hundredths is not None:
        reached = reached and value * 10000 >= hundredths * whole
    return reached


def goal_of(own, rest, target, unit, top):
    """What the target asks of the unit: (quantity, hundredths), None: nothing."""
    comparator, quantity, hundredths, asked = rest
    if (target, unit) in own:
        return "at_least", own[target, unit], None
    if comparator is None or unit != (asked or top):
        return None
    return comparator, quantity, hundredths


def unit_of(plan):
    """The unit whose plan it is."""
    text = (plan / "plan.yaml").read_text(encoding="utf-8")
    return re.search(r"^unit: (\S+)", text, re.M).group(1)


def expected(database, top, found):
    """Rows of expected.csv: every target, and every indicator that has none, for the
    plan's unit and for those right below it."""
    targets = {target: (indicator, rest) for target, indicator, *rest
               in database.execute("SELECT * FROM target ORDER BY id")}
    own = {(target, unit): amount for target, unit, amount in database.execute(
        "SELECT target, unit, SUM(amount) FROM own_goal GROUP BY target, unit")}
    shown = [top] + [code for (code,) in database.execute(
        "SELECT code FROM unit WHERE parent = ? ORDER BY code", (top,))]
    each = {target for target, _ in own}
    top_only = {line for (line,) in database.execute("SELECT line FROM top_only")}
    untargeted = [line for (line,) in database.execute("SELECT name FROM shown")]
    for unit in shown:
        for target, (indicator, rest) in targets.items():
            if rest[-1] and unit == top:
                continue  # a unit's alone: its row stands in its place
            if indicator in top_only and unit != top:
                yield [target, unit, "", "", "", "not_computed"]
                continue
            value, whole = found[indicator, unit]
            goal = goal_of(own, rest, target, unit, top)
            status = "" if goal is None else "met" if met(*goal, value, whole) else "missed"
            if target in each and unit == top:
                # Each district its own: one that falls short is enough.
                status = "met" if all(found[indicator, code][0] >= amount for
                                      (name, code), amount in own.items()
                                      if name == target) else "missed"
            yield [target, unit, value, "" if whole is None else whole,
                   "" if goal is None or goal[1] is None else goal[1],
                   "nothing" if whole == 0 and (goal or unit == top) else status]
        for line in untargeted:
            value, whole = found[line, unit]
            yield [line, unit, value, "" if whole is None else whole, "",
                   "nothing" if whole == 0 else ""]
        for (target,) in database.execute("SELECT target FROM not_computed"):
            yield [target, unit, "", "", "", "not_computed"]


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: oracle.py PLAN_DIR")
    plan = Path(sys.argv[1])
    database = load(plan)
    year = year_of(plan)
    last = f"{year}-12-31"
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["row", "unit", "value", "denominator", "goal", "status"])
    out.writerows(expected(database, unit_of(plan),
                           figures(database, ["indicators", plan.name], f"{year}-01-01", last,
                                   last)))


if __name__ == "__main__":
    main()
