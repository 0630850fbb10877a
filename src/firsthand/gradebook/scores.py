"""From an exercise's result to the score that the gradebook gets."""

import math

from firsthand.report import ExerciseResult


def gradebook_points(result: ExerciseResult, worth: float) -> float:
    """Points on the gradebook's scale, within [0, worth].

    nbgrader gives full marks for what it cannot read as a number, and stops at one over `worth`.
    Raises ValueError where the engine gave no number of points within its own scale.
    """
    points, most = result.points, result.max_points
    if not (math.isfinite(points) and 0 <= points <= most + 1e-6):
        raise ValueError(f"the engine gave {points!r} of {most!r} points for {result.name}")
    return min(round(points / most * worth, 4), worth)
