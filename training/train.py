"""Trains the promptable segmenter, or goes on from a checkpoint.

  python3 train.py --phase stable --minutes 90                  # constant rate; saves training/out/stable.pt
  python3 train.py --phase decay  --minutes 25                  # from stable.pt, rate to zero; saves training/out/decay.pt
  python3 train.py --phase polish --minutes 10 --resume training/out/decay.pt   # optional: boxes, 256 pixels
  python3 train.py --phase stable --device cuda --preset large  # the large schedule

A batch is drawn once and used for several gradient steps: the prediction of one step, with one more click in its
largest error, is the input of the next. Batch k depends on (seed, k) only, so a resumed run goes on as the first would.
"""
import argparse
import json
import os
import platform
import random
import time

import cv2
import numpy as np
import torch

import data
import prompts
from checkpoint import Ema, load_checkpoint, save_checkpoint
from gang import Gang, start
from losses import mask_loss, measured_iou, quality_loss
from model import build

HERE = os.path.dirname(os.path.abspath(__file__))
PRESETS = {
    "small": dict(model="small", pixels=16 * 128 * 128, rate=8e-4, decay=.03, warmup=1500),
    "large": dict(model="large", pixels=128 * 192 * 192, rate=8e-4, decay=.05, warmup=4000),
}
SIZES = {"stable": ((128, 192, 256), (.86, .11, .03)), "decay": ((128, 192, 256), (.35, .35, .30)),
         "polish": ((128, 192, 256), (.15, .35, .50))}
# First prompts: clicks, boxes, strokes, degraded masks.
FIRST = {"stable": (.46, .32, .07, .15), "decay": (.40, .38, .07, .15),
         "polish": (.30, .50, .05, .15)}
EMA_EVERY = 4
EMA_DECAY = {"stable": .9992, "decay": .995, "polish": .995}
STEPS = ((1, 2, 3, 4), (.38, .34, .20, .08))


class Batches(torch.utils.data.IterableDataset):
    """Batches number start, start + stride, ... of this phase; worker i of n makes every n-th of them."""

    def __init__(self, crops, phase, pixels, seed, start, stride):
        self.crops, self.phase, self.pixels, self.seed = crops, phase, pixels, seed
        self.start, self.stride = start, stride

    def batch(self, number):
        rng = np.random.default_rng([self.seed, number])
        size = int(rng.choice(SIZES[self.phase][0], p=SIZES[self.phase][1]))
        images, targets, maps = [], [], []
        for _ in range(max(4, self.pixels // size ** 2)):
            crop, target = self.crops.draw(size, rng)
            images.append(crop.transpose(2, 0, 1))
            targets.append(target)
            maps.append(prompts.first_prompts(target, rng, FIRST[self.phase]))
        return number, np.stack(images), np.stack(targets), np.stack(maps)

    def __iter__(self):
        cv2.setNumThreads(0)
        torch.set_num_threads(1)
        worker = torch.utils.data.get_worker_info()
        index, count = (worker.id, worker.num_workers) if worker else (0, 1)
        number = self.start + index * self.stride
        while True:
            yield self.batch(number)
            number += count * self.stride


def as_is(batch):
    return batch


class Trainer:
    """Model, EMA, optimiser, counters, and one gradient step."""

    def __init__(self, options):
        self.options, self.preset = options, PRESETS[options.preset]
        self.device = torch.device(options.device)
        self.model = build(self.preset["model"]).to(self.device, memory_format=torch.channels_last)
        kernel = [p for p in self.model.parameters() if p.ndim > 1]
        other = [p for p in self.model.parameters() if p.ndim <= 1]
        self.optimizer = torch.optim.AdamW([{"params": kernel, "weight_decay": self.preset["decay"]},
                                            {"params": other, "weight_decay": 0}], self.preset["rate"])
        self.ema = Ema(self.model, EMA_DECAY[options.phase])
        self.gang = Gang(options.processes, sum(p.numel() for p in self.model.parameters()))
        self.counters = {"samples": 0, "forwards": 0, "batches": 0, "updates": 0, "seconds": 0.0}
        self.history, self.progress = [], 0.0

    def rate(self):
        """Warm-up, then constant; in the decay phase down to zero with the square root of the progress."""
        warm = min(1, (self.counters["updates"] + 1) / self.preset["warmup"])
        factor = {"stable": 1, "decay": 1 - self.progress ** .5, "polish": .3 * (1 - self.progress)}[self.options.phase]
        return self.preset["rate"] * warm * max(factor, .005)

    def step(self, image, maps, target, progress):
        """One gradient step. Returns probabilities, loss, mean IoU."""
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=not self.options.fp32):
            logits, quality = self.model(image, maps)
        logits, quality = logits.float()[:, 0], quality.float()[:, 0]
        iou = measured_iou(logits, target)
        loss = mask_loss(logits, target)
        total = loss + quality_loss(quality, iou)
        self.optimizer.zero_grad(set_to_none=True)
        total.backward()
        self.progress = self.gang.sync(self.model, progress())
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 3.0)
        self.optimizer.step()
        self.counters["updates"] += 1
        if self.gang.rank == 0 and self.counters["updates"] % EMA_EVERY == 0:
            self.ema.update(self.model, self.counters["updates"], EMA_EVERY)
        self.gang.tally[self.gang.rank, 1] += len(image)
        return torch.sigmoid(logits.detach()).cpu().numpy(), loss.item(), iou.mean().item()

    def train_batch(self, number, images, targets, maps, progress):
        """Several rounds on one batch, each a gradient step. Returns loss and IoU of each round."""
        rng = np.random.default_rng([self.options.seed, number, 1])
        image = torch.from_numpy(images).to(self.device).float()
        target = torch.from_numpy(targets).to(self.device)
        rounds, seen = int(rng.choice(STEPS[0], p=STEPS[1])), []
        for k in range(rounds):
            planes = torch.from_numpy(maps).to(self.device)
            probability, loss, iou = self.step(image, planes, target, progress)
            seen.append((loss, iou))
            if self.progress >= 1:
                break
            if k + 1 < rounds:
                for i in range(len(maps)):
                    prompts.next_prompts(maps[i], targets[i], probability[i], rng)
        self.gang.tally[self.gang.rank, 0] += len(images)
        self.gang.tally[self.gang.rank, 2] = number + 1
        return seen

    def count(self, first, seconds):
        """Brings the counters up to date from what all processes did since `first`."""
        samples, forwards, _ = self.gang.tally.sum(0).tolist()
        self.counters.update(samples=first["samples"] + samples, forwards=first["forwards"] + forwards,
                             batches=max(first["batches"], int(self.gang.tally[:, 2].max())),
                             seconds=first["seconds"] + seconds)


