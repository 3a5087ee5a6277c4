"""Logits, losses and gradients of the projected discriminator with weights given by a formula; compared by tests/judge.rs.

    python judge_parity.py > ../../tests/judge.json
"""

import contextlib
import json
import math
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file

from projected import SIDE, ZOOM, Projected

WEIGHTS = Path(__file__).parents[2] / "static/weights/judge/efficientnet-lite1.safetensors"
# As many rows as src/gan/judge normalises together.
BATCH, CLASSES, MAPS = 4, 2, 3
ITERATIONS = 15


def numbers(count, name):
    """Numbers between -1 and 1 that look random and depend on a name."""
    state = (sum(name.encode()) * 0x9E3779B97F4A7C15 & (1 << 64) - 1) | 1
    values = []
    for _ in range(count):
        state = (state * 6364136223846793005 + 1442695040888963407) & (1 << 64) - 1
        values.append((state >> 40) / (1 << 23) - 1)
    return torch.tensor(values)


def rename(name):
    """The name of a parameter in src/gan/judge."""
    for old, new in (
        ("parametrizations.weight.original", "weight"),
        ("parametrizations.weight.0._u", "left"),
        ("parametrizations.weight.0._v", "right"),
        ("plain.weight", "plain"),
        ("plain.bias", "bias"),
    ):
        name = name.replace(old, new)
    parts = name.split(".")
    if parts[0] == "heads":
        parts[:1] = ["whole", "heads"]
    elif parts[0] == "near":
        parts[:1] = ["near", "heads"]
    if "layers" in parts:
        place = parts.index("layers") + 1
        layer, kind = divmod(int(parts[place]), 3)
        parts[place] = str(layer)
        if kind == 0:
            parts.insert(place + 1, "convolution")
        else:
            parts[-1] = {"weight": "scale", "bias": "shift"}[parts[-1]]
    return ".".join(parts)


@torch.no_grad()
def fill(judge):
    """Frozen weights from the file, everything else from formulas."""
    frozen = {name: value.float() for name, value in load_file(WEIGHTS).items()}
    parts = {"stem": judge.features.stem}
    for index, block in enumerate(judge.features.blocks):
        layers = [layer for layer in block if hasattr(layer, "weight")]
        names = ["expand", "depthwise", "project"][3 - len(layers) :]
        parts |= {f"blocks.{index}.{name}": layer for name, layer in zip(names, layers)}
    for name, layer in parts.items():
        layer.weight.copy_(frozen.pop(f"{name}.weight"))
        layer.bias.copy_(frozen.pop(f"{name}.bias"))
    assert not frozen, frozen.keys()
    names = {}
    for name, value in judge.state_dict().items():
        if name.startswith("features.") or "running" in name or "tracked" in name:
            continue
        ours = names[name] = rename(name)
        # Linear layers to one output are vectors there.
        scale = 1 / math.sqrt(max(value.numel() // len(value), 1)) if len(value) > 1 else 1.0
        shift = 1.0 if ours.endswith("scale") else 0.0
        value.copy_((shift + scale * numbers(value.numel(), ours)).reshape(value.shape))
    for module in judge.modules():
        for norm in getattr(module, "parametrizations", {}).values():
            norm.eval()
            norm[0]._power_method(norm.original.flatten(1), ITERATIONS)
    return {ours: name for name, ours in names.items()}


def scans(side, phase):
    """[BATCH, 2, side, side] from -1 to 1."""
    row = torch.arange(side, dtype=torch.float64)
    return torch.stack(
        [
            torch.stack([torch.sin((0.11 * (b + 1) * row + phase) * 64 / side)[None] * torch.cos((0.07 * (c + 1) * (1 + 0.3 * b) * row + c) * 64 / side)[:, None] for c in range(2)])
            for b in range(BATCH)
        ]
    ).float()


def short(x):
    return float(f"{x:.7g}")


def summary(gradient):
    """Sum and maximum of the absolute values, then the first, middle and last value."""
    flat = gradient.double().flatten()
    return [short(x) for x in (flat.abs().sum(), flat.abs().max(), *(flat[i * (len(flat) - 1) // 2] for i in range(3)))]


def case(side, corner):
    judge = Projected(CLASSES, side, MAPS)
    named = {ours: dict(judge.named_parameters())[name] for ours, name in fill(judge).items() if name in dict(judge.named_parameters())}
    part = SIDE // ZOOM
    place = None if corner is None else torch.stack([start + torch.arange(part) for start in corner])
    onehot = torch.eye(CLASSES)[[0, 1, 1, 0]]
    real, fake = scans(side, 0.5), scans(side, 2.0).requires_grad_()
    of_real, of_fake = judge.maps(real, place), judge.maps(fake, place)
    logits = [judge.judge([x.detach() for x in maps], onehot, place) for maps in (of_real, of_fake)]
    loss = torch.relu(1 - logits[0]).mean() + torch.relu(1 + logits[1]).mean()
    loss.backward()
    of_heads = {ours: summary(p.grad) for ours, p in named.items() if p.grad is not None}
    mean = judge.judge(of_fake, onehot, place).mean()
    (gradient,) = torch.autograd.grad(mean, fake)
    return {
        "side": side,
        "place": corner,
        "real": logits[0].flatten().tolist(),
        "fake": logits[1].flatten().tolist(),
        "loss": loss.item(),
        "mean": mean.item(),
        "heads": of_heads,
        # The largest value of the gradient to the scans, and values at regular distances.
        "largest": gradient.abs().max().item(),
        "gradient": [short(x) for x in gradient.flatten()[:: gradient.numel() // 509]],
    }


if __name__ == "__main__":
    # The package of the network prints when it loads.
    with contextlib.redirect_stdout(sys.stderr):
        cases = [case(32, None), case(64, None), case(128, None), case(128, [17, 40])]
    print(json.dumps(cases, default=float))
