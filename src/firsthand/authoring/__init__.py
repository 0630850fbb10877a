"""The author's commands: `new` scaffolds a unit, `check` and `mutants` prove it."""
