"""What the client says by itself: sizes as people read them."""

import pytest

from saycut.client.said import size


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1.0 kB"),
        (12_345_678, "12.3 MB"),
        (999_949, "999.9 kB"),
        (999_950, "1.0 MB"),
        (999_999, "1.0 MB"),
        (1_000_000, "1.0 MB"),
        (999_999_999, "1.0 GB"),
        (5_000_000_000_000_000, "5000.0 TB"),
    ],
)
def test_a_size_is_told_in_the_unit_that_fits(size_bytes: int, text: str) -> None:
    assert size(size_bytes) == text
