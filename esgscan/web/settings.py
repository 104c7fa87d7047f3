"""What the page may do: where it listens, and how much it takes in."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from esgscan.errors import OptionError

LOOPBACK = "127.0.0.1"
PORT = 8321
MEBIBYTE = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Limits and addresses of one server.

    Attributes:
        host: Address to listen on.
        port: Port to listen on.
        token: Word that a caller must give; needed wherever others can reach the page.
        names: Names under which the page may be asked for, beside the loopback names and `host`.
        max_upload: Bytes of one upload, all its files together.
        max_memory: Bytes of uploads and results held at one time.
        workers: Processes that read and scan.
        time_limit: Seconds that one piece of work may take.
        keep: Seconds after the last look at an upload or its result, when both are forgotten.
        worker_memory: Bytes of address space of one worker.
    """

    host: str = LOOPBACK
    port: int = PORT
    token: str = ""
    names: tuple[str, ...] = ()
    max_upload: int = 64 * MEBIBYTE
    max_memory: int = 512 * MEBIBYTE
    workers: int = 2
    time_limit: float = 120.0
    keep: float = 900.0
    worker_memory: int = 4096 * MEBIBYTE

    @property
    def hosts(self) -> list[str]:
        """The names by which a browser may call the page; another name is another site's trick."""
        own = [] if self.host in {"0.0.0.0", "::"} else [self.host]  # noqa: S104 - compared, not bound
        return ["localhost", LOOPBACK, "[::1]", *own, *self.names]


def check_reach(settings: Settings) -> Settings:
    """Give the settings back if nobody but this machine, or nobody without the token, can reach the page.

    Raises:
        OptionError: The address is open to others and there is no token.
    """
    if settings.token or _is_loopback(settings.host):
        return settings
    raise OptionError(
        f"The address {settings.host} can be reached by others, and there is no token.",
        where=f"--host {settings.host}",
        mend="give a file with a long word: --token FILE, or leave out --host",
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
