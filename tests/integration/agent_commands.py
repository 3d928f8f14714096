"""What the office's commands do, from outside.

    TALLYLINE_BIN=... TALLYLINE_BUILD=... python3 tests/integration/agent_commands.py

Every test makes an office that has joined Hà Nội's ledger (make_office) in a
directory of its own and runs the real program on it.
"""

import csv
import io
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
AGENT = pathlib.Path(os.environ["TALLYLINE_BIN"]) / "tallyline-agent"
MAKE_OFFICE = (pathlib.Path(os.environ["TALLYLINE_BUILD"])
               / "tests" / "support" / "make_office")
SAMPLES = SOURCE / "plans" / "ha-noi-2018" / "samples"
SEED = int(os.environ.get("TALLYLINE_TEST_SEED", time.time()))

INSPECTION = ["inspection", "inspected_on=05/03/2018", "est_ref=@so-15",
              "subject_unit=Ngọc Khánh", "team_kind=interagency_178",
              "team_level=district", "mode=planned", "result=no_violation",
              "violations=0"]


class Office:
    def __init__(self, pairs="gso3:001:district_labour_office",
                 areas="gso3:001", agent=271, options=()):
        self.folder = tempfile.TemporaryDirectory(prefix="tallyline-")
        self.path = pathlib.Path(self.folder.name)
        subprocess.run([MAKE_OFFICE, self.path, str(agent), pairs, areas,
                        *options], check=True)

    def run(self, *words, code=0, lang="vi", stdin=None):
        """Runs a command; gives what it wrote to stdout and stderr."""
        done = subprocess.run(
            [AGENT, *words, "--dir", self.path], input=stdin,
            capture_output=True, text=True, check=False,
            env={**os.environ, "TALLYLINE_LANG": lang})
        if done.returncode != code:
            raise AssertionError(f"{words}: exit {done.returncode}, not "
                                 f"{code}\n{done.stdout}{done.stderr}")
        return done.stdout, done.stderr

    def outbox(self):
        return [json.loads(line) for line in
                self.run("outbox", "--format", "jsonl")[0].splitlines()]

    def write(self, name, text):
        path = self.path / name
        path.write_text(text, encoding="utf-8")
        return path


