//! A diagnostics report for fault reports: version, devices and their speed. It holds nothing about what the visitor did.

use std::fmt;

use super::choice::Gpu;
use crate::engine::making::protocol::ModelInfo;
use crate::engine::shared::{DeviceKind, DeviceReport};

/// The contents of the report. Its text is always English, because maintainers read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostics {
    /// The model, once loaded.
    pub model: Option<ModelInfo>,
    /// Phase of the engine.
    pub state: String,
    /// The device in use.
    pub active: Option<DeviceKind>,
    /// Result of the CPU's self-test.
    pub processor: Option<DeviceReport>,
    /// What is known about the GPU.
    pub card: Gpu,
    /// Bytes of memory of each worker that computes.
    pub workers: Vec<usize>,
    /// Most workers of the processor.
    pub most_workers: usize,
    /// User agent of the browser.
    pub browser: String,
    /// Number of CPU cores, if the browser reports it.
    pub cores: Option<f64>,
    /// Memory in GiB, if the browser reports it; rounded by the browser.
    pub memory: Option<f64>,
    /// Languages of the page and of the browser.
    pub languages: [String; 2],
    /// Width and height of the window in CSS pixels, and device pixels per CSS pixel.
    pub window: [f64; 3],
    /// Whether the browser reports a network connection.
    pub online: bool,
    /// State of the service worker.
    pub service_worker: String,
    /// State of the offline copy of the site.
    pub kept: &'static str,
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "hersenscan {}", env!("CARGO_PKG_VERSION"))?;
        match &self.model {
            Some(model) => {
                let ModelInfo { preset, size, date, sha256, .. } = model;
                writeln!(f, "model: {preset}, {size} px, {date}, sha256 {sha256}")?;
            }
            None => writeln!(f, "model: not there")?,
        }
        writeln!(f, "state: {}", self.state)?;
        let active = match self.active {
            Some(DeviceKind::Cpu) => "processor",
            Some(DeviceKind::Gpu) => "graphics card",
            None => "nothing",
        };
        writeln!(f, "computes on: {active}")?;
        writeln!(f, "processor: {}", self.processor.as_ref().map_or_else(|| "not measured".to_owned(), measured))?;
        writeln!(f, "graphics card: {}", card(&self.card))?;
        writeln!(f, "workers: {}", workers(&self.workers, self.most_workers))?;
        writeln!(f, "browser: {}", self.browser)?;
        let told = |number: Option<f64>, unit| number.map_or("not told".to_owned(), |number| format!("{number}{unit}"));
        writeln!(f, "cores: {}", told(self.cores, ""))?;
        writeln!(f, "memory: {}", told(self.memory, " GiB"))?;
        writeln!(f, "language: {}, browser {}", self.languages[0], self.languages[1])?;
        let [width, height, ratio] = self.window;
        writeln!(f, "window: {width} x {height}, {ratio:.2} device pixels a pixel")?;
        writeln!(f, "online: {}", if self.online { "yes" } else { "no" })?;
        write!(f, "service worker: {}, offline copy {}", self.service_worker, self.kept)
    }
}

fn workers(memory: &[usize], most: usize) -> String {
    let mebibytes: Vec<String> = memory.iter().map(|bytes| format!("{:.1}", *bytes as f64 / 1_048_576.0)).collect();
    let memory = if mebibytes.is_empty() { String::new() } else { format!(", memory {} MiB", mebibytes.join(" + ")) };
    format!("{} of at most {most} on the processor{memory}", mebibytes.len())
}

fn measured(report: &DeviceReport) -> String {
    format!("{:.1} ms a scan, off by at most {:.2}/255", report.millis_per_scan, report.worst_step)
}

fn card(card: &Gpu) -> String {
    match card {
        Gpu::Unknown => "not tested".to_owned(),
        Gpu::NoWebGpu => "no WebGPU in this browser".to_owned(),
        Gpu::NoAdapter => "no WebGPU adapter".to_owned(),
        Gpu::Failed => "did not start".to_owned(),
        Gpu::Wrong => "computed wrong numbers".to_owned(),
        Gpu::Lost => "went away".to_owned(),
        Gpu::Passed(report) => {
            let name = if report.adapter.is_empty() { "unnamed" } else { &report.adapter };
            let kind = if report.software { " (software)" } else { "" };
            format!("{name}{kind}, {}", measured(report))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(kind: DeviceKind, adapter: &str, software: bool) -> DeviceReport {
        DeviceReport { kind, adapter: adapter.to_owned(), software, millis_per_scan: 12.34, worst_step: 0.06 }
    }

    fn example() -> Diagnostics {
        Diagnostics {
            model: None,
            state: "ready".to_owned(),
            active: Some(DeviceKind::Cpu),
            processor: Some(report(DeviceKind::Cpu, "", false)),
            card: Gpu::Passed(report(DeviceKind::Gpu, "SwiftShader", true)),
            workers: vec![10 << 20, 11 << 20],
            most_workers: 8,
            browser: "Browser/1".to_owned(),
            cores: Some(2.0),
            memory: None,
            languages: ["nl".to_owned(), "en-GB".to_owned()],
            window: [360.0, 740.0, 1.5],
            online: false,
            service_worker: "none".to_owned(),
            kept: "absent",
        }
    }

    #[test]
    fn every_line_has_a_name_and_a_value() {
        let text = example().to_string();
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some(concat!("hersenscan ", env!("CARGO_PKG_VERSION"))));
        for line in lines {
            let (name, value) = line.split_once(": ").unwrap_or_default();
            assert!(!name.is_empty() && !value.is_empty(), "{line}");
        }
    }

    #[test]
    fn both_devices_are_reported_with_their_speed() {
        let text = example().to_string();
        assert!(text.contains("\nprocessor: 12.3 ms a scan, off by at most 0.06/255\n"), "{text}");
        assert!(text.contains("\ngraphics card: SwiftShader (software), 12.3 ms a scan"), "{text}");
        assert!(text.contains("\ncores: 2\nmemory: not told\n"), "{text}");
        assert!(text.contains("\nworkers: 2 of at most 8 on the processor, memory 10.0 + 11.0 MiB\n"), "{text}");
    }
}
