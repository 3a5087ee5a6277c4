//! Measures one thing after the other.

use super::environment::{SpeedEnvironment, SpeedError};
use super::report::{Cell, CellPlace, SpeedDevice, SpeedFailure, SpeedReport, SpeedTask};
use super::scans::scans_per_second;
use super::training::slices_per_second;
use crate::engine::shared::DeviceKind;
use crate::ui::logic::choice::Gpu;
use crate::ui::logic::models::Modality;

/// Measures everything. `workers` is how many the page uses on the processor. `on_change` gets the report before and after
/// each measurement. What fails is noted in its place, and the next one follows.
pub async fn measure(environment: &SpeedEnvironment, workers: usize, on_change: impl Fn(&SpeedReport)) {
    let mut report = SpeedReport::new(workers);
    for place in report.places() {
        report.set(place, Cell::Running);
        on_change(&report);
        let measured = measure_one(environment, &mut report, place).await;
        let cell = measured.map_or_else(
            |(failure, detail)| {
                if !detail.is_empty() {
                    (environment.warn)(format!("speed: {detail}"));
                }
                Cell::Failed(failure)
            },
            Cell::PerSecond,
        );
        report.set(place, cell);
    }
    on_change(&report);
}

async fn measure_one(
    environment: &SpeedEnvironment,
    report: &mut SpeedReport,
    (row, column): CellPlace,
) -> Result<f64, SpeedError> {
    let (kind, workers) = match report.rows[row].device {
        SpeedDevice::Processor(workers) => (DeviceKind::Cpu, workers),
        SpeedDevice::GraphicsCard => {
            if (environment.probe_gpu)().await != Gpu::Unknown {
                return Err((SpeedFailure::NoAdapter, String::new()));
            }
            (DeviceKind::Gpu, 1)
        }
    };
    match SpeedTask::ALL[column] {
        SpeedTask::Scans(size) => {
            let files = Modality::default().model().pair(size);
            let files = files.ok_or((SpeedFailure::Broken, format!("no network of {size} pixels")))?;
            let (rate, device) = scans_per_second(environment, files.weights, kind, workers).await?;
            if kind == DeviceKind::Gpu {
                (report.adapter, report.software) = (device.adapter, device.software);
            }
            Ok(rate)
        }
        SpeedTask::Training if kind == DeviceKind::Gpu && report.software => {
            Err((SpeedFailure::SoftwareOnly, String::new()))
        }
        SpeedTask::Training => slices_per_second(environment, kind, workers).await,
    }
}

#[cfg(test)]
mod tests;
