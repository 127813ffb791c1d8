"""Every pattern of ours, over texts made to keep it busy: 50 kB take it no second.

Each is tried the way its module uses it. What takes the square of the length takes many seconds,
what is exponential ends in the test's timeout. Deliberately absent: patterns of the libraries.
"""

import importlib
import inspect
import pkgutil
import re
import time

import pytest
import regex

import engage
import forums
import realtime
import voting

PACKAGES = (engage, forums, realtime, voting)
KINDS = (re.Pattern, type(regex.compile("")))
DEEDS = ("search", "match", "fullmatch", "sub", "findall", "finditer", "split")
APART = (".migrations", ".commands", ".deploy")
LENGTH = 50_000
UNITS = [*"aA01-. /@<>[(#_,\\\"':=&%+|\t\n", "\u0301", "\u200d", "\U0001f3f4", "\U000e0067", "a.",
         "a-", "1.", "1,", "1 ", "a@", "a/", "<h1>", "http://", "https://a", "mailto:", "a b", "a:",
         "# ", "a-1-", "T0", "1/", "/-", "0-", "undeclared", "write"]  # fmt: skip


def patterns():
    """Each compiled pattern at the top of a module, with the ways in which the module uses it."""
    for package in PACKAGES:
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not any(part in module.name for part in APART):
                yield from _of(importlib.import_module(module.name))


def _of(module):
    for name, value in vars(module).items():
        if isinstance(value, KINDS):
            used = re.findall(rf"\b{name}\.(\w+)", inspect.getsource(module))
            deeds = sorted({deed for deed in used if deed in DEEDS}) or ["fullmatch"]
            yield pytest.param(value, deeds, id=f"{module.__name__}.{name}")


@pytest.mark.adversary("F13")
@pytest.mark.parametrize(("pattern", "deeds"), list(patterns()))
def test_no_pattern_takes_the_square_of_a_text(pattern, deeds):
    for unit in UNITS:
        body = unit * (LENGTH // len(unit))
        for text in (body, f"{body}\x01"):
            for deed in deeds:
                begun = time.process_time()
                if deed == "sub":
                    pattern.sub("", text)
                elif deed == "finditer":
                    sum(1 for _found in pattern.finditer(text))
                else:
                    getattr(pattern, deed)(text)
                assert time.process_time() - begun < 1, (deed, unit)


@pytest.mark.adversary("F13")
def test_the_patterns_of_cleaning_are_among_them():
    names = {each.id for each in patterns()}
    assert len(names) > 30
    assert "engage.domain.sanitise.links._LINK" in names
