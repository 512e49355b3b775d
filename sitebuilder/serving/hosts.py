"""Know the names of this machine, so that no page elsewhere can read a preview by a name of its own."""

import ipaddress
import socket

EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - what is compared is what somebody asked for


def is_ours(name: str, host: str) -> bool:
    """Whether a request may name this host: an address in digits cannot be made to lead elsewhere."""
    name = name.lower()
    if name in ("localhost", host.lower()) or name.endswith(".localhost"):
        return True
    if host in EVERYWHERE and name in (own := socket.gethostname().lower(), f"{own}.local"):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
