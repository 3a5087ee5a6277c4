//! Measures of the answers: accuracy, signal detection, the area under the ROC curve, agreement, and their intervals.
//!
//! A hit is a generated picture that was called generated, a false alarm a real one that was. In pairs: hit = chose right,
//! and right is real; false alarm = chose right, and left is real. d' and criterion (Green and Swets 1966) use the
//! log-linear correction for shares of 0 and 1: half an answer is added to each count, and one to each total (Hautus 1995,
//! "Corrections for extreme proportions and their biasing effects on estimated values of d'"). In pairs d' is divided by
//! the square root of 2 (Macmillan and Creelman 2005, chapter 7).

use super::kappa::fleiss;
use super::settings::StudyFormat;
use super::sheet::{Reply, Sheet};
use crate::game::answers::Proportion;
use crate::game::interval::ConfidenceInterval;
use crate::splitmix::SplitMix;
use crate::statistics::{ClusterBootstrap, Estimate, auc, mean, normal_quantile, percentile_interval};

/// Bootstrap samples of an interval.
pub const DRAWS: usize = 1000;

/// A measure of a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReaderMeasure {
    /// Share of right answers.
    Accuracy,
    /// Share of hits.
    Hits,
    /// Share of false alarms.
    FalseAlarms,
    /// Sensitivity d'.
    DPrime,
    /// Criterion c: above 0 if the reader says "generated" (or "right") less often than the other answer.
    Criterion,
    /// Area under the ROC curve of the confidence. NaN without a confidence scale.
    Auc,
    /// Accuracy after the clues minus accuracy before them. NaN without clues.
    Change,
}

impl ReaderMeasure {
    /// All measures.
    pub const ALL: [ReaderMeasure; 7] = [
        ReaderMeasure::Accuracy,
        ReaderMeasure::Hits,
        ReaderMeasure::FalseAlarms,
        ReaderMeasure::DPrime,
        ReaderMeasure::Criterion,
        ReaderMeasure::Auc,
        ReaderMeasure::Change,
    ];
}

/// A value for each of [`ReaderMeasure::ALL`].
type MeasureValues = [f64; ReaderMeasure::ALL.len()];
/// An estimate for each of [`ReaderMeasure::ALL`].
pub type Estimates = [Estimate; ReaderMeasure::ALL.len()];

/// The results of one reader.
#[derive(Debug, Clone, PartialEq)]
pub struct ReaderResult {
    /// Number of the reader.
    pub reader: usize,
    /// Cases that were answered.
    pub answered: usize,
    /// Cases without an answer in time.
    pub late: usize,
    /// Cases that the reader did not reach.
    pub missing: usize,
    /// The measures over the answered cases. Intervals: Wilson's for the three shares, else a bootstrap over cases.
    pub estimates: Estimates,
}

/// The results of all readers.
#[derive(Debug, Clone, PartialEq)]
pub struct StudyResults {
    /// Each reader.
    pub readers: Vec<ReaderResult>,
    /// Means over the readers. Intervals: a bootstrap that draws readers and cases independently of each other (Owen 2007, "The
    /// pigeonhole bootstrap"); of one reader, over cases only.
    pub means: Estimates,
    /// Fleiss' kappa over the cases that all readers answered, with a bootstrap over cases. NaN for one reader.
    pub kappa: Estimate,
    /// Cases that all readers answered.
    pub complete: usize,
    /// Right answers to each case, of those that were given.
    pub cases: Vec<Proportion>,
}

/// An answer that was given.
struct Given {
    case: usize,
    truth: bool,
    said: bool,
    sure: i32,
    after: bool,
}

fn given(sheet: &Sheet) -> Vec<Given> {
    let (places, half) = (sheet.places(), sheet.settings.cases / 2);
    let one = |(case, reply): (usize, &Option<Reply>)| {
        let Reply(Some(said), sure, _) = (*reply)? else { return None };
        Some(Given { case, truth: sheet.truth(case), said, sure: i32::from(sure), after: places[case] >= half })
    };
    sheet.answers.iter().enumerate().filter_map(one).collect()
}

