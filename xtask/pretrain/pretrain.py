"""Trains the networks with PyTorch, for its speed on CUDA and in bfloat16 (docs/training.md, "Speed").

The loss, the penalties and the optimiser are those of src/gan/train.rs; tests/training_step.rs compares two steps. Differences: both
networks use the same generated scans in a step, where Rust generates new ones for the generator; the learning rate has a warm-up; the
projected discriminator has four feature maps, that of Rust three; and the encoder, the mask loss and the diversity loss exist only
here.

Reads a folder written by `hersenscan slices`. Writes a run folder for `hersenscan train --resume`.
"""

import copy
import csv
import math
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from safetensors.torch import load_file, save_file

import checkpoint
import masks
import options
import precision
import slices
import warm_start
from augment import augment
from encoder import EVERY, Reconstruction
from graphs import Recorded
from networks import LATENT, Discriminator, Generator, side_of

# Steps of learning rate warm-up: at first the second moments of the optimisers are inaccurate.
WARM_UP = 100


class Run:
    """Both networks, the averaged generator, the optimisers, and the counters of a checkpoint."""

    def __init__(self, args):
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        # Shapes are constant, so let cuDNN search for the fastest kernels, among the first few candidates.
        torch.backends.cudnn.benchmark, torch.backends.cudnn.benchmark_limit = True, 4
        torch.manual_seed(args.seed)
        if args.threads:
            torch.set_num_threads(args.threads)
        self.preset, self.batch, self.seed = args.preset, args.batch, args.seed
        self.rate, self.rate_end = args.rate, args.rate / 8
        self.gamma, self.gamma_end = args.gamma, args.gamma * args.gamma_end
        self.diversity = args.diversity
        self.half_life = args.half_life
        self.masks = args.masks
        self.penalty_every, self.augment, self.beta = args.penalty_every, args.augment, args.beta
        self.augment_least = min(args.augment_least, args.augment)
        self.mixed = not args.float32
        self.classes, self.parts = slices.read(args.data)
        side, wanted = self.parts["train"][0].shape[-1], side_of(args.preset)
        if side != wanted:
            raise SystemExit(f"the slices are {side} pixels wide, and {args.preset} takes {wanted}: make them with `hersenscan slices --size {wanted}`")
        count = len(self.classes)
        place = dict(device=self.device, memory_format=torch.channels_last)
        self.generator = Generator(args.preset, count).to(**place)
        self.discriminator = Discriminator(args.preset, count).to(**place)
        self.steps = self.images = 0
        # The last value of each, for the log.
        self.numbers = {name: torch.zeros((), device=self.device) for name in ("loss_d", "loss_g", "penalty", "gap")}
        self.seconds, self.probability = 0.0, 0.1
        old = None
        preset, grown = checkpoint.start(args.start) if args.start else (args.preset, {"generator": {}})
        if (args.out / "checkpoint.safetensors").exists():
            counters, self.seconds, old = checkpoint.load(args.out / "checkpoint.safetensors")
            self.steps, self.images = counters["steps"], counters["images"]
            self.probability = counters["strength"]["probability"]
        elif args.start:
            old = grown
        self.probability = max(self.probability, self.augment_least)
        if old:
            checkpoint.grow(self.generator, old["generator"])
            checkpoint.grow(self.discriminator, old["discriminator"])
        self.average = copy.deepcopy(self.generator).requires_grad_(False)
        if old:
            # Parameters that the start lacks (styles, say) are the same in both networks.
            checkpoint.grow(self.average, old["average"])
        # Momentum only for reconstruction. Against a discriminator it makes the training oscillate.
        momentum = 0.9 if args.reconstruct_only else 0.0
        self.generator_adam = self.adam(self.groups(grown["generator"], args.old_rate), momentum, args.beta)
        self.discriminator_adam = self.adam(self.discriminator.parameters(), momentum, args.beta)
        self.projected_weight = args.projected
        if args.projected:
            from projected import Projected

            self.projected = Projected(count, side).to(**place)
            self.projected_path = args.out / "projected.safetensors"
            if kept := self.beside(args, preset, self.projected_path):
                self.projected.load(load_file(kept))
            heads = [parameter for parameter in self.projected.parameters() if parameter.requires_grad]
            self.projected_adam = self.adam(heads, 0.0, 0.99)
        if old and self.steps:
            for network, optimiser, part in (
                (self.generator, self.generator_adam, "generator_adam"),
                (self.discriminator, self.discriminator_adam, "discriminator_adam"),
            ):
                for name, parameter in network.named_parameters():
                    if name in old.get(part, {}):
                        value = old[part][name].reshape(parameter.shape).to(parameter.device)
                        value = value.contiguous(memory_format=torch.channels_last) if value.dim() == 4 else value
                        optimiser.state[parameter] = {
                            "step": torch.tensor(float(self.steps), device=parameter.device),
                            "exp_avg": torch.zeros_like(parameter),
                            "exp_avg_sq": value,
                        }
        self.pool = slices.Pool(*self.parts["train"], self.device)
        if args.masks:
            self.areas = masks.least_areas(self.pool)
        if old is grown and preset != self.preset:
            warm_start.warm(self, preset, grown)
        self.reconstruct, self.reconstruct_only = args.reconstruct, args.reconstruct_only
        if args.reconstruct:
            self.reconstruction = Reconstruction(self.pool, self.onehot(self.pool.labels), self.projected, self.fast)
            self.encoder_path = args.out / "encoder.safetensors"
            if kept := self.beside(args, preset, self.encoder_path):
                self.reconstruction.load(load_file(kept))
        images, labels = self.parts["validation"]
        self.held_out = None if images is None else slices.Pool(images, labels, self.device)
        if self.held_out is None:
            # Nothing tells whether the discriminator memorises: the augmentation keeps its highest probability.
            self.probability = self.augment
        # Inputs of a recorded CUDA graph: it reads their current values.
        self.gamma_now, self.chance = (torch.zeros((), device=self.device) for _ in range(2))
        self.recorded = Recorded(self.learn, self.device)

    def adam(self, groups, momentum, beta):
        """Adam whose learning rate is a tensor, so that a recorded CUDA graph reads its current value."""
        made = torch.optim.Adam(groups, betas=(momentum, beta), eps=1e-8, fused=True, capturable=self.device.type == "cuda")
        for group in made.param_groups:
            group["lr"] = torch.zeros((), device=self.device)
        return made

    def beside(self, args, preset, path):
        """Path of state that a checkpoint does not hold: from this run, or from the run of the same preset that this one starts from;
        None if neither has it."""
        places = [path]
        if args.start and preset == self.preset and not self.steps:
            places.append(Path(args.start).with_name(path.name))
        return next((place for place in places if place.exists()), None)

    def groups(self, old, part):
        """Parameter groups of the generator: new parameters, and those that the older generator had in the same shape."""
        known = checkpoint.unchanged(self.generator, old)
        named = [(name in known, parameter) for name, parameter in self.generator.named_parameters()]
        groups = [([p for was, p in named if was == wanted], part if wanted else 1.0) for wanted in (False, True)]
        return [{"params": parameters, "part": part} for parameters, part in groups if parameters]

    def fast(self):
        return precision.fast(self.device, self.mixed)

    def onehot(self, labels):
        return torch.eye(len(self.classes), device=self.device)[labels]

    def latents(self):
        return torch.randn(self.batch, LATENT, device=self.device)

    def step(self, progress):
        """One step of all networks. `progress` is the position in the run, from 0 to 1."""
        share = 0.5 - 0.5 * math.cos(math.pi * min(progress, 1.0))
        rate = (self.rate + (self.rate_end - self.rate) * share) * min(1.0, (self.steps + 1) / WARM_UP)
        gamma = self.gamma + (self.gamma_end - self.gamma) * share
        optimisers = [self.generator_adam, self.discriminator_adam, *([self.projected_adam] if self.projected_weight else [])]
        for group in (group for optimiser in optimisers for group in optimiser.param_groups):
            group["lr"].fill_(rate * group.get("part", 1.0))
        self.gamma_now.fill_(gamma)
        self.chance.fill_(self.probability)
        self.recorded(self.steps % self.penalty_every == 0, self.steps % 2 == 1, self.steps % EVERY == 0)

        self.steps += 1
        self.images += self.batch
        half_life = min(max(self.images * 0.05, self.half_life), 500_000.0)
        keep = 0.5 ** (self.batch / half_life)
        with torch.no_grad():
            torch._foreach_lerp_(list(self.average.parameters()), list(self.generator.parameters()), 1 - keep)

    def learn(self, penalise, near, looks):
        """One step of all networks. `penalise`: with gradient penalties. `near`: the projected discriminator sees a crop. `looks`: the
        reconstruction compares its feature maps."""
        total = torch.zeros((), device=self.device) if self.reconstruct_only else self.against_discriminators(penalise, near)
        if self.reconstruct:
            # Next to the adversarial loss, half a batch is enough to keep what was learned.
            index = self.pool.draw(self.batch if self.reconstruct_only else self.batch // 2)
            loss = self.reconstruction.loss(self.generate, index, looks)
            total = total + self.reconstruct * loss
            if self.reconstruct_only:
                self.note(loss_g=loss)
        self.generator_adam.zero_grad(set_to_none=True)
        total.backward()
        self.generator_adam.step()
        if self.reconstruct:
            self.reconstruction.step()

    def note(self, **numbers):
        for name, value in numbers.items():
            self.numbers[name].copy_(value.detach())

    def generate(self, latents, onehot):
        with self.fast():
            return self.generator(latents, onehot).float()

    def against_discriminators(self, penalise, near):
        """One step of the discriminators on a new batch; returns the generator's loss."""
        real, labels = self.pool.batch(self.batch)
        latents, classes = self.latents(), labels
        if self.diversity:
            # Both halves of the batch have the same classes.
            classes = labels[: self.batch // 2].repeat(2)
        onehot, asked = self.onehot(labels), self.onehot(classes)
        made = self.generate(latents, asked)
        total = self.adversarial(real, onehot, made, asked, penalise, near)
        if self.diversity:
            total = total + self.diversity * mode_seeking(made, latents)
        if self.masks:
            total = total + self.masks * masks.missing(made, classes, self.areas)
        return total

    def adversarial(self, real, onehot, made, asked, penalise, near):
        """One step of the discriminators; returns the generator's adversarial loss."""
        real = augment(real, self.chance).contiguous(memory_format=torch.channels_last)
        fake = augment(made, self.chance).contiguous(memory_format=torch.channels_last)

        total = torch.zeros((), device=self.device)
        if self.projected_weight:
            total = total - self.projected_weight * self.step_projected(real, onehot, fake, asked, near)
        self.step_discriminator(real, onehot, fake.detach(), asked, penalise)
        self.discriminator.requires_grad_(False)
        with self.fast():
            with torch.no_grad():
                of_real = self.discriminator(real, onehot)
            loss = F.softplus(of_real - self.discriminator(fake, asked)).mean()
        self.discriminator.requires_grad_(True)
        self.note(loss_g=loss)
        return total + loss

    def step_discriminator(self, real, onehot, fake, asked, penalise):
        """Relativistic loss of real and generated scans in one pass, with R1 and R2 if `penalise`."""
        both = torch.cat([real, fake]).contiguous(memory_format=torch.channels_last)
        both.requires_grad_(penalise)
        with self.fast():
            logits = self.discriminator(both, torch.cat([onehot, asked]))
        of_real, of_fake = logits.chunk(2)
        loss = total = F.softplus(of_fake - of_real).mean()
        if penalise:
            (gradient,) = torch.autograd.grad(logits.sum(), both, create_graph=True)
            # R1 and R2: half of gamma times the mean squared gradient norm over `batch` images each.
            penalty = gradient.float().square().sum() * (0.5 * self.gamma_now / self.batch)
            total = total + penalty * self.penalty_every
            self.note(penalty=penalty)
        self.discriminator_adam.zero_grad(set_to_none=True)
        total.backward()
        self.discriminator_adam.step()
        self.note(loss_d=loss, gap=of_real.mean() - of_fake.mean())

    def step_projected(self, real, onehot, fake, asked, near):
        """One step of the heads with the hinge loss; real and generated scans are normalised separately. Returns the heads' mean logit
        of the generated scans."""
        place = self.projected.place(near, self.device)
        judge = lambda maps, onehot: self.projected.judge(maps, onehot, place)
        with self.fast():
            with torch.no_grad():
                of_real = self.projected.maps(real, place)
            of_fake = self.projected.maps(fake, place)
            loss = F.relu(1 - judge(of_real, onehot)).mean() + F.relu(1 + judge([x.detach() for x in of_fake], asked)).mean()
            self.projected_adam.zero_grad(set_to_none=True)
            loss.backward()
            self.projected_adam.step()
            return judge(of_fake, asked).mean()

    @torch.no_grad()
    def overfitting_check(self):
        """The overfitting check: returns the mean logits of training, held-out and generated scans, and adjusts the augmentation by them.
        Without held-out scans their mean is NaN, and the augmentation stays as it is."""
        train = self.mean_logit(self.pool)
        held_out = math.nan if self.held_out is None else self.mean_logit(self.held_out)
        onehot = self.onehot(self.pool.batch(4 * self.batch)[1])
        fakes = self.generator(torch.randn(len(onehot), LATENT, device=self.device), onehot)
        generated = self.discriminator(fakes, onehot).mean().item()
        if self.held_out is not None:
            gap = train - generated
            overfit = 0.0 if abs(gap) < 1e-6 else (train - held_out) / gap
            self.probability += 0.05 if overfit > 0.5 else -0.02
            self.probability = min(max(self.probability, self.augment_least), self.augment)
        return [train, held_out, generated]

    def mean_logit(self, pool):
        """The discriminator's mean logit of four mini-batches of slices."""
        batches = [pool.batch(self.batch) for _ in range(4)]
        return sum(self.discriminator(x, self.onehot(y)).mean() for x, y in batches).item() / 4

    @torch.no_grad()
    def grid(self, path, columns=12):
        latents = torch.randn(columns, LATENT, generator=torch.Generator().manual_seed(1)).to(self.device)
        rows = []
        for k in range(len(self.classes)):
            onehot = self.onehot(torch.full((columns,), k, device=self.device))
            scans = self.average(latents, onehot).float().cpu()
            for channel in range(2):
                rows.append(torch.cat(list(scans[:, channel]), dim=1))
        pixels = ((torch.cat(rows).clamp(-1, 1) + 1) * 127.5).round().numpy().astype(np.uint8)
        Image.fromarray(pixels).save(path)


def mode_seeking(made, latents):
    """Mode seeking loss (Mao et al. 2019, arXiv 1903.05628) between the halves of a batch: different latents should give different scans."""
    far = lambda x: (x[: len(x) // 2] - x[len(x) // 2 :]).abs().flatten(1).mean(1)
    return (far(latents) / (far(made) + 1e-3)).mean()


def main():
    args = options.read(__doc__)
    args.out.mkdir(parents=True, exist_ok=True)
    run = Run(args)
    log_path = args.out / "log.csv"
    fresh = not log_path.exists()
    log = csv.writer(open(log_path, "a", newline=""))
    if fresh:
        log.writerow("steps kimg minutes loss_d loss_g penalty gap augment d_train d_held_out d_generated".split())
    stages = sorted(kimg for kimg in args.stages if kimg * 1000 >= run.images)
    progress = lambda: run.images / (args.kimg * 1000) if args.kimg else run.seconds / (args.minutes * 60)
    checked, saved, means = run.images // 4000, run.seconds, [0.0] * 3
    clock = time.time()
    while progress() < 1:
        if stages and run.images >= stages[0] * 1000:
            checkpoint.save(args.out / f"stage-{run.images:07d}.safetensors", run)
            stages.pop(0)
        run.step(progress())
        now = time.time()
        run.seconds, clock = run.seconds + now - clock, now
        if run.images // 4000 > checked:
            checked, means = run.images // 4000, run.overfitting_check()
            if not math.isfinite(run.numbers["loss_d"].item() + run.numbers["loss_g"].item()):
                raise SystemExit("training diverged: start again from the last checkpoint with a larger --gamma")
        if run.seconds - saved > 90 or progress() >= 1:
            saved = run.seconds
            checkpoint.save(args.out / "checkpoint.safetensors", run)
            if run.projected_weight:
                save_file(run.projected.state(), run.projected_path)
            if run.reconstruct:
                save_file(run.reconstruction.state(), run.encoder_path)
            run.grid(args.out / f"grid-{run.images // 1000:07d}.png")
            numbers = [*(number.item() for number in run.numbers.values()), run.probability, *means]
            row = [run.steps, f"{run.images / 1000:.1f}", f"{run.seconds / 60:.2f}", *(f"{x:.4f}" for x in numbers)]
            log.writerow(row)
            print(*row, flush=True)


if __name__ == "__main__":
    main()
