"""Simulated prompts: clicks, boxes, scribbles and degraded masks, drawn into the four prompt maps.

Maps: float32[4,S,S] = positive, negative, box, previous probability. Disks have radius 5 at S = 256.
"""
import cv2
import numpy as np

POSITIVE, NEGATIVE, BOX, PREVIOUS = range(4)


def disk_radius(size):
    """Radius in pixels of a click or stroke on a map of this size."""
    return max(1, round(5 * size / 256))


def draw_disk(plane, point):
    cv2.circle(plane, (int(point[0]), int(point[1])), disk_radius(plane.shape[0]), 1.0, -1)


def depth_map(region):
    """Distance of each pixel of a boolean region to its outside, the image border counting as outside."""
    padded = np.pad(region.astype(np.uint8), 1)
    return cv2.distanceTransform(padded, cv2.DIST_L2, 3)[1:-1, 1:-1]


def pick_inside(region, rng, centred=.6):
    """A point in the region: near its deepest place most of the time, anywhere otherwise. None when it is empty."""
    depth = depth_map(region)
    deepest = depth.max()
    if deepest <= 0:
        return None
    threshold = deepest * (.8 if rng.random() < centred else rng.uniform(.05, .5))
    ys, xs = np.nonzero(depth >= threshold)
    k = rng.integers(len(xs))
    return xs[k], ys[k]


def pick_object_click(mask, rng):
    """First click: usually near the centre of the largest part of the object."""
    return pick_inside(mask, rng, centred=.7)


def error_click(mask, ignore, predicted, rng):
    """(positive?, point) in the deepest wrong region, (None, None) when nothing is wrong."""
    missed, extra = depth_map(mask & ~predicted & ~ignore), depth_map(predicted & ~mask & ~ignore)
    positive = missed.max() >= extra.max()
    depth = missed if positive else extra
    if depth.max() <= 0:
        return None, None
    ys, xs = np.nonzero(depth >= depth.max() * (.8 if rng.random() < .7 else .3))
    k = rng.integers(len(xs))
    return positive, (xs[k], ys[k])


def add_click(maps, positive, point):
    if point is not None:
        draw_disk(maps[POSITIVE if positive else NEGATIVE], point)


def background_click(mask, ignore, rng):
    """A point outside the object, near it half of the time (hard negatives)."""
    size = mask.shape[0]
    near = cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8), iterations=max(2, size // 32)) > 0
    margin = cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8), iterations=2) > 0
    outside = ~margin & ~ignore
    region = outside & near if rng.random() < .5 else outside
    return pick_inside(region, rng, centred=.3)


def draw_box(maps, mask, rng):
    """Bounding box with jitter; sometimes loose."""
    x, y, w, h = cv2.boundingRect(mask.astype(np.uint8))
    size = mask.shape[0]
    limit = (0.0, .04, .10)[rng.choice(3, p=(.25, .5, .25))]
    dx0, dx1 = rng.uniform(-limit, limit, 2) * w
    dy0, dy1 = rng.uniform(-limit, limit, 2) * h
    x0, x1 = max(0, int(round(x + dx0))), min(size, int(round(x + w + dx1)))
    y0, y1 = max(0, int(round(y + dy0))), min(size, int(round(y + h + dy1)))
    maps[BOX, y0:max(y1, y0 + 1), x0:max(x1, x0 + 1)] = 1


def draw_scribble(plane, region, rng):
    """A smooth stroke that stays inside the region."""
    points = [p for p in (pick_inside(region, rng, centred=.3) for _ in range(rng.integers(2, 5))) if p is not None]
    if not points:
        return
    size = plane.shape[0]
    stroke = np.zeros_like(plane)
    line = np.array(points, np.float32)
    steps = np.linspace(0, len(line) - 1, 12 * len(line))
    path = np.stack([np.interp(steps, range(len(line)), line[:, k]) for k in (0, 1)], 1)
    path += cv2.GaussianBlur(rng.normal(0, size / 12, path.shape), (1, 9), 3)
    cv2.polylines(stroke, [path.round().astype(np.int32)[:, None]], False, 1.0, 2 * disk_radius(size) + 1)
    allowed = cv2.erode(region.astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=0)
    np.maximum(plane, stroke * allowed, out=plane)


