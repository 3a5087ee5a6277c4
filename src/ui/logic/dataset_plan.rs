//! A data set to make: how many scans of each class, and from which seeds.

use crate::gan::preset::ScanSpec;

/// Most scans of a data set.
pub const MAX_DATASET: usize = 5000;

/// Numbers of scans, one for each class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetPlan(Vec<usize>);

/// There are no scans in a plan, or more than [`MAX_DATASET`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfRange;

impl DatasetPlan {
    /// A plan with these numbers of scans, one for each class.
    ///
    /// # Errors
    /// [`OutOfRange`] if there are none, or too many.
    pub fn new(counts: Vec<usize>) -> Result<Self, OutOfRange> {
        let total = counts.iter().try_fold(0_usize, |sum, count| sum.checked_add(*count)).ok_or(OutOfRange)?;
        if (1..=MAX_DATASET).contains(&total) { Ok(Self(counts)) } else { Err(OutOfRange) }
    }

    /// Number of scans.
    pub fn total(&self) -> usize {
        self.0.iter().sum()
    }

    /// Class, first seed and number of scans of each class that has any. Seeds follow each other, so that none comes twice.
    pub fn runs(&self, seed: u32) -> Vec<(usize, u32, usize)> {
        let mut next = seed;
        let run = |(class, &count): (usize, &usize)| {
            let first = next;
            next = next.wrapping_add(count as u32);
            (count > 0).then_some((class, first, count))
        };
        self.0.iter().enumerate().filter_map(run).collect()
    }

    /// The scans, class by class.
    pub fn specs(&self, seed: u32) -> Vec<ScanSpec> {
        let of_run = |(class, first, count): (usize, u32, usize)| {
            (0..count as u32).map(move |index| ScanSpec { seed: first.wrapping_add(index), class, toward: None })
        };
        self.runs(seed).into_iter().flat_map(of_run).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn classes_follow_each_other_and_no_seed_comes_twice() {
        let plan = DatasetPlan::new(vec![2, 0, 3]).expect("in range");
        assert_eq!(plan.runs(u32::MAX), [(0, u32::MAX, 2), (2, 1, 3)]);
        let specs = plan.specs(u32::MAX);
        assert_eq!(specs.iter().map(|spec| spec.class).collect::<Vec<_>>(), [0, 0, 2, 2, 2]);
        assert_eq!(specs.iter().map(|spec| spec.seed).collect::<BTreeSet<_>>().len(), plan.total());
    }

    #[test]
    fn a_plan_has_from_one_to_five_thousand_scans() {
        assert_eq!(DatasetPlan::new(vec![0, 0]), Err(OutOfRange));
        assert_eq!(DatasetPlan::new(vec![2500, 2501]), Err(OutOfRange));
        assert_eq!(DatasetPlan::new(vec![usize::MAX, 1]), Err(OutOfRange));
        assert_eq!(DatasetPlan::new(vec![5000]).map(|plan| plan.total()), Ok(5000));
    }
}
