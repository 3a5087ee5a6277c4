//! Chooses the device that computes. A pure function, so that every case is tested without a browser.

use crate::engine::shared::{DeviceKind, DeviceReport, Failure};

/// What the visitor asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Preference {
    /// The faster device.
    #[default]
    Auto,
    /// This device, if it works.
    Only(DeviceKind),
}

/// State of the graphics card.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Gpu {
    /// Not tested yet.
    #[default]
    Unknown,
    /// The browser has no WebGPU.
    NoWebGpu,
    /// WebGPU found no adapter.
    NoAdapter,
    /// Its engine did not start.
    Failed,
    /// It computes wrong numbers.
    Wrong,
    /// It went away.
    Lost,
    /// It passed its test.
    Passed(DeviceReport),
}

impl Gpu {
    /// What a failure at the start says about the graphics card.
    pub fn after(failure: Failure) -> Self {
        match failure {
            Failure::NoGpu => Self::NoAdapter,
            Failure::SelfTest => Self::Wrong,
            Failure::DeviceLost => Self::Lost,
            _ => Self::Failed,
        }
    }
}

/// Why a device was chosen. The badge shows it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reason {
    /// The choice is not made yet: a device is being tested.
    Testing,
    /// The visitor chose it.
    Chosen,
    /// The processor, because the browser has no WebGPU.
    NoWebGpu,
    /// The processor, because there is no adapter.
    NoAdapter,
    /// The processor, because the graphics card did not start.
    GpuFailed,
    /// The processor, because the graphics card computes wrong numbers.
    GpuWrong,
    /// The processor, because the graphics card went away.
    GpuLost,
    /// The faster device, by this factor.
    Faster(f64),
    /// The processor, because the graphics card is software and slower.
    Software,
    /// The graphics card, which is software and still faster, by this factor.
    SoftwareFaster(f64),
}

/// A device, and why it was chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChosenDevice {
    /// The device.
    pub device: DeviceKind,
    /// Why it was chosen.
    pub reason: Reason,
}

/// Chooses a device from what is known so far. `cpu` is the self-test of the processor, `None` before it.
pub fn choose(preference: Preference, cpu: Option<&DeviceReport>, gpu: &Gpu) -> ChosenDevice {
    use DeviceKind::{Cpu, Gpu as Card};
    let on_cpu = |reason| ChosenDevice { device: Cpu, reason };
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
        Gpu::Passed(_) if preference == Preference::Only(Card) => ChosenDevice { device: Card, reason: Reason::Chosen },
        Gpu::Passed(card) => {
            // A processor without a test has failed, so that the card is all there is.
            let ratio = cpu.map_or(1.0, |cpu| cpu.millis_per_scan / card.millis_per_scan.max(0.001));
            match (ratio >= 1.0, card.software) {
                (true, false) => ChosenDevice { device: Card, reason: Reason::Faster(ratio) },
                (true, true) => ChosenDevice { device: Card, reason: Reason::SoftwareFaster(ratio) },
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

    fn auto(gpu: Gpu) -> ChosenDevice {
        choose(Preference::Auto, Some(&report(DeviceKind::Cpu, 12.0, false)), &gpu)
    }

    #[test]
    fn the_faster_device_is_chosen() {
        let card = |millis| Gpu::Passed(report(DeviceKind::Gpu, millis, false));
        assert_eq!(auto(card(4.0)), ChosenDevice { device: DeviceKind::Gpu, reason: Reason::Faster(3.0) });
        assert_eq!(auto(card(24.0)), ChosenDevice { device: DeviceKind::Cpu, reason: Reason::Faster(2.0) });
    }

    #[test]
    fn a_software_card_is_named_as_such() {
        let card = |millis| Gpu::Passed(report(DeviceKind::Gpu, millis, true));
        assert_eq!(auto(card(50.0)), ChosenDevice { device: DeviceKind::Cpu, reason: Reason::Software });
        assert_eq!(auto(card(6.0)), ChosenDevice { device: DeviceKind::Gpu, reason: Reason::SoftwareFaster(2.0) });
    }

    #[test]
    fn each_failure_of_the_card_gives_its_own_reason_for_the_processor() {
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
            assert_eq!(auto(gpu), ChosenDevice { device: DeviceKind::Cpu, reason });
        }
    }

    #[test]
    fn the_choice_of_the_visitor_counts() {
        let slow = Gpu::Passed(report(DeviceKind::Gpu, 900.0, true));
        let cpu = report(DeviceKind::Cpu, 12.0, false);
        for kind in [DeviceKind::Cpu, DeviceKind::Gpu] {
            let choice = choose(Preference::Only(kind), Some(&cpu), &slow);
            assert_eq!(choice, ChosenDevice { device: kind, reason: Reason::Chosen });
        }
        let choice = choose(Preference::Only(DeviceKind::Gpu), Some(&cpu), &Gpu::NoWebGpu);
        assert_eq!(choice, ChosenDevice { device: DeviceKind::Cpu, reason: Reason::NoWebGpu });
    }

    #[test]
    fn the_card_is_chosen_if_the_processor_failed() {
        let card = Gpu::Passed(report(DeviceKind::Gpu, 50.0, false));
        assert_eq!(choose(Preference::Auto, None, &card).device, DeviceKind::Gpu);
    }
}
