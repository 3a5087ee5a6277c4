"""The usual baseline, to compare with: a DCGAN (Radford et al. 2015, arXiv 1511.06434) on the same slices.

As in the paper: transposed and strided 4 x 4 convolutions, batch normalisation, Adam with beta 1 of 0.5 and a rate of 2e-4,
weights from a normal distribution of 0.02, the binary cross-entropy. Class and mask are added as everywhere here: a one-hot
behind the latent, maps of it before the discriminator, and a second channel. Writes scans that `hersenscan evaluate --images`
measures.
"""

import argparse
import csv
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn

import slices

LATENT = 100


def initialise(layer):
    if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(layer.weight, 0.0, 0.02)
    elif isinstance(layer, nn.BatchNorm2d):
        nn.init.normal_(layer.weight, 1.0, 0.02)
        nn.init.zeros_(layer.bias)


def generator(classes, width, doublings):
    """[batch, latent + classes, 1, 1] to [batch, 2, side, side]"""
    wide = width << (doublings - 1)
    layers = [nn.ConvTranspose2d(LATENT + classes, wide, 4, 1, 0, bias=False), nn.BatchNorm2d(wide), nn.ReLU(True)]
    for _ in range(doublings - 1):
        layers += [nn.ConvTranspose2d(wide, wide // 2, 4, 2, 1, bias=False), nn.BatchNorm2d(wide // 2), nn.ReLU(True)]
        wide //= 2
    return nn.Sequential(*layers, nn.ConvTranspose2d(wide, 2, 4, 2, 1), nn.Tanh()).apply(initialise)


def discriminator(classes, width, doublings):
    """[batch, 2 + classes, side, side] to [batch, 1, 1, 1]"""
    layers = [nn.Conv2d(2 + classes, width, 4, 2, 1), nn.LeakyReLU(0.2, True)]
    for _ in range(doublings - 1):
        layers += [nn.Conv2d(width, 2 * width, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * width), nn.LeakyReLU(0.2, True)]
        width *= 2
    return nn.Sequential(*layers, nn.Conv2d(width, 1, 4, 1, 0)).apply(initialise)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folder written by `hersenscan slices`")
    parser.add_argument("--out", required=True, type=Path, help="folder for the scans")
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--width", type=int, default=32, help="channels at half the side; each halving doubles them")
    parser.add_argument("--scans", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=0)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    if args.threads:
        torch.set_num_threads(args.threads)
    classes, parts = slices.read(args.data)
    images, labels = parts["train"]
    pool, count, side = slices.Pool(images, labels, "cpu"), len(classes), images.shape[-1]
    doublings = side.bit_length() - 3
    place = dict(memory_format=torch.channels_last)
    g, d = generator(count, args.width, doublings).to(**place), discriminator(count, args.width, doublings).to(**place)
    print(sum(p.numel() for p in g.parameters()), "parameters make scans,", sum(p.numel() for p in d.parameters()), "judge them")
    adam = lambda network: torch.optim.Adam(network.parameters(), 2e-4, betas=(0.5, 0.999))
    g_adam, d_adam = adam(g), adam(d)
    fast = lambda: torch.autocast("cpu", dtype=torch.bfloat16)

    def make(onehot):
        return g(torch.cat([torch.randn(len(onehot), LATENT), onehot], 1)[:, :, None, None])

    def judge(x, onehot):
        maps = onehot[:, :, None, None].expand(-1, -1, side, side)
        return d(torch.cat([x, maps], 1).contiguous(memory_format=torch.channels_last)).flatten()

    start, seen, told = time.time(), 0, 0.0
    while (spent := time.time() - start) < args.minutes * 60:
        real, label = pool.batch(args.batch)
        onehot = F.one_hot(label, count).float()
        one, zero = torch.ones(args.batch), torch.zeros(args.batch)
        with fast():
            fake = make(onehot)
            of_real, of_fake = judge(real, onehot), judge(fake.detach(), onehot)
        loss_d = F.binary_cross_entropy_with_logits(of_real.float(), one) + F.binary_cross_entropy_with_logits(of_fake.float(), zero)
        d_adam.zero_grad()
        loss_d.backward()
        d_adam.step()
        with fast():
            of_fake = judge(fake, onehot)
        loss_g = F.binary_cross_entropy_with_logits(of_fake.float(), one)
        g_adam.zero_grad()
        loss_g.backward()
        g_adam.step()
        seen += args.batch
        if spent - told > 60:
            told = spent
            print(f"{spent / 60:.1f} min, {seen / 1000:.1f} kimg, losses {loss_d.item():.3f} and {loss_g.item():.3f}", flush=True)

    # Classes as frequent as among the slices; the layout of `hersenscan sample`.
    args.out.mkdir(parents=True, exist_ok=True)
    g.eval()
    grey = lambda x: ((x.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8).numpy()
    with open(args.out / "samples.csv", "w", newline="") as file, torch.no_grad():
        table = csv.writer(file)
        table.writerow(["file", "class"])
        for index in range(args.scans):
            label = labels[torch.randint(len(labels), (1,))]
            scan, mask = grey(make(F.one_hot(label, count).float())[0])
            name = f"{index:04}.png"
            Image.fromarray(np.ascontiguousarray(scan)).save(args.out / name)
            Image.fromarray(np.ascontiguousarray(mask)).save(args.out / name.replace(".png", "_mask.png"))
            table.writerow([name, classes[label.item()]])
    print(f"{seen / 1000:.1f} kimg; scans lie in {args.out}")


main()
