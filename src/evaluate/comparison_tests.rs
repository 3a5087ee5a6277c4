//! Tasks in any order and in any parts give the same report.

use super::*;

/// A head of a person: an ellipse with a bright spot.
fn head(side: usize, person: usize, slice: usize) -> Vec<u8> {
    let (cx, cy) = (side as f32 * (0.3 + 0.05 * (slice % 7) as f32), side as f32 * (0.4 + 0.04 * (person % 5) as f32));
    let middle = side as f32 / 2.0;
    (0..side * side)
        .map(|at| {
            let (x, y) = ((at % side) as f32, (at / side) as f32);
            let skull = ((x - middle) / (0.4 * side as f32)).hypot((y - middle) / (0.45 * side as f32));
            match (skull < 1.0, (x - cx).hypot(y - cy) < 3.0) {
                (true, true) => 230,
                (true, false) => 80 + (person * 11 % 60) as u8 + (slice % 3) as u8,
                (false, _) => 0,
            }
        })
        .collect()
}

fn real(side: usize, persons: std::ops::Range<usize>) -> RealSlices {
    let all = persons.flat_map(|person| (0..4).map(move |slice| (person, slice)));
    let (images, persons) = all.map(|(person, slice)| (head(side, person, slice), format!("p{person}"))).unzip();
    RealSlices { images, persons }
}

fn generated(side: usize, count: usize) -> Vec<Vec<u8>> {
    (0..count).map(|index| head(side, 50 + index, 3 * index)).collect()
}

/// Results of fake tasks: features are pixels instead of a network's, and nothing is trained.
fn fake(comparison: &SetComparison, task: MeasureTask) -> TaskResult {
    match task {
        MeasureTask::Features(set, [from, to]) => {
            let one = |image: &Vec<u8>| {
                let pixel = |at: usize| f32::from(image[at * 7 % image.len()]) / 100.0;
                (0..super::super::efficientnet_lite::FEATURES).map(pixel).collect::<Vec<_>>()
            };
            TaskResult::Features(comparison.images(set)[from..to].iter().flat_map(one).collect())
        }
        MeasureTask::Nearest(set, range) => TaskResult::Nearest(comparison.nearest(set, range)),
        MeasureTask::Fold(pair, fold) => {
            let right = |index: usize| (index, f64::from(u8::from(!(index + fold).is_multiple_of(3))));
            TaskResult::Fold(
                comparison.question_about(pair, |question| question.pick(fold, true).into_iter().map(right).collect()),
            )
        }
    }
}

#[test]
fn the_order_and_the_size_of_tasks_change_nothing() {
    let comparison = SetComparison::new(16, Some(real(16, 0..10)), real(16, 10..16), generated(16, 40), 3);
    let tasks: Vec<MeasureTask> = comparison.tasks().into_iter().map(|planned| planned.task).collect();
    assert!(tasks.len() > 10 + 3 + 2);
    let run = |tasks: &[MeasureTask]| {
        let found = tasks.iter().map(|&task| (task, fake(&comparison, task))).collect();
        comparison.measures(found)
    };
    let (forward, backward) = (run(&tasks), run(&tasks.iter().rev().copied().collect::<Vec<_>>()));
    assert_eq!(forward.measures, backward.measures);
    assert_eq!(forward.pairs, backward.pairs);
    let mut whole: Vec<MeasureTask> = tasks.iter().filter(|task| task.kind() == 2).copied().collect();
    for set in SliceSet::ALL {
        let all = [0, comparison.images(set).len()];
        whole.extend([MeasureTask::Features(set, all), MeasureTask::Nearest(set, all)]);
    }
    let whole = run(&whole);
    assert_eq!(forward.measures, whole.measures);
    let ids: Vec<&str> = whole.measures.iter().map(|measure| measure.id).collect();
    assert_eq!(ids, ["fd", "fd_relative", "kid", "density", "coverage", "copy_share", "two_sample_accuracy"]);
    assert!(whole.details.contains_key("nearest train slice"));
}

#[test]
fn without_train_slices_one_half_of_the_persons_takes_their_place() {
    let all = real(16, 0..12);
    let comparison = SetComparison::new(16, None, all.clone(), generated(16, 20), 1);
    let sets = [SliceSet::Train, SliceSet::Test].map(|set| comparison.persons(set));
    assert_eq!(sets.map(<[String]>::len), [24, 24]);
    assert!(sets[0].iter().all(|person| !sets[1].contains(person)));
    // Equal to the comparison with that half as train slices, except for copies.
    let half = |set: SliceSet| RealSlices {
        images: comparison.images(set).to_vec(),
        persons: comparison.persons(set).to_vec(),
    };
    let told = SetComparison::new(16, Some(half(SliceSet::Train)), half(SliceSet::Test), generated(16, 20), 1);
    let measured = [&comparison, &told].map(|comparison| {
        let tasks = comparison.tasks().into_iter();
        comparison.measures(tasks.map(|planned| (planned.task, fake(comparison, planned.task))).collect())
    });
    assert!(measured[0].pairs.is_none() && measured[1].pairs.is_some());
    let copy = |measure: &&ReportedMeasure| measure.id != "copy_share";
    assert_eq!(
        measured[0].measures.iter().collect::<Vec<_>>(),
        measured[1].measures.iter().filter(copy).collect::<Vec<_>>()
    );
}
