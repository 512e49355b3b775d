"""The documentation, built once for the tests of a module."""

from dataclasses import replace

import pytest

from sitebuilder.building import build
from sitebuilder.settings import Site, read_site
from tests.docs.pages import SITE


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The documentation, built from nothing."""
    folder = tmp_path_factory.mktemp("docs")
    found = replace(read_site(SITE), output=folder / "out", state=folder / "state")
    build(found)
    return found
