"""How many threads the mathematics of one `saycut` takes."""

import os
import subprocess
import sys

import pytest

CODE = """
import os, sys
from saycut.cli import script
sys.argv = ["saycut", "--version"]
try:
    script()
finally:
    print(os.environ.get("OPENBLAS_NUM_THREADS"))
"""


@pytest.mark.parametrize(
    ("said", "taken"),
    [({}, "1"), ({"OPENBLAS_NUM_THREADS": "3"}, "3"), ({"OMP_NUM_THREADS": "2"}, "None")],
)
def test_one_unless_the_person_says_otherwise(said: dict[str, str], taken: str) -> None:
    plain = {k: v for k, v in os.environ.items() if k not in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    command = [sys.executable, "-c", CODE]
    done = subprocess.run(command, env={**plain, **said}, check=True, capture_output=True, text=True)
    assert done.stdout.split()[-1] == taken
