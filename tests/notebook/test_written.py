"""`ready` tells a stub from an answer without calling either."""

import functools

import pytest

from firsthand.notebook.written import is_written


def after_given_lines(x):
    """Some words."""
    print(x)
    raise NotImplementedError


def inside_a_loop(x):
    for _ in x:
        raise NotImplementedError
    return x


def before_given_lines(x):
    raise NotImplementedError
    return x


def after_a_condition(x):
    if x:
        return 3
    raise NotImplementedError


def inside_a_with_block(x):
    with open(x):
        raise NotImplementedError


def inside_a_try_block(x):
    try:
        raise NotImplementedError
    finally:
        print(x)


def inside_an_inner_function(x):
    def inner():
        raise NotImplementedError

    return inner


class OneMethod:
    def __init__(self):
        self.size = 1

    def forward(self, x):
        raise NotImplementedError


class Property:
    @property
    def size(self):
        raise NotImplementedError


class Static:
    @staticmethod
    def make():
        raise NotImplementedError


class Cached:
    @functools.cached_property
    def size(self):
        raise NotImplementedError


def decorated(function):
    @functools.wraps(function)
    def wrapper(*arguments):
        return function(*arguments)

    return wrapper


STUBS = [
    *(after_given_lines, inside_a_loop, before_given_lines, after_a_condition),
    *(inside_a_with_block, inside_a_try_block, inside_an_inner_function),
    *(OneMethod, Property, Static, Cached, decorated(after_given_lines)),
]


def with_a_mode_that_is_missing(x, mode="a"):
    if mode == "b":
        raise NotImplementedError
    return x


def with_a_message(x):
    raise NotImplementedError("no such mode")


def answer():
    return 2


class Written:
    size = 3

    def forward(self, x):
        return x


ANSWERS = [with_a_mode_that_is_missing, with_a_message, answer, Written, Written(), 3, len]


@pytest.mark.parametrize("stub", STUBS, ids=lambda s: s.__qualname__)
def test_a_stub_is_not_written(stub):
    assert not is_written(stub)


@pytest.mark.parametrize("value", ANSWERS, ids=range(len(ANSWERS)))
def test_anything_else_is_written(value):
    assert is_written(value)


def test_a_partial_of_an_answer_is_written():
    assert is_written(functools.partial(answer))
