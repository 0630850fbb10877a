"""`firsthand watch`: save the notebook, see the result.

`files` notices a save and reads it, `changes` says which exercises it touches, `loop` decides,
`warm` and `grader_process` grade behind walls in a process that stays ready, `screen` says what is
drawn, `keys` listens, and `run` joins them.
"""
