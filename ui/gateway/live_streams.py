"""Which live streams a person has open: the newest few are kept, and the oldest beyond them gives way.

A browser opens six connections to a host and no more, so streams of many tabs must not take them all.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass


@dataclass(eq=False)
class LiveStream:
    """One stream; `replaced` by a newer one of the same person, it ends, and its page asks now and then instead."""

    replaced: bool = False


class LiveStreams:
    """At most `most` streams a person that are not replaced."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: defaultdict[str, list[LiveStream]] = defaultdict(list)

    def enter(self, person: str) -> LiveStream:
        """A new stream, the newest of this person."""
        streams, stream = self._open[person], LiveStream()
        streams.append(stream)
        if len(streams) > self._most:
            streams.pop(0).replaced = True
        return stream

    def leave(self, person: str, stream: LiveStream) -> None:
        if stream in self._open[person]:
            self._open[person].remove(stream)
        if not self._open[person]:
            del self._open[person]
