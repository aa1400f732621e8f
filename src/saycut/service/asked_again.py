"""The same request, made again, is the same work: whoever lost an answer may ask once more, and nothing is
done or paid for twice. What failed or was cancelled is begun anew, under the next id."""

import hashlib
import json
from collections.abc import Callable
from typing import Protocol, TypeVar

_HASHED = 22  # hexadecimal digits: nobody meets another's by chance


class _Begun(Protocol):
    @property
    def status(self) -> str: ...


BegunT = TypeVar("BegunT", bound=_Begun)


def the_same(
    request: object, id_of: Callable[[str, int], str], known: Callable[[str], BegunT | None]
) -> tuple[str, BegunT | None]:
    """The id for `request` (plain data), and what is under way or done for it; None when it is to be begun.

    `id_of` makes an id of a digest and the number of the attempt, `known` finds what has that id.
    """
    digest = hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()[:_HASHED]
    attempt = 0
    while True:
        its_id = id_of(digest, attempt)
        begun = known(its_id)
        if begun is None or begun.status not in ("failed", "cancelled"):
            return its_id, begun
        attempt += 1
