"""Where a learner stands: progress, what to take next, what suits them, and a unit's report card.

All of it is reckoned from the journal in work/ and shown on this machine alone.
"""
