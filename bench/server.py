"""The product's own server, as a person starts it: two processes; it can be killed and started again."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any


class Server:
    """`trustfund serve` over an instance, in a process group of its own."""

    def __init__(self, instance: Path, address: str, clock: str, workers: int = 2):
        self.environment = os.environ | {
            "TRUSTFUND_INSTANCE": str(instance),
            "TRUSTFUND_DATABASE_URL": address,
            "TRUSTFUND_CLOCK": clock,
        }
        self.workers = workers
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process: Any = None

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> float:
        """Serve; the seconds until it answered that all is well."""
        began = time.monotonic()
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "trustfund.cli",
                "serve",
                f"--bind=127.0.0.1:{self.port}",
                f"--workers={self.workers}",
            ],
            env=self.environment,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        while time.monotonic() - began < 60:
            assert self.process.poll() is None, "the server ended before it served"
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5):
                    return time.monotonic() - began
            except OSError:
                time.sleep(0.02)
        raise TimeoutError("the server did not come up in a minute")

    def kill(self) -> None:
        """As a power cut: every process of it, at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(40)
