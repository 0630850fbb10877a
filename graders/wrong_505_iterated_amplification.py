"""Named wrong answers of 505, each with the test and the hint that must catch it."""
