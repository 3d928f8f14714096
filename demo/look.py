#!/usr/bin/python3
"""Signs in by a one-time address and looks at what the pages are made of.

    demo/look.py ADDRESS

Prints one line, and ends with 1 when a page or its figures do not answer.
"""

import json
import sys
import time
import urllib.error
import urllib.request

PAGES = ("/", "/don-vi", "/duong-truyen", "/bao-cao", "/so-cai")
SECONDS = 60  # the figures may be computed anew after a start


def fetch(base, path, cookie=None, body=None):
    request = urllib.request.Request(
        base + path, data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json",
                 **({"Cookie": cookie} if cookie else {})})
    with urllib.request.urlopen(request, timeout=30) as reply:
        return reply.headers, reply.read()


def fetch_figures(base, path, cookie):
    end = time.monotonic() + SECONDS
    while True:
        try:
            return json.loads(fetch(base, path, cookie)[1])
        except urllib.error.HTTPError as error:
            if error.code != 503 or time.monotonic() > end:
                raise
        time.sleep(0.05)


def main():
    base, _, token = sys.argv[1].partition("/dang-nhap#")
    headers, _ = fetch(base, "/api/v1/session", body={"link": token})
    cookie = headers["Set-Cookie"].split(";")[0]
    for page in PAGES:
        fetch(base, page)
    overview = fetch_figures(base, "/api/v1/overview", cookie)
    offices = fetch_figures(base, "/api/v1/offices", cookie)
    if not overview["lines"] or not offices["offices"]:
        sys.exit("demo: the pages have no targets or no offices")
    print(f"  the dashboard answers: {len(overview['lines'])} lines, "
          f"{len(offices['offices'])} offices, ledger position "
          f"{overview['coordinates']['position']}")


main()
