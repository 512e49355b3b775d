"""What the placeholder service's tests share: the service as it starts, and the fonts it draws with."""

from collections.abc import Iterator

import pytest
from django.test import override_settings

from tests import tools
from tests.placeholder.service import UNNEEDED, Application, Service, forget, placeholder_application


@pytest.fixture(scope="module")
def application() -> Iterator[Application]:
    """The service, with the settings that it has when it is not loaded into the board's."""
    served = placeholder_application()
    for signal, receiver in UNNEEDED:  # the test client of Django connects them for others
        signal.disconnect(receiver)
    with override_settings(ROOT_URLCONF="placeholder", ALLOWED_HOSTS=["*"]):
        yield served
    for signal, receiver in UNNEEDED:
        signal.connect(receiver)


@pytest.fixture
def service(application: Application) -> Service:
    """The service as it is after its start: it remembers nothing."""
    forget()
    return Service(application)


@pytest.fixture(scope="module")
def warm(application: Application) -> Service:
    """The service for the many pictures of one module, of which it may remember what it likes."""
    return Service(application)


@pytest.fixture(scope="session")
def fonts() -> None:
    """Fail, with the command that installs them, unless the fonts of other scripts are here."""
    for tool in tools.FONTS:
        tool.path()
