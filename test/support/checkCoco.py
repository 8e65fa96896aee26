"""Checks a COCO instances file independently of Promptmark's own code: Python and numpy only.

usage: python3 checkCoco.py FILE [--tolerance T]

Reads every entry, decodes every mask and compares ids, references, bbox and area with it. Prints one JSON object
{"images", "annotations", "categories", "masks", "problems": [...]} and ends with 1 when there is a problem.
T is the accepted relative difference of area, and in pixels of bbox (default 0: exact, for files Promptmark wrote).
The rules for masks are those of pycocotools 2.0.11 (column-major runs; polygons on a grid of fifths of a pixel).
"""

import argparse
import json
import sys

import numpy as np

GRID = 5


def decode_string(text):
    """Run lengths of a compressed RLE: 5 bits a character, sign bit, differences to the run before the last."""
    counts = []
    at = 0
    while at < len(text):
        value, shift, more = 0, 0, True
        while more:
            code = ord(text[at]) - 48
            if not 0 <= code < 64:
                raise ValueError(f"character {text[at]!r} in an RLE")
            value |= (code & 0x1F) << shift
            shift += 5
            more = bool(code & 0x20)
            at += 1
            if not more and code & 0x10:
                value |= -1 << shift
        counts.append(value + (counts[-2] if len(counts) > 2 else 0))
    return counts


def mask_of_counts(counts, height, width):
    counts = np.asarray(counts, dtype=np.int64)
    if (counts < 0).any() or counts.sum() != height * width:
        raise ValueError(f"run lengths sum to {counts.sum()}, not {height} x {width}")
    values = np.arange(len(counts)) % 2
    return np.repeat(values.astype(bool), counts).reshape((width, height)).T


def truncated(values):
    return np.trunc(values).astype(np.int64)


def edge_points(start, end):
    """Grid points along an edge, one for each step of its longer side, in the edge's own direction."""
    delta = np.abs(end - start)
    long = 0 if delta[0] >= delta[1] else 1
    flip = start[long] > end[long]
    low, high = (end, start) if flip else (start, end)
    steps = np.arange(delta[long] + 1)
    slope = (high[1 - long] - low[1 - long]) / delta[long] if delta[long] else 0.0
    points = np.empty((len(steps), 2), dtype=np.int64)
    points[:, long] = low[long] + steps
    points[:, 1 - long] = truncated(low[1 - long] + slope * steps + 0.5)
    return points[::-1] if flip else points


def mask_of_polygon(ring, height, width):
    corners = truncated(GRID * np.asarray(ring, dtype=float).reshape(-1, 2) + 0.5)
    following = np.roll(corners, -1, axis=0)
    walk = np.concatenate([edge_points(a, b) for a, b in zip(corners, following)])
    before, after = walk[:-1], walk[1:]
    moved = after[:, 0] != before[:, 0]
    before, after = before[moved], after[moved]
    x = (np.where(after[:, 0] < before[:, 0], after[:, 0], after[:, 0] - 1) + 0.5) / GRID - 0.5
    y = (np.minimum(after[:, 1], before[:, 1]) + 0.5) / GRID - 0.5
    inside = (np.floor(x) == x) & (x >= 0) & (x <= width - 1)
    column = x[inside].astype(np.int64)
    row = np.ceil(np.clip(y[inside], 0, height)).astype(np.int64)
    toggles = np.zeros(height * width + 1, dtype=np.int64)
    np.add.at(toggles, column * height + row, 1)
    return (np.cumsum(toggles[:-1]) % 2).astype(bool).reshape((width, height)).T


def mask_of(segmentation, height, width):
    if isinstance(segmentation, list):
        mask = np.zeros((height, width), dtype=bool)
        for ring in segmentation:
            if len(ring) < 6 or len(ring) % 2:
                raise ValueError(f"a polygon of {len(ring)} values")
            mask |= mask_of_polygon(ring, height, width)
        return mask
    if list(segmentation["size"]) != [height, width]:
        raise ValueError(f"RLE of size {segmentation['size']} in an image of {[height, width]}")
    counts = segmentation["counts"]
    return mask_of_counts(decode_string(counts) if isinstance(counts, str) else counts, height, width)


def bbox_of(mask):
    columns, rows = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    if not len(columns):
        return [0, 0, 0, 0]
    return [int(columns[0]), int(rows[0]), int(columns[-1] - columns[0] + 1), int(rows[-1] - rows[0] + 1)]


def check_ids(name, entries, problems):
    seen = set()
    for k, entry in enumerate(entries):
        identity = entry.get("id")
        if type(identity) is not int or identity < 1:
            problems.append(f"{name}[{k}].id is {identity!r}, not a whole number from 1")
        if identity in seen:
            problems.append(f"{name}[{k}].id {identity} is used twice")
        seen.add(identity)
    return {entry.get("id"): entry for entry in entries}


def check_mask(where, annotation, image, tolerance, problems):
    try:
        mask = mask_of(annotation["segmentation"], image["height"], image["width"])
    except (ValueError, KeyError, TypeError) as error:
        problems.append(f"{where}.segmentation: {error}")
        return
    area, bbox = int(mask.sum()), bbox_of(mask)
    if abs(annotation.get("area", -1) - area) > tolerance * max(area, 1):
        problems.append(f"{where}.area is {annotation.get('area')}, the mask has {area} pixels")
    given = annotation.get("bbox") or []
    if len(given) != 4 or any(abs(a - b) > tolerance for a, b in zip(given, bbox)):
        problems.append(f"{where}.bbox is {given}, the mask's box is {bbox}")


def check(dataset, tolerance):
    problems = []
    images = check_ids("images", dataset.get("images", []), problems)
    categories = check_ids("categories", dataset.get("categories", []), problems)
    check_ids("annotations", dataset.get("annotations", []), problems)
    masks = 0
    for k, annotation in enumerate(dataset.get("annotations", [])):
        where = f"annotations[{k}]"
        image = images.get(annotation.get("image_id"))
        if image is None:
            problems.append(f"{where}.image_id {annotation.get('image_id')} is no image")
            continue
        if "caption" not in annotation and annotation.get("category_id") not in categories:
            problems.append(f"{where}.category_id {annotation.get('category_id')} is no category")
        if annotation.get("iscrowd", 0) not in (0, 1) or isinstance(annotation.get("iscrowd"), bool):
            problems.append(f"{where}.iscrowd is {annotation.get('iscrowd')!r}")
        if annotation.get("segmentation"):
            masks += 1
            check_mask(where, annotation, image, tolerance, problems)
    return masks, problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file")
    parser.add_argument("--tolerance", type=float, default=0.0)
    options = parser.parse_args()
    with open(options.file, encoding="utf-8") as file:
        dataset = json.load(file)
    masks, problems = check(dataset, options.tolerance)
    counts = {name: len(dataset.get(name, [])) for name in ("images", "annotations", "categories")}
    print(json.dumps({**counts, "masks": masks, "problems": problems}, indent=1))
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