class Record(unittest.TestCase):
    def setUp(self):
        self.office = Office()
        self.addCleanup(self.office.folder.cleanup)

    def test_saved_is_said_with_the_id_and_the_new_reference(self):
        out, err = self.office.run("record", *INSPECTION)
        self.assertEqual(out, "Đã lưu 271.1.1\n"
                              "mã mới EST-0271-000001-9 = @so-15\n")
        self.assertEqual(err, "")
        out, _ = self.office.run("record", *INSPECTION, lang="en")
        self.assertEqual(out, "Saved 271.1.2\n")
        rows = self.office.outbox()
        self.assertEqual([row["state"] for row in rows], ["saved", "saved"])
        self.assertEqual(rows[0]["place"], "gso3:00025")

    def test_a_dry_run_changes_nothing(self):
        out, _ = self.office.run("record", *INSPECTION, "--dry-run")
        self.assertIn("chưa lưu", out)
        self.assertEqual(self.office.outbox(), [])
        out, _ = self.office.run("record", *INSPECTION)
        self.assertIn("271.1.1", out)
        self.assertIn("000001", out)

    def test_figures_need_a_plan(self):
        bare = Office(options=[str(1 << 28), "bare"])
        self.addCleanup(bare.folder.cleanup)
        _, err = bare.run("indicators", code=3)
        self.assertIn("kế hoạch", err)
        out, _ = self.office.run("indicators", "--period", "2018-Q1")
        self.assertIn("0 sự kiện của luồng –", out)

    def test_every_mistake_is_told_in_both_languages(self):
        words = ["record", "inspection", "inspected_on=30/02/2018",
                 "est_ref=EST-0271-000001-A", "team_kind=interagency_17",
                 "team_level=district", "mode=planned",
                 "result=no_violation"]
        out, err = self.office.run(*words, code=65)
        self.assertEqual(out, "")
        self.assertIn("cần sửa 3 chỗ", err)
        self.assertIn('inspected_on: "30/02/2018" không phải ngày', err)
        self.assertIn("est_ref: ký tự kiểm tra", err)
        self.assertIn('có phải ý bạn là "interagency_178"?', err)
        _, err = self.office.run(*words, code=65, lang="en")
        self.assertIn("3 to mend", err)
        self.assertEqual(self.office.outbox(), [])

    def test_wrong_use_is_told_with_what_was_probably_meant(self):
        _, err = self.office.run("record", "inspecton", code=2)
        self.assertIn('"inspection"', err)
        _, err = self.office.run("record", "inspection", "inspected=1",
                                 code=2)
        self.assertIn('"inspected_on"', err)
        self.assertIn("(est_ref)", err)  # the other mistakes too
        self.assertIn("record inspection --fields", err)
        self.office.run("record", "inspection", "=1", code=2)
        self.office.run("record", code=2)

    def test_what_may_be_recorded_is_listed(self):
        out, _ = self.office.run("record", "--fields")
        self.assertIn("inspection  ", out)
        out, _ = self.office.run("record", "inspection", "--fields")
        self.assertIn("* inspected_on ", out)
        self.assertIn("Đội kiểm tra liên ngành 178", out)
        self.office.run("record", "inspecton", "--fields", code=2)
        self.assertEqual(self.office.outbox(), [])

    def test_an_event_is_voided_and_replaced(self):
        self.office.run("record", *INSPECTION)
        self.office.run("record", *INSPECTION, "corrects=271.1.1",
                        "reason=typing_error")
        self.office.run("record", "correction", "corrected_on=06/03/2018",
                        "corrects=271.1.1", "replaces=271.1.2",
                        "reason=entered_twice")
        _, err = self.office.run(
            "record", "correction", "corrected_on=06/03/2018",
            "corrects=271.1.9", "reason=entered_twice", code=65)
        self.assertIn("không có sự kiện đó", err)
        rows = list(csv.DictReader(io.StringIO(self.office.run("export")[0])))
        self.assertEqual([row["target"] for row in rows],
                         ["", "271.1.1", "271.1.1"])
        self.assertEqual(rows[2]["head"], "271.1.2")

    def test_a_running_service_is_woken(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
            ear.bind(str(self.office.path / "agent.sock"))
            ear.settimeout(10)
            self.office.run("import", self.office.write(
                "a.csv", "act,sanctioned_on,persons,decisions,fine_vnd\n"
                "buying,2018-01-31,1,1,1000\n"), "--type", "admin_sanction")
            self.assertEqual(len(ear.recv(16)), 1)
            out, _ = self.office.run("status", "--format", "jsonl")
            self.assertEqual(json.loads(out)["service"], "running")

    def test_programs_beside_each_other_never_give_one_number_twice(self):
        words = [AGENT, "record", *INSPECTION, "est_ref=new", "--dir",
                 self.office.path]
        words.remove("est_ref=@so-15")
        children = [subprocess.Popen(words, stdout=subprocess.PIPE)
                    for _ in range(40)]
        said = [child.communicate()[0].decode() for child in children]
        self.assertEqual([child.returncode for child in children], [0] * 40)
        self.assertEqual(len({text.splitlines()[0] for text in said}), 40)
        self.assertEqual(len({text.splitlines()[1] for text in said}), 40)
        self.assertEqual(len(self.office.outbox()), 40)

    def test_i6_a_full_spool_refuses_and_says_so(self):
        small = Office(options=[str(4 << 20)])
        self.addCleanup(small.folder.cleanup)
        (small.path / "agent.yaml").write_text(
            (small.path / "agent.yaml").read_text().replace(
                "spool_bytes: 268435456", f"spool_bytes: {4 << 20}"))
        for i in range(50):
            name = small.write(
                "a.csv", "act,sanctioned_on,persons,decisions,fine_vnd\n"
                + "".join(f"buying,2018-01-31,1,1,{i * 1000 + k}\n"
                          for k in range(1000)))
            done = subprocess.run(
                [AGENT, "import", name, "--type", "admin_sanction", "--dir",
                 small.path], capture_output=True, text=True, check=False)
            full = done.returncode == 74
            if full:
                break
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(full)
        self.assertIn("CHƯA lưu: kho của văn phòng đã đầy", done.stderr)
        self.assertEqual(len(small.outbox()) % 1000, 0)


class Import(unittest.TestCase):
    HEADING = "act,sanctioned_on,persons,decisions,fine_vnd\n"

    def setUp(self):
        self.office = Office()
        self.addCleanup(self.office.folder.cleanup)

    def test_a_mistake_names_row_column_value_rule_and_cure(self):
        path = self.office.write(
            "a.csv", self.HEADING + "buying,2018-01-31,1,1,\n"
                                    "buying,31/02/2018,1,1,\n")
        out, err = self.office.run("import", str(path), "--type",
                                   "admin_sanction", code=65)
        self.assertEqual(out, "")
        self.assertIn('a.csv:3:8: ', err)
        self.assertIn('dòng 3, cột B (sanctioned_on): "31/02/2018" không '
                      'phải ngày hợp lệ; hãy ghi như 05/03/2018', err)
        self.assertIn("không lưu dòng nào: cần sửa 1 chỗ", err)
        self.assertEqual(self.office.outbox(), [])
        _, err = self.office.run("import", str(path), "--type",
                                 "admin_sanction", code=65, lang="en")
        self.assertIn("row 3, column B (sanctioned_on)", err)

    def test_the_same_file_again_adds_nothing(self):
        path = self.office.write("a.csv",
                                 self.HEADING + "buying,2018-01-31,1,1,\n" * 2)
        words = ["import", str(path), "--type", "admin_sanction"]
        out, _ = self.office.run(*words, "--dry-run")
        self.assertEqual(out, "Hợp lệ: 2 dòng mới, 0 dòng đã có; chưa lưu "
                              "(--dry-run)\n")
        out, err = self.office.run(*words)
        self.assertEqual(out, "Đã lưu: 2 dòng mới, 0 dòng đã có\n")
        self.assertEqual(err, "", "no bar where there is no terminal")
        out, _ = self.office.run(*words)
        self.assertEqual(out, "Đã lưu: 0 dòng mới, 2 dòng đã có\n")
        self.assertEqual(len(self.office.outbox()), 2)

    # The same sheet as an editor with older fonts has saved it.
    SHEET = ("Hành vi;Ngày xử phạt;Số người;Số quyết định\n"
             "Mua dâm;31/01/2018;1;1\n"
             "Văn hóa phẩm đồi trụy;05/02/2018;2;2\n")
    OLDER = {
        "windows-1258":
            b'H\xe0nh vi;Ng\xe0y x\xfd\xd2 pha\xf2t;S\xf4\xec ng'
            b'\xfd\xf5\xcci;S\xf4\xec quy\xea\xect \xf0i\xf2nh\n'
            b'Mua d\xe2m;31/01/2018;1;1\n'
            b'V\xe3n h\xf3a ph\xe2\xd2m \xf0\xf4\xcci tru\xf2y;05/02/201'
            b'8;2;2\n',
        "tcvn3":
            b'H\xb5nh vi;Ng\xb5y x\xf6 ph\xb9t;S\xe8 ng\xad\xeai;S\xe8 q'
            b'uy\xd5t \xae\xdenh\n'
            b'Mua d\xa9m;31/01/2018;1;1\n'
            b'V\xa8n h\xe3a ph\xc8m \xae\xe5i tr\xf4y;05/02/2018;2;2\n',
        "vni":
            b'Ha\xf8nh vi;Nga\xf8y x\xf6\xfb pha\xeft;So\xe1 ng'
            b'\xf6\xf4\xf8i;So\xe1 quye\xe1t \xf1\xf2nh\n'
            b'Mua da\xe2m;31/01/2018;1;1\n'
            b'Va\xean ho\xf9a pha\xe5m \xf1o\xe0i tru\xefy;05/02/2018;2;'
            b'2\n',
    }

    def test_the_same_sheet_in_an_older_encoding_adds_nothing(self):
        path = self.office.write("a.csv", self.SHEET)
        words = ["import", str(path), "--type", "admin_sanction"]
        self.office.run(*words)
        path.write_text(self.SHEET, encoding="utf-16")
        out, err = self.office.run(*words)
        self.assertEqual(out, "Đã lưu: 0 dòng mới, 2 dòng đã có\n")
        self.assertEqual(err, "", "UTF-16 is what Excel calls Unicode")
        for name, data in self.OLDER.items():
            path.write_bytes(data)
            out, err = self.office.run(*words)
            self.assertEqual(out, "Đã lưu: 0 dòng mới, 2 dòng đã có\n")
            self.assertEqual(err, f"{path}: đọc theo bảng mã {name}\n")
            out, err = self.office.run(*words, "--encoding", name)
            self.assertIn("0 dòng mới, 2 dòng đã có", out)
            self.assertEqual(err, "")

    def test_an_encoding_that_does_not_show_has_to_be_said(self):
        path = self.office.path / "a.csv"
        path.write_bytes(b"act;persons\n\x80\xff\xfe;1\n")
        words = ["import", str(path), "--type", "admin_sanction"]
        _, err = self.office.run(*words, code=65)
        self.assertIn('không nhận ra bảng mã chữ Việt; hãy lưu lại trong Excel '
                      'dạng "CSV UTF-8"', err)
        _, err = self.office.run(*words, "--encoding", "tcvn3", code=65)
        self.assertIn("a.csv:2: ", err)
        self.assertIn("có ký tự không thuộc bảng mã tcvn3", err)
        _, err = self.office.run(*words, "--encoding", "latin1", code=2)
        self.assertIn("windows-1258, tcvn3, vni", err)

    def test_what_was_exported_adds_nothing_either(self):
        self.office.run("record", *INSPECTION)
        path = self.office.write("a.csv",
                                 self.HEADING + "buying,2018-01-31,1,1,9\n")
        self.office.run("import", str(path), "--type", "admin_sanction")
        for words in [], ["--type", "inspection"]:
            exported, _ = self.office.run("export", *words)
            out, _ = self.office.run("import", "-", stdin=exported)
            self.assertIn("0 dòng mới", out)
        lines = self.office.run("export", "--format", "jsonl")[0].splitlines()
        self.assertEqual([json.loads(line)["type"] for line in lines],
                         ["inspection", "admin_sanction"])
        self.assertEqual(json.loads(lines[1])["fine_vnd"], 9)

    def test_a_file_that_is_not_there_is_no_input(self):
        _, err = self.office.run("import", "/nowhere.csv", code=66)
        self.assertIn("không có tệp này", err)
        self.office.run("import", "/", code=66)

    def test_a_slow_pipe_keeps_nobody_from_saving(self):
        child = subprocess.Popen(
            [AGENT, "import", "-", "--type", "admin_sanction", "--dir",
             self.office.path], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True,
            env={**os.environ, "TALLYLINE_LANG": "vi"})
        self.addCleanup(child.kill)
        # More than a pipe holds: when all is written, it is being read.
        child.stdin.write(self.HEADING + "buying,2018-01-31,1,1,7\n" * 20000)
        child.stdin.flush()
        done = subprocess.run(
            [AGENT, "record", *INSPECTION, "--dir", self.office.path],
            capture_output=True, timeout=20, check=False)
        self.assertEqual(done.returncode, 0)
        out, _ = child.communicate()
        self.assertIn("20.000 dòng mới", out)

    def test_i11_a_pipe_has_a_greatest_size(self):
        blanks = "\n" * (64 * 1024 * 1024 - len(self.HEADING))
        words = ["import", "-", "--type", "admin_sanction"]
        out, _ = self.office.run(*words, stdin=self.HEADING + blanks)
        self.assertIn("0 dòng mới", out)
        _, err = self.office.run(*words, stdin=self.HEADING + blanks + "\n",
                                 code=65)
        self.assertIn("64 MiB", err)

    def test_i1_a_kill_in_the_middle_leaves_nothing(self):
        """A file of 60,000 rows and a power cut at any moment."""
        generator = random.Random(SEED)
        path = self.office.write(
            "a.csv", self.HEADING + "".join(
                f"buying,2018-01-31,1,1,{i}\n" for i in range(1, 60001)))
        words = [AGENT, "import", str(path), "--type", "admin_sanction",
                 "--dir", self.office.path]
        killed = 0
        for _ in range(8):
            child = subprocess.Popen(words, stdout=subprocess.PIPE)
            try:
                child.wait(generator.uniform(0.01, 0.25))
            except subprocess.TimeoutExpired:
                child.send_signal(signal.SIGKILL)
                killed += 1
            said = child.stdout.read().decode()
            child.stdout.close()
            child.wait()
            status = json.loads(
                self.office.run("status", "--format", "jsonl")[0])
            self.assertIn(status["saved"], (0, 60000))
            if "Đã lưu" in said:
                self.assertEqual(status["saved"], 60000)
            if status["saved"]:
                break
        print(f"{killed} killed", file=sys.stderr)
        self.office.run("import", str(path), "--type", "admin_sanction")
        status = json.loads(self.office.run("status", "--format", "jsonl")[0])
        self.assertEqual(status["saved"], 60000)


class Samples(unittest.TestCase):
    def test_the_sample_year_of_every_office_is_taken(self):
        with open(SAMPLES / "offices.csv", encoding="utf-8") as listing:
            offices = list(csv.DictReader(listing))
        self.assertGreaterEqual(len(offices), 5)
        for row in offices:
            with self.subTest(row["folder"]):
                self.take(row)

    def take(self, row):
        office = Office(row["pairs"], row["area"], int(row["agent"]))
        self.addCleanup(office.folder.cleanup)
        files = sorted((SAMPLES / row["folder"]).glob("*.csv"))
        self.assertTrue(files)
        for again in False, True:
            added = 0
            for path in files:
                with open(path, encoding="utf-8") as text:
                    count = sum(1 for _ in csv.reader(text)) - 1
                out, _ = office.run("import", str(path), lang="en")
                new = int(out.split()[1].replace(",", ""))
                self.assertEqual(new, 0 if again else count, path)
                added += count
        self.assertEqual(len(office.outbox()), added)
        # What was read is what is written out again.
        exported, _ = office.run("export")
        self.assertEqual(len(exported.splitlines()), added + 1)
        out, _ = office.run("import", "-", stdin=exported, lang="en")
        self.assertIn(f"{added:,} already", out)


class Standing(unittest.TestCase):
    def test_an_office_that_has_not_joined_is_told_how(self):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([AGENT, "status", "--dir", folder],
                                  capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 78)
            self.assertIn("chạy tallyline-agent join TỆP", done.stderr)
            self.assertEqual(os.listdir(folder), [])

    def test_before_the_lists_have_come_nothing_is_recorded(self):
        office = Office(options=["0", "bare"])
        self.addCleanup(office.folder.cleanup)
        _, err = office.run("record", *INSPECTION, code=78)
        self.assertIn("tallyline-agent run", err)
        out, _ = office.run("status")
        self.assertIn("Chưa kết nối lần nào", out)

    def test_the_configuration_is_checked_with_its_places(self):
        office = Office()
        self.addCleanup(office.folder.cleanup)
        out, _ = office.run("check-config")
        self.assertIn("hợp lệ", out)
        path = office.path / "agent.yaml"
        path.write_text(path.read_text()
                        .replace("tcp://", "http://")
                        .replace("language: vi", "langage: vi")
                        .replace("spool_bytes: ", "spool_bytes: -"))
        _, err = office.run("check-config", code=78, lang="en")
        self.assertIn("agent.yaml:5:", err)
        self.assertIn("language", err)
        self.assertIn("agent.yaml:10:14: ", err)
        office.run("status", code=78)


if __name__ == "__main__":
    print(f"TALLYLINE_TEST_SEED={SEED}", file=sys.stderr)
    unittest.main(verbosity=1)
