"""The examples in the docstrings of all pure modules are true."""

import doctest
import importlib
import pkgutil

import pytest

import engage.domain
import engage.identity.domain
import voting.domain

MODULES = [
    found.name
    for package in (engage.domain, engage.identity.domain, voting.domain)
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
