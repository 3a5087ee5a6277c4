//! Teams take the steps that one worker takes.

mod judge;
mod lost_followers;

use std::error::Error;

use burn::tensor::{Device, Tensor, read_sync};

use super::threads::Threads;
use super::*;
use crate::gan::checkpoint;
use crate::gan::preset::PRESETS;
use crate::gan::schedule::Schedule;
use crate::gan::state_dict::{NamedTensor, tensors};
use crate::gan::train::TrainSettings;
use crate::gan::trainable::Trainable;
use crate::slice::{LabelledSlice, Slice};
use crate::training::training_loop::read_losses;

type Tested = Result<(), Box<dyn Error>>;

/// Shares of three workers differ: 2, 2 and 3 rows.
const BATCH: usize = 7;

fn slices() -> BalancedSampler {
    let slice = |i: usize| {
        let image = (0..256).map(|pixel| ((pixel * (i + 3)) % 251) as u8).collect();
        LabelledSlice { class: i % 2, slice: Slice::without_tumour(16, image) }
    };
    BalancedSampler::new(2, (0..8).map(slice))
}

/// The smallest networks. So few slices train with LeCam. The learning rate is low: at a higher one the rounding of one step
/// moves an activation across the kink of LeakyReLU in another step, and from then on the losses differ in the third decimal.
fn state(trainable: Trainable) -> TrainState {
    let schedule = Schedule { rate: (2e-5, 2e-5), ..Schedule::for_data(16, 8) };
    assert!(schedule.lecam > 0.0);
    let preset = PRESETS[PRESETS.len() - 1];
    let settings = TrainSettings { preset, classes: 2, batch: BATCH, seed: 5, schedule, trainable };
    let mut state = TrainState::new(settings, &Device::flex());
    state.adaptive_augment.probability = 0.3;
    state
}

fn setup(state: &TrainState) -> FollowerSetup {
    let TrainSettings { preset, classes, seed, trainable, .. } = state.settings;
    let judge = state.judge.as_ref().map(|judge| (judge.weight, judge.backbone.clone()));
    FollowerSetup { preset, classes, seed, trainable, judge, slices: slices() }
}

/// Losses and logits of some steps.
fn losses(state: &mut TrainState, team: &mut Team, steps: usize) -> Result<Vec<[f32; 5]>, Box<dyn Error>> {
    let slices = slices();
    let mut all = Vec::new();
    for step in 0..steps {
        let output = read_sync(team.step(state, &slices, step as f64 / 40.0))?;
        let read = read_sync(read_losses(output, 0.0))?;
        all.push([read.discriminator, read.generator, read.penalty, read.real, read.fake]);
    }
    Ok(all)
}

fn assert_close(got: &[[f32; 5]], expected: &[[f32; 5]]) {
    assert_eq!(got.len(), expected.len());
    for (step, (got, expected)) in got.iter().zip(expected).enumerate() {
        for (got, expected) in got.iter().zip(expected) {
            let allowed = 1e-4 * expected.abs().max(1.0);
            assert!((got - expected).abs() <= allowed, "step {step}: {got} instead of {expected}");
        }
    }
}

#[test]
fn teams_of_any_size_have_the_losses_of_one_worker() -> Tested {
    for trainable in [Trainable::All, Trainable::FreezeD] {
        let alone = losses(&mut state(trainable), &mut Team::default(), 20)?;
        assert!(alone.iter().any(|step| step[2] > 0.0) && alone.iter().any(|step| step[2] == 0.0), "R1 and R2");
        for workers in [1, 2, 3] {
            let mut state = state(trainable);
            let threads = Threads::start(workers - 1, &setup(&state))?;
            let mut team = Team::new(Box::new(threads));
            assert_close(&losses(&mut state, &mut team, 20)?, &alone);
            assert_eq!(team.at_work(), workers);
            assert!(state.anchors.is_some(), "LeCam was there");
        }
    }
    Ok(())
}

#[test]
fn the_gradients_of_shares_add_up_to_that_of_the_mini_batch() -> Tested {
    let mut state = state(Trainable::All);
    // Afterwards there are anchors for LeCam, and the next step has a penalty.
    losses(&mut state, &mut Team::default(), 4)?;
    for network in [Network::Discriminator, Network::Generator] {
        let inputs = state.inputs(&slices()).of(network);
        let gradient = |rows: &Range<usize>| -> Result<Vec<f32>, Box<dyn Error>> {
            let part = state.gradient(network, inputs.rows(rows), 0.0);
            Ok(match network {
                Network::Discriminator => read_sync(parameters::gradient(&state.discriminator, &part))?,
                Network::Generator => read_sync(parameters::gradient(&state.generator, &part))?,
            })
        };
        let whole = gradient(&(0..BATCH))?;
        let largest = whole.iter().fold(0.0f32, |largest, value| largest.max(value.abs()));
        for workers in [2, 3, BATCH] {
            let mut sum = vec![0.0; whole.len()];
            for rows in shares(BATCH, workers, 1) {
                sum.iter_mut().zip(gradient(&rows)?).for_each(|(sum, part)| *sum += part);
            }
            let worst = whole.iter().zip(&sum).map(|(whole, sum)| (whole - sum).abs()).fold(0.0, f32::max);
            assert!(worst <= 1e-5 * largest, "{network:?}, {workers} workers: {worst} of {largest}");
        }
    }
    Ok(())
}

