"""What all requests of a process share."""

import os
import subprocess
import sys

from tests.paths import ROOT

MADE_BY_EACH = """
import contextvars
import engage.asgi
from django.core.cache import caches
made = [contextvars.copy_context().run(caches.__getitem__, "default") for _ in range(3)]
print(len({id(cache) for cache in made}))
"""


def test_requests_share_one_cache_and_its_memory_of_redis(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", MADE_BY_EACH],
        cwd=ROOT, env={**os.environ, "DATA_DIR": str(tmp_path)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "1\n"
