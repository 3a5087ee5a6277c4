//! Which device computes, and why: a pure function, so that every case is tested without a browser.

use crate::engine::shared::{DeviceKind, DeviceReport, Failure};

/// What the visitor asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Preference {
    /// Take the faster.
    #[default]
    Auto,
    /// Take this one, if it can.
    Only(DeviceKind),
}

/// What is known of the graphics card.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Gpu {
    /// Not tested yet, or being tested.
    #[default]
    Unknown,
    /// The browser has no WebGPU.
    NoWebGpu,
    /// WebGPU found no adapter.
    NoAdapter,
    /// It did not start.
    Failed,
    /// It computes wrong numbers.
    Wrong,
    /// It went away while working.
    Lost,
    /// It passed its test.
    Passed(DeviceReport),
}

impl Gpu {
    /// What a failure while starting says about the graphics card.
    pub fn after(failure: Failure) -> Self {
        match failure {
            Failure::NoGpu => Self::NoAdapter,
            Failure::SelfTest => Self::Wrong,
            Failure::DeviceLost => Self::Lost,
            _ => Self::Failed,
        }
    }
}

/// Why a device was chosen; the badge says it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reason {
    /// The graphics card is still being tested.
    Testing,
    /// The visitor chose it.
    Chosen,
    /// The processor, for the browser has no WebGPU.
    NoWebGpu,
    /// The processor, for there is no adapter.
    NoAdapter,
    /// The processor, for the graphics card did not start.
    GpuFailed,
    /// The processor, for the graphics card computes wrong numbers.
    GpuWrong,
    /// The processor, for the graphics card went away.
    GpuLost,
    /// The faster of the two, by this factor.
    Faster(f64),
    /// The processor, for the graphics card is imitated in software and slower.
    Software,
    /// The graphics card, imitated in software but faster all the same, by this factor.
    SoftwareFaster(f64),
}

/// A device and why.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choice {
    /// Where to compute.
    pub device: DeviceKind,
    /// Why there.
    pub reason: Reason,
}

/// Picks a device from what is known now. `cpu` is none while the processor has not been measured.
pub fn choose(preference: Preference, cpu: Option<&DeviceReport>, gpu: &Gpu) -> Choice {
    use DeviceKind::{Cpu, Gpu as Card};
    let on_cpu = |reason| Choice { device: Cpu, reason };
    if preference == Preference::Only(Cpu) {
        return on_cpu(Reason::Chosen);
    }
    match gpu {
        Gpu::Unknown => on_cpu(Reason::Testing),
        Gpu::NoWebGpu => on_cpu(Reason::NoWebGpu),
        Gpu::NoAdapter => on_cpu(Reason::NoAdapter),
        Gpu::Failed => on_cpu(Reason::GpuFailed),
        Gpu::Wrong => on_cpu(Reason::GpuWrong),
        Gpu::Lost => on_cpu(Reason::GpuLost),
        Gpu::Passed(_) if preference == Preference::Only(Card) => Choice { device: Card, reason: Reason::Chosen },
        Gpu::Passed(card) => {
            // An unmeasured processor is one that failed: the card is all there is.
            let ratio = cpu.map_or(1.0, |cpu| cpu.millis_per_scan / card.millis_per_scan.max(0.001));
            match (ratio >= 1.0, card.software) {
                (true, false) => Choice { device: Card, reason: Reason::Faster(ratio) },
                (true, true) => Choice { device: Card, reason: Reason::SoftwareFaster(ratio) },
                (false, true) => on_cpu(Reason::Software),
                (false, false) => on_cpu(Reason::Faster(1.0 / ratio.max(0.001))),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(kind: DeviceKind, millis_per_scan: f64, software: bool) -> DeviceReport {
        DeviceReport { kind, adapter: String::new(), software, millis_per_scan, worst_step: 0.0 }
    }

    fn auto(gpu: Gpu) -> Choice {
        choose(Preference::Auto, Some(&report(DeviceKind::Cpu, 12.0, false)), &gpu)
    }

    #[test]
    fn the_faster_device_computes() {
        let card = |millis| Gpu::Passed(report(DeviceKind::Gpu, millis, false));
        assert_eq!(auto(card(4.0)), Choice { device: DeviceKind::Gpu, reason: Reason::Faster(3.0) });
        assert_eq!(auto(card(24.0)), Choice { device: DeviceKind::Cpu, reason: Reason::Faster(2.0) });
    }

    #[test]
    fn an_imitated_card_is_named_as_such() {
        let card = |millis| Gpu::Passed(report(DeviceKind::Gpu, millis, true));
        assert_eq!(auto(card(50.0)), Choice { device: DeviceKind::Cpu, reason: Reason::Software });
        assert_eq!(auto(card(6.0)), Choice { device: DeviceKind::Gpu, reason: Reason::SoftwareFaster(2.0) });
    }

    #[test]
    fn every_failing_card_leaves_the_processor_with_its_own_reason() {
        let cases = [
            (Gpu::Unknown, Reason::Testing),
            (Gpu::NoWebGpu, Reason::NoWebGpu),
            (Gpu::NoAdapter, Reason::NoAdapter),
            (Gpu::after(Failure::SelfTest), Reason::GpuWrong),
            (Gpu::after(Failure::NoGpu), Reason::NoAdapter),
            (Gpu::after(Failure::DeviceLost), Reason::GpuLost),
            (Gpu::after(Failure::BadRequest), Reason::GpuFailed),
        ];
        for (gpu, reason) in cases {
            assert_eq!(auto(gpu), Choice { device: DeviceKind::Cpu, reason });
        }
    }

    #[test]
    fn the_visitor_decides() {
        let slow = Gpu::Passed(report(DeviceKind::Gpu, 900.0, true));
        let cpu = report(DeviceKind::Cpu, 12.0, false);
        for kind in [DeviceKind::Cpu, DeviceKind::Gpu] {
            let choice = choose(Preference::Only(kind), Some(&cpu), &slow);
            assert_eq!(choice, Choice { device: kind, reason: Reason::Chosen });
        }
        let choice = choose(Preference::Only(DeviceKind::Gpu), Some(&cpu), &Gpu::NoWebGpu);
        assert_eq!(choice, Choice { device: DeviceKind::Cpu, reason: Reason::NoWebGpu });
    }

    #[test]
    fn a_card_alone_is_better_than_nothing() {
        let card = Gpu::Passed(report(DeviceKind::Gpu, 50.0, false));
        assert_eq!(choose(Preference::Auto, None, &card).device, DeviceKind::Gpu);
    }
}
