//! How many workers share a job or a training on the processor.

use crate::gan::preset::JUDGE_GROUP;
use crate::training::MIN_ROWS;

/// Most workers of the processor.
pub const MAX_WORKERS: usize = 8;
/// A phone gets at most this many: half of its cores are slow, and it gets hot.
const ON_A_PHONE: usize = 4;
/// A device with at most this much memory, in GiB, gets at most [`WITH_LITTLE_MEMORY`].
const LITTLE_MEMORY: f64 = 2.0;
/// See [`LITTLE_MEMORY`].
const WITH_LITTLE_MEMORY: usize = 2;

/// What the browser reports about the processor.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Processor {
    /// Number of cores.
    pub cores: Option<f64>,
    /// Memory in GiB, rounded by the browser.
    pub memory: Option<f64>,
    /// Whether it is that of a phone.
    pub phone: bool,
}

impl Processor {
    /// Number of workers, from 1 to [`MAX_WORKERS`]. One if the browser does not tell the number of cores.
    pub fn workers(self, leaves_one_free: bool) -> usize {
        let cores = self.cores.filter(|cores| *cores >= 1.0).map_or(1, |cores| cores as usize);
        let few_gib = self.memory.is_some_and(|memory| memory <= LITTLE_MEMORY);
        let most = match (few_gib, self.phone) {
            (true, _) => WITH_LITTLE_MEMORY,
            (false, true) => ON_A_PHONE,
            (false, false) => MAX_WORKERS,
        };
        (cores - usize::from(leaves_one_free)).clamp(1, most)
    }
}

/// Number of workers that share the steps of a training, the leader included: at least 1, at most `workers`. Each gets at least
/// two slices of a mini-batch, or with a judge a whole group.
pub fn training_workers(workers: usize, batch: usize, judged: bool) -> usize {
    let most = if judged { batch.div_ceil(JUDGE_GROUP) } else { batch };
    workers.min(batch / MIN_ROWS).min(most).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_mini_batch_is_shared_by_few_workers() {
        let cases = [((8, 8), 4), ((3, 8), 3), ((1, 8), 1), ((8, 2), 1), ((8, 1), 1), ((0, 8), 1)];
        for ((workers, batch), expected) in cases {
            assert_eq!(training_workers(workers, batch, false), expected, "{workers} workers, batch {batch}");
        }
    }

    #[test]
    fn a_judge_takes_groups_of_four_slices() {
        let cases = [((8, 8), 2), ((1, 8), 1), ((8, 7), 2), ((8, 4), 1), ((8, 32), 8), ((8, 1), 1)];
        for ((workers, batch), expected) in cases {
            assert_eq!(training_workers(workers, batch, true), expected, "{workers} workers, batch {batch}");
        }
    }

    #[test]
    fn every_core_gets_a_worker_up_to_what_the_device_can_take() {
        let desktop = |cores| Processor { cores: Some(cores), memory: Some(8.0), phone: false };
        let phone = Processor { phone: true, ..desktop(8.0) };
        let cases = [
            (Processor::default(), [1, 1]),
            (desktop(0.0), [1, 1]),
            (desktop(1.0), [1, 1]),
            (desktop(2.0), [2, 1]),
            (desktop(8.0), [8, 7]),
            (desktop(64.0), [8, 8]),
            (Processor { memory: Some(2.0), ..desktop(8.0) }, [2, 2]),
            (Processor { memory: None, ..desktop(6.0) }, [6, 5]),
            (phone, [4, 4]),
            (Processor { memory: Some(1.0), ..phone }, [2, 2]),
            (Processor { cores: Some(3.0), ..phone }, [3, 2]),
        ];
        for (processor, expected) in cases {
            assert_eq!([false, true].map(|free| processor.workers(free)), expected, "{processor:?}");
        }
    }
}
