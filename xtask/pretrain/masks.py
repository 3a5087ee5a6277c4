"""The mask loss. Every slice of a class with tumours has a mask, but the discriminators accept some generated scans without one."""

import torch.nn.functional as F

# This share of a class's masks, the smallest ones, may be below the limit.
SMALLEST = 0.05
# Masks run from -1 to 1 and count as tumour above 0. Values above this one add no loss.
ENOUGH = 0.5


def least_areas(pool):
    """Least area of each class in pixels: the 5th percentile of its mask areas; 0 for a class whose masks are empty."""
    areas = (pool.images[:, 1] > 0).flatten(1).sum(1).float()
    return [int(areas[members].quantile(SMALLEST)) for members in pool.by_class]


def missing(made, classes, areas):
    """Mean over scans of how far the highest mask values are below ENOUGH, for as many pixels as the least area of the class."""
    total = made.new_zeros(())
    for k, area in enumerate(areas):
        if area:
            most = made[:, 1].flatten(1).topk(area, 1).values
            total = total + (F.relu(ENOUGH - most).mean(1) * (classes == k)).sum()
    return total / len(made)
