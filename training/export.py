"""Writes the ONNX file and its description from the averaged weights of a checkpoint.

  python3 export.py out/decay.pt ../media/models --version 1.0.0

Inputs `image` float32[N,3,S,S] RGB 0..255, `prompts` float32[N,4,S,S] (positive, negative, box, previous probability);
outputs `logits` float32[N,1,S,S] and `iou_predictions` float32[N,1]. N is free, S a multiple of 32. Normalisation is
inside, batch normalisation is folded, weights are stored as fp16 and widened on loading; arithmetic is fp32.
"""
import argparse
import hashlib
import json
import os

import numpy as np
import onnx
import torch
import torch.nn as nn
from onnx import helper, numpy_helper
from torch.nn.utils.fusion import fuse_conv_bn_eval

from model import SelfAttention
from predict import Zoom, load_model

OPSET = 13
LICENCE = "see media/models/README.md (data sources and their licences)"


class Deployed(nn.Module):
    """The network with the quality as a probability, calibrated."""

    def __init__(self, model, scale, offset):
        super().__init__()
        self.model, self.scale, self.offset = model, scale, offset

    def forward(self, image, prompts):
        logits, quality = self.model(image, prompts)
        return logits, torch.clamp(torch.sigmoid(quality) * self.scale + self.offset, 0, 1)


def fold_before(norm, conv):
    """Folds an evaluation-mode batch normalisation into the 1x1 convolution after it."""
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    shift = norm.bias - norm.running_mean * scale
    conv.bias.data += conv.weight.data[:, :, 0, 0] @ shift
    conv.weight.data *= scale[None, :, None, None]


def fold_after(conv, norm):
    """The convolution with the batch normalisation after it folded in."""
    return fuse_conv_bn_eval(conv, norm)


@torch.no_grad()
def fold(model):
    """Removes every batch normalisation of a model in evaluation mode."""
    for module in model.modules():
        if isinstance(module, SelfAttention):
            fold_before(module.norm1, module.qkv)
            fold_before(module.norm2, module.mlp[0])
            module.norm1 = module.norm2 = nn.Identity()
        elif isinstance(module, nn.Sequential) and len(module) > 1 and isinstance(module[1], nn.BatchNorm2d):
            module[0] = fold_after(module[0], module[1])
            module[1] = nn.Identity()
    left = [m for m in model.modules() if isinstance(m, nn.BatchNorm2d)]
    assert not left, left
    return model


def store_half(graph):
    """Stores large float initialisers as fp16 with a Cast to fp32 behind each. Returns the largest change."""
    casts, worst = [], 0.0
    for tensor in list(graph.initializer):
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < 64:
            continue
        half = values.astype(np.float16)
        worst = max(worst, float(np.abs(half.astype(np.float32) - values).max()))
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(half, name + ".fp16"))
        casts.append(helper.make_node("Cast", [name + ".fp16"], [name], name=name + ".widen", to=onnx.TensorProto.FLOAT))
    nodes = casts + list(graph.node)
    del graph.node[:]
    graph.node.extend(nodes)
    return worst


def write_onnx(model, path):
    """Exports, halves the stored weights, checks."""
    example = torch.zeros(1, 3, 256, 256), torch.zeros(1, 4, 256, 256)
    plane = {0: "N", 2: "S", 3: "S"}
    torch.onnx.export(model, example, path, opset_version=OPSET, input_names=["image", "prompts"],
                      output_names=["logits", "iou_predictions"],
                      dynamic_axes={"image": plane, "prompts": plane, "logits": plane, "iou_predictions": {0: "N"}})
    graph = onnx.load(path)
    worst = store_half(graph.graph)
    graph.producer_name, graph.doc_string = "promptmark-training", ""
    for node in graph.graph.node:
        node.doc_string = ""
    onnx.checker.check_model(graph)
    onnx.save(graph, path)
    print("operators:", sorted({n.op_type for n in graph.graph.node}), "largest fp16 rounding:", worst)


def describe(path, saved, options):
    """The JSON beside the ONNX file."""
    data = open(path, "rb").read()
    zoom = Zoom()
    return {"id": "builtin", "name": "Promptmark built-in", "family": "early-fusion", "version": options.version,
            "file": os.path.basename(path), "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(),
            "inputSize": zoom.size, "diskRadius": 5, "padColor": [124, 116, 104], "licence": LICENCE,
            "zoom": {"expand": zoom.expand, "minSide": zoom.min_side},
            "iouCalibration": {"scale": 1, "offset": 0}, "trainedSamples": saved["counters"]["samples"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("folder")
    parser.add_argument("--version", default="0.1.0")
    parser.add_argument("--iou-scale", type=float, default=1.0)
    parser.add_argument("--iou-offset", type=float, default=0.0)
    options = parser.parse_args()
    model, saved = load_model(options.checkpoint)
    deployed = Deployed(fold(model), options.iou_scale, options.iou_offset).eval()
    path = os.path.join(options.folder, "builtin.onnx")
    write_onnx(deployed, path)
    card = describe(path, saved, options)
    with open(os.path.join(options.folder, "builtin.json"), "w", encoding="utf-8") as file:
        json.dump(card, file, indent=2)
        file.write("\n")
    print(json.dumps(card))


if __name__ == "__main__":
    main()
