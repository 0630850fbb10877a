collect_ignore_glob = ["course/*"]  # graders of the golden course are run by the engine
