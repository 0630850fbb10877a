"""The graders below are a course's, run by the engine; pytest itself must not collect them."""

collect_ignore_glob = ["graders/*"]
