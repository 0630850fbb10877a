"""Grade submissions: tests stay in a trusted process, the learner's code answers from its own."""
