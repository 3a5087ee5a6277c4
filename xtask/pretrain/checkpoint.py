"""Reads and writes the checkpoints of src/gan/checkpoint.rs, so that `hersenscan train --resume` can continue or publish a run."""

import json
import os

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

FORMAT = "hersenscan-checkpoint-1"


def moments(network, optimiser):
    """Adam's second moments by parameter name, flattened."""
    named = {}
    for name, parameter in network.named_parameters():
        state = optimiser.state.get(parameter)
        if state:
            named[name] = state["exp_avg_sq"].flatten()
    return named


def tensors_of(run):
    """The tensors of a checkpoint, by name."""
    tensors = {}
    parts = [
        ("generator", dict(run.generator.named_parameters())),
        ("discriminator", dict(run.discriminator.named_parameters())),
        ("average", dict(run.average.named_parameters())),
        ("generator_adam", moments(run.generator, run.generator_adam)),
        ("discriminator_adam", moments(run.discriminator, run.discriminator_adam)),
    ]
    for prefix, named in parts:
        for name, value in named.items():
            tensors[f"{prefix}.{name}"] = value.detach().float().cpu().contiguous().clone()
    return tensors


def counters_of(run):
    """The metadata of a checkpoint."""
    decayed = run.beta**run.steps
    return {
        "format": FORMAT,
        "preset": run.preset,
        "classes": len(run.classes),
        "batch": run.batch,
        "seed": run.seed,
        "schedule": {
            "rate": [run.rate, run.rate_end],
            "gamma": [run.gamma, run.gamma_end],
            "beta": [run.beta, run.beta],
            "penalty_every": run.penalty_every,
            "augment": run.augment,
            "lecam": 0.0,
            "half_life": run.half_life,
        },
        "extent": "all",
        "strength": {"probability": run.probability},
        "steps": run.steps,
        "images": run.images,
        "generator_adam": [run.steps, decayed],
        "discriminator_adam": [run.steps, decayed],
    }


def save(path, run):
    metadata = {"counters": json.dumps(counters_of(run)), "note": f"{run.seconds:.1f}"}
    partial = f"{path}.partial"
    save_file(tensors_of(run), partial, metadata=metadata)
    os.replace(partial, path)


def load(path):
    """Counters, seconds of training, and {part: {name: tensor}}."""
    parts = {}
    with safe_open(path, framework="pt") as file:
        metadata = file.metadata()
        for key in file.keys():
            prefix, name = key.split(".", 1)
            parts.setdefault(prefix, {})[name] = file.get_tensor(key)
    return json.loads(metadata["counters"]), float(metadata["note"]), parts


def start(path):
    """Preset and {part: {name: tensor}} of a checkpoint, or of generator weights with the discriminator's file next to them."""
    with safe_open(path, framework="pt") as file:
        metadata = file.metadata()
    if "counters" in metadata:
        counters, _, parts = load(path)
        return counters["preset"], parts
    beside = str(path).removesuffix(".safetensors") + ".discriminator.safetensors"
    generator = {name: value.float() for name, value in load_file(path).items()}
    discriminator = {name: value.float() for name, value in load_file(beside).items()}
    return metadata["preset"], {"generator": generator, "average": generator, "discriminator": discriminator}


def unchanged(network, values):
    """Names of the parameters that `values` holds in the same shape."""
    return {name for name, parameter in network.named_parameters() if name in values and values[name].shape == parameter.shape}


def grow(network, values):
    """Load values of the same name and shape, and of a wider layer the part that both have.

    Old outputs get zero weights from new inputs, so that they compute the same as before. New outputs see all inputs.
    """
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            old = values.get(name)
            if old is None or old.dim() != parameter.dim():
                continue
            # A style holds all scales and then all shifts.
            halves = 2 if name.endswith(".style") else 1
            for new, old in zip(parameter.chunk(halves, -1), old.to(parameter.device).chunk(halves, -1)):
                overlap = tuple(slice(0, min(a, b)) for a, b in zip(old.shape, new.shape))
                new[overlap] = old[overlap]
                if old.dim() == 4 and old.shape[1] < new.shape[1]:
                    new[: old.shape[0], old.shape[1] :] = 0
