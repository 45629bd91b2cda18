"""`make bench`, or `python -m tests.bench.search --sizes 1000 --systems askwell,langchain`: everything in one run.

The vectors of the base are computed first and kept; on two cores 10,000 passages with their sentences take some minutes, once,
and 100,000 more than an hour, so that at this size they are sketched unless `--sketch-from` is raised. The figures are written
after every system, so that an interrupted run is not lost; `--add` goes on with it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from collections.abc import Sequence
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from tests.bench.search.corpus import SAID
from tests.bench.search.report import Figures, goals, million, ratios, tables
from tests.bench.search.stage import ROOT, Stage, embedding_speed, quality
from tests.bench.search.systems import SYSTEMS, system

MENTORS = 10_000
CACHE = Path(tempfile.gettempdir()) / "askwell-bench-vectors"
RESULT = ROOT / "var" / "bench" / "search.json"


def main(words: Sequence[str] | None = None) -> int:
    from rich.console import Console

    wanted, console = _arguments(words), Console()
    with tempfile.TemporaryDirectory() as folder, console.status("starting") as status:
        stage = Stage(Path(folder), wanted.cache, wanted.peers, status.update, wanted.sketch_from)
        found = run(stage, wanted.sizes, wanted.systems, wanted.mentors, wanted.out, wanted.add)
    for table in tables(found):
        console.print(table)
    console.print(f"Written to {wanted.out}")
    return 0


def run(stage: Stage, sizes: Sequence[int], systems: Sequence[str], mentors: int, out: Path, add: bool = False) -> Figures:
    """All figures, also written to `out` as JSON; with `add` beside those that an earlier part of the run left there."""
    found: Figures = {"versions": {}, "sizes": {}, "ratios": {}, "experts": {}, "million": {}, "goals": []}
    found |= json.loads(out.read_text("utf-8")) if add and out.exists() else {}
    found |= {"date": date.today().isoformat(), "machine": _machine(), "embedding": embedding_speed()}
    found["versions"] |= _versions(systems)
    for size in sizes:
        place, of_size = stage.prepare(size), found["sizes"].setdefault(str(size), {})
        for name in systems:
            of_size[name] = _with_quality(stage.play(name, place, size), size, stage.sketched(size))
            found["ratios"][str(size)] = ratios(of_size)
            _write(out, found)
    if mentors and "askwell" in systems:
        played = stage.play("askwell", stage.prepare_people(mentors), mentors * SAID, "-people")
        played.pop("found", None)
        found["experts"] = {"people": mentors, **played}
    found["million"] = million(found["sizes"], found["embedding"])
    found["goals"] = goals(found)
    _write(out, found)
    return found


def _with_quality(played: Figures, size: int, sketched: bool) -> Figures:
    if "failed" in played:
        return played
    found = played.pop("found")
    judged = {"ndcg5": None, "hit5": None} if sketched else quality(found, size)
    return {**played, **judged, "texts_per_s": size / played["build_s"]}


def _write(out: Path, found: Figures) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(found, indent=1), "utf-8")


def _machine() -> Figures:
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return {"cores": os.cpu_count(), "memory_gb": round(pages * size / 2**30), "processor": _processor(),
            "python": platform.python_version(), "system": f"{platform.system()} {platform.release()}"}  # fmt: skip


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text("utf-8").splitlines() if info.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _versions(systems: Sequence[str]) -> dict[str, str]:
    """The locked versions of what is compared."""
    locked = dict(line.split("==") for line in (Path(__file__).parent / "peers.txt").read_text("utf-8").split() if "==" in line)
    names = [package for name in systems for package in system(name).PACKAGES]
    return {name: locked.get(name) or _installed(name) for name in names}


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def _arguments(words: Sequence[str] | None) -> Any:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.search", description="Askwell's search beside others.")
    parser.add_argument("--sizes", type=_sizes, default=[1_000, 10_000, 100_000], help="1000,10000,100000")
    parser.add_argument("--systems", type=_systems, default=list(SYSTEMS), help=",".join(SYSTEMS))
    parser.add_argument("--mentors", type=int, default=None, help="0: none; else 10,000, or fewer on small sizes")
    parser.add_argument("--cache", type=Path, default=CACHE, help="folder of the vectors that are kept")
    parser.add_argument("--peers", type=Path, default=None, help="a Python that has the packages of peers.txt")
    parser.add_argument("--sketch-from", type=int, default=100_000, help="from so many texts on, measure time and room alone")
    parser.add_argument("--out", type=Path, default=RESULT)
    parser.add_argument("--add", action="store_true", help="keep what an earlier part of the run wrote there")
    found = parser.parse_args(words)
    if found.mentors is None:
        found.mentors = min(MENTORS, max(found.sizes))
    return found


def _sizes(text: str) -> list[int]:
    sizes = sorted({int(part) for part in text.split(",")})
    if not 1_000 <= sizes[0] <= sizes[-1] <= 100_000:
        raise argparse.ArgumentTypeError("from 1000 to 100000")
    return sizes


def _systems(text: str) -> list[str]:
    names = [name for name in SYSTEMS if name in text.split(",")]
    if len(names) != len(set(text.split(","))):
        raise argparse.ArgumentTypeError(f"some of {', '.join(SYSTEMS)}")
    return names


if __name__ == "__main__":
    raise SystemExit(main())