def log_line(trainer, seen, speed):
    """One line of the log, kept in the checkpoint as well."""
    line = {"at": time.strftime("%H:%M:%S"), "phase": trainer.options.phase, **trainer.counters,
            "forwards_per_s": round(speed, 1), "rate": round(trainer.optimizer.param_groups[0]["lr"], 6),
            "loss": round(float(np.mean([s[-1][0] for s in seen])), 4),
            "iou_first": round(float(np.mean([s[0][1] for s in seen])), 4),
            "iou_last": round(float(np.mean([s[-1][1] for s in seen if len(s) > 1] or [0])), 4)}
    line["seconds"] = round(line["seconds"])
    trainer.history.append(line)
    print(json.dumps(line), flush=True)


def run(options, trainer, batches):
    """Trains until the minutes or samples are used up; rank 0 logs, and saves every few minutes and at the end."""
    begin = last = saved = time.time()
    first, seen, forwards = dict(trainer.counters), [], trainer.counters["forwards"]

    def progress():
        if options.samples:
            return int(trainer.gang.tally[:, 0].sum()) / options.samples
        return (time.time() - begin) / (60 * options.minutes)

    path, leader = f"{options.out}/{options.phase}.pt", trainer.gang.rank == 0
    for batch in batches:
        seen.append(trainer.train_batch(*batch, progress))
        if leader and time.time() - last > options.log_every:
            trainer.count(first, time.time() - begin)
            log_line(trainer, seen, (trainer.counters["forwards"] - forwards) / (time.time() - last))
            last, seen, forwards = time.time(), [], trainer.counters["forwards"]
        if leader and (time.time() - saved > options.save_every or trainer.progress >= 1):
            trainer.count(first, time.time() - begin)
            save_checkpoint(path, trainer)
            saved = time.time()
        if trainer.progress >= 1:
            break
    if leader:
        print("saved", path, json.dumps(trainer.counters), flush=True)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default=f"{HERE}/../../shared/data/segmentation/train/*.tar")
    parser.add_argument("--out", default=f"{HERE}/out")
    parser.add_argument("--phase", choices=("stable", "decay", "polish"), default="stable")
    parser.add_argument("--preset", choices=sorted(PRESETS), default="small")
    parser.add_argument("--resume", help="checkpoint to go on from (default: OUT/PHASE.pt, then OUT/stable.pt, then checkpoints/latest.pt)")
    parser.add_argument("--fresh", action="store_true", help="start from nothing")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--samples", type=int, help="length by samples instead of minutes (repeatable)")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--fp32", action="store_true", help="no bf16 autocast")
    parser.add_argument("--processes", type=int, help="training processes (default: one per core, 1 with CUDA)")
    parser.add_argument("--workers", type=int, help="data workers per process (default: 1, with CUDA all cores but one)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=int, help="entries per shard, for a quick trial")
    parser.add_argument("--log-every", type=float, default=60)
    parser.add_argument("--save-every", type=float, default=300)
    options = parser.parse_args()
    cuda, cores = options.device != "cpu", os.cpu_count()
    options.processes = options.processes or (1 if cuda else cores)
    options.workers = options.workers or (max(1, cores - 1) if cuda else 1)
    return options


def main():
    options = parse()
    cv2.setNumThreads(0)
    torch.set_num_threads(1)
    random.seed(options.seed)
    torch.manual_seed(options.seed)
    os.makedirs(options.out, exist_ok=True)
    entries = data.load(options.data, os.cpu_count(), options.limit)
    trainer = Trainer(options)
    if not options.fresh:
        wanted = [options.resume] if options.resume else [f"{options.out}/{options.phase}.pt", f"{options.out}/stable.pt",
                                                          f"{HERE}/checkpoints/latest.pt"]
        load_checkpoint(wanted, trainer)
    print("machine:", platform.processor() or platform.machine(), os.cpu_count(), "cores, torch", torch.__version__,
          "device", options.device, "parameters", sum(p.numel() for p in trainer.model.parameters()), flush=True)
    crops = data.ObjectCrops(entries)

    def work(rank):
        trainer.gang.rank = rank
        source = Batches(crops, options.phase, trainer.preset["pixels"] // options.processes, options.seed,
                         trainer.counters["batches"] + rank, options.processes)
        run(options, trainer, torch.utils.data.DataLoader(source, batch_size=None, num_workers=options.workers,
                                                          prefetch_factor=4, collate_fn=as_is))

    start(trainer.gang, work)


if __name__ == "__main__":
    main()
