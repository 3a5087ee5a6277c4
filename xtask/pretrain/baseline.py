"""What generators of other kinds, made to compare with, have in common: arguments, slices, and the scans that they leave.

Their scans are a folder that `hersenscan evaluate --images` measures.
"""

import argparse
import csv
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

import precision
import slices

LATENT = 100


def arguments(doc, **defaults):
    parser = argparse.ArgumentParser(description=doc)
    parser.add_argument("--data", required=True, help="folder written by `hersenscan slices`")
    parser.add_argument("--out", required=True, type=Path, help="folder for the scans")
    length = parser.add_mutually_exclusive_group(required=True)
    length.add_argument("--minutes", type=float)
    length.add_argument("--kimg", type=float, help="the same in thousand slices")
    parser.add_argument("--also", type=float, nargs="*", default=[], help="scans after so many minutes too, in folders in --out")
    parser.add_argument("--batch", type=int)
    parser.add_argument("--width", type=int, help="channels at half the side; each halving doubles them")
    parser.add_argument("--scans", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--augment", type=float, default=0.4, help="probability of each augmentation, where a kind has any")
    parser.set_defaults(**defaults)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    if args.threads:
        torch.set_num_threads(args.threads)
    return args


class Baseline:
    """Slices, classes, and the loop around a kind of network's own step."""

    def __init__(self, args):
        self.args = args
        self.classes, parts = slices.read(args.data)
        images, self.labels = parts["train"]
        self.pool, self.side = slices.Pool(images, self.labels, "cpu"), images.shape[-1]
        # From 4 x 4 to the side.
        self.doublings = self.side.bit_length() - 3

    def onehot(self, labels):
        return F.one_hot(labels, len(self.classes)).float()

    def batch(self):
        """Scans [batch, 2, side, side] from -1 to 1, and their classes [batch, classes]."""
        real, labels = self.pool.batch(self.args.batch)
        return real, self.onehot(labels)

    def fast(self):
        return precision.fast(torch.device("cpu"))

    def latent(self, onehot):
        """A latent with its class behind it, [batch, latent + classes]."""
        return torch.cat([torch.randn(len(onehot), LATENT), onehot], 1)

    def with_class(self, x, onehot):
        """Maps of the class before a discriminator, [batch, 2 + classes, side, side]."""
        maps = onehot[:, :, None, None].expand(-1, -1, self.side, self.side)
        return torch.cat([x, maps], 1).contiguous(memory_format=torch.channels_last)

    def train(self, step, write):
        """Calls `step`, which answers the losses of D and G, until time or slices are used up; then `write` with a folder."""
        start, seen, told, also = time.time(), 0, 0.0, sorted(self.args.also)
        whole = lambda spent: seen / (self.args.kimg * 1000) if self.args.kimg else spent / (self.args.minutes * 60)
        while whole(spent := time.time() - start) < 1:
            if also and spent >= also[0] * 60:
                write(self.args.out / f"after-{also.pop(0):g}")
                # Writing is no training.
                start = time.time() - spent
            losses = step()
            seen += self.args.batch
            if spent - told > 60:
                told = spent
                print(f"{spent / 60:.1f} min, {seen / 1000:.1f} kimg, losses " + " and ".join(f"{loss.item():.3f}" for loss in losses), flush=True)
        print(f"{seen / 1000:.1f} kimg in {spent / 60:.1f} minutes", flush=True)
        write(self.args.out)

    @torch.no_grad()
    def write(self, make, out):
        """Scans of `make(onehot)`, classes as frequent as among the slices, in the layout of `hersenscan sample`."""
        out.mkdir(parents=True, exist_ok=True)
        grey = lambda x: ((x.float().clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8).numpy()
        with open(out / "samples.csv", "w", newline="") as file:
            table = csv.writer(file)
            table.writerow(["file", "class"])
            for index in range(self.args.scans):
                label = self.labels[torch.randint(len(self.labels), (1,))]
                scan, mask = grey(make(self.onehot(label))[0])
                name = f"{index:04}.png"
                Image.fromarray(np.ascontiguousarray(scan)).save(out / name)
                Image.fromarray(np.ascontiguousarray(mask)).save(out / name.replace(".png", "_mask.png"))
                table.writerow([name, self.classes[label.item()]])
        print(f"scans lie in {out}")


def adam(network):
    """As both papers have it."""
    return torch.optim.Adam(network.parameters(), 2e-4, betas=(0.5, 0.999))


def parameters(network):
    return sum(p.numel() for p in network.parameters())
