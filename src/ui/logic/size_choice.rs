//! Which size of a model runs where the visitor chose none: the largest, unless this device would make people wait for it.

/// Cores up to which a device counts as a weak one, before anything is measured.
const FEW_CORES: f64 = 2.0;
/// Memory, in GiB, up to which it does.
const LITTLE_MEMORY: f64 = 2.0;
/// Milliseconds a scan on the processor from which a smaller size is taken: twelve scans then take four seconds.
pub const SLOW: f64 = 350.0;

/// What is known of the device.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct DeviceHints {
    /// Cores that the browser tells of.
    pub cores: Option<f64>,
    /// Memory in GiB that it tells of.
    pub memory: Option<f64>,
    /// The visitor asked for little data.
    pub saves_data: bool,
    /// Milliseconds a scan of the largest size, once measured to be slow.
    pub slow: Option<f64>,
}

/// Why this size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SizeReason {
    /// There is no other.
    Only,
    /// The visitor chose it, or a link did.
    Chosen,
    /// Nothing speaks against the largest.
    Fits,
    /// Few cores.
    FewCores,
    /// Little memory.
    LittleMemory,
    /// The visitor asked for little data.
    SavesData,
    /// The largest took so many milliseconds a scan.
    Slow(f64),
}

/// Picks one of `sizes`, which come largest first; `wish` is what the visitor or a link asked for.
pub fn choose(sizes: &[usize], wish: Option<usize>, hints: DeviceHints) -> (usize, SizeReason) {
    let (Some(&largest), Some(&smallest)) = (sizes.first(), sizes.last()) else { return (0, SizeReason::Only) };
    if largest == smallest {
        return (largest, SizeReason::Only);
    }
    if let Some(size) = wish.filter(|size| sizes.contains(size)) {
        return (size, SizeReason::Chosen);
    }
    let at_most = |number: Option<f64>, most: f64| number.is_some_and(|number| number <= most);
    match hints {
        DeviceHints { slow: Some(millis), .. } => (smallest, SizeReason::Slow(millis)),
        DeviceHints { saves_data: true, .. } => (smallest, SizeReason::SavesData),
        DeviceHints { cores, .. } if at_most(cores, FEW_CORES) => (smallest, SizeReason::FewCores),
        DeviceHints { memory, .. } if at_most(memory, LITTLE_MEMORY) => (smallest, SizeReason::LittleMemory),
        _ => (largest, SizeReason::Fits),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: [usize; 2] = [128, 64];

    #[test]
    fn a_weak_device_gets_the_small_size_and_is_told_why() {
        let cases = [
            (DeviceHints::default(), (128, SizeReason::Fits)),
            (DeviceHints { cores: Some(8.0), memory: Some(8.0), ..DeviceHints::default() }, (128, SizeReason::Fits)),
            (DeviceHints { cores: Some(2.0), ..DeviceHints::default() }, (64, SizeReason::FewCores)),
            (DeviceHints { memory: Some(1.0), ..DeviceHints::default() }, (64, SizeReason::LittleMemory)),
            (DeviceHints { saves_data: true, ..DeviceHints::default() }, (64, SizeReason::SavesData)),
            (
                DeviceHints { cores: Some(8.0), slow: Some(900.0), ..DeviceHints::default() },
                (64, SizeReason::Slow(900.0)),
            ),
        ];
        for (hints, expected) in cases {
            assert_eq!(choose(&BOTH, None, hints), expected, "{hints:?}");
        }
    }

    #[test]
    fn the_visitor_decides() {
        let weak = DeviceHints { cores: Some(1.0), slow: Some(900.0), ..DeviceHints::default() };
        assert_eq!(choose(&BOTH, Some(128), weak), (128, SizeReason::Chosen));
        assert_eq!(choose(&BOTH, Some(64), DeviceHints::default()), (64, SizeReason::Chosen));
        assert_eq!(choose(&BOTH, Some(256), DeviceHints::default()), (128, SizeReason::Fits));
    }

    #[test]
    fn one_size_is_no_choice() {
        assert_eq!(choose(&[64], Some(128), DeviceHints::default()), (64, SizeReason::Only));
        assert_eq!(choose(&[], None, DeviceHints::default()), (0, SizeReason::Only));
    }
}
