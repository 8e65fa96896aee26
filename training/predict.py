"""Two-stage zoom prediction with the torch model; the TypeScript engine does the same with the ONNX file."""
from dataclasses import dataclass

import cv2
import numpy as np
import torch

import prompts
from data import PAD_COLOR, bounds
from model import build


@dataclass
class Zoom:
    """Window around the object: side = max(bounding box side * expand, minimum)."""
    expand: float = 1.4
    min_side: int = 64
    size: int = 256
    recheck: bool = False      # look at the whole image again on later clicks
    box_rounds: int = 1        # passes over the window of a box
    first_rounds: int = 1      # zoomed passes on the first click


def load_model(path, averaged=True):
    """Model of a checkpoint in evaluation mode, with the averaged weights."""
    saved = torch.load(path, map_location="cpu")
    model = build(saved["preset"])
    model.load_state_dict(saved["ema" if averaged else "model"])
    return model.eval(), saved


def crop(image, window, size):
    """The square window (x0, y0, side) at size x size; shrinks by area so that nothing aliases."""
    x0, y0, side = window
    scale, shrink = size / side, 1.0
    if scale < .7:
        small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        shrink, image = small.shape[1] / image.shape[1], small
    factor = scale / shrink
    matrix = np.array([[factor, 0, -x0 * scale + .5 * (factor - 1)], [0, factor, -y0 * scale + .5 * (factor - 1)]])
    return cv2.warpAffine(image, matrix, (size, size), flags=cv2.INTER_LINEAR, borderValue=PAD_COLOR)


def uncrop(plane, window, shape, outside):
    """A size x size plane back at image resolution."""
    x0, y0, side = window
    factor = side / plane.shape[0]
    matrix = np.array([[factor, 0, x0 + .5 * (factor - 1)], [0, factor, y0 + .5 * (factor - 1)]])
    return cv2.warpAffine(plane, matrix, shape[::-1], flags=cv2.INTER_LINEAR, borderValue=outside)


class Predictor:
    """Answers prompts on one image: clicks are (x, y), a box is (x0, y0, x1, y1), all in image pixels."""

    def __init__(self, model, zoom=None):
        self.model, self.zoom = model, zoom or Zoom()

    def maps(self, window, positive, negative, box, probability):
        """The four prompt planes of a window."""
        size = self.zoom.size
        x0, y0, side = window
        scale = size / side
        planes = np.zeros((4, size, size), np.float32)
        for channel, points in ((prompts.POSITIVE, positive), (prompts.NEGATIVE, negative)):
            for x, y in points:
                prompts.draw_disk(planes[channel], ((x + .5 - x0) * scale, (y + .5 - y0) * scale))
        if box is not None:
            a, b, c, d = ((np.array(box) - (x0, y0, x0, y0)) * scale).round().astype(int)
            planes[prompts.BOX, max(0, b):max(d, b + 1, 1), max(0, a):max(c, a + 1, 1)] = 1
        if probability is not None:
            planes[prompts.PREVIOUS] = np.clip(crop(probability, window, size), 0, 1) * self.covered(window, probability)
        return planes

    def covered(self, window, probability):
        """1 where the window lies inside the image (the padding colour is no probability)."""
        return crop(np.ones(probability.shape, np.float32), window, self.zoom.size) == 1

    @torch.no_grad()
    def infer(self, image, window, positive, negative, box, probability):
        """Logits at image resolution and the predicted IoU, from one window."""
        planes = self.maps(window, positive, negative, box, probability)
        pixels = crop(image, window, self.zoom.size).astype(np.float32).transpose(2, 0, 1)
        logits, quality = self.model(torch.from_numpy(pixels)[None], torch.from_numpy(planes)[None])
        result = uncrop(logits[0, 0].numpy(), window, image.shape[:2], -10.0)
        return result, float(torch.sigmoid(quality)[0, 0])

    def whole(self, shape):
        height, width = shape[:2]
        side = float(max(height, width))
        return (width - side) / 2, (height - side) / 2, side

    def window(self, shape, mask, positive, negative, box):
        """Window around mask, clicks and box; the whole image when there is hardly a mask."""
        extent = bounds(mask) if mask is not None and mask.sum() >= 10 else None
        extent = extent or box
        if extent is None:
            return self.whole(shape)
        x0, y0, x1, y1 = extent
        if box is not None:
            x0, y0, x1, y1 = min(x0, box[0]), min(y0, box[1]), max(x1, box[2]), max(y1, box[3])
        for x, y in positive + negative:
            x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x + 1), max(y1, y + 1)
        side = max(max(x1 - x0, y1 - y0) * self.zoom.expand, self.zoom.min_side)
        side = float(min(side, max(shape[:2])))
        return (x0 + x1 - side) / 2, (y0 + y1 - side) / 2, side

    def predict(self, image, positive=(), negative=(), box=None, previous=None):
        """Logits and predicted IoU. previous: logits of the last answer, or of a saved mask (+-4)."""
        positive, negative = list(positive), list(negative)
        rounds, quality = 1, 0.0
        if previous is None or not (previous > 0).any() or self.zoom.recheck:
            probability = None if previous is None else 1 / (1 + np.exp(-previous))
            if box is None:
                previous, quality = self.infer(image, self.whole(image.shape), positive, negative, box, probability)
                rounds = self.zoom.first_rounds
            else:
                previous, rounds = None, self.zoom.box_rounds
        for _ in range(rounds):
            mask = None if previous is None else previous > 0
            window = self.window(image.shape, mask, positive, negative, box)
            probability = None if previous is None else 1 / (1 + np.exp(-previous))
            previous, quality = self.infer(image, window, positive, negative, box, probability)
        return previous, quality
