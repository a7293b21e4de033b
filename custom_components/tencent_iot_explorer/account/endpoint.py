"""Which addresses the cloud may be used at, and may send to."""

import ipaddress
import re

from yarl import URL

_LONGEST = 2048
# As it is asked for in the domain name system; yarl writes other alphabets so.
_NAME = re.compile(
    r"(?=.{1,253}\.?$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
    r"(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*\.?"
)


def is_endpoint(text: str) -> bool:
    """Return whether a text is an address that a secret may be sent to."""
    if len(text) > _LONGEST or not text.isprintable():
        return False
    try:
        url = URL(text)
        # Reading the parts raises for those that make no sense.
        is_plain = bool(url.host and url.port) and url == url.origin().with_path(
            url.path
        )
    except ValueError:
        return False
    host = url.raw_host
    if not is_plain or host is None:
        return False
    address = _address(host)
    if address is None and not _NAME.fullmatch(host):
        return False
    if url.scheme == "https":
        return True
    loopback = address.is_loopback if address else host == "localhost"
    return url.scheme == "http" and loopback


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the IP address that a host is, none if it is a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
