//! What a visitor may ask of the lab: the settings in the address, the people of a source, and what fits into a few minutes.

use std::collections::{BTreeMap, BTreeSet};

use super::address::Address;
use super::models::Modality;
use crate::engine::lab::protocol::ArmResult;
use crate::lab::arm::Arm;
use crate::lab::cast;
use crate::lab::outcomes::{Run, Unit};
use crate::lab::setup::{Maker, Reader, Setup};
use crate::lab::verdict::{FEWEST_PERSONS, Verdict};
use crate::slices::collection::file::MASK_THRESHOLD;

/// Seconds that a default run may take.
const BUDGET: f64 = 270.0;
/// Seconds that the first run may take.
const FIRST: f64 = 12.0;
/// Fewest training steps of a reader.
const FEWEST_STEPS: usize = 50;
/// Most repetitions that a link may ask for.
const MOST_REPETITIONS: usize = 50;
/// Most training steps that a link may ask for.
const MOST_STEPS: usize = 2000;
/// Most fakes of each class that a link may ask for.
const MOST_FAKES: usize = 300;
/// Numbers of patients that are offered.
const PATIENTS: [usize; 4] = [6, 10, 20, 40];

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
    pub fn makers(self) -> &'static [Maker] {
        match self {
            Self::Real(_) => &[Maker::Network, Maker::Same],
            Self::Own => &[Maker::Same, Maker::Network],
            Self::Drawings => &[Maker::Others, Maker::Same],
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
    /// What the readers look for.
    pub reader: Reader,
    /// Who makes the fakes.
    pub maker: Maker,
    /// Number of patients to learn from, if one was chosen.
    pub patients: Option<usize>,
    /// Repetitions.
    pub repetitions: usize,
    /// Side in pixels, training steps of a reader, if a link says so. Otherwise the speed of the device decides.
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
            reader: Reader::Type,
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
fn maker_slug(maker: Maker) -> &'static str {
    match maker {
        Maker::Network => "network",
        Maker::Others => "others",
        Maker::Same => "same",
    }
}

impl LabSettings {
    /// The settings in an address. What it leaves open or gets wrong is the default.
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
            reader: if address.get("reader") == Some(Reader::Where.label()) { Reader::Where } else { Reader::Type },
            maker: maker.copied().unwrap_or(source.makers()[0]),
            patients: number("n", 500),
            repetitions: number("reps", MOST_REPETITIONS).unwrap_or(default.repetitions),
            scale: side.zip(number("steps", MOST_STEPS)),
            each: number("each", MOST_FAKES).unwrap_or(default.each),
            share: number("share", 100).unwrap_or(default.share),
            seed: number("seed", u32::MAX as usize).map_or(default.seed, |seed| seed as u64),
        }
    }

    /// An address with these settings. `scale` decides which runs are made, so a link that repeats a run needs it.
    pub fn write(&self, mut address: Address) -> Address {
        let default = Self::default();
        let differs = |value: usize, default: usize| (value != default).then(|| value.to_string());
        address.set("source", Some(self.source.slug().to_owned()));
        address.set("reader", (self.reader == Reader::Where).then(|| Reader::Where.label().to_owned()));
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

/// The people of a source: how many there are, and what they have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crowd {
    /// Class names.
    pub classes: Vec<String>,
    /// Number of people with each class.
    pub by_class: Vec<usize>,
    /// Number of people.
    pub persons: usize,
    /// People whose tumour is marked.
    pub marked: usize,
    /// Number of slices.
    pub slices: usize,
    /// Most people to learn from.
    pub learners: usize,
    /// People that are tested on.
    pub testers: usize,
}

/// Why an experiment cannot be done with these people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CrowdProblem {
    /// There is one class only, and the reader is to tell classes apart.
    OneClass,
    /// A class has too few people: its name, how many it has, and how many it needs.
    TooFew(String, usize, usize),
    /// Too few people have masks.
    NoMasks(usize),
}

/// Fewest people of a class: two of them test on each side.
const FEWEST: usize = 4;

