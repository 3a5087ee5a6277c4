//! Warnings about a training set that can be used, but will give poor results.

use std::collections::BTreeMap;

/// What is unusual about a training set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SetWarnings {
    /// Width and height of the slices, most frequent first, if there is more than one size.
    pub sizes: Vec<(usize, usize)>,
    /// Classes with a single slice, if there are several classes.
    pub single_slice_classes: Vec<usize>,
}

impl SetWarnings {
    /// The warnings for these slices, given as class, width and height.
    pub fn of(slices: impl IntoIterator<Item = (usize, (usize, usize))>) -> Self {
        let (mut classes, mut sizes) = (BTreeMap::<usize, usize>::new(), BTreeMap::<(usize, usize), usize>::new());
        for (class, size) in slices {
            *classes.entry(class).or_default() += 1;
            *sizes.entry(size).or_default() += 1;
        }
        let mut by_frequency: Vec<_> = sizes.into_iter().collect();
        by_frequency.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let several = classes.len() > 1;
        Self {
            sizes: if by_frequency.len() > 1 {
                by_frequency.into_iter().map(|(size, _)| size).collect()
            } else {
                Vec::new()
            },
            single_slice_classes: classes
                .into_iter()
                .filter(|(_, count)| several && *count == 1)
                .map(|(class, _)| class)
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_set_has_no_warnings() {
        assert_eq!(SetWarnings::of([(0, (64, 64)); 8]), SetWarnings::default());
        assert_eq!(SetWarnings::of([]), SetWarnings::default());
        assert_eq!(SetWarnings::of([(0, (64, 64))]), SetWarnings::default());
    }

    #[test]
    fn mixed_sizes_are_listed_most_frequent_first() {
        let slices = [(0, (128, 128)), (0, (512, 512)), (0, (512, 512)), (0, (512, 448))];
        assert_eq!(SetWarnings::of(slices).sizes, [(512, 512), (128, 128), (512, 448)]);
    }

    #[test]
    fn a_class_of_one_slice_is_named() {
        let slices = [(0, (64, 64)), (0, (64, 64)), (1, (64, 64)), (2, (64, 64)), (2, (64, 64))];
        assert_eq!(SetWarnings::of(slices).single_slice_classes, [1]);
    }
}
