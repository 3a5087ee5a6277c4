"""Outputs of the networks with weights given by a formula, and the contents of a checkpoint; compared by tests/pretrained.rs.

    python parity.py > ../../tests/pretrained.json
"""

import copy
import json
import math
from types import SimpleNamespace

import torch

import checkpoint
from networks import LATENT, Discriminator, Generator, side_of

PRESET, CLASSES = "n16", 3


def wave(count, phase, scale):
    return torch.tensor([scale * math.sin(0.7 * i + phase) for i in range(count)], dtype=torch.float64).float()


def fill(network):
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            count = parameter.numel()
            # Keeps activations at their usual size, whatever the shape.
            scale = 1.0 / math.sqrt(max(count // parameter.shape[0], 1))
            parameter.copy_(wave(count, sum(name.encode()), scale).reshape(parameter.shape))
    return network


def written():
    """Counters, names and shapes of a checkpoint after one step."""
    generator, discriminator = Generator(PRESET, CLASSES), Discriminator(PRESET, CLASSES)
    run = SimpleNamespace(
        generator=generator, discriminator=discriminator, average=copy.deepcopy(generator), preset=PRESET, classes=["a", "b", "c"],
        batch=2, seed=0, rate=4e-4, rate_end=5e-5, gamma=1.0, gamma_end=0.1, beta=0.99, penalty_every=4, augment=0.4, probability=0.1,
        half_life=500.0, steps=1, images=2, seconds=1.5,
    )
    for network, name in ((generator, "generator_adam"), (discriminator, "discriminator_adam")):
        optimiser = torch.optim.Adam(network.parameters())
        for parameter in network.parameters():
            parameter.grad = torch.ones_like(parameter)
        optimiser.step()
        setattr(run, name, optimiser)
    shapes = {name: list(value.shape) for name, value in checkpoint.tensors_of(run).items()}
    return {"counters": checkpoint.counters_of(run), "shapes": shapes}


@torch.no_grad()
def main():
    latent = wave(2 * LATENT, 1.0, 1.0).reshape(2, LATENT)
    onehot = torch.tensor([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    scans = fill(Generator(PRESET, CLASSES))(latent, onehot)
    side = side_of(PRESET)
    slices = wave(4 * side * side, 2.0, 1.0).reshape(2, 2, side, side)
    logits = fill(Discriminator(PRESET, CLASSES))(slices, onehot)
    scans = [round(x, 6) for x in scans.flatten()[::7].tolist()]
    print(json.dumps({"scans": scans, "logits": logits.tolist(), "checkpoint": written()}))


if __name__ == "__main__":
    main()
