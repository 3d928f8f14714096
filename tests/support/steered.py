"""A browser's tests (tests/web/NAME.mjs) beside programs that run: a line "DO
name argument" of theirs calls that method of a scene, and is answered with what
it gives.
"""

import os
import subprocess

from line import SOURCE, Skip, WAIT_SECONDS, expect_equal

NOT_HERE = 77


def obey(scene, order):
    name, *rest = order.split(" ", 1)
    answer = getattr(scene, name)(*rest)
    return "done" if answer is None else answer


def drive(name, scene, wanted=(), **environment):
    """Runs those of its tests, or all; gives its last line."""
    browser = subprocess.Popen(
        ["node", SOURCE / "tests" / "web" / name, *wanted],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, **environment})
    said = ""
    try:
        for text in browser.stdout:
            said = text.rstrip("\n")
            if said.startswith("DO "):
                browser.stdin.write(f"{obey(scene, said[3:])}\n")
                browser.stdin.flush()
            else:
                print(f"    {said}", flush=True)
        code = browser.wait(timeout=WAIT_SECONDS)
        if code == NOT_HERE:
            raise Skip(said)
        expect_equal(code, 0, "code of the browser's tests")
    finally:
        browser.kill()
        browser.wait()
    return said
