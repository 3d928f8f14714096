"""A second collector beside the one of a line (line.py): made from its orders,
in a folder and on a port of its own, and told of new ones by a file.

    second = Second(line)
    second.daemon.start()
    added, passed_over = second.hear(line.province)
"""

from line import (Daemon, Failure, Office, Province, free_port,
                  run_command)


class Second(Province):
    def __init__(self, line, name="second", file=None):
        self.folder = line.home / name
        self.daemon = Daemon("tallyline-collector", self.folder, line.home)
        self.line = line
        self.port = free_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.more = dict(line.more)
        self.daemon.more = self.more
        self.command("init", "--beside", file or line.province.leave(), "--keys",
                     line.province.folder / "keys")
        self.configure()
        line.seconds.append(self)

    def office(self, unit):
        """An office that has joined here."""
        return Office(self.line, unit, province=self)


def verified(province):
    """The ledger passes every check."""
    done = run_command("tallyline-collector", province.folder,
                       ["audit", "verify", "--data", province.folder], None)
    if done.returncode != 0:
        raise Failure(f"audit verify: {done.stdout}{done.stderr}")
