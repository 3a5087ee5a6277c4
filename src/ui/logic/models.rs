//! The models that the site offers: modalities, sizes and files. This is the only list: what is added here is offered
//! everywhere.

use super::address::Address;
use crate::game::settings::{ClassRules, GameSettings};

/// Query parameter of the modality.
pub const MODEL: &str = "model";
/// Query parameter of the size.
pub const SIZE: &str = "size";

/// An MRI modality.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Modality {
    /// T1-weighted, contrast-enhanced. The default: older links name no modality and mean this one.
    #[default]
    T1ce,
    /// Fluid-attenuated inversion recovery.
    Flair,
}

/// The files of a generator and of the discriminator trained with it.
#[derive(Debug, PartialEq)]
pub struct ModelFiles {
    /// Side of its scans in pixels.
    pub size: usize,
    /// Path of the generator's weights.
    pub weights: &'static str,
    /// Path of the discriminator's weights.
    pub discriminator: &'static str,
    /// Path of the generator's model card.
    pub card: &'static str,
}

/// A generator saved during a training.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrainingSnapshot {
    /// Thousands of real slices that the discriminator had seen.
    pub kimg: f32,
    /// Side of its scans in pixels.
    pub size: usize,
    /// Path of its weights.
    pub weights: &'static str,
}

/// Generators that each saw few patients only, and scans of these patients.
#[derive(Debug, PartialEq)]
pub struct StretchingFiles {
    /// Path of the pack of the patients of the largest generator, in the lab's fixed order. The site owner decides whether it
    /// exists.
    pub pack: &'static str,
    /// Numbers of patients, ascending. The generator of a number saw the first patients of the pack.
    pub patients: &'static [usize],
    /// Paths of the weights, in the same order.
    pub weights: &'static [&'static str],
}

impl StretchingFiles {
    /// The generator that saw this many patients.
    pub fn weights(&self, patients: usize) -> Option<&'static str> {
        let place = self.patients.iter().position(|count| *count == patients)?;
        self.weights.get(place).copied()
    }
}

/// All files and terms of one modality.
#[derive(Debug, PartialEq)]
pub struct Model {
    /// Networks that visitors can choose, largest first; never empty.
    pub pairs: &'static [ModelFiles],
    /// Smaller networks, only to start a training from.
    pub small: &'static [ModelFiles],
    /// Path of the pack of real scans from held-out patients. The site owner decides whether it exists.
    pub pack: &'static str,
    /// What the lab needs to ask about stretching.
    pub stretching: Option<&'static StretchingFiles>,
    /// Snapshots of one training on the same data as `pairs`, earliest first. One latent gives the same head in all of them,
    /// but not in `pairs`.
    pub stages: &'static [TrainingSnapshot],
    /// Licence of the weights.
    pub licence: &'static str,
    /// Whether the licence forbids commercial use.
    pub non_commercial: bool,
}

macro_rules! pair {
    ($name:literal, $size:literal) => {
        ModelFiles {
            size: $size,
            weights: concat!("weights/", $name, ".safetensors"),
            discriminator: concat!("weights/", $name, ".discriminator.safetensors"),
            card: concat!("weights/", $name, ".card.json"),
        }
    };
}

static T1CE: Model = Model {
    pairs: &[pair!("t1ce-s128", 128), pair!("t1ce-s64", 64)],
    small: &[pair!("t1ce-s32", 32)],
    pack: "scans/t1ce.pack",
    stretching: Some(&StretchingFiles {
        pack: "scans/t1ce-lab.pack",
        patients: &[10, 20, 40],
        weights: &[
            "weights/lab/t1ce-10.safetensors",
            "weights/lab/t1ce-20.safetensors",
            "weights/lab/t1ce-40.safetensors",
        ],
    }),
    // The text `story.stages.counting` tells visitors which of these belong to which training.
    stages: &[
        TrainingSnapshot { kimg: 0.0, size: 32, weights: "weights/stages/t1ce-00000.safetensors" },
        TrainingSnapshot { kimg: 0.3, size: 32, weights: "weights/stages/t1ce-00300.safetensors" },
        TrainingSnapshot { kimg: 2.0, size: 32, weights: "weights/stages/t1ce-02000.safetensors" },
        TrainingSnapshot { kimg: 12.0, size: 64, weights: "weights/stages/t1ce-12000.safetensors" },
        TrainingSnapshot { kimg: 78.9, size: 64, weights: "weights/stages/t1ce-78900.safetensors" },
    ],
    licence: "CC BY 4.0",
    non_commercial: false,
};

