"""Every slice of a class with tumours has a mask, and every scan of that class should: discriminators alone let some do without."""

import torch.nn.functional as F

# The smallest twentieth of a class may be what it is.
SMALLEST = 0.05
# Masks go from -1 to 1, and are mask above 0: this far above there is no more to gain.
ENOUGH = 0.5


def least_areas(pool):
    """Pixels that all but the smallest masks of each class have; 0 for a class whose masks are empty."""
    areas = (pool.images[:, 1] > 0).flatten(1).sum(1).float()
    return [int(areas[members].quantile(SMALLEST)) for members in pool.by_class]


def missing(made, classes, areas):
    """How far the pixels most like mask, as many as `areas` has for the class, are from being mask: a mean over all scans."""
    total = made.new_zeros(())
    for k, area in enumerate(areas):
        if area:
            most = made[:, 1].flatten(1).topk(area, 1).values
            total = total + (F.relu(ENOUGH - most).mean(1) * (classes == k)).sum()
    return total / len(made)
