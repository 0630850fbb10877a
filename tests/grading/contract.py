"""What the learner wrote, for the tests of a session's contract."""

SOURCE = """
import collections, sys, warnings
import numpy as np
import torch
from torch import nn

Point = collections.namedtuple("Point", "x y")
constant = 7

def echo(*args, **kwargs):
    return (args, kwargs) if kwargs or len(args) != 1 else args[0]

def kind(value):
    return type(value).__name__

def point():
    return Point(torch.ones(2), y=3)

class Linear(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.inner = nn.Linear(n, n, bias=False)
        self.scale = 2.0
    def forward(self, x):
        return self.inner(x) * self.scale
    @property
    def broken(self):
        raise ValueError("no such thing")

class Box:
    def __init__(self): self.items = {"a": 1}
    def __getitem__(self, key): return self.items[key]
    def __setitem__(self, key, value): self.items[key] = value
    def __len__(self): return len(self.items)
    def __iter__(self): return iter(self.items)
    def __eq__(self, other): return True
    def __bool__(self): return True

def gen(n):
    for i in range(n):
        yield torch.full((2,), float(i))

def writes(x, array, untouched):
    x.mul_(2)
    array[0] = -1
    return x

def writes_past_the_version(x):
    x.data.add_(1)

def apply(f, *args, **kwargs):
    return f(*args, **kwargs)

def swallow(f):
    try:
        f()
    except ValueError as error:
        return str(error)

def boom(name):
    exec(f"raise {name}('the text')")

class Special(Exception): pass

def special():
    raise Special("odd")

def untold(x):
    return inner(x)

def inner(x):
    return x["missing"]

def loop(seconds=None):
    while True:
        try:
            while True:
                pass
        except Exception:
            pass

def speak(text):
    print(text)
    print("aside", file=sys.stderr)

def grads(x, w):
    return {"sum": (x * w["w"]).sum(), "parts": (x.sin(), [w["w"].exp()])}, x.detach() * 2, 5

def detached(x):
    return (x * 2).detach(), x.argmax()

def partly(x, y):
    return x ** 2

def grad_mode():
    return torch.is_grad_enabled()

def input_gradient(f, x):
    x = x.clone().requires_grad_()
    return torch.autograd.grad(f(x).sum(), x)[0]

def call_me(f, n):
    return [f(i) for i in range(n)]
"""
