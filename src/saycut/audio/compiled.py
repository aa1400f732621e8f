"""Compiled loops of scipy, loaded without the packages around them.

`scipy.signal` takes half a second to import and `scipy.optimize` a quarter, mostly because they format the
documentation of their functions: as long as the work itself on minutes of sound. The loops are not
part of scipy's public interface: where a release has none of that name, callers use the public function.
"""

from functools import cache
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path
from typing import Any

import scipy


@cache
def loop(package: str, module: str, name: str) -> Any | None:
    """`name` of the compiled `module` in `scipy.<package>`; None where there is none.

    Importing the package later finds the module that is loaded already.
    """
    folder = Path(scipy.__file__).parent / package
    spec = PathFinder.find_spec(module, [str(folder)])
    if spec is None or spec.loader is None:
        return None
    try:
        loaded = module_from_spec(spec)
        spec.loader.exec_module(loaded)
    except ImportError:  # a build that needs its package first
        return None
    return getattr(loaded, name, None)