impl Crowd {
    /// The people of slices, each with its person, its class, and whether a tumour is marked in it.
    pub fn of(slices: impl IntoIterator<Item = (String, usize, bool)>, classes: Vec<String>) -> Self {
        let mut persons = BTreeMap::<String, (BTreeSet<usize>, bool)>::new();
        let mut count = 0;
        for (person, class, marked) in slices {
            let person = persons.entry(person).or_default();
            person.0.insert(class);
            person.1 |= marked;
            count += 1;
        }
        let with = |class: usize| persons.values().filter(|(own, _)| own.contains(&class)).count();
        let by_class = (0..classes.len()).map(with).collect();
        let marked = persons.values().filter(|(_, marked)| *marked).count();
        // In halves by chance everybody tests, and the smaller half can be learned from.
        let learners = persons.len().saturating_sub(classes.len()) / 2;
        Self { classes, by_class, persons: persons.len(), marked, slices: count, learners, testers: persons.len() }
    }

    /// Whether a mask marks any tumour.
    pub fn is_marked(mask: &[u8]) -> bool {
        mask.iter().any(|&pixel| pixel >= MASK_THRESHOLD)
    }

    /// The drawn people.
    pub fn drawn() -> Self {
        let all = cast::LEARNERS + cast::TESTERS;
        Self {
            classes: crate::slices::collection::drawings::CLASSES.map(str::to_owned).into(),
            by_class: vec![all / 2, all / 2],
            persons: all,
            marked: all / 2,
            slices: all,
            learners: cast::LEARNERS,
            testers: cast::TESTERS,
        }
    }

    /// Why a reader cannot learn from these people, if it cannot.
    pub fn problem(&self, reader: Reader) -> Option<CrowdProblem> {
        match reader {
            Reader::Type if self.classes.len() < 2 => Some(CrowdProblem::OneClass),
            Reader::Where if self.marked < 2 * FEWEST => Some(CrowdProblem::NoMasks(self.marked)),
            _ => {
                let few = self.by_class.iter().position(|count| *count < FEWEST);
                few.map(|class| CrowdProblem::TooFew(self.classes[class].clone(), self.by_class[class], FEWEST))
            }
        }
    }

    /// People that a reader is tested on.
    pub fn testers(&self, reader: Reader) -> usize {
        match reader {
            Reader::Type => self.testers,
            // Half of the drawn ones have a tumour.
            Reader::Where => self.marked * self.testers / self.persons.max(1),
        }
    }

    /// The numbers of patients that can be learned from.
    pub fn patients(&self) -> Vec<usize> {
        let mut offered: Vec<usize> = PATIENTS.into_iter().filter(|count| *count < self.learners).collect();
        offered.push(self.learners);
        offered
    }

    /// The number of patients for a wish: the wish itself if there are so many, or else the second smallest that is offered.
    pub fn chosen(&self, wish: Option<usize>) -> usize {
        let fewest = self.classes.len().max(2);
        let offered = self.patients();
        let default = || offered.get(1).or(offered.first()).copied().unwrap_or(fewest);
        wish.unwrap_or_else(default).clamp(fewest.min(self.learners), self.learners.max(1))
    }
}

/// Side and steps of a reader that fit the time: 64 pixels if all wanted steps fit, or else 32 pixels and as many steps as fit.
/// `millis` are those of a step at 32 and 64 pixels; `readers` is the number of readers in the whole experiment, `first` in its
/// first run.
pub fn scale(reader: Reader, millis: [f64; 2], readers: usize, first: usize, workers: usize) -> (usize, usize) {
    let wanted = match reader {
        Reader::Type => 300,
        Reader::Where => 150,
    };
    let steps = |millis: f64| {
        let whole = BUDGET * workers.max(1) as f64 / readers.max(1) as f64;
        let seconds = whole.min(FIRST / first.max(1) as f64);
        1000.0 * seconds / millis.max(1e-9)
    };
    if steps(millis[1]) >= wanted as f64 {
        return (64, wanted);
    }
    // Fewer would teach a reader nothing. Then it takes longer.
    (32, (steps(millis[0]) as usize / 10 * 10).clamp(FEWEST_STEPS, wanted))
}

/// All values of all runs as CSV: one row for each person, repetition and arm.
pub fn csv(units: &[Unit], runs: &[Run], classes: &[String]) -> String {
    let mut sorted: Vec<_> = runs.iter().collect();
    sorted.sort_by_key(|run| (run.repetition, run.arm));
    let mut text = "repetition,arm,person,class,value\r\n".to_owned();
    for run in sorted {
        for (unit, value) in units.iter().zip(&run.values) {
            let class = classes.get(unit.class).map_or("", String::as_str);
            let row = [run.arm.label(), &unit.person, class].map(quoted).join(",");
            text.push_str(&format!("{},{row},{value}\r\n", run.repetition + 1));
        }
    }
    text
}

