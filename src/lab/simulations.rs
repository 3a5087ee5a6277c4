//! Five hundred simulated experiments of each kind: how often does the lab find an effect that exists, and one that does not?
//!
//! Outcomes are simulated, not learners, so that a test takes seconds. All values follow from fixed seeds.

use super::arm::Arm;
use super::comparison::{ArmComparison, Verdict, compare};
use super::outcomes::{LabRun, Metric, Outcomes, Unit};
use super::power::smallest_effect;
use super::variance_components::Deviations;
use super::verdict::MIN_REPETITIONS;
use crate::gan::random::{Purpose, Stream};

/// Simulated experiments of each kind.
const LABS: u64 = 500;
/// Bootstrap samples of each: fewer than in a report, to be quick.
const DRAWS: usize = 200;

/// What is repeated, on whom.
#[derive(Debug, Clone, Copy)]
struct Design {
    /// Test persons of each class.
    persons: &'static [usize],
    repetitions: usize,
    /// Learners of an arm in a repetition. Each tests its part of the persons.
    learners: usize,
}

/// As at full size: the test persons of the T1 slices that the networks were made with.
const FULL: Design = Design { persons: &[8, 10, 12], repetitions: 10, learners: 1 };
/// Designs of the tab: random halves, one class, and fewer repetitions.
const TAB: [Design; 3] = [
    Design { persons: &[12, 12, 12], learners: 2, ..FULL },
    Design { persons: &[30], ..FULL },
    Design { persons: &[30, 30], repetitions: MIN_REPETITIONS, learners: 1 },
];
/// Typical deviations, and for each of the three a kind in which it is the largest.
const TYPICAL: Deviations = Deviations { persons: 0.2, repetitions: 0.03, residual: 0.3 };
const KINDS: [Deviations; 4] = [
    TYPICAL,
    Deviations { persons: 0.3, repetitions: 0.0, residual: 0.1 },
    Deviations { persons: 0.02, repetitions: 0.1, residual: 0.1 },
    Deviations { persons: 0.0, repetitions: 0.0, residual: 0.4 },
];

/// Simulates the outcomes of a lab. `effect` is added to the values of one arm.
fn lab(seed: u64, design: Design, deviations: &Deviations, effect: (Arm, f64)) -> Outcomes {
    let mut stream = Stream::new(Purpose::Step, seed, 99);
    let mut normal = |deviation: f64| deviation * f64::from(stream.normal());
    let mut units = Vec::new();
    for (class, count) in design.persons.iter().enumerate() {
        units.extend((0..*count).map(|index| Unit { person: format!("{class} {index}"), class }));
    }
    // The difference of two arms has the stated deviations, so each arm has them divided by the root of two.
    let half = std::f64::consts::FRAC_1_SQRT_2;
    let hard: Vec<f64> = units.iter().map(|_| normal(0.3)).collect();
    // A learner has its luck in all arms, because its initial weights and its persons are the same there. Persons take turns, so
    // each learner of a repetition tests as many of them.
    let learner = |unit: usize, repetition: usize| (unit + repetition) % design.learners;
    let luck: Vec<Vec<f64>> =
        (0..design.repetitions).map(|_| (0..design.learners).map(|_| normal(0.05)).collect()).collect();
    let mut runs = Vec::new();
    for arm in Arm::ALL {
        let added = if arm == effect.0 { effect.1 } else { 0.0 };
        let taste: Vec<f64> = units.iter().map(|_| normal(half * deviations.persons)).collect();
        for (repetition, luck) in luck.iter().enumerate() {
            let shifts: Vec<f64> =
                luck.iter().map(|luck| 0.7 + added + luck + normal(half * deviations.repetitions)).collect();
            let values = hard.iter().zip(&taste).enumerate().map(|(unit, (hard, taste))| {
                shifts[learner(unit, repetition)] + hard + taste + normal(half * deviations.residual)
            });
            let values = values.collect();
            runs.push(LabRun { arm, repetition, values, scores: Vec::new() });
        }
    }
    Outcomes { units, runs }
}

fn compared(outcomes: &Outcomes) -> Vec<ArmComparison> {
    compare(outcomes, Metric::BalancedAccuracy, &Arm::ALL, DRAWS, 0).unwrap_or_default()
}

/// How many simulated labs satisfy a condition, over all cores.
fn count(condition: impl Fn(u64) -> bool + Sync) -> u64 {
    let threads = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    std::thread::scope(|scope| {
        let condition = &condition;
        let share = |first| {
            scope.spawn(move || (first..LABS).step_by(threads as usize).filter(|seed| condition(*seed)).count())
        };
        let shares: Vec<_> = (0..threads).map(share).collect();
        shares.into_iter().map(|share| share.join().unwrap_or_default() as u64).sum()
    })
}

/// Whether any arm got a verdict.
fn any_verdict(outcomes: &Outcomes) -> bool {
    compared(outcomes).iter().any(|one| one.verdict != Verdict::Unclear)
}

/// How many labs without an effect report one.
fn wrong(design: Design, deviations: &Deviations) -> u64 {
    count(|seed| any_verdict(&lab(seed, design, deviations, (Arm::Real, 0.0))))
}

