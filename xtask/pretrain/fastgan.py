"""Baseline for few slices: FastGAN (Liu et al. 2021, arXiv 2101.04775) on the same slices.

As in the paper: gated linear units after batch normalisation, noise injection, skip-layer excitation from coarse to fine maps, a
discriminator that also reconstructs real scans from its feature maps (the whole scan from 8 x 8, a quarter from 16 x 16), the hinge
loss with smoothed targets, spectral normalisation, differentiable augmentation, and an average of the generator. The paper compares
reconstructions with a perceptual loss; here it is the mean absolute difference. Class and mask are added: a one-hot class appended to
the latent and as constant maps to the discriminator's input, and the mask as a second channel.
"""

import copy

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

from augment import augment
from baseline import LATENT, Baseline, adam, arguments, parameters

KEEP = 0.999  # decay of the averaged generator in a step
# Sides of the discriminator's feature maps from which it reconstructs.
WHOLE, QUARTER = 8, 16
REDRAWN = 32  # side of the reconstructions


def conv(inputs, outputs, kernel, stride=1, padding=None):
    padding = kernel // 2 if padding is None else padding
    return spectral_norm(nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=False))


class Noise(nn.Module):
    def __init__(self):
        super().__init__()
        self.strength = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        return x + self.strength * torch.randn_like(x[:, :1])


def gated(inputs, outputs, noise):
    """A convolution to twice the channels, half of which are gates."""
    return [conv(inputs, 2 * outputs, 3), *([Noise()] if noise else []), nn.BatchNorm2d(2 * outputs), nn.GLU(1)]


def up(inputs, outputs, thorough):
    layers = [nn.Upsample(scale_factor=2), *gated(inputs, outputs, thorough)]
    return nn.Sequential(*layers, *(gated(outputs, outputs, True) if thorough else []))


class Excitation(nn.Module):
    """Skip-layer excitation: a coarse feature map scales the channels of a fine one."""

    def __init__(self, coarse, fine):
        super().__init__()
        self.gate = nn.Sequential(nn.AdaptiveAvgPool2d(4), conv(coarse, fine, 4, padding=0), nn.SiLU(), conv(fine, fine, 1), nn.Sigmoid())

    def forward(self, coarse, fine):
        return fine * self.gate(coarse)


