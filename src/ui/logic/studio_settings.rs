//! The settings of the studio, and their form in an address.

use super::address::Address;
use crate::engine::making::protocol::MAX_SCANS;
use crate::gan::preset::{ScanSpec, Style, class_of_seed};

/// Number of scans at a first visit: enough to show variety, few enough for a phone.
const DEFAULT_COUNT: usize = 12;
/// Truncation at a first visit. Below 1 gives fewer artefacts.
const DEFAULT_TRUNCATION: f32 = 0.8;
/// Highest truncation.
pub const MAX_TRUNCATION: f32 = 1.5;
/// Largest shift along a direction, in standard deviations.
pub const MAX_DIRECTION: f32 = 3.0;
/// Maximum number of directions in an address, whatever the weights have.
const MAX_DIRECTIONS: usize = 32;

/// Everything that determines the scans on screen.
#[derive(Debug, Clone, PartialEq)]
pub struct StudioSettings {
    /// Seed of the first scan. The others have the following seeds.
    pub seed: u32,
    /// Number of scans.
    pub count: usize,
    /// Class of all scans; none for a mix.
    pub class: Option<String>,
    /// See [`Style::truncation`].
    pub truncation: f32,
    /// See [`Style::directions`].
    pub directions: Vec<f32>,
}

impl StudioSettings {
    /// Default settings, with this seed.
    pub fn new(seed: u32) -> Self {
        Self { seed, count: DEFAULT_COUNT, class: None, truncation: DEFAULT_TRUNCATION, directions: Vec::new() }
    }

    /// Reads the settings from an address. Missing and invalid values get the defaults, with this seed.
    pub fn read(address: &Address, seed: u32) -> Self {
        let number = |name: &str, most: f32| {
            let value = address.get(name)?.parse::<f32>().ok().filter(|value| value.is_finite())?;
            Some(round(value.clamp(-most, most)))
        };
        let first = Self::new(seed);
        let mut directions: Vec<f32> =
            (0..MAX_DIRECTIONS).map(|index| number(&format!("d{index}"), MAX_DIRECTION).unwrap_or_default()).collect();
        trim(&mut directions);
        Self {
            seed: address.get("seed").and_then(|seed| seed.parse().ok()).unwrap_or(seed),
            count: address.get("n").and_then(|n| n.parse().ok()).map_or(first.count, clamp_count),
            class: address.get("class").filter(|class| !class.is_empty()).map(str::to_owned),
            truncation: number("trunc", MAX_TRUNCATION).map_or(first.truncation, |value| value.max(0.0)),
            directions,
        }
    }

    /// Writes these settings into an address. Other parameters stay.
    pub fn write(&self, mut address: Address) -> Address {
        address.set("seed", Some(self.seed.to_string()));
        address.set("n", Some(self.count.to_string()));
        address.set("class", self.class.clone());
        address.set("trunc", Some(self.truncation.to_string()));
        for index in 0..MAX_DIRECTIONS {
            let value = self.direction(index);
            address.set(&format!("d{index}"), (value != 0.0).then(|| value.to_string()));
        }
        address
    }

    /// Shift along a direction.
    pub fn direction(&self, index: usize) -> f32 {
        self.directions.get(index).copied().unwrap_or_default()
    }

    /// Sets the shift along a direction.
    pub fn set_direction(&mut self, index: usize, value: f32) {
        if index >= self.directions.len() {
            self.directions.resize(index + 1, 0.0);
        }
        self.directions[index] = round(value);
        trim(&mut self.directions);
    }

    /// Whether both have the same latents and differ at most in style.
    pub fn same_latents(&self, other: &Self) -> bool {
        (self.seed, self.count, &self.class) == (other.seed, other.count, &other.class)
    }

    /// Seed and class of each scan.
    pub fn specs(&self, classes: &[String]) -> Vec<ScanSpec> {
        let chosen = self.class.as_ref().and_then(|class| classes.iter().position(|name| name == class));
        (0..self.count as u32)
            .map(|index| {
                let seed = self.seed.wrapping_add(index);
                let class = chosen.unwrap_or_else(|| class_of_seed(seed, classes.len()));
                ScanSpec { seed, class, toward: None }
            })
            .collect()
    }

    /// Truncation and directions, for weights with this many directions.
    pub fn style(&self, directions: usize) -> Style {
        Style { truncation: self.truncation, directions: (0..directions).map(|index| self.direction(index)).collect() }
    }
}

/// Limits a number of scans to what the engine accepts.
pub fn clamp_count(count: usize) -> usize {
    count.clamp(1, MAX_SCANS)
}

/// Rounds to two decimals, the resolution of the sliders, to keep addresses short.
pub fn round(value: f32) -> f32 {
    let rounded = (value * 100.0).round() / 100.0;
    if rounded == 0.0 { 0.0 } else { rounded }
}

/// Drops trailing zeros, so that equal settings compare equal.
fn trim(directions: &mut Vec<f32>) {
    while directions.last() == Some(&0.0) {
        directions.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_round_trip_through_an_address() {
        let mut settings = StudioSettings { class: Some("glioma".to_owned()), ..StudioSettings::new(4_000_000_000) };
        settings.set_direction(2, -1.234);
        let address = settings.write(Address::parse("#/studio?lang=en"));
        assert_eq!(address.to_string(), "#/studio?lang=en&seed=4000000000&n=12&class=glioma&trunc=0.8&d2=-1.23");
        assert_eq!(StudioSettings::read(&address, 1), settings);
    }

    #[test]
    fn invalid_values_are_replaced() {
        let address = Address::parse("#/studio?seed=-1&n=999&trunc=NaN&d0=99&d1=x&class=");
        let settings = StudioSettings::read(&address, 5);
        assert_eq!(settings, StudioSettings { count: 64, directions: vec![3.0], ..StudioSettings::new(5) });
        assert_eq!(StudioSettings::read(&Address::parse("#/studio?n=0&trunc=-2"), 5).truncation, 0.0);
    }

    #[test]
    fn seeds_are_consecutive_and_wrap() {
        let classes = ["glioma".to_owned(), "meningioma".to_owned()];
        let settings = StudioSettings { count: 3, ..StudioSettings::new(u32::MAX) };
        let specs = settings.specs(&classes);
        assert_eq!(specs.iter().map(|spec| spec.seed).collect::<Vec<_>>(), [u32::MAX, 0, 1]);
        assert!(specs.iter().all(|spec| spec.class == class_of_seed(spec.seed, 2)));
        let chosen = StudioSettings { class: Some("meningioma".to_owned()), ..settings };
        assert!(chosen.specs(&classes).iter().all(|spec| spec.class == 1));
    }

    #[test]
    fn a_direction_of_zero_is_dropped() {
        let mut settings = StudioSettings::new(1);
        settings.set_direction(3, 1.0);
        settings.set_direction(3, 0.0);
        assert_eq!(settings, StudioSettings::new(1));
        assert_eq!(settings.style(2).directions, [0.0, 0.0]);
    }
}
