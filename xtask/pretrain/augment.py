"""Differentiable augmentation of scan and mask together, with the ranges of src/gan/augment.rs."""

import torch

SHIFT, SCALE, GAIN, OFFSET, CUTOUT = 0.125, 0.12, 0.25, 0.1, 0.375


def resample(side, zoom, shift, flip):
    """Matrices of linear resampling, [batch, side, side]: row o holds the weights of the inputs of output o."""
    at = torch.arange(side, device=zoom.device)[None, :, None].float()
    centre = (side - 1) / 2
    at = (at - centre) / zoom[:, None, None] + centre - shift[:, None, None]
    at = torch.where(flip[:, None, None], side - 1 - at, at)
    inputs = torch.arange(side, device=zoom.device)[None, None, :].float()
    return (1 - (at - inputs).abs()).clamp(min=0)


def augment(x, probability):
    """[batch, 2, side, side] to the same shape. Each augmentation is applied with this probability."""
    batch, _, side, _ = x.shape
    device = x.device
    happens = lambda: torch.rand(batch, device=device) < probability
    normal = lambda: torch.randn(batch, device=device)
    zero = torch.zeros(batch, device=device)

    flip = (torch.rand(batch, device=device) < 0.5) & happens()
    zoom = torch.where(happens(), 2 ** (SCALE * normal()), zero + 1)
    moved = happens()
    move = lambda: torch.where(moved, (2 * torch.rand(batch, device=device) - 1) * SHIFT * side, zero)
    rows = resample(side, zoom, move(), torch.zeros_like(flip))
    columns = resample(side, zoom, move(), flip).transpose(1, 2)
    toned = happens()
    gain = torch.where(toned, 2 ** (GAIN * normal()), zero + 1)
    offset = torch.where(toned, OFFSET * normal(), zero)
    gain = torch.stack([gain, zero + 1], 1)[:, :, None, None]
    offset = torch.stack([offset, zero], 1)[:, :, None, None]

    half = int(CUTOUT * side / 2)
    line = torch.arange(side, device=device)[None]
    inside = lambda: (line - torch.randint(side, (batch, 1), device=device) + half).float().sub(half - 0.5).abs() < half
    blank = inside()[:, :, None] & inside()[:, None, :] & happens()[:, None, None]

    # Air is -1. As 0, it extends beyond the edge, because missing rows add nothing.
    x = rows[:, None] @ (x + 1) @ columns[:, None]
    return (x * gain + offset) * (~blank)[:, None] - 1
