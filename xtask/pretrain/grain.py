"""Gives trained weights their grain: what is missing from scans whose generator learned before it had any.

Fits how much of the latent's noise the channels of the last stage take, so that it comes out as even grain inside the head and leaves
air and mask alone; then takes as much of it as brings features nearest to those of the training slices. No discriminator takes part, and
nothing else of the networks changes. Writes a checkpoint that `hersenscan train --resume` publishes.
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
# Deviation that is aimed at, of scans from -1 to 1; scales of what was found are then compared.
DEVIATION = 0.02
SCALES = (0.0, 0.5, 0.75, 1.0, 1.5, 2.0)
HEAD = -0.8


def fit(generator, labels):
    """What the last stage's channels take, [width]."""
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
        # Squares of the mask count four times: grain there would be seen at once.
        loss = (added[:, :1] - DEVIATION * noise * inside).square().mean() + 4 * added[:, 1:].square().mean()
        adam.zero_grad()
        loss.backward()
        adam.step()
    return grain.requires_grad_(False).clone()


def onehots(labels, all_labels):
    return F.one_hot(labels, int(all_labels.max()) + 1).float()


@torch.no_grad()
def nearest(generator, found, scale, labels, count):
    """The scale of `found` whose scans are nearest to the training slices."""
    labels = labels[torch.randint(len(labels), (count,))]
    inputs = list(zip(torch.randn(count, LATENT).split(compare.BATCH), onehots(labels, scale.labels).split(compare.BATCH)))
    best = None
    for part in SCALES:
        generator.stages[-1].grain.copy_(found * part)
        scans = compare.grey(torch.cat([generator(*pair)[:, 0] for pair in inputs]))
        far = compare.distance(scale.train[: len(scale.labels)], scale.project(compare.features(scale.net, scans)))
        print(f"{part} of the grain: Frechet distance to the training slices {far:.1f}", flush=True)
        best = min(best or (far, part), (far, part))
    generator.stages[-1].grain.copy_(found * best[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folder written by `hersenscan slices`, of the weights' side")
    parser.add_argument("--weights", required=True, help="generator's weights, with the discriminator's beside")
    parser.add_argument("--out", required=True, type=Path, help="folder that the checkpoint is written to")
    parser.add_argument("--n", type=int, default=400, help="scans of each scale")
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
        told = file.metadata()
    steps = int(json.loads(told["metrics"])["steps"])
    run = SimpleNamespace(
        generator=generator, discriminator=discriminator, average=copy.deepcopy(generator), preset=preset, classes=classes,
        generator_adam=torch.optim.Adam(generator.parameters()), discriminator_adam=torch.optim.Adam(discriminator.parameters()),
        batch=16, seed=args.seed, rate=2e-4, rate_end=2.5e-5, gamma=1.0, gamma_end=1.0, beta=0.99, penalty_every=4, augment=0.7,
        probability=0.45, half_life=500.0, steps=steps, images=round(float(told["kimg"]) * 1000), seconds=60.0,
    )
    args.out.mkdir(parents=True, exist_ok=True)
    checkpoint.save(args.out / "checkpoint.safetensors", run)


main()
