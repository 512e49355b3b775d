"""A static site generator on Django's templates, with proven builds and publishes that can be undone."""

TYPE_CHECKING = False

if TYPE_CHECKING:
    from sitebuilder.registered import register

__all__ = ["register"]


def __getattr__(name: str) -> object:
    """Load what a project registers its views with when it is asked for (PEP 562)."""
    if name != "register":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from sitebuilder.registered import register  # noqa: PLC0415

    return register
