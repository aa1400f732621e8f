"""One training run: one process a core, the same mixtures for the same seed, and a checkpoint that goes on
anywhere."""

import argparse
import json
import os
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from torch import Tensor
from torch.nn.parallel import DistributedDataParallel

from training.checkpoint import Config, State, config_of
from training.loss import loss
from training.material import RATE_HZ, Material
from training.mixing import Mixer
from training.spectra import Spectra, features, unbanded

_WATCHED = 64  # held-out mixtures
_MEETING = "meeting"  # the file by which the processes of one run find each other


@dataclass(frozen=True)
class Plan:
    """How far this sitting goes, and where it writes."""

    material: Path
    out: Path
    until_step: int
    decay_steps: int  # at the end, down to nothing
    processes: int
    every_steps: int  # a checkpoint and a line in the log


def train(plan: Plan, config: Config) -> None:
    """Go on from the checkpoint in `plan.out`, or begin."""
    plan.out.mkdir(parents=True, exist_ok=True)
    if plan.processes == 1:
        _work(0, plan, config)
        return
    os.environ["GLOO_SOCKET_IFNAME"] = "lo"  # the processes meet on this machine and nowhere else
    (plan.out / _MEETING).unlink(missing_ok=True)
    mp.spawn(_work, (plan, config), plan.processes)


def _work(rank: int, plan: Plan, config: Config) -> None:
    torch.set_num_threads(1)
    if plan.processes > 1:
        meeting = f"file://{(plan.out / _MEETING).resolve()}"
        dist.init_process_group("gloo", init_method=meeting, rank=rank, world_size=plan.processes)
    checkpoint = plan.out / "checkpoint.pt"
    state = State.load(checkpoint) if checkpoint.exists() else State.fresh(config)
    net = DistributedDataParallel(state.net) if plan.processes > 1 else state.net
    mixer = Mixer(Material(plan.material), int(state.config.length_s * RATE_HZ))
    began_s, before_s, losses = time.process_time(), state.cpu_s, []
    while state.step < plan.until_step:
        losses.append(_stepped(state, net, _batch(mixer, state.config, state.step, rank), plan))
        state.cpu_s = before_s + (time.process_time() - began_s) * plan.processes
        if rank == 0 and (state.step % plan.every_steps == 0 or state.step == plan.until_step):
            state.save(checkpoint)
            _tell(plan, state, float(np.mean(losses)))
            losses.clear()
    if plan.processes > 1:
        dist.destroy_process_group()


def _batch(mixer: Mixer, config: Config, step: int, rank: int) -> Tensor:
    rng = np.random.default_rng((config.seed, step, rank))
    return torch.from_numpy(np.stack([mixer.stems(rng) for _ in range(config.batch)]))


def _stepped(state: State, net: torch.nn.Module, stems: Tensor, plan: Plan) -> float:
    for group in state.optimizer.param_groups:
        group["lr"] = _rate(state.config, state.step, plan)
    value = _loss_of(net, stems)
    state.optimizer.zero_grad(set_to_none=True)
    value.backward()
    torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
    state.optimizer.step()
    state.step += 1
    _averaged(state)
    return float(value.detach())


def _rate(config: Config, step: int, plan: Plan) -> float:
    """Rises, stays, and falls over the last steps of a sitting that has a decay."""
    rise = min(1.0, (step + 1) / config.warmup_steps)
    fall = (plan.until_step - step) / plan.decay_steps if plan.decay_steps else 1.0
    return config.rate * rise * min(1.0, fall)


def _loss_of(net: torch.nn.Module, stems: Tensor) -> Tensor:
    """`stems` N x 3 x 2 x samples. The masks are judged on one channel: which of the two is chance
    already."""
    spectra = Spectra()
    with torch.no_grad():
        left = torch.stack([spectra(stems[:, number, 0]) for number in range(3)], 1)
        mixture = left.sum(1)
        seen = features(mixture, spectra(stems[:, :, 1].sum(1)))
    with torch.autocast("cpu", torch.bfloat16):
        logits = net(seen)
    return loss(unbanded(logits.float().softmax(1)), left, mixture)


@torch.no_grad()
def _averaged(state: State) -> None:
    keep = min(state.config.average, (1 + state.step) / (10 + state.step))
    mine = state.average.state_dict()
    for name, value in state.net.state_dict().items():
        if value.is_floating_point():
            mine[name].lerp_(value, 1 - keep)
        else:
            mine[name].copy_(value)


@torch.no_grad()
def _tell(plan: Plan, state: State, trained: float) -> None:
    """A line of the log: the loss lately, and that of the averaged weights on mixtures nobody trains on."""
    mixer = Mixer(Material(plan.material), int(state.config.length_s * RATE_HZ), held_out=True)
    state.average.eval()
    watched = [float(_loss_of(state.average, batch)) for batch in _held_out(mixer)]
    line = {
        "step": state.step,
        "cpu_s": round(state.cpu_s),
        "at_s": round(time.time()),
        "trained": round(trained, 4),
        "held_out": round(float(np.mean(watched)), 4),
    }
    with (plan.out / "log.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
    print(json.dumps(line), flush=True)


def _held_out(mixer: Mixer) -> Iterator[Tensor]:
    for number in range(0, _WATCHED, 8):
        yield torch.from_numpy(np.stack([mixer.stems(np.random.default_rng(number + i)) for i in range(8)]))


def main() -> None:
    """`python -m training.run --material FOLDER --out FOLDER --until-step N`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--material", type=Path, required=True, help="as training.material prepared it")
    parser.add_argument("--out", type=Path, required=True, help="for the checkpoint and the log")
    parser.add_argument("--config", type=Path, help="TOML; what it leaves out is usual")
    parser.add_argument("--until-step", type=int, required=True)
    parser.add_argument("--decay-steps", type=int, default=0, help="the last ones, with a falling rate")
    parser.add_argument("--processes", type=int, default=1, help="one a core")
    parser.add_argument("--every-steps", type=int, default=250)
    options = parser.parse_args()
    facts = tomllib.loads(options.config.read_text("utf-8")) if options.config else {}
    plan = Plan(
        options.material,
        options.out,
        options.until_step,
        options.decay_steps,
        options.processes,
        options.every_steps,
    )
    train(plan, config_of(facts))


if __name__ == "__main__":
    main()
