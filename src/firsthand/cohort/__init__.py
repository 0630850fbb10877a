"""A course with many learners: its folder, collecting, grading, regrading and what they came to."""
