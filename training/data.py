"""Images and label maps: loading the tar shards, choosing objects, crops, composites, photometric augmentation.

A shard holds KEY.webp (or .jpg/.png image) and KEY.png (8-bit labels: 0 background, 1..254 object id, 255 ignore).
Everything is decoded once into memory; forked workers share it.
"""
import glob
import math
import os
import tarfile
import zlib
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np

IGNORE = 255
PAD_COLOR = (124, 116, 104)
Entry = namedtuple("Entry", "key source image labels ids")

# Share of samples drawn from each source (normalised over the sources present).
SOURCE_SHARE = {
    "dutstr": .42, "ccp": .06, "animals": .10, "feral": .06, "pets": .05, "coco": .10, "facade": .03, "human": .04,
    "bsds": .03, "food": .03, "pennfudan": .03, "car": .02, "bottles": .02, "mushrooms": .02, "balloon": .02,
    "dogcat": .01, "mug": .01,
}


def source_of(key):
    """`feral_cat-0012` -> `feral`; the letters before the first digit or separator name the source."""
    name = ""
    for letter in os.path.basename(key):
        if not letter.isalpha():
            break
        name += letter
    return name


def read_shard(path):
    """{key: {extension: bytes}} of one tar."""
    entries = {}
    with tarfile.open(path) as tar:
        for member in tar.getmembers():
            if member.isfile() and "." in member.name:
                key, extension = member.name.rsplit(".", 1)
                entries.setdefault(key, {})[extension.lower()] = tar.extractfile(member).read()
    return entries


def decode(data, flags):
    return cv2.imdecode(np.frombuffer(data, np.uint8), flags)


