//! The settings of an experiment, in the address.

use crate::lab::setup::{FakeSource, Learner};
use crate::ui::logic::address::Address;
use crate::ui::logic::models::Modality;

/// Most repetitions that a link may ask for.
const MAX_REPETITIONS: usize = 50;
/// Most training steps that a link may ask for.
const MAX_STEPS: usize = 2000;
/// Most fakes of each class that a link may ask for.
const MAX_FAKES: usize = 300;
/// Where the people come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LabSource {
    /// The site's real scans of a modality.
    Real(Modality),
    /// The visitor's slices, from the training view.
    Own,
    /// Drawn people.
    Drawings,
}

impl LabSource {
    /// All sources, in the order of the page.
    pub const ALL: [Self; 4] = [Self::Real(Modality::T1ce), Self::Real(Modality::Flair), Self::Own, Self::Drawings];

    /// Name in addresses and files.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Real(modality) => modality.slug(),
            Self::Own => "own",
            Self::Drawings => "drawings",
        }
    }

    /// Who can make fakes for these people, the default first.
    pub fn makers(self) -> &'static [FakeSource] {
        match self {
            Self::Real(modality) if modality.model().stretching.is_some() => {
                &[FakeSource::Network, FakeSource::SameNetwork, FakeSource::Same]
            }
            Self::Real(_) => &[FakeSource::Network, FakeSource::Same],
            Self::Own => &[FakeSource::Same, FakeSource::Network],
            Self::Drawings => &[FakeSource::Others, FakeSource::Same],
        }
    }
}

/// What the visitor expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expectation {
    /// Fakes help.
    Helps,
    /// They make no difference.
    NoDifference,
    /// They hurt.
    Hurts,
}

impl Expectation {
    /// All, in the order of the page.
    pub const ALL: [Self; 3] = [Self::Helps, Self::NoDifference, Self::Hurts];
}

/// The settings of an experiment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LabSettings {
    /// Where the people come from.
    pub source: LabSource,
    /// What the learners look for.
    pub learner: Learner,
    /// Who makes the fakes.
    pub maker: FakeSource,
    /// Number of patients to learn from, if one was chosen.
    pub patients: Option<usize>,
    /// Repetitions.
    pub repetitions: usize,
    /// Side in pixels, training steps of a learner, if a link says so. Otherwise the speed of the device decides.
    pub scale: Option<(usize, usize)>,
    /// Fakes of each class.
    pub each: usize,
    /// Share of fakes in a mixed mini-batch, in percent.
    pub share: usize,
    /// Seed.
    pub seed: u64,
}

impl Default for LabSettings {
    fn default() -> Self {
        Self {
            source: LabSource::Drawings,
            learner: Learner::Classifier,
            maker: LabSource::Drawings.makers()[0],
            patients: None,
            repetitions: 10,
            scale: None,
            each: 40,
            share: 50,
            seed: 1,
        }
    }
}

/// Names of makers in addresses.
fn maker_slug(maker: FakeSource) -> &'static str {
    match maker {
        FakeSource::Network => "network",
        FakeSource::SameNetwork => "same-network",
        FakeSource::Others => "others",
        FakeSource::Same => "same",
    }
}

impl LabSettings {
    /// The default settings of a source.
    pub fn of(source: LabSource) -> Self {
        let mut settings = Self::default();
        settings.choose(source);
        settings
    }

    /// Takes another source, with its defaults.
    pub fn choose(&mut self, source: LabSource) {
        (self.source, self.maker, self.patients) = (source, source.makers()[0], None);
    }

    /// The settings as columns of a table: name and value.
    pub fn columns(&self) -> Vec<(&'static str, String)> {
        let (side, steps) = self.scale.unwrap_or_default();
        let numbers = [
            ("patients", self.patients.unwrap_or_default()),
            ("side", side),
            ("steps", steps),
            ("percent_fakes", self.share),
            ("fakes_of_each_class", self.each),
            ("seed", self.seed as usize),
        ];
        let words =
            [("source", self.source.slug()), ("learner", self.learner.label()), ("fakes_from", maker_slug(self.maker))];
        let words = words.map(|(name, word)| (name, word.to_owned()));
        words.into_iter().chain(numbers.map(|(name, number)| (name, number.to_string()))).collect()
    }

    /// The settings in an address. Missing and invalid ones get their default.
    pub fn read(address: &Address) -> Self {
        let default = Self::default();
        let number = |name: &str, most: usize| {
            address.get(name).and_then(|text| text.parse::<usize>().ok()).filter(|number| (1..=most).contains(number))
        };
        let named = address.get("source");
        let source = LabSource::ALL.into_iter().find(|source| Some(source.slug()) == named).unwrap_or(default.source);
        let maker = source.makers().iter().find(|maker| Some(maker_slug(**maker)) == address.get("fakes"));
        let side = number("side", 64).filter(|side| side.is_multiple_of(16));
        Self {
            source,
            learner: if address.get("reader") == Some(Learner::Segmenter.label()) {
                Learner::Segmenter
            } else {
                Learner::Classifier
            },
            maker: maker.copied().unwrap_or(source.makers()[0]),
            patients: number("n", 500),
            repetitions: number("reps", MAX_REPETITIONS).unwrap_or(default.repetitions),
            scale: side.zip(number("steps", MAX_STEPS)),
            each: number("each", MAX_FAKES).unwrap_or(default.each),
            share: number("share", 100).unwrap_or(default.share),
            seed: number("seed", u32::MAX as usize).map_or(default.seed, |seed| seed as u64),
        }
    }

    /// An address with these settings. `scale` decides which runs are made, so a link that repeats a run needs it.
    pub fn write(&self, mut address: Address) -> Address {
        let default = Self::default();
        let differs = |value: usize, default: usize| (value != default).then(|| value.to_string());
        address.set("source", Some(self.source.slug().to_owned()));
        address.set("reader", (self.learner == Learner::Segmenter).then(|| Learner::Segmenter.label().to_owned()));
        address.set("fakes", Some(maker_slug(self.maker).to_owned()));
        address.set("n", self.patients.map(|patients| patients.to_string()));
        address.set("reps", differs(self.repetitions, default.repetitions));
        address.set("side", self.scale.map(|(side, _)| side.to_string()));
        address.set("steps", self.scale.map(|(_, steps)| steps.to_string()));
        address.set("each", differs(self.each, default.each));
        address.set("share", differs(self.share, default.share));
        address.set("seed", differs(self.seed as usize, default.seed as usize));
        address
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_repeats_a_run() {
        let settings = LabSettings {
            source: LabSource::Real(Modality::Flair),
            learner: Learner::Segmenter,
            maker: FakeSource::Same,
            patients: Some(12),
            repetitions: 3,
            scale: Some((32, 40)),
            each: 8,
            share: 25,
            seed: 7,
        };
        let link = settings.write(Address::of("lab").with("lang", Some("en"))).to_string();
        assert_eq!(LabSettings::read(&Address::parse(&link)), settings, "{link}");
        assert_eq!(LabSettings::read(&Address::parse("#/lab")), LabSettings::default());
    }

    #[test]
    fn nonsense_in_a_link_is_ignored() {
        let link = "#/lab?source=ct&fakes=network&n=0&reps=9999&side=33&steps=10&each=x&share=101&seed=-1";
        assert_eq!(LabSettings::read(&Address::parse(link)), LabSettings::default());
        assert_eq!(LabSettings::read(&Address::parse("#/lab?side=32")).scale, None, "steps are missing");
    }
}