/// The measures if case `i` counts `weights[i]` times.
fn values(sheet: &Sheet, given: &[Given], weights: &[f64]) -> MeasureValues {
    // Weight of the answers by right answer and by what was said, and of all and of the right ones before and after the clues.
    let mut said = [[0.0; 2]; 2];
    let mut halves = [[0.0; 2]; 2];
    for one in given {
        let weight = weights[one.case];
        said[usize::from(one.truth)][usize::from(one.said)] += weight;
        let half = &mut halves[usize::from(one.after)];
        half[0] += weight;
        half[1] += if one.said == one.truth { weight } else { 0.0 };
    }
    let [[rejections, alarms], [misses, hits]] = said;
    let (signals, noises) = (misses + hits, rejections + alarms);
    let [hit, alarm] =
        [(hits, signals), (alarms, noises)].map(|(part, whole)| normal_quantile((part + 0.5) / (whole + 1.0)));
    let d_prime = match sheet.settings.format {
        StudyFormat::Single => hit - alarm,
        StudyFormat::Pairs => (hit - alarm) * std::f64::consts::FRAC_1_SQRT_2,
    };
    let area = if sheet.settings.confidence > 0 {
        // One score for each step of the scale: few, however many cases there are.
        let most = i32::from(sheet.settings.confidence);
        let mut scores = [true, false].map(|_| (-most..=most).map(|step| (f64::from(step), 0.0)).collect::<Vec<_>>());
        for one in given {
            let step = if one.said { one.sure } else { -one.sure };
            scores[usize::from(!one.truth)][(step + most) as usize].1 += weights[one.case];
        }
        auc(&scores[0], &scores[1])
    } else {
        f64::NAN
    };
    let change = if sheet.settings.clues {
        let [before, after] = halves.map(|[all, right]| right / all);
        after - before
    } else {
        f64::NAN
    };
    [
        (rejections + hits) / (signals + noises),
        hits / signals,
        alarms / noises,
        d_prime,
        -0.5 * (hit + alarm),
        area,
        change,
    ]
}

/// The results of a study: all sheets belong to it, and each is of another reader. `None` without a sheet.
pub fn results(sheets: &[Sheet]) -> Option<StudyResults> {
    let mut analysis = Analysis::new(sheets.to_vec())?;
    analysis.draw(DRAWS);
    Some(analysis.results())
}

/// The computation of the results. The page makes it in parts, to stay responsive.
pub struct Analysis {
    sheets: Vec<Sheet>,
    given: Vec<Vec<Given>>,
    by_case: ClusterBootstrap,
    by_reader: ClusterBootstrap,
    /// The cases that all readers answered, and how many readers said no and yes to each.
    complete: Vec<usize>,
    counts: Vec<Vec<f64>>,
    stream: SplitMix,
    /// Bootstrap values so far: of each reader, of their means, and of kappa.
    own: Vec<Vec<MeasureValues>>,
    joint: Vec<MeasureValues>,
    kappas: Vec<f64>,
}

impl Analysis {
    /// The analysis of these sheets: all belong to one study, and each is of another reader. `None` without a sheet.
    pub fn new(sheets: Vec<Sheet>) -> Option<Self> {
        let first = sheets.first()?;
        let count = first.settings.cases;
        let given: Vec<Vec<Given>> = sheets.iter().map(given).collect();
        let (complete, counts) = agreement(&given, count).into_iter().unzip();
        Some(Self {
            // Every bootstrap sample has cases of both right answers.
            by_case: ClusterBootstrap::within((0..count).map(|case| (case, first.truth(case)))),
            by_reader: ClusterBootstrap::independent(sheets.len()),
            complete,
            counts,
            stream: SplitMix::new(0),
            own: vec![Vec::new(); sheets.len()],
            joint: Vec::new(),
            kappas: Vec::new(),
            given,
            sheets,
        })
    }

    /// Whether all [`DRAWS`] are there.
    pub fn is_drawn(&self) -> bool {
        self.joint.len() >= DRAWS
    }

    /// Draws this many more bootstrap samples, up to [`DRAWS`] in all.
    pub fn draw(&mut self, more: usize) {
        for _ in 0..more.min(DRAWS - self.joint.len()) {
            let weights = self.by_case.weights(&mut self.stream);
            let drawn = self.of_readers(&weights);
            self.kappas.push(self.kappa(&weights));
            self.joint.push(means(&drawn, &self.by_reader.weights(&mut self.stream)));
            self.own.iter_mut().zip(drawn).for_each(|(own, values)| own.push(values));
        }
    }

