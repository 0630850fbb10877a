"""The author's commands: `new` scaffolds a unit, `check` proves its invariants, `mutants` its graders."""
