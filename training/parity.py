"""Writes inputs and torch answers for parity.mjs:  python3 parity.py CHECKPOINT FOLDER"""
import json
import sys

import numpy as np
import torch

from predict import load_model

CASES = [(1, 256), (3, 128), (1, 320)]


def main(checkpoint, folder):
    model, _ = load_model(checkpoint)
    rng = np.random.default_rng(0)
    for k, (count, size) in enumerate(CASES):
        image = rng.uniform(0, 255, (count, 3, size // 16, size // 16)).astype(np.float32)
        image = torch.nn.functional.interpolate(torch.from_numpy(image), size=(size, size), mode="bilinear")
        planes = np.zeros((count, 4, size, size), np.float32)
        planes[:, 0, size // 2 - 5:size // 2 + 5, size // 2 - 5:size // 2 + 5] = 1
        planes[:, 2, size // 4:-size // 4, size // 4:-size // 4] = k % 2
        planes[:, 3] = rng.uniform(0, 1, (count, size, size)) * (k > 1)
        with torch.no_grad():
            logits, quality = model(image, torch.from_numpy(planes))
        for name, array in (("image", image.numpy()), ("prompts", planes), ("logits", logits.numpy()),
                            ("iou_predictions", torch.sigmoid(quality).numpy())):
            np.ascontiguousarray(array, np.float32).tofile(f"{folder}/{k}.{name}.bin")
    json.dump(CASES, open(f"{folder}/cases.json", "w", encoding="utf-8"))


if __name__ == "__main__":
    main(*sys.argv[1:3])
