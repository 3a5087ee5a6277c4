"""What a run of pretrain.py can be told."""

import argparse
from pathlib import Path

from networks import PRESETS


def read(about):
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--data", required=True, help="folder written by `hersenscan slices`")
    parser.add_argument("--preset", required=True, choices=PRESETS)
    parser.add_argument("--out", required=True, type=Path, help="folder of the run; goes on with what is in it")
    parser.add_argument("--from", dest="start", help="checkpoint, or weights of a generator, to grow from")
    length = parser.add_mutually_exclusive_group(required=True)
    length.add_argument("--minutes", type=float, help="length of the whole run")
    length.add_argument("--kimg", type=float, help="the same in thousand slices: runs compare whatever else the machine does")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=4e-4)
    parser.add_argument("--old-rate", type=float, default=1.0, help="part of the rate for what a larger generator takes over whole")
    parser.add_argument("--gamma", type=float, default=1.0)
    parser.add_argument("--gamma-end", type=float, default=1.0, help="part of gamma that is left at the end, along a cosine")
    parser.add_argument("--penalty-every", type=int, default=4)
    parser.add_argument("--augment", type=float, default=0.4, help="highest probability of an augmentation")
    parser.add_argument("--augment-least", type=float, default=0.05, help="lowest probability of an augmentation")
    parser.add_argument("--projected", type=float, default=0.0, help="weight of the judge in projected.py; 0 for none")
    parser.add_argument("--diversity", type=float, default=0.0, help="weight of mode seeking (Mao et al. 2019); 0 for none")
    parser.add_argument("--masks", type=float, default=0.0, help="weight of the masks that scans with a tumour lack; 0 for none")
    parser.add_argument("--reconstruct", type=float, default=0.0, help="weight of making training slices again, in encoder.py; 0 for none; with --projected")
    parser.add_argument("--reconstruct-only", action="store_true", help="no discriminators yet: every slice gets its place among the latents")
    parser.add_argument("--half-life", type=float, default=500.0, help="slices over which the average forgets half, at least")
    parser.add_argument("--beta", type=float, default=0.99)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--stages", type=float, nargs="*", default=[], help="keep the average after so many thousand slices")
    parser.add_argument("--float32", action="store_true", help="no bfloat16, also where the device has it")
    parser.add_argument("--threads", type=int, default=0)
    args = parser.parse_args()
    if args.reconstruct and not args.projected:
        raise SystemExit("--reconstruct compares in the judge's maps: give --projected too, 1 say")
    if args.reconstruct_only and not args.reconstruct:
        raise SystemExit("--reconstruct-only leaves nothing to learn: give --reconstruct too, 1 say")
    return args
