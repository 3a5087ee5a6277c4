"""The two networks of src/gan in PyTorch, with the same parameter names.

Shapes are [batch, channels, side, side]. `tests/pretrained.rs` compares the outputs of both programs.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

LATENT = 64
BASE = 4
CHANNELS = 2  # the scan and its tumour mask
SLOPE = 0.2

# src/gan/preset.rs
PRESETS = {
    "t32": [96, 96, 64, 32],
    "s32": [128, 128, 96, 48],
    "m32": [192, 160, 128, 64],
    "s64": [128, 128, 96, 48, 24],
    "m64": [192, 160, 128, 64, 32],
    "s128": [128, 128, 96, 64, 32, 16],
    "m128": [192, 160, 128, 96, 48, 24],
    "n16": [32, 24, 16],
}


def side_of(preset):
    return BASE << (len(PRESETS[preset]) - 1)


def activate(x):
    return F.leaky_relu(x, SLOPE)


def conv(inputs, outputs, kernel, gain=1.0):
    layer = nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2)
    # He et al. 2015, arXiv 1502.01852, for LeakyReLU
    deviation = gain * (2.0 / ((1.0 + SLOPE**2) * inputs * kernel * kernel)) ** 0.5
    nn.init.normal_(layer.weight, std=deviation)
    nn.init.zeros_(layer.bias)
    return layer


def grain_basis(side):
    """The fixed noise matrix, [LATENT, side * side], the same as in src/gan/noise.rs.

    A standard normal latent times this matrix is white noise of standard deviation 1.
    """
    x = np.arange(LATENT * side * side, dtype=np.uint32)
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        x = (x ^ (x >> np.uint32(shift))) * np.uint32(factor)
    sign = (x >> np.uint32(31)).astype(np.float32) * 2 - 1
    return torch.from_numpy(sign.reshape(LATENT, side * side) / np.float32(LATENT**0.5))


class ResBlock(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.first = conv(channels, channels, 3)
        self.second = conv(channels, channels, 3, gain=0.2)

    def forward(self, x, style=None, grain=None):
        """[batch, channels, side, side] to the same shape. `style`, [batch, 2 channels], holds a scale and a shift between the
        convolutions; `grain`, [batch, channels, side, side], is noise added in the same place. The discriminator has neither."""
        h = self.first(activate(x))
        if style is not None:
            scale, shift = style.chunk(2, dim=1)
            h = h * (1.0 + scale[:, :, None, None]) + shift[:, :, None, None] + grain
        return x + self.second(activate(h))


class GeneratorStage(nn.Module):
    def __init__(self, before, width, inputs, side):
        super().__init__()
        self.side = side
        self.widen = conv(before, width, 1) if before else None
        self.block = ResBlock(width)
        # Small, so that a new stage hardly depends on the latent.
        self.style = nn.Parameter(torch.randn(inputs, 2 * width) * 0.1 / LATENT**0.5)
        # Strength of the noise in each channel.
        self.grain = nn.Parameter(torch.zeros(width))
        self.register_buffer("basis", grain_basis(side), persistent=False)

    def noise(self, latent):
        """Noise of a latent, [batch, LATENT] to [batch, 1, side, side], before scaling by channel."""
        return (latent @ self.basis).unflatten(1, (1, self.side, self.side))

    def forward(self, x, code):
        """[batch, before, s, s] to [batch, width, 2s, 2s]; the first stage keeps the shape."""
        if self.widen is not None:
            x = F.interpolate(self.widen(x), scale_factor=2, mode="bilinear", align_corners=False)
        return self.block(x, code @ self.style, self.noise(code[:, :LATENT]) * self.grain[:, None, None])


class Generator(nn.Module):
    def __init__(self, preset, classes):
        super().__init__()
        widths = PRESETS[preset]
        inputs = LATENT + classes
        self.project = nn.Parameter(torch.randn(inputs, widths[0]) / LATENT**0.5)
        self.basis = nn.Parameter(torch.randn(widths[0], BASE, BASE))
        before = [0, *widths]
        self.stages = nn.ModuleList(
            GeneratorStage(before[i], width, inputs, BASE << i) for i, width in enumerate(widths)
        )
        self.output = conv(widths[-1], CHANNELS, 3, gain=0.5)

    def forward(self, latent, onehot):
        """[batch, LATENT], [batch, classes] to [batch, 2, side, side]."""
        code = torch.cat([latent, onehot], dim=1)
        x = (code @ self.project)[:, :, None, None] * self.basis[None]
        for stage in self.stages:
            x = stage(x, code)
        return self.output(activate(x))


class DiscriminatorStage(nn.Module):
    def __init__(self, width, after):
        super().__init__()
        self.block = ResBlock(width)
        self.narrow = conv(width, after, 1) if after else None

    def forward(self, x):
        """[batch, width, s, s] to [batch, after, s/2, s/2]; the last stage keeps the shape."""
        x = self.block(x)
        return x if self.narrow is None else self.narrow(F.avg_pool2d(x, 2))


class Discriminator(nn.Module):
    def __init__(self, preset, classes):
        super().__init__()
        widths = PRESETS[preset]
        self.input = conv(CHANNELS, widths[-1], 3)
        after = [0, *widths]
        self.stages = nn.ModuleList(DiscriminatorStage(width, after[i]) for i, width in enumerate(widths))
        self.basis = nn.Parameter(torch.randn(widths[0], BASE, BASE) / (widths[0] * BASE * BASE) ** 0.5)
        self.embedding = nn.Parameter(torch.randn(classes, widths[0]))

    def forward(self, x, onehot):
        """[batch, 2, side, side], [batch, classes] to logits [batch]."""
        x = self.input(x)
        for stage in reversed(self.stages):
            x = stage(x)
        head = (onehot @ self.embedding)[:, :, None, None] * self.basis[None]
        return (activate(x) * head).float().sum(dim=(1, 2, 3))
