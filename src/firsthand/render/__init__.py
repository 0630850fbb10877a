"""Reports for people and machines: HTML under a cell, plain text in a terminal, files for CI.

HTML and text are made from the same rows (`rows`), so they never disagree. Nothing here decides
a score.
"""

from firsthand.render.classroom import classroom
from firsthand.render.github_summary import github_summary
from firsthand.render.gradescope import gradescope, gradescope_fault
from firsthand.render.junit_xml import junit
from firsthand.render.page import html, notice
from firsthand.render.rows import clean, number
from firsthand.render.terminal import ascii_only, table, text

__all__ = [
    "ascii_only",
    "classroom",
    "clean",
    "github_summary",
    "gradescope",
    "gradescope_fault",
    "html",
    "junit",
    "notice",
    "number",
    "table",
    "text",
]
