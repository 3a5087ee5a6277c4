"""Shared code of the baselines (dcgan.py, fastgan.py): options, data, training loop, and output.

They write a folder of scans for `hersenscan evaluate --images`.
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
    parser.add_argument("--also", type=float, nargs="*", default=[], help="also write scans after these numbers of minutes, in subfolders of --out")
    parser.add_argument("--batch", type=int)
    parser.add_argument("--width", type=int, help="channels at half the side; each further halving doubles them")
    parser.add_argument("--scans", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--augment", type=float, default=0.4, help="probability of each augmentation, for baselines that use it")
    parser.set_defaults(**defaults)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    if args.threads:
        torch.set_num_threads(args.threads)
    return args


class Baseline:
    """Slices, classes, and the training loop."""

    def __init__(self, args):
        self.args = args
        self.classes, parts = slices.read(args.data)
        images, self.labels = parts["train"]
        self.pool, self.side = slices.Pool(images, self.labels, "cpu"), images.shape[-1]
        # Doublings from 4 x 4 to the side.
        self.doublings = self.side.bit_length() - 3

    def onehot(self, labels):
        return F.one_hot(labels, len(self.classes)).float()

    def batch(self):
        """Slices [batch, 2, side, side] from -1 to 1, and their one-hot classes [batch, classes]."""
        real, labels = self.pool.batch(self.args.batch)
        return real, self.onehot(labels)

    def fast(self):
        return precision.fast(torch.device("cpu"))

    def latent(self, onehot):
        """Latents with the one-hot classes appended, [batch, LATENT + classes]."""
        return torch.cat([torch.randn(len(onehot), LATENT), onehot], 1)

    def with_class(self, x, onehot):
        """Images with one constant map for each class appended, [batch, 2 + classes, side, side]."""
        maps = onehot[:, :, None, None].expand(-1, -1, self.side, self.side)
        return torch.cat([x, maps], 1).contiguous(memory_format=torch.channels_last)

    def train(self, step, write):
        """Calls `step`, which returns the losses of both networks, until the time or number of slices is reached; then `write(folder)`."""
        start, seen, told, also = time.time(), 0, 0.0, sorted(self.args.also)
        whole = lambda spent: seen / (self.args.kimg * 1000) if self.args.kimg else spent / (self.args.minutes * 60)
        while whole(spent := time.time() - start) < 1:
            if also and spent >= also[0] * 60:
                write(self.args.out / f"after-{also.pop(0):g}")
                # Writing does not count as training time.
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
        """Writes scans of `make(onehot)` in the layout of `hersenscan sample`. Classes are as frequent as among the slices."""
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
        print(f"scans are in {out}")


def adam(network):
    """The optimiser of both papers."""
    return torch.optim.Adam(network.parameters(), 2e-4, betas=(0.5, 0.999))


def parameters(network):
    return sum(p.numel() for p in network.parameters())
