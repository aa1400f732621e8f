"""What a run is made of and what it has come to: configuration, weights, their average, and the state of the
optimiser."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from training.net import Net


@dataclass(frozen=True)
class Config:
    """A run as its file gives it."""

    seed: int = 7
    batch: int = 8  # mixtures a process and step
    length_s: float = 3.0
    rate: float = 1.5e-3  # of learning, while it is steady
    warmup_steps: int = 300
    weight_decay: float = 1e-2
    average: float = 0.998  # of the weights, by step
    channels: tuple[int, ...] = (24, 32, 48, 64)
    inner: int = 256
    hidden: int = 192


@dataclass
class State:
    """What a checkpoint holds."""

    config: Config
    net: Net
    average: Net
    optimizer: torch.optim.Optimizer
    step: int = 0
    cpu_s: float = 0.0

    def save(self, path: Path) -> None:
        """Whole or not at all."""
        kept = {
            "config": asdict(self.config),
            "net": self.net.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "cpu_s": self.cpu_s,
        }
        part = path.with_suffix(".part")
        torch.save(kept, part)
        part.replace(path)

    @classmethod
    def fresh(cls, config: Config) -> "State":
        torch.manual_seed(config.seed)
        net, average = made_net(config), made_net(config)
        average.load_state_dict(net.state_dict())
        optimizer = torch.optim.AdamW(net.parameters(), config.rate, weight_decay=config.weight_decay)
        return cls(config, net, average, optimizer)

    @classmethod
    def load(cls, path: Path) -> "State":
        kept: dict[str, Any] = torch.load(path, weights_only=True)
        state = cls.fresh(config_of(kept["config"]))
        state.net.load_state_dict(kept["net"])
        state.average.load_state_dict(kept["average"])
        state.optimizer.load_state_dict(kept["optimizer"])
        state.step, state.cpu_s = kept["step"], kept["cpu_s"]
        return state


def config_of(facts: dict[str, Any]) -> Config:
    """Of a TOML file or a checkpoint."""
    return Config(**{**facts, "channels": tuple(facts.get("channels", Config.channels))})


def made_net(config: Config) -> Net:
    """The net that a configuration describes, with fresh weights."""
    return Net(config.channels, config.inner, config.hidden)
