"""Warm start of a larger preset: the new layers learn to reproduce the smaller networks before the training.

The generator learns to make the enlarged scans of the smaller one; the discriminator learns to give the logits of the smaller
one for reduced scans. Without this, the new layers make noise at first, the discriminators reject it, and the older layers
forget what they had learned: runs at 128 pixels then made the same head for all latents after five thousand slices.
"""

import torch
import torch.nn.functional as F

import checkpoint
from augment import augment
from networks import LATENT, Discriminator, Generator

STEPS = 300
RATE = 2e-3


def fit(network, old, loss, steps):
    """Trains the new parameters of `network`, which `old` lacks or has in another shape. Returns the last loss."""
    known = checkpoint.unchanged(network, dict(old.named_parameters()))
    fresh = [parameter for name, parameter in network.named_parameters() if name not in known]
    adam = torch.optim.Adam(fresh, RATE, betas=(0.9, 0.99))
    for step in range(steps):
        for group in adam.param_groups:
            group["lr"] = RATE * (1 - step / steps)
        value = loss()
        for p in network.parameters():
            p.grad = None
        value.backward()
        adam.step()
    for p in network.parameters():
        p.grad = None
    return value.item()


def warm(run, preset, values):
    """Warm start of a run that has just loaded `values` of the smaller `preset`. Changes generator, average and discriminator."""
    count = len(run.classes)
    place = dict(device=run.device, memory_format=torch.channels_last)
    # Older files have no styles; zeros have no effect, random styles would.
    small_g, small_d = Generator(preset, count).to(**place), Discriminator(preset, count).to(**place)
    for stage in small_g.stages:
        stage.style.data.zero_()
    checkpoint.grow(small_g, values["average"])
    checkpoint.grow(small_d, values["discriminator"])
    run.generator.load_state_dict(run.average.state_dict())
    side = run.pool.images.shape[-1]

    def scans():
        onehot = run.onehot(run.pool.batch(run.batch)[1])
        z = torch.randn(run.batch, LATENT, device=run.device)
        with torch.no_grad(), run.fast():
            return z, onehot, small_g(z, onehot).float()

    def of_generator():
        z, onehot, small = scans()
        wanted = F.interpolate(small, size=(side, side), mode="bilinear", align_corners=False)
        with run.fast():
            return (run.generator(z, onehot).float() - wanted).abs().mean()

    def of_discriminator():
        real, labels = run.pool.batch(run.batch // 2)
        _, onehot, small = scans()
        half = len(small) // 2
        fake = F.interpolate(small[:half], size=(side, side), mode="bilinear", align_corners=False)
        onehot = torch.cat([run.onehot(labels), onehot[:half]])
        both = augment(torch.cat([real, fake]), run.probability).contiguous(memory_format=torch.channels_last)
        with run.fast():
            with torch.no_grad():
                wanted = small_d(F.interpolate(both, size=small.shape[-2:], mode="area"), onehot)
            # A difference of one logit is large for the loss that follows.
            return F.smooth_l1_loss(run.discriminator(both, onehot), wanted)

    far = fit(run.generator, small_g, of_generator, STEPS)
    run.average.load_state_dict(run.generator.state_dict())
    off = fit(run.discriminator, small_d, of_discriminator, STEPS)
    print(f"started from {preset}: scans differ by {far * 127.5:.1f} grey levels, logits by {off:.2f}", flush=True)
