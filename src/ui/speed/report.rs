//! The measured speeds, and a line of text to pass on.

use std::fmt::Write;

use super::browser_name::browser_name;
use crate::ui::logic::numbers::NumberFormat;

/// The tasks that are timed, in the order of the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpeedTask {
    /// Scans of this many pixels a side.
    Scans(usize),
    /// A training.
    Training,
}

impl SpeedTask {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Scans(64), Self::Scans(128), Self::Training];
}

/// The device, with its number of workers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpeedDevice {
    /// This many workers of the processor.
    Processor(usize),
    /// The graphics card, with WebGPU.
    GraphicsCard,
}

/// Why a measurement failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpeedFailure {
    /// The browser has no graphics card for WebGPU.
    NoAdapter,
    /// The graphics card is emulated in software. The page does not train on those.
    SoftwareOnly,
    /// A worker did not answer for too long.
    Silent,
    /// Anything else.
    Broken,
}

/// One measurement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell {
    /// It was not made.
    Missing,
    /// It is being made.
    Running,
    /// Scans or slices a second.
    PerSecond(f64),
    /// It failed.
    Failed(SpeedFailure),
}

/// A device and its measurements, in the order of [`SpeedTask::ALL`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DeviceRow {
    /// The device.
    pub device: SpeedDevice,
    /// The measurements.
    pub cells: [Cell; SpeedTask::ALL.len()],
}

impl DeviceRow {
    /// The failure of all measurements, if it is the same.
    pub fn failure(&self) -> Option<SpeedFailure> {
        match self.cells[0] {
            Cell::Failed(failure) if self.cells.iter().all(|cell| *cell == Cell::Failed(failure)) => Some(failure),
            _ => None,
        }
    }
}

/// Where a measurement is: its row and its column.
pub type CellPlace = (usize, usize);

/// All measurements.
#[derive(Debug, Clone, PartialEq)]
pub struct SpeedReport {
    /// The devices.
    pub rows: Vec<DeviceRow>,
    /// Name of the graphics card, and whether it is software. Empty until it is known.
    pub adapter: String,
    /// Whether the graphics card is emulated in software.
    pub software: bool,
}

/// The other facts in the line.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Machine {
    /// User agent of the browser.
    pub user_agent: String,
    /// Number of cores, if the browser tells it.
    pub cores: Option<f64>,
    /// Whether it is a phone.
    pub phone: bool,
}

impl SpeedReport {
    /// Nothing measured yet. The page uses up to `workers` workers on the processor.
    pub fn new(workers: usize) -> Self {
        let several = (workers > 1).then_some(SpeedDevice::Processor(workers));
        let devices = several.into_iter().chain([SpeedDevice::Processor(1), SpeedDevice::GraphicsCard]);
        let rows = devices.map(|device| DeviceRow { device, cells: [Cell::Missing; SpeedTask::ALL.len()] }).collect();
        Self { rows, adapter: String::new(), software: false }
    }

    /// All places, row by row.
    pub fn places(&self) -> impl Iterator<Item = CellPlace> + use<> {
        (0..self.rows.len()).flat_map(|row| (0..SpeedTask::ALL.len()).map(move |column| (row, column)))
    }

    /// The measurement at a place.
    pub fn cell(&self, (row, column): CellPlace) -> Cell {
        self.rows[row].cells[column]
    }

    /// Writes a measurement down.
    pub fn set(&mut self, (row, column): CellPlace, cell: Cell) {
        self.rows[row].cells[column] = cell;
    }

    /// The measurement that is being made.
    pub fn running(&self) -> Option<CellPlace> {
        self.places().find(|place| self.cell(*place) == Cell::Running)
    }

    /// Marks the measurement that is being made as missing.
    pub fn stop(&mut self) {
        if let Some(place) = self.running() {
            self.set(place, Cell::Missing);
        }
    }

    /// Whether there is a number.
    pub fn has_numbers(&self) -> bool {
        self.places().any(|place| matches!(self.cell(place), Cell::PerSecond(_)))
    }

    /// Version, browser, device and numbers in one line of English, to compare devices. It holds nothing personal.
    pub fn line(&self, machine: &Machine) -> String {
        let kind = if machine.phone { "phone" } else { "computer" };
        let cores = machine.cores.map_or("unknown number of".to_owned(), |cores| cores.to_string());
        let version = env!("CARGO_PKG_VERSION");
        let mut line = format!("hersenscan {version}; {}; {kind}, {cores} cores", browser_name(&machine.user_agent));
        for row in &self.rows {
            // Writing to a string does not fail.
            let _ = match row.device {
                SpeedDevice::Processor(1) => write!(line, "; processor, 1 worker: "),
                SpeedDevice::Processor(workers) => write!(line, "; processor, {workers} workers: "),
                SpeedDevice::GraphicsCard => write!(line, "; {}: ", self.card()),
            };
            let cells: Vec<String> = match row.failure() {
                Some(failure) => vec![value(Cell::Failed(failure))],
                None => SpeedTask::ALL.into_iter().zip(row.cells).map(|(task, cell)| words(task, cell)).collect(),
            };
            line.push_str(&cells.join(", "));
        }
        line
    }