/// A field that may hold a comma. One that a spreadsheet would take for a formula gets an apostrophe before it.
fn quoted(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

/// The arm whose difference to the baseline is due to the fakes alone.
pub const MAIN: Arm = Arm::Both;

/// What an experiment says of the fakes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Conclusion {
    /// There are too few whole repetitions for an interval.
    TooEarly,
    /// So many test persons cannot tell, whatever the interval.
    CannotTell(usize),
    /// The word, and the interval that it follows from.
    Word(Verdict, [f64; 2]),
}

/// What follows from the results of [`MAIN`].
pub fn conclusion(units: &[Unit], results: &[ArmResult]) -> Conclusion {
    let persons: BTreeSet<&str> = units.iter().map(|unit| unit.person.as_str()).collect();
    match results.iter().find(|result| result.arm == MAIN) {
        None => Conclusion::TooEarly,
        Some(_) if persons.len() < FEWEST_PERSONS => Conclusion::CannotTell(persons.len()),
        Some(result) => Conclusion::Word(result.verdict, result.corrected),
    }
}

/// The measure of a run, 0 to 1.
pub fn measured(setup: &Setup, units: &[Unit], run: &Run) -> f64 {
    let measure = setup.reader.measures(setup.classes.len())[0];
    measure.of(units, run, &vec![1.0; units.len()])
}