    /// The results, with intervals from the bootstrap samples so far.
    pub fn results(self) -> StudyResults {
        let count = self.cases();
        let whole = vec![1.0; count];
        let exact = self.of_readers(&whole);
        let kappa = self.kappa(&whole);
        let readers = self.sheets.iter().zip(&self.given).zip(&exact).zip(&self.own);
        let readers = readers.map(|(((sheet, given), exact), draws)| reader_result(sheet, given, exact, draws));
        let right = |case: usize| {
            let answers = self.given.iter().flatten().filter(|one| one.case == case);
            Proportion::of(answers, |one| one.said == one.truth)
        };
        StudyResults {
            readers: readers.collect(),
            means: estimates(&means(&exact, &vec![1.0; self.sheets.len()]), &self.joint),
            kappa: interval(kappa, self.kappas),
            complete: self.complete.len(),
            cases: (0..count).map(right).collect(),
        }
    }

    fn cases(&self) -> usize {
        self.sheets.first().map_or(0, |first| first.settings.cases)
    }

    fn of_readers(&self, weights: &[f64]) -> Vec<MeasureValues> {
        self.sheets.iter().zip(&self.given).map(|(sheet, given)| values(sheet, given, weights)).collect()
    }

    fn kappa(&self, weights: &[f64]) -> f64 {
        let weights: Vec<f64> = self.complete.iter().map(|case| weights[*case]).collect();
        if self.sheets.len() < 2 { f64::NAN } else { fleiss(&self.counts, &weights) }
    }
}

fn reader_result(sheet: &Sheet, given: &[Given], exact: &MeasureValues, draws: &[MeasureValues]) -> ReaderResult {
    let mut estimates = estimates(exact, draws);
    let share = |kept: &dyn Fn(&Given) -> bool, holds: &dyn Fn(&Given) -> bool| {
        Proportion::of(given.iter().filter(|one| kept(one)), holds)
    };
    let shares = [
        share(&|_| true, &|one| one.said == one.truth),
        share(&|one| one.truth, &|one| one.said),
        share(&|one| !one.truth, &|one| one.said),
    ];
    for (estimate, share) in estimates.iter_mut().zip(shares) {
        let ConfidenceInterval { low, high } = ConfidenceInterval::wilson(share);
        *estimate = Estimate { low, high, ..*estimate };
    }
    let missing = sheet.answers.iter().filter(|answer| answer.is_none()).count();
    let answered = given.len();
    let late = sheet.answers.len() - missing - answered;
    ReaderResult { reader: sheet.reader, answered, late, missing, estimates }
}

/// The cases that all readers answered, with the number of readers who said no and yes.
fn agreement(all: &[Vec<Given>], cases: usize) -> Vec<(usize, Vec<f64>)> {
    let count = |case: usize, said: bool| {
        all.iter().flatten().filter(|one| one.case == case && one.said == said).count() as f64
    };
    let rows = (0..cases).map(|case| (case, vec![count(case, false), count(case, true)]));
    rows.filter(|(_, counts)| counts.iter().sum::<f64>() as usize == all.len()).collect()
}

/// Weighted means over readers; a reader whose value is NaN is left out.
fn means(readers: &[MeasureValues], weights: &[f64]) -> MeasureValues {
    std::array::from_fn(|measure| {
        let known = readers.iter().zip(weights).filter(|(values, _)| values[measure].is_finite());
        let (sum, total) =
            known.fold((0.0, 0.0), |(sum, total), (values, weight)| (sum + values[measure] * weight, total + weight));
        sum / total
    })
}

fn estimates(exact: &MeasureValues, draws: &[MeasureValues]) -> Estimates {
    std::array::from_fn(|measure| interval(exact[measure], draws.iter().map(|values| values[measure]).collect()))
}

fn interval(value: f64, mut draws: Vec<f64>) -> Estimate {
    draws.retain(|draw| draw.is_finite());
    percentile_interval(value, &draws)
}

/// Mean seconds of all answers that were given.
pub fn mean_seconds(sheets: &[Sheet]) -> f64 {
    let replies = sheets.iter().flat_map(|sheet| sheet.answers.iter().flatten());
    mean(
        &replies
            .filter(|Reply(said, ..)| said.is_some())
            .map(|Reply(.., seconds)| f64::from(*seconds))
            .collect::<Vec<_>>(),
    )
}

#[cfg(test)]
#[path = "measures_tests.rs"]
pub(super) mod tests;
