"""A thread of a test that does one thing over and over until it is told to
stop, and whose failure is a failure of the test."""

import threading


class Worker(threading.Thread):
    """step() is the one thing."""

    def __init__(self):
        super().__init__(daemon=True)
        self.ending = threading.Event()
        self.failure = None

    def step(self):
        raise NotImplementedError

    def run(self):
        try:
            while not self.ending.is_set():
                self.step()
        except Exception as failure:  # told by finish()
            self.failure = failure

    def finish(self):
        self.ending.set()
        self.join()
        if self.failure is not None:
            raise self.failure
