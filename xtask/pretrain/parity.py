"""What the networks make of weights that a formula gives: written once, compared by tests/pretrained.rs.

    python parity.py > ../../tests/pretrained.json
"""

import json
import math

import torch

from networks import LATENT, Discriminator, Generator, side_of

PRESET, CLASSES = "n16", 3


def wave(count, phase, scale):
    return torch.tensor([scale * math.sin(0.7 * i + phase) for i in range(count)], dtype=torch.float64).float()


def fill(network):
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            count = parameter.numel()
            # Sums of the network's usual size, whatever the shape.
            scale = 1.0 / math.sqrt(max(count // parameter.shape[0], 1))
            parameter.copy_(wave(count, sum(name.encode()), scale).reshape(parameter.shape))
    return network


@torch.no_grad()
def main():
    latent = wave(2 * LATENT, 1.0, 1.0).reshape(2, LATENT)
    onehot = torch.tensor([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    scans = fill(Generator(PRESET, CLASSES))(latent, onehot)
    side = side_of(PRESET)
    slices = wave(4 * side * side, 2.0, 1.0).reshape(2, 2, side, side)
    logits = fill(Discriminator(PRESET, CLASSES))(slices, onehot)
    print(json.dumps({"scans": [round(x, 6) for x in scans.flatten()[::7].tolist()], "logits": logits.tolist()}))


main()
