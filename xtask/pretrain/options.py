"""Command line options of pretrain.py."""

import argparse
from pathlib import Path

from networks import PRESETS


def read(about):
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--data", required=True, help="folder written by `hersenscan slices`")
    parser.add_argument("--preset", required=True, choices=PRESETS)
    parser.add_argument("--out", required=True, type=Path, help="folder of the run; resumes from the checkpoint in it")
    parser.add_argument("--from", dest="start", help="checkpoint or generator weights to start from")
    length = parser.add_mutually_exclusive_group(required=True)
    length.add_argument("--minutes", type=float, help="length of the run")
    length.add_argument("--kimg", type=float, help="the same in thousand slices, which does not depend on the speed of the machine")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=4e-4)
    parser.add_argument("--old-rate", type=float, default=1.0, help="factor of the learning rate for parameters that a generator of another size takes over unchanged")
    parser.add_argument("--gamma", type=float, default=1.0)
    parser.add_argument("--gamma-end", type=float, default=1.0, help="factor of gamma at the end of the run; it changes along a cosine")
    parser.add_argument("--penalty-every", type=int, default=4)
    parser.add_argument("--augment", type=float, default=0.4, help="highest probability of an augmentation")
    parser.add_argument("--augment-least", type=float, default=0.05, help="lowest probability of an augmentation")
    parser.add_argument("--projected", type=float, default=0.0, help="weight of the projected discriminator (projected.py); 0 for none")
    parser.add_argument("--diversity", type=float, default=0.0, help="weight of mode seeking (Mao et al. 2019); 0 for none")
    parser.add_argument("--masks", type=float, default=0.0, help="weight of the mask loss (masks.py); 0 for none")
    parser.add_argument("--reconstruct", type=float, default=0.0, help="weight of the reconstruction loss (encoder.py); 0 for none; needs --projected")
    parser.add_argument("--reconstruct-only", action="store_true", help="reconstruction without discriminators, as a first phase")
    parser.add_argument("--half-life", type=float, default=500.0, help="shortest half-life of the averaged generator, in slices")
    parser.add_argument("--beta", type=float, default=0.99)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--stages", type=float, nargs="*", default=[], help="save checkpoints after these numbers of thousand slices")
    parser.add_argument("--float32", action="store_true", help="do not use bfloat16")
    parser.add_argument("--threads", type=int, default=0)
    args = parser.parse_args()
    if args.reconstruct and not args.projected:
        raise SystemExit("--reconstruct compares feature maps of the projected discriminator: add --projected, for example 1")
    if args.reconstruct_only and not args.reconstruct:
        raise SystemExit("--reconstruct-only needs a weight: add --reconstruct, for example 1")
    return args
