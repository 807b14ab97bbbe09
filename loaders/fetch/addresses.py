"""Which addresses may be asked: public ones only, so that no list and no redirect reaches a machine inside."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address
# Registered for other uses than public hosts (IANA special-purpose registries), in full: what `is_global` says of
# them differs between versions of Python. Addresses that carry another address inside are refused as a whole.
REFUSED = tuple(
    ip_network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24"),
        *("203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        *("::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32"),
        *("2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
    )
)


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet."""
    return address.is_global and not any(address in network for network in REFUSED)


def address_of(text: str) -> Address:
    """The address that a socket names; the zone behind % is left out."""
    return ip_address(text.partition("%")[0])
