"""How far a figure may fall before its test fails: the one rule for all figure tests.

The data is fixed and nothing is drawn by chance, and vectors differ between processors by less than 0.001. What is left as
noise is a case that stands at an edge and comes out otherwise. So a test names the value that was measured and how many cases
it was taken over; it fails when more than one case and a half, or one in a hundred, are lost. Raise the measured value after
an improvement; lower it only with the reason in the commit.

What must never happen, or always, has no margin and is not tested by this: nothing invented, no crisis overlooked.
"""

from __future__ import annotations

CASES = 1.5
SHARE = 0.01


def margin(cases: float, span: float = 1.0) -> float:
    """What noise may take; `span` is 2 for measures from -1 to 1."""
    return span * max(CASES / cases, SHARE)


def floor(measured: float, cases: float, span: float = 1.0) -> float:
    """The least that a figure may be, for one that should be high."""
    return measured - margin(cases, span)


def ceiling(measured: float, cases: float, span: float = 1.0) -> float:
    """The most that a figure may be, for one that should be low."""
    return measured + margin(cases, span)
