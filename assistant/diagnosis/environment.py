"""Checks the environment: who can reach a demo, the web server's port, the clock, the time zone data."""

from __future__ import annotations

import errno
import http.client
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from assistant.adapters.system_clock import SystemClock
from assistant.diagnosis.findings import Finding, fault, note, ok
from assistant.settings import Settings

EARLIEST, LATEST = 2026, 2100
SLACK = timedelta(minutes=10)
LOOPBACK_OF_WILDCARD = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}


def demo(settings: Settings) -> Iterator[Finding]:
    """Checks who can act as the sample people."""
    if settings.is_demo_exposed:
        yield fault("doctor.demo_exposed", host=settings.host, url=settings.public_url)
    elif settings.demo == "public":
        yield note("doctor.demo_public")
    else:
        yield ok("doctor.demo_here" if settings.demo else "doctor.demo_off")


def port(settings: Settings) -> Iterator[Finding]:
    """Checks that the port is free, or used by Askwell already."""
    place = {"host": settings.host, "port": settings.port}
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        socket.create_server((settings.host, settings.port), family=family).close()
    except PermissionError:
        yield fault("doctor.port_forbidden", **place)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            yield fault("doctor.port_elsewhere", host=settings.host)
        elif _is_askwell(settings):
            yield note("doctor.port_askwell", **place)
        else:
            yield fault("doctor.port_taken", **place)
    else:
        yield ok("doctor.port_ok", **place)


def clock(settings: Settings) -> Iterator[Finding]:
    yield plausible_time(SystemClock().now(), _last_written(settings.data / "askwell.db"))
    try:
        ZoneInfo("Europe/Berlin")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield fault("doctor.zones_missing")
    else:
        yield ok("doctor.zones_ok")


def plausible_time(now: datetime, written: datetime | None) -> Finding:
    """Checks the clock against plausible years and the time when the database was last written."""
    shown = f"{now:%Y-%m-%d %H:%M} UTC"
    if not EARLIEST <= now.year < LATEST:
        return fault("doctor.clock_wrong", now=shown)
    if written is not None and written > now + SLACK:
        return fault("doctor.clock_behind", now=shown)
    return ok("doctor.clock_ok", now=shown)


def _last_written(file: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(file.stat().st_mtime).astimezone()
    except OSError:
        return None


def _is_askwell(settings: Settings) -> bool:
    connection = http.client.HTTPConnection(LOOPBACK_OF_WILDCARD.get(settings.host, settings.host), settings.port, timeout=3)
    try:
        connection.request("GET", "/sign-in")
        return b"Askwell" in connection.getresponse().read(100_000)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