class Generator(nn.Module):
    """[batch, latent + classes] to [batch, 2, side, side]"""

    def __init__(self, classes, width, doublings):
        super().__init__()
        # Channels at 4 x 4, 8 x 8, ... up to the side.
        wide = [min(width << (doublings - 1 - i), 4 * width) if i < doublings else width // 2 for i in range(doublings + 1)]
        self.first = nn.Sequential(spectral_norm(nn.ConvTranspose2d(LATENT + classes, 2 * wide[0], 4, bias=False)), nn.BatchNorm2d(2 * wide[0]), nn.GLU(1))
        self.ups = nn.ModuleList(up(wide[i], wide[i + 1], i % 2 == 0) for i in range(doublings))
        # The paper connects maps whose sides differ by a factor of 16; small scans have fewer doublings.
        self.reach = min(4, doublings)
        self.excite = nn.ModuleList(Excitation(wide[i], wide[i + self.reach]) for i in range(doublings + 1 - self.reach))
        self.last = conv(wide[-1], 2, 3)

    def forward(self, latent):
        maps = [self.first(latent[:, :, None, None])]
        for i, stage in enumerate(self.ups):
            x = stage(maps[-1])
            coarse = i + 1 - self.reach
            maps.append(self.excite[coarse](maps[coarse], x) if coarse >= 0 else x)
        return torch.tanh(self.last(maps[-1]))


class Down(nn.Module):
    """Downsampling by two: the mean of strided convolutions and a pooled shortcut."""

    def __init__(self, inputs, outputs):
        super().__init__()
        block = lambda *layers: nn.Sequential(*layers, nn.BatchNorm2d(outputs), nn.LeakyReLU(0.2))
        self.main = nn.Sequential(block(conv(inputs, outputs, 4, 2, 1)), block(conv(outputs, outputs, 3)))
        self.short = nn.Sequential(nn.AvgPool2d(2), block(conv(inputs, outputs, 1)))

    def forward(self, x):
        return (self.main(x) + self.short(x)) / 2


class Discriminator(nn.Module):
    """[batch, 2 + classes, side, side] to logits [batch, positions], and reconstructions of real scans"""

    def __init__(self, classes, width, side):
        super().__init__()
        self.first = nn.Sequential(conv(2 + classes, width // 2, 3), nn.LeakyReLU(0.2))
        stages, wide, redraw = [], width // 2, {}
        while side > WHOLE:
            after = min(2 * wide, 4 * width)
            stages.append(Down(wide, after))
            wide, side = after, side // 2
            if side in (WHOLE, QUARTER):
                redraw[str(side)] = self.decoder(wide)
        self.stages, self.redraw = nn.ModuleList(stages), nn.ModuleDict(redraw)
        self.last = nn.Sequential(conv(wide, wide, 1), nn.BatchNorm2d(wide), nn.LeakyReLU(0.2), conv(wide, 1, 4, padding=0))

    @staticmethod
    def decoder(wide):
        """[batch, wide, 8, 8] to [batch, 2, 32, 32]"""
        halves = [max(wide >> i, 16) for i in range(3)]
        return nn.Sequential(*up(halves[0], halves[1], False), *up(halves[1], halves[2], False), conv(halves[2], 2, 3), nn.Tanh())

    def forward(self, x, quarter=None):
        """Logits, and with a `quarter` (row and column, 0 or 1 each) also {side: reconstruction}."""
        x = self.first(x)
        drawn = {}
        for stage in self.stages:
            x = stage(x)
            side = x.shape[-1]
            if quarter is not None and str(side) in self.redraw:
                part = crop(x, quarter) if side == QUARTER else x
                drawn[side] = self.redraw[str(side)](part)
        return self.last(x).flatten(1), drawn


def crop(x, quarter):
    half = x.shape[-1] // 2
    top, left = (place * half for place in quarter)
    return x[:, :, top : top + half, left : left + half]


def main():
    args = arguments(__doc__, batch=16, width=32)
    task = Baseline(args)
    count = len(task.classes)
    place = dict(memory_format=torch.channels_last)
    g = Generator(count, args.width, task.doublings).to(**place)
    d = Discriminator(count, args.width, task.side).to(**place)
    average = copy.deepcopy(g).requires_grad_(False).eval()
    print(parameters(g), "parameters in the generator,", parameters(d), "in the discriminator")
    g_adam, d_adam = adam(g), adam(d)
    make = lambda onehot: g(task.latent(onehot))
    smooth = lambda logits: 0.8 + 0.2 * torch.rand_like(logits)

    def step():
        real, onehot = task.batch()
        fake = make(onehot)
        seen = augment(real, args.augment)
        quarter = torch.randint(2, (2,)).tolist()
        with task.fast():
            of_real, drawn = d(task.with_class(seen, onehot), quarter)
            of_fake, _ = d(task.with_class(augment(fake.detach(), args.augment), onehot))
        loss_d = F.relu(smooth(of_real) - of_real.float()).mean() + F.relu(smooth(of_fake) + of_fake.float()).mean()
        total = loss_d
        for side, scan in drawn.items():
            wanted = crop(seen, quarter) if side == QUARTER else seen
            total = total + F.l1_loss(scan.float(), F.interpolate(wanted, size=(REDRAWN, REDRAWN), mode="area"))
        d_adam.zero_grad()
        total.backward()
        d_adam.step()
        with task.fast():
            of_fake, _ = d(task.with_class(augment(fake, args.augment), onehot))
        loss_g = -of_fake.float().mean()
        g_adam.zero_grad()
        loss_g.backward()
        g_adam.step()
        with torch.no_grad():
            torch._foreach_lerp_(list(average.parameters()), list(g.parameters()), 1 - KEEP)
            for mean, now in zip(average.buffers(), g.buffers()):
                mean.copy_(now)
        return loss_d, loss_g

    task.train(step, lambda out: task.write(lambda onehot: average(task.latent(onehot)), out))


main()
