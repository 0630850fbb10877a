"""Models whose weights are written by hand, so that the right answer of every measurement is known exactly."""
