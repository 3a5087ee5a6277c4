//! What the studio was asked to make, and how an address says it.

use super::address::Address;
use crate::engine::making::protocol::MAX_SCANS;
use crate::gan::preset::{ScanSpec, Style, class_of_seed};

/// Scans at a first visit: enough to see that all differ, few enough for a phone.
const COUNT: usize = 12;
/// Truncation at a first visit: below 1, so that the first impression is clean.
const TRUNCATION: f32 = 0.8;
/// Most truncation.
pub const MAX_TRUNCATION: f32 = 1.5;
/// Furthest along a direction, in standard deviations.
pub const MAX_DIRECTION: f32 = 3.0;
/// Most directions that an address can hold, whatever the weights know.
const MAX_DIRECTIONS: usize = 32;

/// Everything that decides what is on screen.
#[derive(Debug, Clone, PartialEq)]
pub struct StudioSettings {
    /// Seed of the first scan; the others count on from it.
    pub seed: u32,
    /// How many scans.
    pub count: usize,
    /// The class of all, or none for a mix.
    pub class: Option<String>,
    /// See [`Style::truncation`].
    pub truncation: f32,
    /// See [`Style::directions`].
    pub directions: Vec<f32>,
}

impl StudioSettings {
    /// Settings of a first visit.
    pub fn new(seed: u32) -> Self {
        Self { seed, count: COUNT, class: None, truncation: TRUNCATION, directions: Vec::new() }
    }

    /// Reads an address; what it does not say, or says wrongly, is as at a first visit with this seed.
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

    /// Writes these settings into an address; the rest of it stays.
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

    /// How far along a direction.
    pub fn direction(&self, index: usize) -> f32 {
        self.directions.get(index).copied().unwrap_or_default()
    }

    /// Goes along a direction.
    pub fn set_direction(&mut self, index: usize, value: f32) {
        if index >= self.directions.len() {
            self.directions.resize(index + 1, 0.0);
        }
        self.directions[index] = round(value);
        trim(&mut self.directions);
    }

    /// Whether these differ in style only: the same scans, bent otherwise.
    pub fn same_latents(&self, other: &Self) -> bool {
        (self.seed, self.count, &self.class) == (other.seed, other.count, &other.class)
    }

    /// What each scan is made from.
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

    /// How latents are bent, for weights that know this many directions.
    pub fn style(&self, directions: usize) -> Style {
        Style { truncation: self.truncation, directions: (0..directions).map(|index| self.direction(index)).collect() }
    }
}

/// A count that an engine accepts.
pub fn clamp_count(count: usize) -> usize {
    count.clamp(1, MAX_SCANS)
}

/// Two digits are as fine as a slider moves; more would only make the address long.
pub fn round(value: f32) -> f32 {
    let rounded = (value * 100.0).round() / 100.0;
    if rounded == 0.0 { 0.0 } else { rounded }
}

/// Trailing zeros say nothing; without them equal settings are equal values.
fn trim(directions: &mut Vec<f32>) {
    while directions.last() == Some(&0.0) {
        directions.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_brings_the_settings_back() {
        let mut settings = StudioSettings { class: Some("glioma".to_owned()), ..StudioSettings::new(4_000_000_000) };
        settings.set_direction(2, -1.234);
        let address = settings.write(Address::parse("#/studio?lang=en"));
        assert_eq!(address.to_string(), "#/studio?lang=en&seed=4000000000&n=12&class=glioma&trunc=0.8&d2=-1.23");
        assert_eq!(StudioSettings::read(&address, 1), settings);
    }

    #[test]
    fn wrong_values_become_usable_ones() {
        let address = Address::parse("#/studio?seed=-1&n=999&trunc=NaN&d0=99&d1=x&class=");
        let settings = StudioSettings::read(&address, 5);
        assert_eq!(settings, StudioSettings { count: 64, directions: vec![3.0], ..StudioSettings::new(5) });
        assert_eq!(StudioSettings::read(&Address::parse("#/studio?n=0&trunc=-2"), 5).truncation, 0.0);
    }

    #[test]
    fn seeds_count_on_and_wrap() {
        let classes = ["glioma".to_owned(), "meningioma".to_owned()];
        let settings = StudioSettings { count: 3, ..StudioSettings::new(u32::MAX) };
        let specs = settings.specs(&classes);
        assert_eq!(specs.iter().map(|spec| spec.seed).collect::<Vec<_>>(), [u32::MAX, 0, 1]);
        assert!(specs.iter().all(|spec| spec.class == class_of_seed(spec.seed, 2)));
        let chosen = StudioSettings { class: Some("meningioma".to_owned()), ..settings };
        assert!(chosen.specs(&classes).iter().all(|spec| spec.class == 1));
    }

    #[test]
    fn a_direction_at_rest_is_no_direction() {
        let mut settings = StudioSettings::new(1);
        settings.set_direction(3, 1.0);
        settings.set_direction(3, 0.0);
        assert_eq!(settings, StudioSettings::new(1));
        assert_eq!(settings.style(2).directions, [0.0, 0.0]);
    }
}
