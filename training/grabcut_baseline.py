"""OpenCV GrabCut with the same clicker and boxes, to show what the network buys.

  python3 grabcut_baseline.py ../../shared/data/segmentation/eval/grabcut49.tar [--limit 60]

Clicks are certain object or background within a disk. Everything else is the last answer; before there is one, a wide
disk around the positive clicks is "probably object" and the rest "probably background". Images are shrunk to `--side` first (GrabCut takes seconds at full size); IoU is at image resolution.
"""
import argparse
import json
import os
import time

import cv2
import numpy as np

from data import bounds
from evaluate import at_click, iou, next_click, noc, objects


class GrabCut:
    """Predictions of one image."""

    def __init__(self, image, side, rounds):
        height, width = image.shape[:2]
        self.shape, self.rounds = (height, width), rounds
        self.scale = min(1.0, side / max(height, width))
        small = cv2.resize(image, None, fx=self.scale, fy=self.scale, interpolation=cv2.INTER_AREA)
        self.image = cv2.cvtColor(small, cv2.COLOR_RGB2BGR)

    def enlarge(self, labels):
        inside = np.isin(labels, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.float32)
        return cv2.resize(inside, self.shape[::-1], interpolation=cv2.INTER_LINEAR) > .5

    def cut(self, labels, rectangle, mode):
        models = np.zeros((1, 65)), np.zeros((1, 65))
        cv2.setRNGSeed(1)
        cv2.grabCut(self.image, labels, rectangle, *models, self.rounds, mode)
        return labels

    def box(self, box):
        x0, y0, x1, y1 = (np.array(box) * self.scale).round().astype(int)
        labels = np.zeros(self.image.shape[:2], np.uint8)
        height, width = labels.shape
        if x1 - x0 >= width and y1 - y0 >= height:
            return np.ones(self.shape, bool)
        return self.enlarge(self.cut(labels, (int(x0), int(y0), int(x1 - x0), int(y1 - y0)), cv2.GC_INIT_WITH_RECT))

    def clicks(self, positive, negative, last):
        labels = np.full(self.image.shape[:2], cv2.GC_PR_BGD, np.uint8)
        if last is not None:
            labels[np.isin(last, (cv2.GC_FGD, cv2.GC_PR_FGD))] = cv2.GC_PR_FGD
        if not np.isin(labels, cv2.GC_PR_FGD).any():
            for x, y in positive:
                around = max(labels.shape) // 6
                cv2.circle(labels, (int(x * self.scale), int(y * self.scale)), around, cv2.GC_PR_FGD, -1)
        radius = max(2, round(max(labels.shape) / 60))
        for points, value in ((positive, cv2.GC_FGD), (negative, cv2.GC_BGD)):
            for x, y in points:
                cv2.circle(labels, (int(x * self.scale), int(y * self.scale)), radius, value, -1)
        try:
            return self.cut(labels, None, cv2.GC_INIT_WITH_MASK)
        except cv2.error:
            return labels


def session(cutter, mask, ignore, clicks):
    """IoU after each click."""
    positive, negative, ious, last = [], [], [], None
    used, predicted = np.zeros(mask.shape, bool), np.zeros(mask.shape, bool)
    while len(ious) < clicks and not (len(ious) >= 10 and max(ious) >= .9):
        good, point = next_click(mask, ignore, predicted, used)
        (positive if good else negative).append(point)
        last = cutter.clicks(positive, negative, last)
        predicted = cutter.enlarge(last)
        ious.append(iou(predicted, mask, ignore))
    return ious


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tars", nargs="+")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--clicks", type=int, default=20)
    parser.add_argument("--side", type=int, default=320)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    for path in options.tars:
        sessions, boxes, begin = [], [], time.time()
        for _, image, mask, ignore in objects(path, options.limit):
            cutter = GrabCut(image, options.side, options.rounds)
            sessions.append(session(cutter, mask, ignore, options.clicks))
            boxes.append(iou(cutter.box(bounds(mask)), mask, ignore))
        print(json.dumps({"set": os.path.basename(path), "n": len(sessions),
                          **{f"noc{q}": round(noc(sessions, q / 100, options.clicks), 2) for q in (80, 85, 90)},
                          "miou": {str(k): round(at_click(sessions, k), 3) for k in (1, 2, 3, 5, 10)},
                          "box_iou": round(float(np.mean(boxes)), 3), "seconds": round(time.time() - begin)}), flush=True)


if __name__ == "__main__":
    main()
