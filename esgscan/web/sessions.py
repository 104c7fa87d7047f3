"""One visit: the files, how they were read, what was asked for, and the report; found under a word nobody can guess."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fastapi import HTTPException, Request

from esgscan.web.work import Failure, Reported

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from esgscan.portfolio.inputs import Upload
    from esgscan.portfolio.reading import ReadingOptions
    from esgscan.web.workers import Job


@dataclass(slots=True)
class Session:
    """One visit.

    Attributes:
        uploads: The files.
        reading: How a file is to be read, by its place in `uploads`.
        read_job: Reads the files.
        report_job: Scans them and writes the report, once that was asked for.
        asked: What was asked for last, to show it again.
    """

    uploads: Sequence[Upload]
    reading: dict[int, ReadingOptions] = field(default_factory=dict)
    read_job: Job | None = None
    report_job: Job | None = None
    asked: Mapping[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes of the files."""
        return sum(len(one.content) for one in self.uploads)

    @property
    def job(self) -> Job | None:
        """The work under way; None when there is none."""
        return next((job for job in (self.report_job, self.read_job) if job and not job.is_done), None)

    @property
    def read(self) -> Sequence[Mapping[str, Any] | Failure]:
        """Of each file its audit, or why it cannot be read; nothing before they were read."""
        if self.read_job is None or not self.read_job.is_done:
            return ()
        told = self.read_job.result
        return [told] * len(self.uploads) if isinstance(told, Failure) else told

    @property
    def positions(self) -> int:
        """Number of lines that were read."""
        return sum(self.positions_by_file)

    @property
    def positions_by_file(self) -> list[int]:
        """Number of lines that were read of each file."""
        return [
            0 if isinstance(told, Failure) else sum(one["positions"] for one in told["portfolios"])
            for told in self.read
        ]

    def close(self) -> None:
        """End the work under way."""
        for job in (self.read_job, self.report_job):
            if job is not None:
                job.cancel()


def session_of(request: Request, word: str) -> Session:
    """Find the visit.

    Raises:
        HTTPException: Its time is over.
    """
    session: Session | None = request.app.state.desk.find(word)
    if session is None:
        raise HTTPException(404, "This portfolio is not here any more: its time is over, or it was forgotten.")
    return session


def report_of(session: Session) -> Reported:
    """Give the report of a visit.

    Raises:
        HTTPException: There is none.
    """
    job = session.report_job
    done = job.result if job is not None and job.is_done else None
    if not isinstance(done, Reported):
        raise HTTPException(404, "There is no report yet.")
    return done
