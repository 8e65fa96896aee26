"""Losses with an ignore label, and the measured IoU that the quality head learns."""
import torch
import torch.nn.functional as F

IGNORE = 255


def mask_loss(logits, target):
    """Normalised focal loss (gamma 2) plus soft IoU, averaged over the samples. Both leave out ignored pixels."""
    valid = (target != IGNORE).float()
    truth = (target == 1).float()
    probability = torch.sigmoid(logits)
    error = (probability - truth).abs()
    weight = error ** 2 * valid
    entropy = F.binary_cross_entropy_with_logits(logits, truth, reduction="none")
    focal = (weight * entropy).sum((1, 2)) / (weight.sum((1, 2)).detach() + 1e-6)
    inter = (probability * truth * valid).sum((1, 2))
    union = ((probability + truth - probability * truth) * valid).sum((1, 2))
    return focal.mean() + (1 - (inter + 1) / (union + 1)).mean()


@torch.no_grad()
def measured_iou(logits, target):
    """IoU of the thresholded mask, per sample."""
    valid, truth, mask = target != IGNORE, target == 1, logits > 0
    inter = (mask & truth & valid).sum((1, 2)).float()
    union = ((mask | truth) & valid).sum((1, 2)).float()
    return inter / union.clamp_min(1)


def quality_loss(iou_logit, iou):
    """The quality head's error; it sees detached features, so this trains the head alone."""
    return F.smooth_l1_loss(torch.sigmoid(iou_logit), iou, beta=.1)
