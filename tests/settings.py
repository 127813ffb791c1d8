"""The town's settings for tests: its data in a folder of this process, gone when it ends.

Nothing else differs from production's defaults but the limits, which each test of a limit
switches on. Deliberately absent: a faster or simpler database than the one people run.
"""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="engage-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["DATA_DIR"] = _folder
os.environ.setdefault("LIMITS", "false")

from engage.settings import *  # noqa: E402, F403  reads the environment set above
