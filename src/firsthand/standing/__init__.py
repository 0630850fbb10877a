"""Where a learner stands: progress, what to take next, what suits them, and a unit's report card.

All of it is reckoned from the journal in work/ and shown on this machine alone.

The package is not called `progress`: `from firsthand import progress` is the notebook's function,
and a submodule of that name would take its place once it was imported.
"""
