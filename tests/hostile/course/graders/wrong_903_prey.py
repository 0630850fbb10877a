"""Named wrong answers of 903: none, for its submissions are all attacks."""
