"""Exponential moving average of the weights, and checkpoints (fp32 weights and EMA, bf16 Adam moments)."""
import os

import torch


class Ema:
    """Average of weights and normalisation statistics; this is what is evaluated and shipped."""

    def __init__(self, model, decay=.9992):
        self.decay = decay
        self.state = {k: v.detach().clone() for k, v in model.state_dict().items()}

    @torch.no_grad()
    def update(self, model, updates, every):
        """Called every `every` updates; the decay is per update."""
        weight = 1 - min(self.decay, (1 + updates) / (10 + updates)) ** every
        for key, value in model.state_dict().items():
            if value.is_floating_point():
                self.state[key].lerp_(value, weight)
            else:
                self.state[key].copy_(value)


def round_moments(optimizer):
    """Rounds Adam's moments to bf16 in place, so that going on and resuming are the same; returns the state."""
    for state in optimizer.state.values():
        for key in ("exp_avg", "exp_avg_sq"):
            state[key].copy_(state[key].bfloat16())
    packed = optimizer.state_dict()
    packed["state"] = {index: {k: v.bfloat16() if k.startswith("exp_avg") else v for k, v in entry.items()}
                       for index, entry in packed["state"].items()}
    return packed


def save_checkpoint(path, trainer):
    """Writes beside the target first, so that a stopped run leaves the old file whole."""
    torch.save({"model": trainer.model.state_dict(), "ema": trainer.ema.state,
                "optimizer": round_moments(trainer.optimizer), "counters": dict(trainer.counters),
                "history": trainer.history, "preset": trainer.options.preset, "seed": trainer.options.seed,
                "rng": torch.get_rng_state()}, path + ".part")
    os.replace(path + ".part", path)


def load_checkpoint(candidates, trainer):
    """Takes up the first of the files that exists; tells which."""
    path = next((p for p in candidates if os.path.exists(p)), None)
    if path is None:
        print("no checkpoint among", candidates, "- starting from nothing", flush=True)
        return
    saved = torch.load(path, map_location=trainer.device)
    if saved["preset"] != trainer.options.preset:
        raise SystemExit(f"{path} is of preset {saved['preset']}, not {trainer.options.preset}")
    trainer.model.load_state_dict(saved["model"])
    trainer.ema.state = saved["ema"]
    trainer.optimizer.load_state_dict(saved["optimizer"])
    trainer.counters, trainer.history = saved["counters"], saved["history"]
    torch.set_rng_state(saved["rng"].cpu())
    print("resumed", path, trainer.counters, flush=True)
