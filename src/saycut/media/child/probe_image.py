"""Child program: what an image holds. Request: path, format. Answer: the fields of `info.ImageFacts`."""

import json
import sys
from fractions import Fraction
from typing import Any

from saycut.media import refusals
from saycut.media.child.images import frames_of, open_image, shown_size
from saycut.media.child.refusing import Refused


def main(request: dict[str, Any]) -> None:
    image = open_image(request["path"], request["format"])
    width, height = shown_size(image)
    # One walk through the frames proves that they decode, counts them and adds up their times.
    count, duration_s = 0, Fraction(0)
    for _, frame_s in frames_of(image):
        count += 1
        duration_s += frame_s
    if count == 0:
        raise Refused("unreadable", refusals.DAMAGED)
    facts = {
        "format": request["format"],
        "width": width,
        "height": height,
        "frame_count": count,
        "is_animated": count > 1,
        "duration_s": str(duration_s if count > 1 else Fraction(0)),
        "has_alpha": image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info,
    }
    sys.stdout.write(json.dumps(facts))
