"""Durations, counts and dates as words, the same on every screen."""

from datetime import datetime


def duration(seconds: float) -> str:
    """Such as "38 min", or "3.1 h" from 90 minutes on."""
    minutes = seconds / 60
    if 0 < minutes < 1:
        return "< 1 min"
    return f"{minutes:.0f} min" if minutes < 90 else f"{minutes / 60:.1f} h"


def count(number: int, noun: str) -> str:
    """Such as "1 hint" or "2 hints"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def day(time: float) -> str:
    """The local date of seconds since 1970, such as "26 November 2026"."""
    moment = datetime.fromtimestamp(time)
    return f"{moment.day} {moment:%B %Y}"


def listed(names: list[str]) -> str:
    """Such as "a, b and c"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
