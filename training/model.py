"""The promptable segmentation network: early fusion of image and prompt maps, U-shaped, about 2 M parameters.

Input  image   float[N,3,S,S], RGB in 0..255 (the normalisation is part of the network)
       prompts float[N,4,S,S], channels: positive clicks/strokes, negative clicks/strokes, box, previous probability
Output logits  float[N,1,S,S], mask where > 0
       iou     float[N,1], logit of the predicted IoU of the mask
S is any multiple of 32.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F

MEAN = (123.675, 116.28, 103.53)
STD = (58.395, 57.12, 57.375)

PRESETS = {
    "small": dict(width=(16, 32, 64, 128, 144), depth=(1, 2, 3, 2), attention=2),
    "large": dict(width=(24, 48, 96, 160, 192), depth=(1, 3, 4, 2), attention=3),
}


def conv_bn(cin, cout, kernel=3, stride=1, relu=True):
    """Convolution, batch normalisation, optional ReLU."""
    layers = [nn.Conv2d(cin, cout, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(cout)]
    return nn.Sequential(*layers, nn.ReLU(inplace=True)) if relu else nn.Sequential(*layers)


class Residual(nn.Module):
    """Two 3x3 convolutions with a skip connection."""

    def __init__(self, width):
        super().__init__()
        self.body = nn.Sequential(conv_bn(width, width), conv_bn(width, width, relu=False))
        nn.init.constant_(self.body[1][1].weight, 0.2)

    def forward(self, x):
        return F.relu(x + self.body(x))


class SelfAttention(nn.Module):
    """Pre-norm transformer block over all positions of a feature map: lets a click reach everything that looks alike."""

    def __init__(self, width, head_width=32, expand=2):
        super().__init__()
        self.heads, self.scale = width // head_width, head_width ** -0.5
        self.norm1, self.norm2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.qkv = nn.Conv2d(width, 3 * width, 1)
        self.out = nn.Conv2d(width, width, 1)
        self.mlp = nn.Sequential(nn.Conv2d(width, expand * width, 1), nn.ReLU(inplace=True),
                                 nn.Conv2d(expand * width, width, 1))

    def forward(self, x):
        n, c, h, w = x.shape
        q, k, v = self.qkv(self.norm1(x)).reshape(n, 3 * self.heads, c // self.heads, h * w).chunk(3, 1)
        weights = torch.softmax((q * self.scale).transpose(2, 3) @ k, dim=-1)
        x = x + self.out((v @ weights.transpose(2, 3)).reshape(n, c, h, w))
        return x + self.mlp(self.norm2(x))


class GlobalContext(nn.Module):
    """Adds and gates with a summary of the whole map."""

    def __init__(self, width):
        super().__init__()
        self.shared = nn.Sequential(nn.Conv2d(width, width // 2, 1), nn.ReLU(inplace=True))
        self.add, self.gate = nn.Conv2d(width // 2, width, 1), nn.Conv2d(width // 2, width, 1)

    def forward(self, x):
        summary = self.shared(F.adaptive_avg_pool2d(x, 1))
        return x * (2 * torch.sigmoid(self.gate(summary))) + self.add(summary)


def stage(cin, cout, depth):
    """Halves the resolution, then `depth` residual blocks."""
    return nn.Sequential(conv_bn(cin, cout, stride=2), *[Residual(cout) for _ in range(depth)])


def upsample(x):
    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)


def mask_statistics(logits):
    """Per sample: certainty inside the mask, expected IoU, decidedness of all pixels, area. Inputs of the quality head."""
    probability = torch.sigmoid(logits)
    mask = (logits > 0).float()
    inside = (probability * mask).sum((1, 2, 3))
    either = (probability + mask - probability * mask).sum((1, 2, 3))
    area = mask.sum((1, 2, 3))
    decided = (2 * probability - 1).abs().mean((1, 2, 3))
    return torch.stack([inside / (area + 1), inside / (either + 1), decided, mask.mean((1, 2, 3))], 1)


class PromptSegmenter(nn.Module):
    """Encoder with strides 2..32, attention at stride 16, top-down decoder, sub-pixel full-resolution logits."""

    def __init__(self, width=(16, 32, 64, 128, 144), depth=(1, 2, 3, 2), attention=2):
        super().__init__()
        w = width
        self.register_buffer("mean", torch.tensor(MEAN).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor(STD).view(1, 3, 1, 1))
        self.stem = conv_bn(7, w[0], stride=2)
        self.stage4, self.stage8 = stage(w[0], w[1], depth[0]), stage(w[1], w[2], depth[1])
        self.stage16, self.stage32 = stage(w[2], w[3], depth[2]), stage(w[3], w[4], depth[3])
        self.context = GlobalContext(w[4])
        self.up16, self.up8 = nn.Conv2d(w[4], w[3], 1), nn.Conv2d(w[3], w[2], 1)
        self.up4, self.up2 = nn.Conv2d(w[2], w[1], 1), nn.Conv2d(w[1], w[0], 1)
        self.attention = nn.Sequential(*[SelfAttention(w[3]) for _ in range(attention)])
        self.decode16, self.decode8, self.decode4 = Residual(w[3]), Residual(w[2]), Residual(w[1])
        self.decode2 = conv_bn(w[0], w[0])
        self.logits = nn.Conv2d(w[0], 4, 3, 1, 1)
        self.iou = nn.Sequential(nn.Linear(w[4] + w[3], 64), nn.ReLU(), nn.Linear(64, 1))
        self.iou_mask = nn.Linear(4, 64, bias=False)
        nn.init.zeros_(self.iou_mask.weight)

    def forward(self, image, prompts):
        x = torch.cat([(image - self.mean) / self.std, prompts], 1)
        if x.device.type == "cpu" and not torch.onnx.is_in_onnx_export():
            x = x.contiguous(memory_format=torch.channels_last)
        f2 = self.stem(x)
        f4 = self.stage4(f2)
        f8 = self.stage8(f4)
        f16 = self.stage16(f8)
        f32 = self.context(self.stage32(f16))
        y16 = self.decode16(self.attention(f16 + upsample(self.up16(f32))))
        y = self.decode8(f8 + upsample(self.up8(y16)))
        y = self.decode4(f4 + upsample(self.up4(y)))
        y = self.decode2(F.relu(f2 + upsample(self.up2(y))))
        summary = torch.cat([f32.mean((2, 3)), y16.mean((2, 3))], 1).detach()
        logits = F.pixel_shuffle(self.logits(y), 2)
        hidden = self.iou[0](summary) + self.iou_mask(mask_statistics(logits.detach().float()))
        return logits, self.iou[2](self.iou[1](hidden))


def build(preset="small"):
    """The network of a preset, with its parameters initialised."""
    return PromptSegmenter(**PRESETS[preset])
