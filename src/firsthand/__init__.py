"""firsthand: alignment research by hand, one graded exercise at a time.

A notebook needs `from firsthand import check, hint, ready, solution, use_unit` and nothing else of
the engine. The names are loaded on first use, so importing the package costs nothing.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from firsthand.notebook import check, fit, hint, progress, ready, solution, use_unit

__all__ = ["check", "fit", "hint", "progress", "ready", "solution", "use_unit"]


def __getattr__(name: str) -> Any:
    """The notebook's names, imported when they are first asked for."""
    if name in __all__:
        from firsthand import notebook

        return getattr(notebook, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