static FLAIR: Model = Model {
    pairs: &[pair!("flair-s128", 128), pair!("flair-s64", 64)],
    small: &[],
    pack: "scans/flair.pack",
    // Ten test persons are too few for an answer.
    stretching: None,
    stages: &[
        TrainingSnapshot { kimg: 41.4, size: 64, weights: "weights/stages/flair-41400.safetensors" },
        TrainingSnapshot { kimg: 63.5, size: 64, weights: "weights/stages/flair-63500.safetensors" },
    ],
    licence: "CC BY-NC-SA 4.0",
    non_commercial: true,
};

impl Modality {
    /// All modalities, the default first.
    pub const ALL: [Modality; 2] = [Modality::T1ce, Modality::Flair];

    /// Name in addresses and file names.
    pub fn slug(self) -> &'static str {
        match self {
            Modality::T1ce => "t1ce",
            Modality::Flair => "flair",
        }
    }

    /// Its files and terms.
    pub fn model(self) -> &'static Model {
        match self {
            Modality::T1ce => &T1CE,
            Modality::Flair => &FLAIR,
        }
    }

    /// The modality that an address asks for; the default if it names none or an unknown one.
    pub fn read(address: &Address) -> Self {
        let named = |slug: &str| Self::ALL.into_iter().find(|modality| modality.slug() == slug);
        address.get(MODEL).and_then(named).unwrap_or_default()
    }

    /// An address that asks for this modality. Drops the class and the directions if they belong to another modality.
    pub fn write(self, mut address: Address) -> Address {
        if Self::read(&address) != self {
            address.set("class", None);
            address.retain(|name| !is_direction(name));
        }
        address.with(MODEL, (self != Self::default()).then(|| self.slug()))
    }
}

/// A link to a game gives the same scans on every device. One that names no size means the smallest, which every device
/// can make.
pub fn complete_game_link(address: Address) -> Address {
    let model = Modality::read(&address).model();
    match (address.get("game"), model.asked_size(&address), model.sizes().last()) {
        (Some(_), None, Some(smallest)) => address.with(SIZE, Some(&smallest.to_string())),
        _ => address,
    }
}

/// The lesson is always about a class game, of the smallest size unless a teacher asks for another: every device can make it.
pub fn complete_lesson(mut address: Address) -> Address {
    let model = Modality::read(&address).model();
    if let (None, Some(smallest)) = (model.asked_size(&address), model.sizes().last()) {
        address.set(SIZE, Some(smallest.to_string()));
    }
    if address.get("rounds").is_none() {
        address.set("rounds", Some(ClassRules::default().half.to_string()));
    }
    address
}

/// The link to a class game in this language.
pub fn class_link(settings: &GameSettings, modality: Modality, size: usize, lang: &str) -> Address {
    let mut address = modality.write(Address::of("spel").with("lang", Some(lang))).with(SIZE, Some(&size.to_string()));
    for (name, value) in settings.written() {
        address.set(name, value);
    }
    address
}

