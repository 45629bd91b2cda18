"""Loads the figures of an earlier run, from the JSON that `askwell eval --json` prints."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from assistant.evaluation.sets import BadSet

Baseline = Mapping[tuple[str, str], float]
"""Values by title of the report and name of the figure."""


def load_baseline(path: Path | None) -> Baseline:
    """The figures of a file; those of the last release for None. Raises BadSet."""
    if path is None:
        return _values((files("assistant.evaluation") / "data" / "baseline.json").read_text("utf-8"))
    try:
        return _values(path.read_text("utf-8"))
    except OSError as error:
        raise BadSet(f"The baseline {path} cannot be read: {(error.strerror or 'unknown reason').lower()}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise BadSet(f"The baseline {path.name} is not what askwell eval --json prints.") from error


def _values(text: str) -> Baseline:
    return {
        (f"{report['name']} ({report['source']})", figure["name"]): float(figure["value"])
        for report in json.loads(text)["sets"]
        for figure in report["figures"]
        if figure["value"] is not None
    }