    fn card(&self) -> String {
        let name = if self.adapter.is_empty() { String::new() } else { format!(" {}", self.adapter) };
        let software = if self.software { " (software)" } else { "" };
        format!("graphics card{name}{software}")
    }
}

fn words(task: SpeedTask, cell: Cell) -> String {
    match task {
        SpeedTask::Scans(side) => format!("scans/s {side} px {}", value(cell)),
        SpeedTask::Training => format!("training slices/s {}", value(cell)),
    }
}

fn value(cell: Cell) -> String {
    match cell {
        Cell::Missing | Cell::Running => "not measured".to_owned(),
        Cell::PerSecond(rate) => NumberFormat::ENGLISH.short(rate),
        Cell::Failed(SpeedFailure::NoAdapter) => "no adapter".to_owned(),
        Cell::Failed(SpeedFailure::SoftwareOnly) => "software only".to_owned(),
        Cell::Failed(SpeedFailure::Silent) => "no answer".to_owned(),
        Cell::Failed(SpeedFailure::Broken) => "failed".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_core_has_one_row_and_several_have_two() {
        let devices = |workers| SpeedReport::new(workers).rows.iter().map(|row| row.device).collect::<Vec<_>>();
        assert_eq!(devices(1), [SpeedDevice::Processor(1), SpeedDevice::GraphicsCard]);
        assert_eq!(devices(4), [SpeedDevice::Processor(4), SpeedDevice::Processor(1), SpeedDevice::GraphicsCard]);
    }

    #[test]
    fn the_line_tells_version_browser_device_and_numbers() {
        let mut report = SpeedReport::new(2);
        assert!(!report.has_numbers());
        report.set((0, 0), Cell::PerSecond(110.49));
        report.set((0, 1), Cell::PerSecond(50.0));
        report.set((0, 2), Cell::PerSecond(9.87));
        report.set((1, 0), Cell::Failed(SpeedFailure::Silent));
        report.set((1, 1), Cell::Failed(SpeedFailure::Broken));
        report.set((2, 0), Cell::PerSecond(0.25));
        report.set((2, 1), Cell::Running);
        report.set((2, 2), Cell::Failed(SpeedFailure::SoftwareOnly));
        (report.adapter, report.software) = ("SwiftShader".to_owned(), true);
        let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
        let machine = Machine { user_agent: agent.to_owned(), cores: Some(2.0), phone: false };
        assert_eq!(
            report.line(&machine),
            concat!(
                "hersenscan ",
                env!("CARGO_PKG_VERSION"),
                "; Firefox 145, Linux; computer, 2 cores",
                "; processor, 2 workers: scans/s 64 px 110, scans/s 128 px 50, training slices/s 9.9",
                "; processor, 1 worker: scans/s 64 px no answer, scans/s 128 px failed, training slices/s not measured",
                "; graphics card SwiftShader (software): scans/s 64 px 0.2, scans/s 128 px not measured, training slices/s software only",
            )
        );
        assert!(report.has_numbers());
    }

    #[test]
    fn a_device_that_fails_in_all_has_one_word() {
        let mut report = SpeedReport::new(1);
        for column in 0..3 {
            assert_eq!(report.rows[1].failure(), None);
            report.set((1, column), Cell::Failed(SpeedFailure::NoAdapter));
        }
        assert_eq!(report.rows[1].failure(), Some(SpeedFailure::NoAdapter));
        let line = report.line(&Machine::default());
        assert!(line.ends_with("; graphics card: no adapter"), "{line}");
    }

    #[test]
    fn a_browser_may_tell_little() {
        let line = SpeedReport::new(1).line(&Machine { phone: true, ..Machine::default() });
        assert!(line.contains("; unknown browser; phone, unknown number of cores; processor, 1 worker: "), "{line}");
        assert!(line.ends_with("; graphics card: scans/s 64 px not measured, scans/s 128 px not measured, training slices/s not measured"), "{line}");
    }

    #[test]
    fn a_stopped_measurement_is_missing() {
        let mut report = SpeedReport::new(1);
        report.set((0, 1), Cell::Running);
        assert_eq!(report.running(), Some((0, 1)));
        report.stop();
        assert_eq!((report.running(), report.cell((0, 1))), (None, Cell::Missing));
    }
}
