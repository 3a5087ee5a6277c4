"""Warm start of another size: the new layers learn to reproduce the older networks before the training.

The generator learns to make the older one's scans in its own size; the discriminator learns to give the older one's logits. Without
this, the new layers make noise at first, the discriminators reject it, and the older layers forget what they had learned: runs at 128
pixels then made the same head for all latents after five thousand slices.
"""

import torch
import torch.nn.functional as F

import checkpoint
from augment import augment
from networks import LATENT, Discriminator, Generator, side_of

STEPS = 300
RATE = 2e-3


def resize(scans, side):
    """Scans [batch, channels, s, s] with another side."""
    if side < scans.shape[-1]:
        return F.interpolate(scans, size=(side, side), mode="area")
    return F.interpolate(scans, size=(side, side), mode="bilinear", align_corners=False)


def fit(network, old, loss, steps):
    """Trains the new parameters of `network`, which `old` lacks or has in another shape; of a smaller network also those of the last
    stage, which take over the work of the missing ones. Returns the last loss."""
    known = checkpoint.unchanged(network, dict(old.named_parameters()))
    if len(network.stages) < len(old.stages):
        known = {name for name in known if not name.startswith(f"stages.{len(network.stages) - 1}.")}
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
    """Warm start of a run that has just loaded `values` of another `preset`. Changes generator, average and discriminator."""
    count = len(run.classes)
    place = dict(device=run.device, memory_format=torch.channels_last)
    # Older files have no styles; zeros have no effect, random styles would.
    old_g, old_d = Generator(preset, count).to(**place), Discriminator(preset, count).to(**place)
    for stage in old_g.stages:
        stage.style.data.zero_()
    checkpoint.grow(old_g, values["average"])
    checkpoint.grow(old_d, values["discriminator"])
    run.generator.load_state_dict(run.average.state_dict())
    side, old_side = run.pool.images.shape[-1], side_of(preset)

    def scans():
        """Latents, classes, and the older generator's scans of them, in the new size."""
        onehot = run.onehot(run.pool.batch(run.batch)[1])
        z = torch.randn(run.batch, LATENT, device=run.device)
        with torch.no_grad(), run.fast():
            return z, onehot, resize(old_g(z, onehot).float(), side)

    def of_generator():
        z, onehot, wanted = scans()
        with run.fast():
            return (run.generator(z, onehot).float() - wanted).abs().mean()

    def of_discriminator():
        real, labels = run.pool.batch(run.batch // 2)
        _, onehot, fake = scans()
        half = len(fake) // 2
        onehot = torch.cat([run.onehot(labels), onehot[:half]])
        both = augment(torch.cat([real, fake[:half]]), run.probability).contiguous(memory_format=torch.channels_last)
        with run.fast():
            with torch.no_grad():
                wanted = old_d(resize(both, old_side), onehot)
            # A difference of one logit is large for the loss that follows.
            return F.smooth_l1_loss(run.discriminator(both, onehot), wanted)

    far = fit(run.generator, old_g, of_generator, STEPS)
    run.average.load_state_dict(run.generator.state_dict())
    off = fit(run.discriminator, old_d, of_discriminator, STEPS)
    print(f"started from {preset}: scans differ by {far * 127.5:.1f} grey levels, logits by {off:.2f}", flush=True)
