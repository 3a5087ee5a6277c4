"""Reads slices that `hersenscan slices` wrote: normalised, of one size, split by patient."""

import csv
from pathlib import Path

import numpy as np
import torch
from PIL import Image


def read(folder):
    """Class names, and {part: (images [n, 2, side, side] from -1 to 1, class indices [n])} for train, validation and test."""
    folder = Path(folder)
    with open(folder / "slices.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    classes = sorted({row["label"] for row in rows})
    grey = lambda kind, row: np.asarray(Image.open(folder / kind / row["file"]).convert("L"))
    parts = {}
    for part in ("train", "validation", "test"):
        own = [row for row in rows if row["part"] == part]
        both = [np.stack([grey("image", row), grey("mask", row)]) for row in own]
        images = torch.from_numpy(np.stack(both)).float() / 127.5 - 1 if both else None
        parts[part] = (images, torch.tensor([classes.index(row["label"]) for row in own]))
    return classes, parts


class Pool:
    """Draws mini-batches in which every class is equally frequent."""

    def __init__(self, images, labels, device):
        self.images, self.device = images.to(device), device
        self.by_class = [torch.nonzero(labels == k)[:, 0].to(device) for k in labels.unique()]
        self.counts = torch.tensor([len(own) for own in self.by_class], device=device)
        self.first = self.counts.cumsum(0) - self.counts
        self.order = torch.cat(self.by_class)
        self.labels = labels.to(device)

    def draw(self, size):
        """Indices of slices, [size]."""
        k = torch.randint(len(self.by_class), (size,), device=self.device)
        place = (torch.rand(size, device=self.device) * self.counts[k]).long()
        return self.order[self.first[k] + place]

    def batch(self, size):
        """Images [size, 2, side, side] and class indices [size]."""
        index = self.draw(size)
        return self.images[index], self.labels[index]
