"""Which addresses the service API may be used at."""

import ipaddress

from yarl import URL


def is_endpoint(text: str) -> bool:
    """Return whether a text is an address that the key pair may be used at."""
    try:
        url = URL(text)
        port = url.port
    except ValueError:
        return False
    if not url.host or not port or url != url.origin().with_path(url.path):
        return False
    if url.scheme == "https":
        return True
    try:
        loopback = ipaddress.ip_address(url.host).is_loopback
    except ValueError:
        loopback = url.host == "localhost"
    return url.scheme == "http" and loopback
