"""Host names: the one in an address or a Host header, and whether it means this machine alone."""

from __future__ import annotations

import re
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
EVERYWHERE = frozenset({"0.0.0.0", "::", ""})
"""Bound to one of these, a server listens at every address of its machine."""
_NETLOC = re.compile(r"(?:\[([0-9a-f:.]{2,45})\]|([^\s\[\]:/@?#\\,]{1,253}))(?::\d{1,5})?")


def host_name(netloc: str) -> str:
    """The name or address without its port, in lower case and without a dot at the end; "" for what is none."""
    found = _NETLOC.fullmatch(netloc.lower())
    return (found[1] or found[2]).removesuffix(".") if found else ""


def host_of(url: str) -> str:
    """The host name of an address; "" where there is none."""
    try:
        return host_name(urlsplit(url if "//" in url else f"//{url}").netloc.rpartition("@")[2])
    except ValueError:
        return ""


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach it. A name that is not written here is not looked up."""
    if host.lower() in LOOPBACK:
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback
