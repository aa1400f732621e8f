"""The net, its spectra, its loss and a run: only where PyTorch is (`pip install -e '.[train]'`)."""

import json
from pathlib import Path

import numpy as np
import pytest
from training.material import RATE_HZ

from tests.training.recordings import small_material

torch = pytest.importorskip("torch", reason="PyTorch is needed to train: pip install -e '.[train]'")


def test_masks_sum_to_one_and_cost_what_is_allowed() -> None:
    from training.net import Net
    from training.spectra import BANDS

    net = Net().eval()
    assert sum(weight.numel() for weight in net.parameters()) < 4_000_000
    with torch.no_grad():
        masks = net(torch.randn(2, 2, 38, BANDS)).softmax(1)
    assert masks.shape == (2, 3, 38, BANDS)
    assert torch.allclose(masks.sum(1), torch.ones(2, 38, BANDS), atol=1e-5)


def test_the_product_sees_what_the_net_was_trained_on() -> None:
    """The same features of the same sound, here at 16 kHz and there at 48 kHz."""
    from training.spectra import HOP, Spectra, features

    from saycut.audio.ears import net as product
    from saycut.audio.ears.hearing import _cores
    from saycut.audio.resampling import resample

    rng = np.random.default_rng(0)
    sound = rng.normal(0, 0.05, (2, 3 * RATE_HZ)).astype(np.float32)
    with torch.no_grad():
        left, right = (Spectra()(torch.from_numpy(sound[n : n + 1])) for n in (0, 1))
        ours = features(left, right)[0].numpy()
    wide = resample(iter([np.ascontiguousarray(sound.T)]), RATE_HZ, 48_000, 2)
    (core,) = _cores(wide)
    theirs = product.features(core.seen)
    # there frame t ends at sample (t + 1) HOP, here it has its middle at t HOP: half a hop apart
    shift = round((768 / 2 - HOP) / HOP * 2)
    levels = [np.median(seen[:, 20:150, 10:180]) for seen in (ours, theirs[:, shift:])]
    assert levels[0] == pytest.approx(levels[1], abs=0.02)


def test_perfect_masks_cost_less_than_others() -> None:
    from training.loss import loss

    stems = (
        torch.randn(2, 3, 20, 384, dtype=torch.complex64)
        * torch.tensor([1.0, 0.01, 0.01])[None, :, None, None]
    )
    mixture = stems.sum(1)
    powers = stems.abs().square()
    good = powers / powers.sum(1, keepdim=True)
    even = torch.full_like(good, 1 / 3)
    assert loss(good, stems, mixture) < loss(even, stems, mixture) - 0.5


@pytest.mark.soak
def test_a_run_learns_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    from training.checkpoint import Config, State
    from training.run import Plan, train

    small_material(tmp_path)
    config = Config(batch=2, length_s=1.0, channels=(4, 6, 8, 8), inner=32, hidden=16)

    def sitting(out: str, *until: int) -> State:
        for steps in until:
            train(Plan(tmp_path, tmp_path / out, steps, 0, 1, 20), config)
        return State.load(tmp_path / out / "checkpoint.pt")

    at_once, in_two = sitting("one", 40), sitting("two", 20, 40)
    for name, weight in at_once.net.state_dict().items():
        assert torch.allclose(weight, in_two.net.state_dict()[name], atol=1e-5), name
    told = [json.loads(line) for line in (tmp_path / "one" / "log.jsonl").read_text().splitlines()]
    assert told[-1]["trained"] < told[0]["trained"]