#[test]
fn a_team_of_one_takes_the_steps_of_a_state_bit_for_bit() -> Tested {
    let (mut with_team, mut without) = (state(Trainable::All), state(Trainable::All));
    losses(&mut with_team, &mut Team::default(), 5)?;
    for step in 0..5 {
        without.step(&slices(), f64::from(step) / 40.0);
    }
    assert_eq!(values(&with_team), values(&without));
    Ok(())
}

/// The parameters of all three networks. Not the bytes of a checkpoint, whose metadata has no fixed order.
fn values(state: &TrainState) -> Vec<(String, Vec<f32>)> {
    let networks = [tensors(&state.generator), tensors(&state.discriminator), tensors(&state.average)];
    let of = |tensor: NamedTensor| (tensor.name, tensor.values.into_data().iter::<f32>().collect());
    let judge = state.judge.iter().flat_map(|judge| tensors(&judge.parameters));
    networks.into_iter().flatten().chain(judge).map(of).collect()
}

#[test]
fn a_team_that_resumes_repeats_itself_bit_for_bit() -> Tested {
    let team = |state: &TrainState| -> Result<Team, Box<dyn Error>> {
        Ok(Team::new(Box::new(Threads::start(2, &setup(state))?)))
    };
    let mut uninterrupted = state(Trainable::All);
    let mut first = team(&uninterrupted)?;
    losses(&mut uninterrupted, &mut first, 5)?;
    let saved = read_sync(checkpoint::encode(&uninterrupted, ""))?;
    let expected = losses(&mut uninterrupted, &mut first, 5)?;

    let mut resumed = checkpoint::decode(&saved, &Device::flex())?.0;
    let mut second = team(&resumed)?;
    assert_eq!(losses(&mut resumed, &mut second, 5)?, expected);
    // A run that goes back does the same with the followers that it has.
    let mut back = checkpoint::decode(&saved, &Device::flex())?.0;
    first.networks_changed();
    assert_eq!(losses(&mut back, &mut first, 5)?, expected);
    Ok(())
}

#[test]
fn a_step_of_one_network_is_shared_too() -> Tested {
    for network in [Network::Discriminator, Network::Generator] {
        let run = |workers: usize| -> Result<Vec<f32>, Box<dyn Error>> {
            let mut state = state(Trainable::All);
            let mut team = Team::new(Box::new(Threads::start(workers - 1, &setup(&state))?));
            let step = |_| {
                let loss: Tensor<1> = read_sync(team.step_one(&mut state, network, &slices(), 0.0))?;
                Ok(loss.into_scalar::<f32>())
            };
            (0..6).map(step).collect()
        };
        let (alone, shared) = (run(1)?, run(3)?);
        for (got, expected) in shared.iter().zip(&alone) {
            assert!((got - expected).abs() <= 1e-4 * expected.abs().max(1.0), "{shared:?}, alone {alone:?}");
        }
    }
    Ok(())
}

#[test]
fn shares_cover_the_mini_batch_and_the_leader_has_the_smallest() {
    for rows in 2..40 {
        for workers in 1..=rows {
            let shares = shares(rows, workers, 1);
            assert_eq!((shares.len(), shares[0].start, shares[workers - 1].end), (workers, 0, rows));
            assert!(shares.windows(2).all(|two| two[0].end == two[1].start));
            let sizes: Vec<usize> = shares.iter().map(Range::len).collect();
            let (least, most) = (sizes.iter().min().copied(), sizes.iter().max().copied());
            assert!(least == Some(sizes[0]) && most <= least.map(|least| least + 1), "{sizes:?}");
        }
    }
}

#[test]
fn orders_that_do_not_fit_are_refused() -> Tested {
    let state = state(Trainable::All);
    let mut follower = Follower::new(setup(&state), &Device::flex());
    let step = NetworkStep { network: Network::Generator, alone: false, progress: 0.0 };
    let order = read_sync(Order::new(&state, step))?;
    for rows in [0..0, 0..BATCH + 1] {
        assert!(read_sync(follower.answer(&Order { rows, ..order.clone() })).is_err());
    }
    let short = vec![(Network::Generator, Arc::new(vec![0.0; 3]))];
    let answer = read_sync(follower.answer(&Order { rows: 0..2, parameters: short, ..order }));
    assert!(answer.is_err_and(|words| words.contains("3 numbers instead of")));
    Ok(())
}
