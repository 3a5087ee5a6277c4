"""An encoder gives every training slice latents, from which the generator has to make that slice again.

Discriminators never tell a generator what it leaves out: heads that it cannot make are not asked for. This does, as in VAE/GAN
(Larsen et al. 2016, arXiv 1512.09300). Beginning from principal components places all slices at once; latents learned
one by one (Bojanowski et al. 2018, arXiv 1707.05776) take many times as long to tell slices apart.
"""

import torch
import torch.nn.functional as F
from torch import nn

from networks import LATENT

BATCH = 32
COMPONENTS = 256
WIDTH = 256
# Deviation of the latents of one slice, of the 1 that all have together: between slices there are scans as well.
SPREAD = 0.3
# The side at which pixels are compared: what is asked for pixel by pixel becomes soft, and fine texture is for the discriminators.
COARSE = 32
# Steps from one comparison in the judge's maps to the next: it costs more than all else here.
EVERY = 4
DIRECTIONS = 128
# Weight of the masks, where the pixels of a scan at each size, and its maps, have 1.
DICE = 0.5
RATE = 1e-3


class Encoder(nn.Module):
    """[n, COMPONENTS], [n, classes] to [n, LATENT]: the first components, and what is learned to add to them."""

    def __init__(self, classes):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(COMPONENTS + classes, WIDTH), nn.LeakyReLU(0.2), nn.Linear(WIDTH, WIDTH), nn.LeakyReLU(0.2))
        self.last = nn.Linear(WIDTH, LATENT)
        nn.init.zeros_(self.last.weight)
        nn.init.zeros_(self.last.bias)

    def forward(self, components, onehot):
        return components[:, :LATENT] + self.last(self.layers(torch.cat([components, onehot], 1)))


class Reconstruction:
    """A term of the generator's loss, and an encoder that learns with it."""

    def __init__(self, pool, onehot, projected, fast):
        self.pool, self.onehot, self.projected, self.fast = pool, onehot, projected, fast
        self.maps, rows = self.look(pool.images)
        self.variances = [x.float().var() for x in self.maps]
        self.components = components(rows, pool.by_class)
        # Where the normal latents of as many slices would be, along any one direction.
        self.normal = [torch.special.ndtri((torch.arange(len(own)) + 0.5) / len(own)).to(pool.device) for own in pool.by_class]
        self.encoder = Encoder(onehot.shape[1]).to(pool.device)
        self.adam = torch.optim.Adam(self.encoder.parameters(), RATE, betas=(0.9, 0.99), capturable=pool.device.type == "cuda")

    @torch.no_grad()
    def look(self, images):
        """The judge's maps of all slices, and what tells slices apart, [n, values]: its two coarsest maps, before mixing, and 8 x 8 pixels."""
        maps, rows = [], []
        for part in images.split(BATCH):
            maps.append(self.projected.maps(part, None))
            coarse = [F.adaptive_avg_pool2d(x, 4) for x in self.projected.unmixed(part[:, :1].expand(-1, 3, -1, -1))[-2:]]
            rows.append(torch.cat([x.flatten(1) for x in [*coarse, F.adaptive_avg_pool2d(part, 8)]], 1))
        return [torch.cat(x) for x in zip(*maps)], torch.cat(rows)

    def latents(self, index):
        """[n, LATENT], drawn anew each time."""
        mean = self.encoder(self.components[index], self.onehot[index])
        return mean * (1 - SPREAD**2) ** 0.5 + torch.randn_like(mean) * SPREAD

    def off_normal(self):
        """How far the latents of all slices are, class by class, from the normal ones that scans are made from: sliced Wasserstein
        distance, squared (Kolouri et al. 2018, arXiv 1804.01947)."""
        latents, distances = self.latents(slice(None)), []
        for members, wanted in zip(self.pool.by_class, self.normal):
            own = latents[members]
            distances.append(((own @ directions(own.device)).sort(0).values - wanted[:, None]).square().mean())
        return torch.stack(distances).mean()

    def loss(self, generate, index, looks):
        """Of the slices at `index`; `generate` takes latents and classes, and `looks` says whether the judge's maps are compared too."""
        real, made = self.pool.images[index], generate(self.latents(index), self.onehot[index])
        coarse = max(real.shape[-1] // COARSE, 1)
        real, seen = F.avg_pool2d(real, coarse), F.avg_pool2d(made, coarse)
        total = self.off_normal() + DICE * off_mask(real[:, 1], seen[:, 1])
        real, seen = real[:, :1], seen[:, :1]
        while True:
            total = total + (real - seen).abs().mean()
            if real.shape[-1] <= 8:
                break
            real, seen = F.avg_pool2d(real, 2), F.avg_pool2d(seen, 2)
        if looks:
            with self.fast():
                maps = self.projected.maps(made, None)
            parts = [(x.float() - own[index].float()).square().mean() / v for x, own, v in zip(maps, self.maps, self.variances)]
            total = total + torch.stack(parts).mean()
        return total

    def step(self):
        self.adam.step()
        self.adam.zero_grad(set_to_none=True)

    def state(self):
        """The encoder, and the components that it knows: another machine may find them with other signs."""
        return {**self.encoder.state_dict(), "components": self.components.contiguous()}

    def load(self, state):
        self.components = state.pop("components").to(self.components)
        self.encoder.load_state_dict(state)


def off_mask(real, made):
    """1 - Dice of masks from -1 to 1, with squares below the line (Milletari et al. 2016, arXiv 1606.04797), so that values under -1 gain
    nothing. The mean of absolute differences is least for an empty mask wherever its place is uncertain, and tumours lost theirs."""
    a, b = ((x.flatten(1) + 1) / 2 for x in (real, made))
    return 1 - ((2 * (a * b).sum(1) + 1) / (a.square().sum(1) + b.square().sum(1) + 1)).mean()


def directions(device):
    """[LATENT, DIRECTIONS], each of length 1. Half look at one to four values alone, rather at the first: groups of slices that the
    strongest components tell apart do not show in a sum of all."""
    found = torch.randn(LATENT, DIRECTIONS, device=device)
    few = DIRECTIONS // 2
    rank = (torch.rand(LATENT, few, device=device) / torch.linspace(3, 1, LATENT, device=device)[:, None]).argsort(0).argsort(0)
    found[:, :few] *= rank < torch.randint(1, 5, (few,), device=device)
    return F.normalize(found, dim=0)


def components(rows, by_class):
    """Principal components of rows, [n, COMPONENTS], each of mean 0 and variance 1 in every class."""
    rows = (rows - rows.mean(0)) / rows.std(0).clamp(min=1e-3)
    left, _, _ = torch.linalg.svd(rows, full_matrices=False)
    left = left[:, :COMPONENTS].clone()
    for members in by_class:
        own = left[members]
        left[members] = (own - own.mean(0)) / own.std(0, correction=0).clamp(min=1e-6)
    return F.pad(left, (0, COMPONENTS - left.shape[1]))
