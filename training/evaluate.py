"""Clicks, boxes and degraded masks on evaluation tars, with the two-stage zoom prediction.

  python3 evaluate.py out/stable.pt ../../shared/data/segmentation/eval/grabcut49.tar [MORE.tar] [--limit 120] [--json]

Prints noc80/noc85/noc90 (cap 20), miou after 1, 2, 3, 5, 10 clicks, box_iou, refinement of degraded masks, and how far
the predicted IoU is from the true one. IoU is at image resolution, ignored pixels left out.
"""
import argparse
import json
import os
import time

import cv2
import numpy as np
import torch

import data
import prompts
from predict import Predictor, Zoom, load_model


def objects(path, limit=None):
    """(key, image, mask, ignore) of the first object of each entry."""
    for key, files in sorted(data.read_shard(path).items())[:limit]:
        photo = data.decode(files.get("jpg") or files.get("webp"), cv2.IMREAD_COLOR)
        labels = data.decode(files["png"], cv2.IMREAD_UNCHANGED)
        first = [i for i in np.unique(labels) if 0 < i < 255][:1]
        if first:
            yield key, cv2.cvtColor(photo, cv2.COLOR_BGR2RGB), labels == first[0], labels == 255


def iou(predicted, mask, ignore):
    inter = (predicted & mask & ~ignore).sum()
    return inter / max(1, ((predicted | mask) & ~ignore).sum())


def next_click(mask, ignore, predicted, used):
    """Standard clicker: deepest pixel of the largest error; never the same pixel twice."""
    depths = []
    for region in (mask & ~predicted & ~ignore, predicted & ~mask & ~ignore):
        padded = np.pad(region.astype(np.uint8), 1)
        depth = cv2.distanceTransform(padded, cv2.DIST_L2, 5)[1:-1, 1:-1]
        depth[used] = 0
        depths.append(depth)
    positive = depths[0].max() > depths[1].max()
    depth = depths[0 if positive else 1]
    y, x = np.unravel_index(depth.argmax(), depth.shape)
    used[y, x] = True
    return positive, (int(x), int(y))


def click_session(predictor, image, mask, ignore, previous=None, clicks=20, stop=.9, least=10):
    """IoU after each click (and predicted IoU); stops once `stop` is reached and `least` clicks are made."""
    positive, negative, ious, qualities, times = [], [], [], [], []
    used, predicted = np.zeros(mask.shape, bool), np.zeros(mask.shape, bool)
    if previous is not None:
        predicted = previous > 0
    while len(ious) < clicks and not (len(ious) >= least and max(ious) >= stop):
        good, point = next_click(mask, ignore, predicted, used)
        (positive if good else negative).append(point)
        begin = time.time()
        previous, quality = predictor.predict(image, positive, negative, None, previous)
        times.append(1000 * (time.time() - begin))
        predicted = previous > 0
        ious.append(iou(predicted, mask, ignore))
        qualities.append(quality)
    return ious, qualities, times


def degraded_start(mask, number):
    """Damaged mask of an object, the same in every evaluation, made at <= 320 pixels."""
    rng = np.random.default_rng([7, number])
    height, width = mask.shape
    scale = min(1, 320 / max(height, width))
    side = int(round(max(height, width) * scale))
    small = np.zeros((side, side), np.uint8)
    shrunk = cv2.resize(mask.astype(np.uint8), (int(width * scale), int(height * scale)), interpolation=cv2.INTER_NEAREST)
    small[:shrunk.shape[0], :shrunk.shape[1]] = shrunk
    worse = prompts.degraded_mask(small > 0, rng).astype(np.uint8)[:shrunk.shape[0], :shrunk.shape[1]]
    return cv2.resize(worse, (width, height), interpolation=cv2.INTER_NEAREST) > 0


def noc(sessions, threshold, cap):
    return float(np.mean([next((k + 1 for k, v in enumerate(s) if v >= threshold), cap) for s in sessions]))


def at_click(sessions, k):
    return float(np.mean([s[min(k, len(s)) - 1] for s in sessions]))


def refine(predictor, image, mask, ignore, number):
    """IoU of a degraded mask, after a pass without a click, after 1 and 3 corrections."""
    start = degraded_start(mask, number)
    logits = np.where(start, 4.0, -4.0).astype(np.float32)
    plain, _ = predictor.predict(image, previous=logits) if start.any() else (logits, 0)
    ious, _, _ = click_session(predictor, image, mask, ignore, logits, 3, 2)
    return [iou(start, mask, ignore), iou(plain > 0, mask, ignore), ious[0], ious[2]]


def evaluate(predictor, entries, options):
    """All numbers of one set, and the rows per object."""
    sessions, gaps, times, boxes, refined, rows = [], [], [], [], [], []
    for number, (key, image, mask, ignore) in enumerate(entries):
        ious, qualities, spent = click_session(predictor, image, mask, ignore, None, options.clicks, .9, options.least)
        box, quality = predictor.predict(image, box=data.bounds(mask))
        boxes.append(iou(box > 0, mask, ignore))
        gaps += [abs(a - b) for a, b in zip(ious[:3] + boxes[-1:], qualities[:3] + [quality])]
        sessions.append(ious)
        times += spent
        if options.refine:
            refined.append(refine(predictor, image, mask, ignore, number))
        rows.append({"key": key, "ious": [round(float(v), 4) for v in ious], "box": round(float(boxes[-1]), 4)})
    result = {"n": len(sessions), **{f"noc{q}": round(noc(sessions, q / 100, options.clicks), 2) for q in (80, 85, 90)},
              "miou": {str(k): round(at_click(sessions, k), 3) for k in (1, 2, 3, 5, 10) if k <= options.clicks},
              "box_iou": round(float(np.mean(boxes)), 3), "iou_gap": round(float(np.mean(gaps)), 3),
              "ms_p50": round(float(np.median(times)), 1)}
    if refined:
        result["refine"] = dict(zip(("start", "no_click", "click1", "click3"), np.mean(refined, 0).round(3).tolist()))
    return result, rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("tars", nargs="+")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--clicks", type=int, default=20)
    parser.add_argument("--least", type=int, default=10, help="clicks made even after 90 %% is reached")
    parser.add_argument("--refine", action="store_true")
    parser.add_argument("--raw", action="store_true", help="the last weights instead of the averaged ones")
    parser.add_argument("--zoom", default="{}", help='JSON, such as {"expand": 1.3, "min_side": 48}')
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rows", help="write the rows per object to this JSON file")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    cv2.setNumThreads(0)
    model, _ = load_model(options.checkpoint, not options.raw)
    predictor = Predictor(model, Zoom(**json.loads(options.zoom)))
    for path in options.tars:
        result, rows = evaluate(predictor, objects(path, options.limit), options)
        print(json.dumps({"set": os.path.basename(path), **result}), flush=True)
        if options.rows:
            with open(options.rows, "w", encoding="utf-8") as file:
                json.dump(rows, file)


if __name__ == "__main__":
    main()
