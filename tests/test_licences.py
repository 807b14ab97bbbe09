"""No package of the product has a licence that would bind it."""

import pytest

from tests.licences import binding, listed


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_no_package_binds(lock: str) -> None:
    found = listed(lock)
    assert len(found) > 20
    assert {name: text for name, text in found.items() if not text or binding(text)} == {}


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("AGPL-3.0-or-later", True),
        ("GNU General Public License v3 (GPLv3)", True),
        ("GPL-2.0-only OR MIT", False),
        ("GNU Lesser General Public License v3", False),
        ("MIT", False),
        ("Apache-2.0", False),
        ("MPL-2.0", False),
    ],
)
def test_what_binds(text: str, bound: bool) -> None:
    assert binding(text) == bound
