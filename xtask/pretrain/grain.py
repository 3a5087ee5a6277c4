"""Adds noise injection to weights that were trained without it.

Fits the noise strengths of the last stage's channels, so that the scan gets uniform noise inside the head, and air and mask stay as
they are. Then selects the scale whose features are closest to those of the training slices. No discriminator is involved, and no other
parameters change. Writes a checkpoint that `hersenscan train --resume` publishes.
"""

import argparse
import copy
import json
from pathlib import Path
from types import SimpleNamespace

import torch
import torch.nn.functional as F
from safetensors import safe_open

import checkpoint
import compare
import slices
from networks import LATENT, Discriminator, Generator

STEPS, BATCH, RATE = 60, 8, 0.02
# Target standard deviation of the noise, for scans from -1 to 1. Multiples of the fitted strengths are then compared.
DEVIATION = 0.02
SCALES = (0.0, 0.5, 0.75, 1.0, 1.5, 2.0)
HEAD = -0.8


def fit(generator, labels):
    """Fits the noise strengths of the last stage, [width]."""
    grain = generator.stages[-1].grain.requires_grad_(True)
    still = torch.zeros_like(grain)
    adam = torch.optim.Adam([grain], RATE)
    for step in range(STEPS):
        adam.param_groups[0]["lr"] = RATE * (1 - step / STEPS)
        onehot = onehots(labels[torch.randint(len(labels), (BATCH,))], labels)
        latents = torch.randn(BATCH, LATENT)
        with torch.no_grad():
            smooth = torch.func.functional_call(generator, {f"stages.{len(generator.stages) - 1}.grain": still}, (latents, onehot))
            noise = generator.stages[-1].noise(latents)
            inside = F.avg_pool2d(smooth[:, :1], 5, 1, 2) > HEAD
        added = generator(latents, onehot) - smooth
        # The mask has four times the weight, because noise is most visible there.
        loss = (added[:, :1] - DEVIATION * noise * inside).square().mean() + 4 * added[:, 1:].square().mean()
        adam.zero_grad()
        loss.backward()
        adam.step()
    return grain.requires_grad_(False).clone()


def onehots(labels, all_labels):
    return F.one_hot(labels, int(all_labels.max()) + 1).float()


@torch.no_grad()
def nearest(generator, found, scale, labels, count):
    """Sets the strengths to the multiple of `found` whose scans are closest to the training slices."""
    labels = labels[torch.randint(len(labels), (count,))]
    inputs = list(zip(torch.randn(count, LATENT).split(compare.BATCH), onehots(labels, scale.labels).split(compare.BATCH)))
    best = None
    for part in SCALES:
        generator.stages[-1].grain.copy_(found * part)
        scans = compare.grey(torch.cat([generator(*pair)[:, 0] for pair in inputs]))
        far = compare.distance(scale.train[: len(scale.labels)], scale.project(compare.features(scale.net, scans)))
        print(f"{part} of the noise: Frechet distance to the training slices {far:.1f}", flush=True)
        best = min(best or (far, part), (far, part))
    generator.stages[-1].grain.copy_(found * best[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folder written by `hersenscan slices`, of the weights' side")
    parser.add_argument("--weights", required=True, help="generator weights, with the discriminator's file next to them")
    parser.add_argument("--out", required=True, type=Path, help="folder for the checkpoint")
    parser.add_argument("--n", type=int, default=400, help="scans for each scale")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    classes, parts = slices.read(args.data)
    labels = parts["train"][1]
    preset, values = checkpoint.start(args.weights)
    generator, discriminator = Generator(preset, len(classes)), Discriminator(preset, len(classes))
    checkpoint.grow(generator, values["average"])
    checkpoint.grow(discriminator, values["discriminator"])
    for parameter in generator.parameters():
        parameter.requires_grad_(False)
    found = fit(generator, labels)
    nearest(generator, found, compare.Scale(args.data), labels, args.n)

    with safe_open(args.weights, framework="pt") as file:
        metadata = file.metadata()
    steps = int(json.loads(metadata["metrics"])["steps"])
    run = SimpleNamespace(
        generator=generator, discriminator=discriminator, average=copy.deepcopy(generator), preset=preset, classes=classes,
        generator_adam=torch.optim.Adam(generator.parameters()), discriminator_adam=torch.optim.Adam(discriminator.parameters()),
        batch=16, seed=args.seed, rate=2e-4, rate_end=2.5e-5, gamma=1.0, gamma_end=1.0, beta=0.99, penalty_every=4, augment=0.7,
        probability=0.45, half_life=500.0, steps=steps, images=round(float(metadata["kimg"]) * 1000), seconds=60.0,
    )
    args.out.mkdir(parents=True, exist_ok=True)
    checkpoint.save(args.out / "checkpoint.safetensors", run)


main()
