"""The tiny course of the command line's tests, for the errors that people make."""

from tests.cli.conftest import course

__all__ = ["course"]
