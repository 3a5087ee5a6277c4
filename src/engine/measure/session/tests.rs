//! The session without a browser: each request has its answer.

use burn::tensor::read_sync;

use super::*;
use crate::engine::shared::Source;

const SIDE: usize = 32;
const NETWORK: &[u8] = include_bytes!("../../../../static/weights/features/efficientnet-lite0.safetensors");

/// Stripes of another width for each slice, two slices of each person.
fn set(count: usize, from: usize) -> MeasuredSet {
    let pixel =
        |slice: usize, at: usize| if (at / SIDE + slice).is_multiple_of(3 + slice % 5) { 200 } else { (at % 40) as u8 };
    MeasuredSet {
        files: (0..count).map(|slice| format!("{slice}.png")).collect(),
        persons: (0..count).map(|slice| format!("p{}", (from + slice) / 2)).collect(),
        known: count,
        pixels: (0..count).flat_map(|slice| (0..SIDE * SIDE).map(move |at| pixel(from + slice, at))).collect(),
    }
}

fn begin(network: &[u8], generated: MeasuredSet) -> MeasureRequest {
    let network = Source::Bytes { bytes: network.to_vec().into() };
    let (real, learned) = (set(20, 0), Some(set(20, 40)));
    MeasureRequest::Begin(Box::new(BeginMeasure { side: SIDE, seed: 1, network, real, generated, learned }))
}

fn answer(session: &MeasureSession, request: MeasureRequest) -> MeasureEvent {
    read_sync(session.answer(request))
}

#[test]
fn the_tasks_of_a_comparison_are_done_one_by_one_and_become_a_report() {
    let session = MeasureSession::default();
    let MeasureEvent::Ready { tasks } = answer(&session, begin(NETWORK, set(16, 80))) else { panic!() };
    // The tasks that train a network take minutes in an unoptimised test. Their measure is then left out.
    let quick = tasks.iter().filter(|planned| !matches!(planned.task, MeasureTask::Fold(..)));
    let found = quick.map(|planned| {
        let MeasureEvent::Done { task, found, millis } = answer(&session, MeasureRequest::Run { task: planned.task })
        else {
            panic!()
        };
        assert!(task == planned.task && millis > 0.0);
        (task, found)
    });
    let found: Vec<_> = found.collect();
    let MeasureEvent::Measured(result) = answer(&session, MeasureRequest::Finish { found, seconds: 1.0 }) else {
        panic!()
    };
    assert_eq!(result.counts["generated slices"], 16);
    assert_eq!(result.counts["train patients"], 10);
    assert!(result.persons_known);
    let report: serde_json::Value = serde_json::from_str(&result.report).expect("JSON");
    assert_eq!(report["details"]["slices"]["generated"].as_array().map(Vec::len), Some(16));
}

#[test]
fn what_is_wrong_is_said_and_nothing_can_be_asked_for() {
    let session = MeasureSession::default();
    let nothing = failed("there is no comparison yet".to_owned());
    let finish = || MeasureRequest::Finish { found: Vec::new(), seconds: 0.0 };
    assert_eq!(answer(&session, finish()), nothing);
    let broken = answer(&session, begin(&NETWORK[..1000], set(16, 80)));
    assert!(matches!(&broken, MeasureEvent::Failed { network: true, detail } if !detail.is_empty()), "{broken:?}");
    let mut short = set(16, 80);
    short.pixels.truncate(10 * SIDE * SIDE);
    let short = answer(&session, begin(NETWORK, short));
    assert!(matches!(&short, MeasureEvent::Failed { network: false, detail } if detail.contains("names")), "{short:?}");
    assert_eq!(answer(&session, finish()), nothing);
}