fn is_direction(name: &str) -> bool {
    name.strip_prefix('d').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

impl Model {
    /// The networks of this size, if visitors can choose it.
    pub fn pair(&self, size: usize) -> Option<&'static ModelFiles> {
        self.pairs.iter().find(|pair| pair.size == size)
    }

    /// The networks of this size to start a training from.
    pub fn trainee(&self, size: usize) -> Option<&'static ModelFiles> {
        self.pairs.iter().chain(self.small).find(|pair| pair.size == size)
    }

    /// The sizes that visitors can choose, largest first.
    pub fn sizes(&self) -> Vec<usize> {
        self.pairs.iter().map(|pair| pair.size).collect()
    }

    /// The size that an address asks for, if it is offered.
    pub fn asked_size(&self, address: &Address) -> Option<usize> {
        address.get(SIZE)?.parse().ok().filter(|size| self.pair(*size).is_some())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::gan::weights::WeightsFile;

    #[test]
    fn every_listed_file_exists() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("static");
        let mut missing = Vec::new();
        for model in Modality::ALL.map(Modality::model) {
            let pairs = model.pairs.iter().flat_map(|pair| [pair.weights, pair.discriminator, pair.card]);
            let small = model.small.iter().flat_map(|pair| [pair.weights, pair.discriminator]);
            let stages = model.stages.iter().map(|stage| stage.weights);
            let few = model.stretching.into_iter().flat_map(|files| files.weights.iter().copied());
            missing.extend(pairs.chain(small).chain(stages).chain(few).filter(|file| !root.join(file).is_file()));
        }
        assert!(missing.is_empty(), "the list names files that are not in static/: {missing:?}");
    }

    #[test]
    fn generators_of_few_patients_are_small_and_name_them() {
        for files in Modality::ALL.into_iter().filter_map(|modality| modality.model().stretching) {
            let mut before = Vec::new();
            assert_eq!(files.patients.len(), files.weights.len());
            for count in files.patients {
                let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("static").join(files.weights(*count).unwrap());
                let bytes = std::fs::read(&path).unwrap();
                assert!(bytes.len() < 1_000_000, "{} has {} bytes", path.display(), bytes.len());
                let persons = WeightsFile::open(&bytes).unwrap().card.persons().unwrap_or_default();
                assert_eq!(persons.len(), *count, "{}", path.display());
                assert!(before.iter().all(|person| persons.contains(person)), "a larger draw contains a smaller one");
                before = persons;
            }
        }
    }

    #[test]
    fn sizes_are_sorted_and_file_names_match() {
        for modality in Modality::ALL {
            let model = modality.model();
            assert!(!model.pairs.is_empty());
            assert!(model.sizes().windows(2).all(|two| two[0] > two[1]), "largest first");
            let name = |pair: &ModelFiles| {
                pair.weights.contains(modality.slug()) && pair.weights.contains(&pair.size.to_string())
            };
            assert!(model.pairs.iter().chain(model.small).all(name));
            assert_eq!(model.non_commercial, model.licence.contains("NC"));
        }
    }

    #[test]
    fn a_link_without_a_known_modality_means_t1ce() {
        for link in ["#/studio?seed=7", "#/studio?seed=7&model=ct", "#/spel?game=3&model="] {
            assert_eq!(Modality::read(&Address::parse(link)), Modality::T1ce, "{link}");
        }
        assert_eq!(Modality::read(&Address::parse("#/studio?model=flair")), Modality::Flair);
    }

    #[test]
    fn changing_the_modality_drops_its_class_and_directions() {
        let address = Address::parse("#/studio?seed=7&class=glioma&d0=1.5&d12=-1&lang=en");
        let flair = Modality::Flair.write(address.clone());
        assert_eq!(flair.to_string(), "#/studio?seed=7&lang=en&model=flair");
        assert_eq!(Modality::T1ce.write(flair).to_string(), "#/studio?seed=7&lang=en");
        assert_eq!(Modality::T1ce.write(address.clone()), address);
    }

    #[test]
    fn a_link_to_a_game_fixes_its_size() {
        let complete = |link: &str| complete_game_link(Address::parse(link)).to_string();
        assert_eq!(complete("#/spel?game=123"), "#/spel?game=123&size=64");
        assert_eq!(complete("#/spel?game=123&model=flair&size=7"), "#/spel?game=123&model=flair&size=64");
        // A size that was asked for stays; without a game the device decides.
        for link in ["#/spel?game=123&size=128", "#/spel?lang=en", "#/studio?seed=7"] {
            assert_eq!(complete(link), link);
        }
    }

    #[test]
    fn a_lesson_is_about_a_class_game() {
        let complete = |link: &str| complete_lesson(Address::parse(link)).to_string();
        assert_eq!(complete("#/les"), "#/les?size=64&rounds=10");
        assert_eq!(complete("#/les?rounds=4&size=128&model=flair"), "#/les?rounds=4&size=128&model=flair");
    }

    #[test]
    fn a_class_link_gives_the_game_that_the_lesson_is_about() {
        let lesson = Address::parse("#/les?lang=en&model=flair&size=64&game=31&mode=pairs&rounds=6&clues=no");
        let settings = GameSettings::read(|name| lesson.get(name), 0);
        let link = class_link(&settings, Modality::read(&lesson), 64, "nl");
        assert_eq!(link.to_string(), "#/spel?lang=nl&model=flair&size=64&game=31&mode=pairs&rounds=6&clues=no");
        assert_eq!(GameSettings::read(|name| link.get(name), 0), settings);
        assert_eq!(complete_game_link(link.clone()), link);
    }

    #[test]
    fn a_size_that_is_not_offered_is_ignored() {
        let model = Modality::T1ce.model();
        assert_eq!(model.asked_size(&Address::parse("#/studio?size=64")), Some(64));
        for link in ["#/studio", "#/studio?size=32", "#/studio?size=big"] {
            assert_eq!(model.asked_size(&Address::parse(link)), None, "{link}");
        }
    }
}