#[test]
fn an_effect_of_the_printed_size_is_found_in_four_of_five_labs() {
    let effect = smallest_effect(FULL.persons, FULL.repetitions, Arm::ALL.len() - 1, &TYPICAL).unwrap_or_default();
    let found = |effect: f64, verdict: Verdict| {
        count(|seed| {
            let outcomes = lab(seed, FULL, &TYPICAL, (Arm::RealFakes, effect));
            compared(&outcomes).iter().any(|one| one.arm == Arm::RealFakes && one.verdict == verdict)
        })
    };
    let (helped, hurt, half) =
        (found(effect, Verdict::Helps), found(-effect, Verdict::Hurts), found(effect / 2.0, Verdict::Helps));
    println!("effect {effect:.3}: {helped} and {hurt} of {LABS} labs find it; {half} find half of it");
    assert!(helped * 10 >= LABS * 8 && hurt * 10 >= LABS * 8, "{helped} and {hurt} of {LABS}");
    // The printed effect must not be much larger than necessary.
    assert!(half * 2 < LABS, "{half} of {LABS} find half of it");
}

#[test]
fn without_an_effect_at_most_one_lab_in_twenty_sees_one() {
    for kind in KINDS {
        let wrong = wrong(FULL, &kind);
        println!("{wrong} of {LABS} labs see an effect that is not there: {kind:?}");
        assert!(wrong * 20 <= LABS, "{wrong} of {LABS}: {kind:?}");
    }
}

#[test]
fn without_an_effect_few_labs_with_the_designs_of_the_tab_see_one() {
    // With a true share of one in twenty, 500 labs have 25 such verdicts, with a standard deviation of 4.9. Two of these are allowed.
    const MOST: u64 = 35;
    for design in TAB {
        for kind in &KINDS[..3] {
            let wrong = wrong(design, kind);
            println!("{wrong} of {LABS} labs see an effect that is not there: {design:?}, {kind:?}");
            assert!(wrong <= MOST, "{wrong} of {LABS}: {design:?}, {kind:?}");
        }
    }
}

/// Values of a learner are not normal: here 2 of 3 slices right, 0 of 3, and so on.
#[test]
fn shares_of_few_slices_are_judged_as_well() {
    let wrong = count(|seed| {
        let mut outcomes = lab(seed, FULL, &TYPICAL, (Arm::Real, 0.0));
        let mut stream = Stream::new(Purpose::Step, seed, 100);
        for run in &mut outcomes.runs {
            for value in &mut run.values {
                let right = (0..3).filter(|_| stream.chance(*value)).count();
                *value = right as f64 / 3.0;
            }
        }
        any_verdict(&outcomes)
    });
    println!("{wrong} of {LABS} labs see an effect that is not there: shares of three slices");
    assert!(wrong * 20 <= LABS, "{wrong} of {LABS}");
}

#[test]
fn the_deviations_of_a_lab_are_found() {
    let mut sums = [0.0; 3];
    for seed in 0..40 {
        let outcomes = lab(seed, FULL, &TYPICAL, (Arm::Real, 0.0));
        let repetitions: Vec<usize> = (0..FULL.repetitions).collect();
        let found = Deviations::found(&outcomes, Arm::RealFakes, &repetitions);
        for (sum, value) in sums.iter_mut().zip([found.persons, found.repetitions, found.residual]) {
            *sum += value / 40.0;
        }
    }
    assert!((sums[0] - TYPICAL.persons).abs() < 0.03, "{sums:?}");
    // Often clipped at 0, which moves the mean.
    assert!((sums[1] - TYPICAL.repetitions).abs() < 0.03, "{sums:?}");
    assert!((sums[2] - TYPICAL.residual).abs() < 0.03, "{sums:?}");
}

#[test]
fn the_same_seed_gives_the_same_table_and_few_persons_or_repetitions_give_no_verdict() {
    let mut outcomes = lab(3, FULL, &TYPICAL, (Arm::Fakes, -0.4));
    let first = compared(&outcomes);
    assert_eq!(first, compared(&outcomes));
    let fakes = first.iter().find(|one| one.arm == Arm::Fakes).map(|one| (one.verdict, one.p_holm < 0.05));
    assert_eq!(fakes, Some((Verdict::Hurts, true)));
    for one in &first {
        assert!(one.corrected[0] <= one.interval[0] && one.interval[1] <= one.corrected[1], "{one:?}");
        assert_eq!(one.verdict == Verdict::Unclear, one.p_holm > 0.05, "{one:?}");
    }
    let mut few = outcomes.clone();
    few.units.pop();
    few.runs.iter_mut().for_each(|run| run.values.truncate(few.units.len()));
    let design = Design { repetitions: MIN_REPETITIONS - 1, ..FULL };
    for few in [few, lab(3, design, &TYPICAL, (Arm::Fakes, -0.4))] {
        let few = compared(&few);
        assert!(few.iter().any(|one| one.p_holm < 0.05) && few.iter().all(|one| one.verdict == Verdict::Unclear));
    }
    outcomes.runs.retain(|run| run.repetition == 0);
    assert!(compared(&outcomes).is_empty());
}
