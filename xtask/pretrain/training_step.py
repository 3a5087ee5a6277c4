"""Two training steps of pretrain.py from a state and inputs that are given by formulas. tests/training_step.rs takes the same
steps with src/gan/train.rs and compares losses, parameters, Adam's second moments and the average.

    python training_step.py > ../../tests/training_step.json
"""

import json
from types import SimpleNamespace

import torch

import checkpoint
from networks import LATENT, Discriminator, Generator, side_of
from parity import CLASSES, PRESET, fill, wave
from pretrain import Run

BATCH, LABELS = 4, [0, 2, 1, 0]
# The first step computes the gradient penalties, the second does not; the warm-up of the learning rate is over.
FIRST_STEP, STEPS, PROGRESS = 200, 2, 0.25
# Typical squared gradients of both networks: an update must depend on the gradient's size, not only on its sign.
MOMENTS = {"generator": 1e-6, "discriminator": 1e-5}
SAMPLES = 3


def second_moments(network, scale):
    """Positive values for each parameter."""
    return {name: scale * (1.5 + wave(p.numel(), sum(name.encode()), 1.0)).reshape(p.shape) for name, p in network.named_parameters()}


def trainer():
    """A run of pretrain.py without data, options and augmentation."""
    run = Run.__new__(Run)
    run.device, run.mixed = torch.device("cpu"), False
    run.preset, run.batch, run.seed, run.classes = PRESET, BATCH, 0, ["a", "b", "c"]
    run.rate, run.rate_end, run.gamma, run.gamma_end, run.beta = 4e-4, 5e-5, 2.0, 0.5, 0.99
    run.penalty_every, run.half_life, run.augment, run.probability = 4, 500.0, 0.0, 0.0
    run.projected_weight = run.diversity = run.masks = run.reconstruct = 0.0
    run.reconstruct_only = False
    run.steps, run.images, run.seconds = FIRST_STEP, FIRST_STEP * BATCH, 0.0
    run.generator, run.discriminator = fill(Generator(PRESET, CLASSES)), fill(Discriminator(PRESET, CLASSES))
    # Far from the generator, so that the average moves visibly.
    run.average = Generator(PRESET, CLASSES).requires_grad_(False)
    for parameter in run.average.parameters():
        parameter.zero_()
    run.generator_adam = run.adam(run.generator.parameters(), 0.0, run.beta)
    run.discriminator_adam = run.adam(run.discriminator.parameters(), 0.0, run.beta)
    for name, optimiser in (("generator", run.generator_adam), ("discriminator", run.discriminator_adam)):
        network = getattr(run, name)
        for key, moment in second_moments(network, MOMENTS[name]).items():
            parameter = network.get_parameter(key)
            optimiser.state[parameter] = {"step": torch.tensor(float(FIRST_STEP)), "exp_avg": torch.zeros_like(parameter), "exp_avg_sq": moment}
    run.numbers = {name: torch.zeros(()) for name in ("loss_d", "loss_g", "penalty", "gap")}
    run.gamma_now, run.chance = torch.zeros(()), torch.zeros(())
    run.recorded = run.learn
    return run


def step(run):
    """One step on slices and latents that depend on the step's number; returns its losses."""
    side = side_of(PRESET)
    slices = wave(BATCH * 2 * side * side, 2.0 + run.steps, 1.0).reshape(BATCH, 2, side, side)
    latents = wave(BATCH * LATENT, 1.0 + run.steps, 1.0).reshape(BATCH, LATENT)
    run.pool = SimpleNamespace(batch=lambda size: (slices, torch.tensor(LABELS)))
    run.latents = lambda: latents
    penalised = run.steps % run.penalty_every == 0
    run.step(PROGRESS)
    numbers = {name: number.item() for name, number in run.numbers.items()}
    return {**numbers, "penalty": numbers["penalty"] if penalised else None}


# Gradients of three steps, [step][element]: from zero, over the size of Adam's epsilon, to large ones.
ADAM_GRADIENTS = [[0.0, 1e-9, 1e-8, -1e-7, 0.01, 3.0], [0.0, -2e-9, 2e-8, 1e-7, -0.02, 1.0], [1e-8, 1e-9, -1e-8, 3e-7, 0.03, -5.0]]


def adam():
    """Parameters, [element], that start at 0, after three steps of Adam alone."""
    parameter = torch.nn.Parameter(torch.zeros(len(ADAM_GRADIENTS[0])))
    optimiser = torch.optim.Adam([parameter], lr=0.01, betas=(0.0, 0.99), eps=1e-8)
    for gradients in ADAM_GRADIENTS:
        parameter.grad = torch.tensor(gradients)
        optimiser.step()
    return {"gradients": ADAM_GRADIENTS, "after": [rounded(x) for x in parameter.tolist()]}


def rounded(x):
    return float(f"{x:.7g}")


def summary(change):
    """Sum of absolute values, largest absolute value, and a few values: first, middle and last."""
    change = change.flatten().double()
    places = [i * (len(change) - 1) // (SAMPLES - 1) for i in range(SAMPLES)]
    return [rounded(x) for x in (change.abs().sum().item(), change.abs().max().item(), *(change[i].item() for i in places))]


def main():
    torch.manual_seed(0)
    run = trainer()
    counters, before = checkpoint.counters_of(run), checkpoint.tensors_of(run)
    losses = [step(run) for _ in range(STEPS)]
    after = checkpoint.tensors_of(run)
    changes = {name: summary(after[name].double() - before[name].double()) for name in before}
    shapes = {name: list(value.shape) for name, value in before.items()}
    state = {"counters": counters, "shapes": shapes, "moments": MOMENTS}
    print(json.dumps({"before": state, "labels": LABELS, "progress": PROGRESS, "losses": losses, "changes": changes, "adam": adam()}))


if __name__ == "__main__":
    main()
