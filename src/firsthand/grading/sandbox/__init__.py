"""The walls around a submission: bubblewrap around all workers, three layers in each of them.

`levels` says what this machine can do, `bubblewrap` starts the warm process behind the outer wall,
`walls` is entered by each forked worker, `probe` tries from inside whether they hold.
`docs/security.md` says what is promised.
"""

FULL, INNER, NONE = "full", "landlock+seccomp", "process-only"
LEVELS = (FULL, INNER, NONE)  # from strong to weak
MEND = (
    "`firsthand doctor` shows which walls hold on this machine; "
    f"FIRSTHAND_ISOLATION={INNER} asks for those that need no bubblewrap."
)
