//! A run without a browser: what it posts to the page.

use burn::tensor::{Device, read_sync};

use super::*;
use crate::engine::training::protocol::StartFrom;
use crate::engine::training::start::{check, initial_state};
use crate::slice::Slice;

fn set() -> TrainingSlices {
    let image = |number: usize| (0..256).map(|at| ((at * (3 + number)) % 251) as u8).collect();
    let slice = |number: usize| LabelledSlice { class: number % 2, slice: Slice::without_tumour(16, image(number)) };
    TrainingSlices {
        size: 16,
        classes: ["a", "b"].map(str::to_owned).into(),
        train: (0..16).map(slice).collect(),
        held_out: (16..26).map(slice).collect(),
        source: "drawn".to_owned(),
    }
}

/// A run on the processor. What it posts until it is ready is thrown away.
fn run(start: StartFrom, keep: bool) -> TrainingRun {
    let begin = Begin {
        device: DeviceKind::Cpu,
        software: false,
        set: set(),
        start: StartFrom::Stored,
        tuning: Tuning { batch: 4, ..Tuning::FRESH },
        seed: 5,
        keep,
        judge: None,
        followers: 0,
    };
    let numbers = (begin.tuning, begin.seed);
    let initial = read_sync(initial_state(start, None, &begin.set, numbers, &Device::flex())).expect("a start");
    let run = read_sync(TrainingRun::new(begin, initial, Team::default())).expect("a run");
    port::posted::<TrainingEvent>();
    run
}

fn random() -> StartFrom {
    StartFrom::Random { preset: "n16".to_owned() }
}

fn answer(run: &mut TrainingRun, request: TrainingRequest) -> Vec<TrainingEvent> {
    read_sync(run.answer(request)).expect("an answer");
    port::posted()
}

fn bytes_of(buffer: &Buffer) -> Vec<u8> {
    buffer.clone().into_bytes()
}

/// Names of events.
fn names(events: &[TrainingEvent]) -> Vec<String> {
    events.iter().map(|event| format!("{event:?}").split([' ', '{']).next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn it_runs_when_asked_measures_each_second_and_saves_when_paused() {
    let mut run = run(random(), false);
    assert!(!run.running);
    assert!(matches!(answer(&mut run, TrainingRequest::Go)[..], [TrainingEvent::Running { running: true, .. }]));
    assert!(run.running);
    read_sync(run.step()).expect("a step");
    // The clock of the tests jumps a second at each look.
    assert_eq!(names(&port::posted::<TrainingEvent>())[0], "Measured");
    let events = answer(&mut run, TrainingRequest::Pause);
    let [
        TrainingEvent::Saved { images: 4, on_disk: false, bytes },
        TrainingEvent::Frame { images: 4, scans, .. },
        last,
    ] = &events[..]
    else {
        panic!("{:?}", names(&events))
    };
    assert!(!bytes_of(bytes).is_empty() && scans.len() == FRAME_SCANS);
    assert!(matches!(last, TrainingEvent::Running { running: false, .. }) && !run.running);
}

#[test]
fn a_single_step_measures_everything_and_pauses() {
    let mut run = run(random(), false);
    answer(&mut run, TrainingRequest::Go);
    let events = names(&answer(&mut run, TrainingRequest::Step { network: Network::Discriminator }));
    for expected in ["Checked", "Measured", "Frame"] {
        assert!(events.iter().any(|name| name == expected), "{expected} in {events:?}");
    }
    assert!(events.last().is_some_and(|name| name == "Running") && !run.running);
}

#[test]
fn a_checkpoint_keeps_the_time_and_the_hyperparameters_in_memory_and_on_disk() {
    for keep in [false, true] {
        let mut first = run(random(), keep);
        let tuning = Tuning { rate: 2e-4, augment: 0.1, batch: 8, gamma: 2.0 };
        answer(&mut first, TrainingRequest::Tune { tuning });
        read_sync(first.step()).expect("a step");
        port::posted::<TrainingEvent>();
        let events = answer(&mut first, TrainingRequest::Pause);
        let Some(TrainingEvent::Saved { on_disk, bytes, .. }) = events.first() else { panic!("{:?}", names(&events)) };
        assert_eq!((*on_disk, bytes_of(bytes).is_empty()), (keep, keep));
        let start = match keep {
            true => StartFrom::Stored,
            false => StartFrom::Checkpoint { bytes: bytes_of(bytes).into() },
        };
        let second = run(start, false);
        assert_eq!(second.reporter.tuning, tuning);
        assert_eq!(second.training.counts().images, 8);
        assert_eq!(second.training.counts().seconds, first.training.counts().seconds);
    }
}

#[test]
fn a_divergence_halves_the_rate_and_warns() {
    let mut run = run(random(), false);
    let before = run.reporter.tuning.rate;
    // No rate that a visitor may set is so high.
    run.training.state.settings.schedule.rate = (1e30, 1e30);
    for _ in 0..20 {
        read_sync(run.step()).expect("a step");
        let events = port::posted::<TrainingEvent>();
        if let Some(TrainingEvent::Tuned { tuning }) =
            events.iter().find(|event| matches!(event, TrainingEvent::Tuned { .. }))
        {
            assert_eq!(tuning.rate, run.training.state.settings.schedule.rate.0);
            assert!(
                tuning.rate != before && names(&events).iter().any(|name| name == "Notices"),
                "{:?}",
                names(&events)
            );
            return;
        }
    }
    panic!("it did not diverge");
}

#[test]
fn a_network_is_exported_as_a_weights_file() {
    let mut run = run(random(), false);
    read_sync(run.step()).expect("a step");
    port::posted::<TrainingEvent>();
    let events = answer(&mut run, TrainingRequest::Export { network: Network::Generator, last: false });
    let [TrainingEvent::Exported { network: Network::Generator, bytes }] = &events[..] else {
        panic!("{:?}", names(&events))
    };
    let model = GeneratorModel::from_bytes(&bytes_of(bytes), &Device::flex()).expect("weights");
    assert_eq!(model.card().classes, ["a", "b"]);
}

#[test]
fn without_a_judge_there_is_no_distance() {
    let mut run = run(random(), false);
    read_sync(run.measure_distance()).expect("nothing to do");
    assert!(port::posted::<TrainingEvent>().is_empty());
}

#[test]
fn sets_that_no_training_can_use_are_refused() {
    assert!(check(&set()).is_ok());
    let wrong: [fn(&mut TrainingSlices); 4] =
        [|set| set.train.clear(), |set| set.classes.clear(), |set| set.train[0].class = 2, |set| set.size = 32];
    for change in wrong {
        let mut changed = set();
        change(&mut changed);
        assert!(matches!(check(&changed), Err((Failure::BadRequest, _))));
    }
}

#[test]
fn failures_say_what_the_page_can_do() {
    assert_eq!(failed(LoopError::Diverged(3)).0, Failure::SelfTest);
    assert_eq!(failed(LoopError::Checkpoint(CheckpointError::NeedsJudge)).0, Failure::WeightsBroken);
}
