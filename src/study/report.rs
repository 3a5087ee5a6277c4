//! Files for the researcher: the answers as CSV, the list of cases, and a paragraph for the methods section.

use super::file::Study;
use super::measures::{DRAWS, ReaderMeasure, StudyResults, mean_seconds};
use super::settings::{EXAMPLES, StudyFormat};
use super::sheet::{Reply, Sheet};
use crate::statistics::Estimate;

/// The word for an answer in the files.
fn word(format: StudyFormat, answer: bool) -> &'static str {
    match (format, answer) {
        (StudyFormat::Single, false) => "real",
        (StudyFormat::Single, true) => "generated",
        (StudyFormat::Pairs, false) => "left",
        (StudyFormat::Pairs, true) => "right",
    }
}

/// Every answer as CSV, a row each, also for answers that came too late. `truth` and `said` are `real` or `generated`; in pairs,
/// `left` or `right` for the picture that is real. Cases and places count from 1.
pub fn answers_csv(sheets: &[Sheet]) -> String {
    let mut text = "reader,tag,place,half,case,truth,said,right,confidence,seconds\r\n".to_owned();
    for sheet in sheets {
        let (format, places) = (sheet.settings.format, sheet.places());
        let mut rows: Vec<(usize, String)> = Vec::with_capacity(sheet.answers.len());
        for (case, reply) in sheet.answers.iter().enumerate() {
            let (Some(Reply(said, sure, seconds)), place) = (*reply, places[case]) else { continue };
            let truth = sheet.truth(case);
            let half = 1 + usize::from(sheet.settings.clues && place >= sheet.settings.cases / 2);
            let right = said.map_or("", |said| if said == truth { "1" } else { "0" });
            let sure = if sure > 0 { sure.to_string() } else { String::new() };
            let row = format!(
                "{},{},{},{half},{},{},{},{right},{sure},{seconds}\r\n",
                sheet.reader,
                sheet.tag,
                place + 1,
                case + 1,
                word(format, truth),
                said.map_or("late", |said| word(format, said)),
            );
            rows.push((place, row));
        }
        rows.sort_by_key(|(place, _)| *place);
        rows.iter().for_each(|(_, row)| text.push_str(row));
    }
    text
}

/// Which files are in which case, and their classes as far as known, as CSV. For the researcher only.
pub fn cases_csv(study: &Study) -> String {
    let mut text = "case,truth,picture,class,second_picture,second_class\r\n".to_owned();
    for (index, case) in study.cases.iter().enumerate() {
        let quoted = |name: &String| format!("\"{}\"", name.replace('"', "\"\""));
        let [first, second] = [0, 1].map(|place| {
            let class = case.classes.get(place).and_then(Option::as_ref).map(quoted).unwrap_or_default();
            format!("{},{class}", case.paths.get(place).map(quoted).unwrap_or_default())
        });
        text.push_str(&format!("{},{},{first},{second}\r\n", index + 1, word(study.settings.format, case.truth)));
    }
    text
}

/// A paragraph in English for the methods and results of a paper, with the settings and numbers filled in.
pub fn methods(sheets: &[Sheet], results: &StudyResults) -> String {
    let Some(first) = sheets.first() else { return String::new() };
    let settings = &first.settings;
    let (cases, half, side, seed) = (settings.cases, settings.cases / 2, first.side, settings.seed);
    let pairs = settings.format == StudyFormat::Pairs;
    let mut text = format!("{} of {} planned readers took part. ", sheets.len(), settings.readers);
    text += &match pairs {
        false => format!(
            "Each of {cases} cases was one picture, {half} real and {half} generated; readers said which it was. "
        ),
        true => format!(
            "Each of {cases} cases was a real and a generated picture side by side, the real one on the left in {half}; readers \
             said which one was real. "
        ),
    };
    text += &format!(
        "Pictures were grey, {side} x {side} pixels, both kinds resampled in the same way. All readers saw the same cases, each in a \
         random order of their own (seed {seed}, study {}), without feedback. ",
        first.study
    );
    if settings.clues {
        text += &format!(
            "After half of the cases {EXAMPLES} real and {EXAMPLES} generated pictures, which were in no case, were shown with their \
             labels; readers with even numbers saw the two halves in exchanged order. "
        );
    }
    let late: usize = results.readers.iter().map(|reader| reader.late).sum();
    let missing: usize = results.readers.iter().map(|reader| reader.missing).sum();
    text += &match settings.seconds {
        0 => "There was no time limit. ".to_owned(),
        seconds => {
            format!("Each choice had to be made within {seconds} seconds; later answers ({late}) are left out. ")
        }
    };
    if missing > 0 {
        text += &format!("Cases that a reader did not reach ({missing}) are left out. ");
    }
    text += &format!("An answer took {:.1} seconds on average. ", mean_seconds(sheets));
    if settings.confidence > 0 {
        text += &format!("After each choice readers gave their confidence from 1 to {}. ", settings.confidence);
    }
    text += match pairs {
        false => "A hit is a generated picture called generated, a false alarm a real picture called generated. ",
        true => {
            "A hit is the right picture chosen when it was the real one, a false alarm the right picture chosen when it was not. "
        }
    };
    text += "d' and criterion c use the log-linear correction (Hautus 1995)";
    text += if pairs { ", and d' is divided by the square root of 2. " } else { ". " };
    if settings.confidence > 0 {
        text += "The AUC is the area under the empirical ROC curve of the signed confidence. ";
    }
    text += &format!(
        "Intervals are 95 %: Wilson's for shares of one reader or one case; a percentile bootstrap with {DRAWS} samples of cases, \
         stratified by the right answer, for other measures of one reader and for kappa; and one that draws {} for means over \
         readers (Owen 2007). ",
        if sheets.len() > 1 { "readers and cases independently" } else { "cases" }
    );
    let number = |Estimate { value, low, high }: Estimate, percent: bool| match percent {
        true => format!("{:.1} % ({:.1} to {:.1})", 100.0 * value, 100.0 * low, 100.0 * high),
        false => format!("{value:.2} ({low:.2} to {high:.2})"),
    };
    let of = |measure: ReaderMeasure, percent| number(results.means[measure as usize], percent);
    text += &format!(
        "Mean accuracy was {}, hits {}, false alarms {}, d' {}, c {}",
        of(ReaderMeasure::Accuracy, true),
        of(ReaderMeasure::Hits, true),
        of(ReaderMeasure::FalseAlarms, true),
        of(ReaderMeasure::DPrime, false),
        of(ReaderMeasure::Criterion, false)
    );
    if settings.confidence > 0 {
        text += &format!(", AUC {}", of(ReaderMeasure::Auc, false));
    }
    text += ". ";
    if settings.clues {
        text += &format!("The mean accuracy changed by {} after the clues. ", of(ReaderMeasure::Change, true));
    }
    if sheets.len() > 1 && results.kappa.value.is_finite() {
        text += &format!(
            "Fleiss' kappa over the {} cases that all readers answered was {}. ",
            results.complete,
            number(results.kappa, false)
        );
    }
    text + &format!("Run and computed in the browser with hersenscan {}.", env!("CARGO_PKG_VERSION"))
}

#[cfg(test)]
#[path = "report_tests.rs"]
mod tests;