/// The ends of an axis that shows all these values, in whole tenths from 0 to 1.
pub fn axis(values: impl IntoIterator<Item = f64>) -> [f64; 2] {
    let (low, high) = values
        .into_iter()
        .filter(|value| value.is_finite())
        .fold((1.0_f64, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
    if low > high {
        return [0.0, 1.0];
    }
    let tenth = |value: f64| (value / 10.0).clamp(0.0, 1.0);
    let [low, high] = [tenth((low * 10.0 - 0.2).floor()), tenth((high * 10.0 + 0.2).ceil())];
    if high - low < 0.15 { [(high - 0.2).max(0.0), high.max(0.2)] } else { [low, high] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crowd(by_class: &[usize], marked: bool) -> Crowd {
        // Two slices each.
        let people = |(class, count): (usize, &usize)| {
            (0..2 * *count).map(move |index| (format!("{class} {}", index / 2), class, marked)).collect::<Vec<_>>()
        };
        let slices = by_class.iter().enumerate().flat_map(people);
        Crowd::of(slices, (0..by_class.len()).map(|class| format!("c{class}")).collect())
    }

    #[test]
    fn a_link_repeats_a_run() {
        let settings = LabSettings {
            source: LabSource::Real(Modality::Flair),
            reader: Reader::Where,
            maker: Maker::Same,
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

    #[test]
    fn too_few_people_are_named() {
        assert_eq!(crowd(&[9], true).problem(Reader::Type), Some(CrowdProblem::OneClass));
        assert_eq!(crowd(&[9, 3], true).problem(Reader::Type), Some(CrowdProblem::TooFew("c1".to_owned(), 3, 4)));
        assert_eq!(crowd(&[2], true).problem(Reader::Where), Some(CrowdProblem::NoMasks(2)));
        assert_eq!(crowd(&[9, 9], false).problem(Reader::Where), Some(CrowdProblem::NoMasks(0)));
        for reader in [Reader::Type, Reader::Where] {
            assert_eq!(crowd(&[9, 9], true).problem(reader), None);
            assert_eq!(Crowd::drawn().problem(reader), None);
        }
        assert_eq!((Crowd::drawn().testers(Reader::Type), Crowd::drawn().testers(Reader::Where)), (60, 30));
    }

    #[test]
    fn patients_are_offered_as_far_as_they_go() {
        let site = crowd(&[12, 11, 12], true);
        assert_eq!((site.persons, site.slices, site.patients()), (35, 70, vec![6, 10, 16]));
        assert_eq!((site.chosen(None), site.chosen(Some(12)), site.chosen(Some(400))), (10, 12, 16));
        assert_eq!(Crowd::drawn().patients(), [6, 10, 20, 40, 60]);
        assert_eq!(crowd(&[4, 4], true).patients(), [3]);
    }

    /// Also the fewest: what is offered can always be divided.
    #[test]
    fn what_is_offered_fits_into_both_halves() {
        use crate::lab::folds::Division;
        for by_class in [&[4, 4][..], &[5, 4], &[4, 5, 7], &[12, 11, 12], &[30, 4]] {
            let crowd = crowd(by_class, true);
            let names: Vec<(String, usize)> = by_class
                .iter()
                .enumerate()
                .flat_map(|(class, count)| (0..*count).map(move |index| (format!("{class} {index}"), class)))
                .collect();
            let persons = names.iter().map(|(name, class)| (name.as_str(), BTreeSet::from([*class]))).collect();
            for patients in crowd.patients() {
                for repetition in 0..10 {
                    for fold in Division::Halves.folds(&persons, patients, repetition) {
                        assert_eq!(fold.learn.len(), patients, "{by_class:?}");
                        let classes: BTreeSet<&str> = fold.learn.iter().map(|name| &name[..1]).collect();
                        assert_eq!(classes.len(), by_class.len(), "{by_class:?}: {fold:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn slow_devices_get_smaller_slices_and_then_fewer_steps() {
        let scaled = |millis| scale(Reader::Type, millis, 50, 1, 2);
        assert_eq!(scaled([5.0, 20.0]), (64, 300));
        assert_eq!(scaled([10.0, 40.0]), (32, 300));
        assert_eq!(scaled([60.0, 240.0]), (32, 180));
        assert_eq!(scaled([150.0, 600.0]), (32, 70));
        assert_eq!(scaled([9000.0, 40_000.0]), (32, 50));
        assert_eq!(scaled([0.0, 0.0]), (64, 300));
        // Eight workers have time for more, but the first run of two readers would take too long.
        assert_eq!(scale(Reader::Type, [40.0, 160.0], 100, 2, 8), (32, 150));
        assert_eq!(scale(Reader::Where, [40.0, 160.0], 50, 1, 2), (32, 150));
    }

    #[test]
    fn the_word_follows_from_the_corrected_interval_of_fakes_beside_augmentation() {
        let unit = |index: usize| Unit { person: format!("p{index}"), class: 0 };
        let result =
            |arm, verdict| ArmResult { arm, difference: 0.1, interval: [0.05, 0.15], corrected: [0.02, 0.18], verdict };
        let results = [result(Arm::RealFakes, Verdict::Hurts), result(MAIN, Verdict::Helps)];
        let units: Vec<Unit> = (0..30).map(unit).collect();
        assert_eq!(conclusion(&units, &results), Conclusion::Word(Verdict::Helps, [0.02, 0.18]));
        assert_eq!(conclusion(&units[..29], &results), Conclusion::CannotTell(29));
        assert_eq!(conclusion(&units, &[]), Conclusion::TooEarly);
    }

    #[test]
    fn an_axis_has_whole_tenths_around_all_values() {
        let close = |found: [f64; 2], wanted: [f64; 2]| {
            assert!(found.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-9), "{found:?} instead of {wanted:?}");
        };
        close(axis([0.55, 0.83]), [0.5, 0.9]);
        close(axis([0.0, 1.0, f64::NAN]), [0.0, 1.0]);
        close(axis([1.0]), [0.8, 1.0]);
        close(axis([0.0]), [0.0, 0.2]);
        close(axis([]), [0.0, 1.0]);
    }

    #[test]
    fn every_value_has_a_row() {
        let units: Vec<Unit> = ["Ann", "=Bea"].map(|person| Unit { person: person.to_owned(), class: 1 }).into();
        let run = |repetition, arm| Run { arm, repetition, values: vec![0.5, 1.0], scores: Vec::new() };
        let text = csv(&units, &[run(1, Arm::Real), run(0, Arm::Both)], &["a".to_owned(), "b, \"c\"".to_owned()]);
        let rows: Vec<&str> = text.lines().collect();
        assert_eq!(rows.len(), 5);
        assert_eq!(rows[1], "1,\"real + classic augmentation + fakes\",\"Ann\",\"b, \"\"c\"\"\",0.5");
        assert_eq!(rows[4], "2,\"real only\",\"'=Bea\",\"b, \"\"c\"\"\",1");
    }
}