def smooth_noise(size, cells, rng):
    """Smooth random field of about unit spread."""
    noise = rng.normal(0, 1, (cells, cells)).astype(np.float32)
    return cv2.resize(noise, (size, size), interpolation=cv2.INTER_CUBIC)


def degrade_boundary(mask, rng):
    """Signed distance plus a smooth random field: wavy boundary, dilated or eroded."""
    size = mask.shape[0]
    signed = depth_map(mask) - cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, 3)
    reach = size * rng.uniform(.01, .06)
    offset = rng.uniform(-1, 1) * reach
    return signed + reach * smooth_noise(size, int(rng.integers(4, 16)), rng) + offset > 0


def degrade_polygon(mask, rng):
    """Coarse polygon of each outline."""
    outlines, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    result = np.zeros(mask.shape, np.uint8)
    tolerance = rng.uniform(.01, .06)
    for outline in outlines:
        coarse = cv2.approxPolyDP(outline, tolerance * cv2.arcLength(outline, True), True)
        cv2.fillPoly(result, [coarse], 1)
    return result > 0


def degrade_parts(mask, rng):
    """Missing parts and false additions: blobs and half-planes."""
    size = mask.shape[0]
    field = smooth_noise(size, int(rng.integers(3, 7)), rng)
    result = mask & (field < rng.uniform(.3, 1.2))
    if rng.random() < .5:
        result = result | (smooth_noise(size, int(rng.integers(3, 7)), rng) > rng.uniform(.9, 1.8))
    return result


def degraded_mask(mask, rng):
    """Boolean mask to refine: one or two kinds of damage."""
    kinds = (degrade_boundary, degrade_polygon, degrade_parts)
    result = mask
    for k in rng.choice(3, int(rng.integers(1, 3)), replace=False, p=(.45, .2, .35)):
        result = kinds[k](result, rng)
    return result


def as_probability(mask, rng):
    """Hard 0/1, 0.02/0.98, or blurred like an enlarged coarse prediction."""
    kind = rng.random()
    if kind < .3:
        return mask.astype(np.float32)
    soft = np.where(mask, .98, .02).astype(np.float32)
    return soft if kind < .6 else cv2.GaussianBlur(soft, (0, 0), rng.uniform(.5, 5) * mask.shape[0] / 256)


def first_prompts(target, rng, shares=(.48, .27, .09, .16)):
    """Prompt maps of the first round for a 0/1/255 target; shares of clicks, boxes, strokes, degraded masks."""
    mask, ignore = target == 1, target == 255
    maps = np.zeros((4,) + target.shape, np.float32)
    kind = rng.choice(4, p=shares)
    if kind == 0:
        add_click(maps, True, pick_object_click(mask, rng))
        while rng.random() < .15:
            add_click(maps, True, pick_object_click(mask, rng))
        if rng.random() < .12:
            add_click(maps, False, background_click(mask, ignore, rng))
    elif kind == 1:
        draw_box(maps, mask, rng)
        if rng.random() < .2:
            add_click(maps, True, pick_object_click(mask, rng))
        if rng.random() < .1:
            add_click(maps, False, background_click(mask, ignore, rng))
    elif kind == 2:
        draw_scribble(maps[POSITIVE], mask, rng)
        if rng.random() < .4:
            draw_scribble(maps[NEGATIVE], ~mask & ~ignore, rng)
        if not maps[POSITIVE].any():
            add_click(maps, True, pick_object_click(mask, rng))
    if kind == 3 or (kind == 0 and rng.random() < .2) or (kind == 1 and rng.random() < .1):
        previous = degraded_mask(mask, rng)
        maps[PREVIOUS] = as_probability(previous, rng)
        if kind == 3 and (rng.random() < .5 or not previous.any()):
            add_click(maps, *error_click(mask, ignore, previous, rng))
    return maps


def next_prompts(maps, target, probability, rng):
    """Maps of the following round: the prediction becomes the previous mask, usually with one more click."""
    mask, ignore = target == 1, target == 255
    if rng.random() < .2:
        size = probability.shape[0]
        coarse = cv2.resize(probability, (size // 4, size // 4), interpolation=cv2.INTER_AREA)
        probability = cv2.resize(coarse, (size, size), interpolation=cv2.INTER_LINEAR)
    if rng.random() < .85:
        add_click(maps, *error_click(mask, ignore, probability > .5, rng))
    maps[PREVIOUS] = probability if rng.random() < .9 else 0
    return maps
