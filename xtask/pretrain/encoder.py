"""The reconstruction loss: an encoder maps every training slice to a latent, from which the generator must reconstruct the slice.

An adversarial loss does not show a generator which slices it fails to make. The reconstruction loss does, as in VAE/GAN (Larsen et
al. 2016, arXiv 1512.09300). The encoder starts from principal components, which separates all slices at once. Learning a free latent
for each slice (Bojanowski et al. 2018, arXiv 1707.05776) takes many times as long.
"""

import torch
import torch.nn.functional as F
from torch import nn

from networks import LATENT

BATCH = 32
COMPONENTS = 256
WIDTH = 256
# Standard deviation of the latents of one slice; that of all slices together is 1. Latents between slices get trained too.
SPREAD = 0.3
# Side at which pixels are compared. A pixel loss blurs, so fine texture is left to the discriminators.
COARSE = 32
# Steps between two comparisons of feature maps, which are the most expensive part.
EVERY = 4
DIRECTIONS = 128
# Weight of the mask's Dice loss. The pixel loss at each resolution and the feature loss have weight 1.
DICE = 0.5
RATE = 1e-3


class Encoder(nn.Module):
    """[n, COMPONENTS], [n, classes] to [n, LATENT]: the first components plus a learned correction."""

    def __init__(self, classes):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(COMPONENTS + classes, WIDTH), nn.LeakyReLU(0.2), nn.Linear(WIDTH, WIDTH), nn.LeakyReLU(0.2))
        self.last = nn.Linear(WIDTH, LATENT)
        nn.init.zeros_(self.last.weight)
        nn.init.zeros_(self.last.bias)

    def forward(self, components, onehot):
        return components[:, :LATENT] + self.last(self.layers(torch.cat([components, onehot], 1)))


class Reconstruction:
    """The reconstruction term of the generator's loss, and the encoder that is trained with it."""

    def __init__(self, pool, onehot, projected, fast):
        self.pool, self.onehot, self.projected, self.fast = pool, onehot, projected, fast
        self.maps, rows = self.look(pool.images)
        self.variances = [x.float().var() for x in self.maps]
        self.components = components(rows, pool.by_class)
        # Quantiles of the normal distribution, one for each slice of a class.
        self.normal = [torch.special.ndtri((torch.arange(len(own)) + 0.5) / len(own)).to(pool.device) for own in pool.by_class]
        self.encoder = Encoder(onehot.shape[1]).to(pool.device)
        self.adam = torch.optim.Adam(self.encoder.parameters(), RATE, betas=(0.9, 0.99), capturable=pool.device.type == "cuda")

    @torch.no_grad()
    def look(self, images):
        """Feature maps of all slices for the loss, and descriptors [n, values] for the principal components: the two coarsest feature maps
        before mixing, and the slice at 8 x 8 pixels."""
        maps, rows = [], []
        for part in images.split(BATCH):
            maps.append(self.projected.maps(part, None))
            coarse = [F.adaptive_avg_pool2d(x, 4) for x in self.projected.unmixed(part[:, :1].expand(-1, 3, -1, -1))[-2:]]
            rows.append(torch.cat([x.flatten(1) for x in [*coarse, F.adaptive_avg_pool2d(part, 8)]], 1))
        return [torch.cat(x) for x in zip(*maps)], torch.cat(rows)

    def latents(self, index):
        """Random latents of the slices at `index`, [n, LATENT]."""
        mean = self.encoder(self.components[index], self.onehot[index])
        return mean * (1 - SPREAD**2) ** 0.5 + torch.randn_like(mean) * SPREAD

    def off_normal(self):
        """Squared sliced Wasserstein distance (Kolouri et al. 2018, arXiv 1804.01947) of the latents of each class to the standard normal
        distribution, averaged over classes."""
        latents, distances = self.latents(slice(None)), []
        for members, wanted in zip(self.pool.by_class, self.normal):
            own = latents[members]
            distances.append(((own @ directions(own.device)).sort(0).values - wanted[:, None]).square().mean())
        return torch.stack(distances).mean()

    def loss(self, generate, index, looks):
        """The loss of the slices at `index`. `generate` maps latents and classes to scans; `looks` adds the comparison of feature maps."""
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
        """The encoder and the principal components, whose signs may differ on another machine."""
        return {**self.encoder.state_dict(), "components": self.components.contiguous()}

    def load(self, state):
        self.components = state.pop("components").to(self.components)
        self.encoder.load_state_dict(state)


def off_mask(real, made):
    """Dice loss of masks from -1 to 1, with squares in the denominator (Milletari et al. 2016, arXiv 1606.04797), so that values below -1
    do not reduce it. With the mean absolute difference, masks vanished: it is lowest for an empty mask if the position is uncertain."""
    a, b = ((x.flatten(1) + 1) / 2 for x in (real, made))
    return 1 - ((2 * (a * b).sum(1) + 1) / (a.square().sum(1) + b.square().sum(1) + 1)).mean()


def directions(device):
    """Random unit vectors, [LATENT, DIRECTIONS]. Half of them have one to four nonzero values, preferably among the first: clusters along
    the strongest components are hidden in a sum of all components."""
    found = torch.randn(LATENT, DIRECTIONS, device=device)
    few = DIRECTIONS // 2
    rank = (torch.rand(LATENT, few, device=device) / torch.linspace(3, 1, LATENT, device=device)[:, None]).argsort(0).argsort(0)
    found[:, :few] *= rank < torch.randint(1, 5, (few,), device=device)
    return F.normalize(found, dim=0)


def components(rows, by_class):
    """Principal components of the rows, [n, COMPONENTS], scaled to mean 0 and variance 1 in every class."""
    rows = (rows - rows.mean(0)) / rows.std(0).clamp(min=1e-3)
    left, _, _ = torch.linalg.svd(rows, full_matrices=False)
    left = left[:, :COMPONENTS].clone()
    for members in by_class:
        own = left[members]
        left[members] = (own - own.mean(0)) / own.std(0, correction=0).clamp(min=1e-6)
    return F.pad(left, (0, COMPONENTS - left.shape[1]))
