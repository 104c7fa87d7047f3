"""Publishers' bulk files from the network: where they are, and how they are fetched, bounded in time and size."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from esgscan.errors import SourceError
from esgscan.sources.lists.reading import LARGEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

CONTACT = "ESGSCAN_CONTACT"
"""Environment variable with an e-mail address, which is sent so that a publisher can reach whoever fetches."""
OPENSANCTIONS_KEY = "OPENSANCTIONS_API_KEY"
CONNECT_SECONDS, READ_SECONDS, MOST_SECONDS = 15.0, 60.0, 600.0
MOST_REDIRECTS = 5
OFAC_FILES = "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports"
NOTICES = (
    "https://www.federalregister.gov/api/v1/documents.json?conditions[term]=%22Chinese+military+companies%22"
    "&conditions[agencies][]=defense-department&conditions[type][]=NOTICE&order=newest&per_page=20"
    "&fields[]=title&fields[]=publication_date&fields[]=raw_text_url&fields[]=body_html_url"
)
ABOUT_COMPANIES = "chinese military compan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A publisher's file.

    Attributes:
        key: How a user names it.
        title: What it is.
        addresses: Where it is; a later one is asked where an earlier one fails.
        is_index: Whether the address gives a list of notices, the newest of which is the file.
    """

    key: str
    title: str
    addresses: tuple[str, ...]
    is_index: bool = False


SOURCES = (
    Source(
        key="csl",
        title="US Consolidated Screening List",
        addresses=(
            "https://data.trade.gov/downloadable_consolidated_screening_list/v1/consolidated.csv",
            "https://data.trade.gov/downloadable_consolidated_screening_list/v1/consolidated.json",
        ),
    ),
    Source(
        key="ofac-consolidated",
        title="OFAC consolidated (non-SDN) list",
        addresses=(
            f"{OFAC_FILES}/CONSOLIDATED.XML",
            "https://www.treasury.gov/ofac/downloads/consolidated/consolidated.xml",
        ),
    ),
    Source(
        key="ofac-sdn",
        title="OFAC SDN list",
        addresses=(f"{OFAC_FILES}/SDN.XML", "https://www.treasury.gov/ofac/downloads/sdn.xml"),
    ),
    Source(key="dod-1260h", title="Section 1260H list", addresses=(NOTICES,), is_index=True),
    Source(key="uflpa", title="UFLPA Entity List", addresses=("https://www.dhs.gov/uflpa-entity-list",)),
    Source(key="fcc", title="FCC Covered List", addresses=("https://www.fcc.gov/supplychain/coveredlist",)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file that was fetched.

    Attributes:
        name: Its name, from the address.
        address: Where it came from, redirects followed.
        content: Its bytes.
    """

    name: str
    address: str
    content: bytes


def opensanctions_source(dataset: str) -> Source:
    """Give the bulk file of a data set of OpenSanctions, for those who hold a licence."""
    address = f"https://data.opensanctions.org/datasets/latest/{dataset}/targets.simple.csv"
    return Source(key=f"opensanctions:{dataset}", title=f"OpenSanctions {dataset}", addresses=(address,))


def client(version: str) -> httpx.Client:
    """Make a client that names esgscan and, where the user gave one, a contact."""
    import httpx

    contact = os.environ.get(CONTACT, "").strip()
    agent = f"esgscan/{version} (+https://github.com/esgscan/esgscan)"
    headers = {"User-Agent": f"{agent} {contact}".strip(), **({"From": contact} if contact else {})}
    return httpx.Client(
        headers=headers,
        timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        follow_redirects=True,
        max_redirects=MOST_REDIRECTS,
    )


def fetch(source: Source, using: httpx.Client, *, largest: int = LARGEST) -> Download:
    """Fetch a file from the first of its addresses that gives it.

    Raises:
        SourceError: None of them gives it, or it is too large or too slow.
    """
    failed: list[str] = []
    for address in source.addresses:
        try:
            if source.is_index:
                return _fetched(_newest_notice(_fetched(address, using, largest=largest)), using, largest=largest)
            return _fetched(address, using, largest=largest)
        except _NotGivenError as error:
            failed.append(str(error))
    what = f"Cannot fetch the {source.title}: {'; '.join(failed)}."
    mend = "try again later, or download the file yourself and give its path"
    raise SourceError(what, where=source.addresses[0].partition("?")[0], mend=mend)


class _NotGivenError(Exception):
    """An address does not give the file."""


def _fetched(address: str, using: httpx.Client, *, largest: int) -> Download:
    import httpx

    headers = {}
    if "opensanctions.org" in address and (key := os.environ.get(OPENSANCTIONS_KEY)):
        headers["Authorization"] = f"ApiKey {key}"
    try:
        with using.stream("GET", address, headers=headers) as answer:
            if answer.status_code != httpx.codes.OK:
                raise _NotGivenError(f"{answer.url.host} answers {answer.status_code}")
            if answer.url.scheme != "https":
                raise _NotGivenError(f"{answer.url.host} leads away from https")
            content = b"".join(_bounded(answer, largest))
            path = answer.url.path
            return Download(name=path.rpartition("/")[2] or answer.url.host, address=str(answer.url), content=content)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _NotGivenError(f"{httpx.URL(address).host}: {error or type(error).__name__}") from error


def _bounded(answer: httpx.Response, largest: int) -> Iterator[bytes]:
    """Give the parts of an answer, until it is too large or takes too long."""
    size, began = 0, time.monotonic()
    for part in answer.iter_bytes():
        size += len(part)
        if size > largest:
            raise _NotGivenError(f"{answer.url.host} gives more than {largest // 2**20} MiB")
        if time.monotonic() - began > MOST_SECONDS:
            raise _NotGivenError(f"{answer.url.host} takes longer than {MOST_SECONDS:.0f} seconds")
        yield part


def _newest_notice(index: Download) -> str:
    """Give the address of the newest notice about the companies."""
    try:
        notices = json.loads(index.content)["results"]
        told = [one for one in notices if ABOUT_COMPANIES in str(one["title"]).casefold()]
        return str(next(one.get("raw_text_url") or one["body_html_url"] for one in told))
    except (ValueError, KeyError, TypeError, AttributeError, StopIteration) as error:
        raise _NotGivenError("the Federal Register lists no notice about the companies") from error
