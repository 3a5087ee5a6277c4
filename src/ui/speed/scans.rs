//! Scans a second of a shipped network.

use super::environment::{SpeedEnvironment, SpeedError, engine_failed, worker_failed};
use super::inbox::Inbox;
use super::report::SpeedFailure;
use super::window::{Extent, Window};
use crate::engine::making::protocol::{MAX_SCANS, MakingEvent, MakingRequest};
use crate::engine::shared::{DeviceKind, DeviceReport, Source};
use crate::gan::preset::{ScanSpec, Style};
use crate::ui::engine::engines::program;
use crate::worker::{Pool, WorkerFailure};

const EXTENT: Extent = Extent { warm_up: 500.0, millis: 1200.0, pieces: 8 };

type MakingOutcome = (usize, Result<MakingEvent, WorkerFailure>);

/// Measures with this many workers, each of which makes scans without a pause. Also returns what the first worker reports
/// about the device. `weights` is the path of a generator.
///
/// # Errors
/// The failure of any of the workers.
pub async fn scans_per_second(
    environment: &SpeedEnvironment,
    weights: &str,
    device: DeviceKind,
    workers: usize,
) -> Result<(f64, DeviceReport), SpeedError> {
    let inbox = Inbox::<MakingOutcome>::default();
    let pool = {
        let inbox = inbox.clone();
        Pool::new(&environment.making, workers, move |worker, outcome| inbox.push((worker, outcome)))
    };
    let request = |worker, request| pool.member(worker).request(request).map_err(|failure| worker_failed(&failure));
    let start = |worker, first| {
        pool.member(worker).start(&program(device)).map_err(|failure| worker_failed(&failure))?;
        request(worker, first)
    };

    let weights = Source::Address { address: (environment.absolute)(weights) };
    start(0, MakingRequest::Load { weights, device })?;
    let (report, weights) = loop {
        if let (_, MakingEvent::Ready { device, weights, .. }) = next(&inbox).await? {
            break (device, weights);
        }
    };
    // As on the page: one fetches and compiles, the others get both from it.
    (1..workers).try_for_each(|worker| start(worker, MakingRequest::Join { weights: weights.clone() }))?;
    let mut joined = 1;
    while joined < workers {
        if let (_, MakingEvent::Joined { .. }) = next(&inbox).await? {
            joined += 1;
        }
    }

    let mut job = 0;
    let mut make = |worker| {
        job += 1;
        let scans = (0..MAX_SCANS as u32).map(|seed| ScanSpec { seed, class: 0, toward: None }).collect();
        request(worker, MakingRequest::Generate { job, first: 0, scans, style: Style::default(), stage: None })
    };
    (0..workers).try_for_each(&mut make)?;
    let mut window = Window::new(EXTENT, (environment.now)());
    while !window.is_complete() {
        match next(&inbox).await? {
            (_, MakingEvent::Scans { count, .. }) => window.arrive((environment.now)(), count as u64),
            (worker, MakingEvent::Done { .. }) => make(worker)?,
            _ => {}
        }
    }
    let rate = window.per_second().ok_or((SpeedFailure::Broken, "the clock stands still".to_owned()))?;
    Ok((rate, report))
}

/// The next event, or the failure of a worker.
async fn next(inbox: &Inbox<MakingOutcome>) -> Result<(usize, MakingEvent), SpeedError> {
    match inbox.next().await {
        (_, Err(failure)) => Err(worker_failed(&failure)),
        (_, Ok(MakingEvent::Failed { failure, detail } | MakingEvent::Refused { failure, detail, .. })) => {
            Err(engine_failed(failure, detail))
        }
        (worker, Ok(event)) => Ok((worker, event)),
    }
}
