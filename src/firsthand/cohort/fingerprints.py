"""Fingerprints of code that survive renaming, comments and layout.

Winnowing, from Schleimer, Wilkerson and Aiken 2003, Winnowing: Local Algorithms for Document
Fingerprinting (SIGMOD). Every run of `NOISE` tokens is hashed, and of every `WINDOW` neighbouring
hashes the smallest is kept. A common run shorter than `NOISE` tokens is never seen; one of at
least NOISE + WINDOW - 1 tokens always is.
"""

import builtins
import hashlib
import io
import keyword
import tokenize
from collections.abc import Iterator, Sequence

NOISE = 8
WINDOW = 4
MOST_TOKENS = 20_000  # of one cell; the longest reference solution has 400

_KEPT_NAMES = frozenset(dir(builtins)) | frozenset(keyword.kwlist)
_DROPPED = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
}
_LINE_STARTS = {tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING}


def tokens(source: str) -> list[str]:
    """The tokens of a cell: names that a learner chooses become N, texts S; docstrings are dropped.

    Kept as they are: keywords, builtins, numbers, and attributes (of a library, since `self.x` is
    the learner's choice). Of a cell that is no Python, what stands before the error; of a very
    long one, the first `MOST_TOKENS`.
    """
    found: list[str] = []
    before: list[str] = ["", ""]  # the last two texts as written
    starts_line = True
    for token in _readable(source):
        starts, starts_line = starts_line, token.type in _LINE_STARTS
        if token.type in _DROPPED:
            starts_line = starts_line or (starts and token.type in (tokenize.NL, tokenize.COMMENT))
            continue
        if token.type == tokenize.STRING and starts:
            continue
        found.append(_normal(token, before))
        if len(found) == MOST_TOKENS:
            break
        before = [before[1], token.string]
    return found


def _readable(source: str) -> Iterator[tokenize.TokenInfo]:
    source = source.encode("utf-8", "replace").decode()  # a notebook may hold lone surrogates
    try:
        yield from tokenize.generate_tokens(io.StringIO(source).readline)
    except (tokenize.TokenError, SyntaxError):
        return


def _normal(token: tokenize.TokenInfo, before: Sequence[str]) -> str:
    if token.type == tokenize.NAME:
        attribute = before[1] == "." and before[0] != "self"
        return token.string if attribute or token.string in _KEPT_NAMES else "N"
    # From Python 3.12 on, an f-string comes in pieces: FSTRING_START, _MIDDLE, _END.
    return "S" if "STRING" in tokenize.tok_name[token.type] else token.string


def grams(words: Sequence[str]) -> list[int]:
    """The hash of every run of `NOISE` tokens, in order: the same on every machine and day."""
    return [
        int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())
        for text in (" ".join(words[i : i + NOISE]) for i in range(len(words) - NOISE + 1))
    ]


def winnow(hashes: Sequence[int]) -> frozenset[int]:
    """The smallest hash of every `WINDOW` neighbours; all of fewer hashes than that give one."""
    kept: set[int] = set()
    for start in range(max(1, len(hashes) - WINDOW + 1)):
        if window := hashes[start : start + WINDOW]:
            kept.add(min(window))
    return frozenset(kept)
