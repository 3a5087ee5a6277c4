//! The default size of a model: the largest, unless the device would be slow with it.

/// A device with at most this many cores gets the smallest size.
const FEW_CORES: f64 = 2.0;
/// A device with at most this much memory, in GiB, gets the smallest size.
const LITTLE_MEMORY: f64 = 2.0;
/// Above this many milliseconds per scan on the CPU, a smaller size is used: twelve scans then take four seconds.
pub const SLOW: f64 = 350.0;

/// What is known about the device.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct DeviceHints {
    /// Number of CPU cores, if the browser reports it.
    pub cores: Option<f64>,
    /// Memory in GiB, if the browser reports it.
    pub memory: Option<f64>,
    /// The visitor asked the browser to save data.
    pub saves_data: bool,
    /// Milliseconds per scan of the largest size, once measured and too slow.
    pub slow: Option<f64>,
}

/// Why a size was chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SizeReason {
    /// It is the only size.
    Only,
    /// The visitor or a link chose it.
    Chosen,
    /// The largest size; nothing indicates a slow device.
    Fits,
    /// The device has few cores.
    FewCores,
    /// The device has little memory.
    LittleMemory,
    /// The visitor asked the browser to save data.
    SavesData,
    /// The largest size took this many milliseconds per scan.
    Slow(f64),
}

/// Chooses one of `sizes`, given largest first. `wish` is the size that the visitor or a link asked for. Returns 0 if there are
/// no sizes.
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
    fn a_weak_device_gets_the_smallest_size_with_the_reason() {
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
    fn a_single_size_is_always_chosen() {
        assert_eq!(choose(&[64], Some(128), DeviceHints::default()), (64, SizeReason::Only));
        assert_eq!(choose(&[], None, DeviceHints::default()), (0, SizeReason::Only));
    }
}
