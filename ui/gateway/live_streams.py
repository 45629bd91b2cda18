"""Open live streams by person: beyond a limit, a new stream replaces the oldest.

A browser opens at most six connections to a host, so the streams of many tabs must not use all of them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass


@dataclass(eq=False)
class LiveStream:
    """One open stream. When it is `replaced` by a newer one of the same person it ends, and its page polls instead."""

    replaced: bool = False


class LiveStreams:
    """Keeps at most `most` streams open for each person."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: defaultdict[str, list[LiveStream]] = defaultdict(list)

    def enter(self, person: str) -> LiveStream:
        """Opens a stream, and marks the oldest as replaced if there are too many."""
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
