"""Collects what an import refused and what it did not use: file, line and value, the reason, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from retrieval.errors import BadSource, printable
from retrieval.passage import Article, Profile

LONGEST_VALUE = 60
"""Characters of a value that a report shows."""
MOST_LISTED = 1_000
"""Problems that are listed; further ones are only counted."""


def shortened(value: object) -> str:
    """The value in quotes, cut at LONGEST_VALUE, with unprintable characters escaped."""
    text = str(value)
    return repr(text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one value of a record, in a sentence that says what to do."""

    column: str
    problem: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A record or file that was refused, or a value that was not used. `str()` is a line for people."""

    file: str
    problem: str
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.file}: {self.problem}" if self.line is None else f"{self.file}, line {self.line}: {self.problem}"


@dataclass(frozen=True, slots=True)
class Checked:
    """A normalised profile. With `refused` faults it is not imported; `unused` values are only reported."""

    profile: Profile
    refused: tuple[Fault, ...] = ()
    unused: tuple[Fault, ...] = ()


ProfileCheck = Callable[[Profile], Checked]
"""Parses time zone, office hours, languages and formats in the same way as the services that use them."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What was read, and what was not. `more_*` count the problems beyond MOST_LISTED."""

    articles: tuple[Article, ...] = ()
    profiles: tuple[Profile, ...] = ()
    refused: tuple[Problem, ...] = ()
    unused: tuple[Problem, ...] = ()
    more_refused: int = 0
    more_unused: int = 0


@dataclass(slots=True)
class Findings:
    """Collects the problems of one import. Files are named by their path relative to `root`."""

    root: Path
    refused: list[Problem] = field(default_factory=list)
    unused: list[Problem] = field(default_factory=list)
    more_refused: int = 0
    more_unused: int = 0

    def name(self, path: Path) -> str:
        """The path relative to the root, or the name of the file."""
        below = path != self.root and path.is_relative_to(self.root)
        return printable(path.relative_to(self.root).as_posix() if below else path.name)

    def refuse(self, path: Path, problem: str, line: int | None = None) -> None:
        """Reports that a record or a file is refused."""
        if len(self.refused) < MOST_LISTED:
            self.refused.append(Problem(self.name(path), problem, line))
        else:
            self.more_refused += 1

    def refuse_source(self, bad: BadSource) -> None:
        """Reports that a file is refused."""
        self.refuse(bad.path, bad.problem, bad.line)

    def leave(self, path: Path, problem: str, line: int | None = None) -> None:
        """Reports that a column, value or file is not used."""
        if len(self.unused) < MOST_LISTED:
            self.unused.append(Problem(self.name(path), problem, line))
        else:
            self.more_unused += 1

    def sources(self, articles: Iterable[Article], profiles: Iterable[Profile]) -> Sources:
        """The result of the import, with the problems sorted by file and line."""
        refused, unused = _in_order(self.refused), _in_order(self.unused)
        return Sources(tuple(articles), tuple(profiles), refused, unused, self.more_refused, self.more_unused)

    def raise_first(self) -> None:
        """Raises BadSource for the first problem if anything was refused."""
        if self.refused:
            first = _in_order(self.refused)[0]
            raise BadSource(first.file, first.problem, first.line)


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sorted by file, in the order in which they were read, and by line."""
    listed = list(problems)
    files = {name: place for place, name in enumerate(dict.fromkeys(problem.file for problem in listed))}
    return tuple(sorted(listed, key=lambda problem: (files[problem.file], problem.line or 0)))