def decode_entry(key, files):
    """Entry, or an error text when it is damaged."""
    try:
        photo = files.get("webp") or files.get("jpg") or files["jpeg"]
        image = cv2.cvtColor(decode(photo, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
        labels = decode(files["png"], cv2.IMREAD_UNCHANGED)
        if labels.ndim != 2 or labels.shape != image.shape[:2]:
            return f"{key}: label map {labels.shape} does not fit image {image.shape}"
    except (KeyError, AttributeError, cv2.error) as error:
        return f"{key}: {type(error).__name__} {error}"
    counts = np.bincount(labels.ravel(), minlength=256)
    smallest, largest = max(80, .002 * labels.size), .92 * labels.size
    ids = [i for i in range(1, IGNORE) if smallest < counts[i] < largest]
    return Entry(key, source_of(key), image, labels, ids)


def is_held_out(key):
    """One image in forty is never trained on: calibration and choices of the inference are made with these."""
    return zlib.crc32(key.encode()) % 40 == 0


def load(pattern, threads=2, limit=None):
    """All usable entries of the shards but the held-out ones; damaged ones are printed and skipped."""
    entries, damaged, empty = [], 0, 0
    for path in sorted(glob.glob(pattern)):
        files = [item for item in sorted(read_shard(path).items())[:limit] if not is_held_out(item[0])]
        with ThreadPoolExecutor(threads) as pool:
            for entry in pool.map(lambda item: decode_entry(*item), files):
                if isinstance(entry, str):
                    damaged += 1
                    print("damaged entry skipped:", entry, flush=True)
                elif entry.ids:
                    entries.append(entry)
                else:
                    empty += 1
    print(f"{len(entries)} images, {damaged} damaged, {empty} without a usable object", flush=True)
    return entries


class BalancedSampler:
    """Draws entries so that every source gets its share."""

    def __init__(self, entries):
        self.by_source = {}
        for entry in entries:
            self.by_source.setdefault(entry.source, []).append(entry)
        self.sources = sorted(self.by_source)
        share = np.array([SOURCE_SHARE.get(s, .01) for s in self.sources])
        self.share = share / share.sum()

    def draw(self, rng):
        pool = self.by_source[self.sources[rng.choice(len(self.sources), p=self.share)]]
        return pool[rng.integers(len(pool))]


def choose_object(entry, rng):
    """Label map 0/1/255 of one object, or of a union of several."""
    chosen = [entry.ids[rng.integers(len(entry.ids))]]
    union = .2 if entry.source in ("dutstr", "ccp", "car") else .08
    if len(entry.ids) > 1 and rng.random() < union:
        count = int(rng.integers(2, min(len(entry.ids), 5) + 1))
        chosen = list(rng.choice(entry.ids, count, replace=False))
    lookup = np.zeros(256, np.uint8)
    lookup[chosen], lookup[IGNORE] = 1, IGNORE
    return lookup[entry.labels]


def bounds(mask):
    """x0, y0, x1, y1 (exclusive) of the non-zero pixels, None when there are none."""
    x, y, w, h = cv2.boundingRect(mask.astype(np.uint8))
    return (x, y, x + w, y + h) if w else None


def inside(centre, side, length):
    """Centre moved so that the window does not leave the image; the middle when it cannot fit."""
    return length / 2 if side >= length else min(max(centre, side / 2), length - side / 2)


def crop_transform(box, shape, size, rng):
    """Affine 2x3 from image to a size x size crop: whole image, or object-centred with the object at 15..95 %."""
    height, width = shape
    x0, y0, x1, y1 = box
    longest = max(height, width)
    whole = rng.random() < .35
    side = longest * rng.uniform(.9, 1.0) if whole else max(x1 - x0, y1 - y0) / rng.uniform(.33, .95)
    if not whole and rng.random() < .15:
        side = max(x1 - x0, y1 - y0) / rng.uniform(.15, .4)
    side = max(min(side, longest), 32)
    cx = (x0 + x1) / 2 + rng.uniform(-.5, .5) * max(0, side - (x1 - x0))
    cy = (y0 + y1) / 2 + rng.uniform(-.5, .5) * max(0, side - (y1 - y0))
    if whole and rng.random() < .5:
        cx, cy = width / 2, height / 2
    elif rng.random() < .75:
        cx, cy = inside(cx, side, width), inside(cy, side, height)
    angle = math.radians(rng.uniform(-20, 20)) if rng.random() < .25 else 0
    scale, flip = size / side, -1 if rng.random() < .5 else 1
    sx = scale * rng.uniform(.85, 1.18) if rng.random() < .3 else scale
    rows = np.array([[flip * sx * math.cos(angle), -flip * sx * math.sin(angle)],
                     [scale * math.sin(angle), scale * math.cos(angle)]])
    return np.hstack([rows, (np.array([size / 2, size / 2]) - rows @ (cx, cy))[:, None]])


def warp(image, target, transform, size):
    """Image and 0/1/255 target in the crop; shrinks by area first so that nothing aliases."""
    scale = math.hypot(transform[1, 0], transform[1, 1])
    source, inner = image, transform
    if scale < .7:
        source = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        inner = transform.copy()
        inner[:, 0] *= image.shape[1] / source.shape[1]
        inner[:, 1] *= image.shape[0] / source.shape[0]
    crop = cv2.warpAffine(source, inner, (size, size), flags=cv2.INTER_LINEAR, borderValue=PAD_COLOR)
    mask = cv2.warpAffine((target == 1).astype(np.uint8) * 255, transform, (size, size), flags=cv2.INTER_LINEAR)
    result = (mask > 127).astype(np.uint8)
    if (target == IGNORE).any():
        ignore = cv2.warpAffine((target == IGNORE).astype(np.uint8), transform, (size, size), flags=cv2.INTER_NEAREST)
        result[(ignore > 0) & (result == 0)] = IGNORE
    return crop, result


def photometric(crop, rng):
    """Brightness, contrast, gamma, colour cast, grey, blur, noise."""
    values = np.arange(256, dtype=np.float32)
    if rng.random() < .5:
        values = (values - 128) * rng.uniform(.6, 1.4) + 128 + rng.uniform(-30, 30)
    if rng.random() < .25:
        values = 255 * (np.clip(values, 0, 255) / 255) ** rng.uniform(.6, 1.6)
    table = np.repeat(values[:, None], 3, 1)
    if rng.random() < .3:
        table = table * rng.uniform(.8, 1.2, 3)
    crop = cv2.LUT(crop, np.clip(table, 0, 255).astype(np.uint8)[None])
    if rng.random() < .08:
        crop = cv2.cvtColor(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    if rng.random() < .08:
        crop = cv2.GaussianBlur(crop, (0, 0), rng.uniform(.4, 1.5))
    if rng.random() < .08:
        noise = rng.normal(0, rng.uniform(2, 12), crop.shape)
        crop = np.clip(crop + noise, 0, 255).astype(np.uint8)
    return crop


class ObjectCrops:
    """Draws augmented (crop uint8[S,S,3], target uint8[S,S] with 0/1/255)."""

    COMPOSITE = .15

    def __init__(self, entries):
        self.sampler = BalancedSampler(entries)

    def single(self, size, rng):
        while True:
            entry = self.sampler.draw(rng)
            target = choose_object(entry, rng)
            box = bounds(target == 1)
            if box is None:
                continue
            crop, warped = warp(entry.image, target, crop_transform(box, target.shape, size, rng), size)
            if (warped == 1).sum() >= max(24, size * size // 800):
                return crop, warped

    def composite(self, size, rng):
        """A second object pasted so that it touches or overlaps the first; either one is the target."""
        crop, target = self.single(size, rng)
        other, paste = self.single(size, rng)
        box, piece = bounds(target == 1), bounds(paste == 1)
        scale = rng.uniform(.3, 1.0)
        x, y = rng.uniform(box[0], box[2]), rng.uniform(box[1], box[3])
        move = np.array([[scale, 0, x - scale * (piece[0] + piece[2]) / 2],
                         [0, scale, y - scale * (piece[1] + piece[3]) / 2]])
        alpha = cv2.warpAffine((paste == 1).astype(np.float32), move, (size, size), flags=cv2.INTER_LINEAR)
        front = alpha > .5
        hidden = (front & (target == 1)).sum() / (target == 1).sum()
        if front.sum() < 40 or hidden > .6:
            return crop, target
        moved = cv2.warpAffine(other, move, (size, size), flags=cv2.INTER_LINEAR)
        crop = (crop + (moved.astype(np.float32) - crop) * alpha[..., None]).astype(np.uint8)
        if rng.random() < .5:
            return crop, front.astype(np.uint8)
        return crop, np.where(front, 0, target).astype(np.uint8)

    def draw(self, size, rng):
        make = self.composite if rng.random() < self.COMPOSITE else self.single
        crop, target = make(size, rng)
        return photometric(crop, rng), target
