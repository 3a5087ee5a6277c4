//! What is known of both devices, for who reports a fault.

use super::supervisor::Supervisor;
use crate::engine::shared::DeviceReport;
use crate::ui::logic::choice::Gpu;

impl Supervisor {
    /// How the processor did in its test, and what is known of the graphics card, now.
    pub fn measured(self) -> (Option<DeviceReport>, Gpu) {
        self.crew(|crew| (crew.cpu_report.clone(), crew.card.clone())).unwrap_or_default()
    }
}
