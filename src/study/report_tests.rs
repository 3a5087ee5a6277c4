use std::sync::Arc;

use super::*;
use crate::slices::raster::Raster;
use crate::study::file::SourcePicture;
use crate::study::measures::results;
use crate::study::measures::tests::three_readers;
use crate::study::plan::plan;
use crate::study::settings::StudySettings;
use crate::study::sheet::tests::small;

#[test]
fn every_answer_is_a_row_in_the_order_of_the_reader() {
    let csv = answers_csv(&[small()]);
    let rows: Vec<Vec<&str>> = csv.split_terminator("\r\n").map(|row| row.split(',').collect()).collect();
    assert_eq!(rows.len(), 1 + 7, "a case that was not reached has no row");
    assert!(rows.iter().all(|row| row.len() == rows[0].len()));
    let places: Vec<usize> = rows[1..].iter().map(|row| row[2].parse().unwrap()).collect();
    assert!(places.is_sorted());
    let of = |case: &str| rows.iter().find(|row| row[4] == case).unwrap();
    assert_eq!(of("2")[5..], ["generated", "generated", "1", "2", "1.5"]);
    assert_eq!(of("5")[5..], ["real", "late", "", "", "1.5"]);
    assert_eq!(of("6")[5..], ["generated", "real", "0", "1", "1.5"]);
}

#[test]
fn the_paragraph_says_what_was_done_and_found() {
    let mut sheets = three_readers();
    let text = methods(&sheets, &results(&sheets).unwrap());
    for part in [
        "3 of 3 planned readers",
        "20 cases was one picture, 10 real and 10 generated",
        "64 x 64 pixels",
        "(seed 1, study 00000000000000aa)",
        "no time limit",
        "1.5 seconds on average",
        "confidence from 1 to 5",
        "Mean accuracy was 80.0 % (",
        "AUC 0.86 (",
        "kappa over the 20 cases that all readers answered was 0.26 (",
    ] {
        assert!(text.contains(part), "{part:?} is not in: {text}");
    }
    for sheet in &mut sheets {
        let settings =
            StudySettings { format: StudyFormat::Pairs, clues: true, confidence: 0, seconds: 10, ..sheet.settings };
        sheet.settings = settings;
    }
    sheets[0].answers[3] = None;
    sheets[1].answers[3] = Some(Reply(None, 0, 10.0));
    let text = methods(&sheets[..2], &results(&sheets[..2]).unwrap());
    for part in [
        "2 of 3",
        "side by side",
        "within 10 seconds; later answers (1)",
        "did not reach (1)",
        "square root of 2",
        "exchanged order",
        "changed by",
    ] {
        assert!(text.contains(part), "{part:?} is not in: {text}");
    }
    assert!(!text.contains("AUC") && !text.contains("NaN"), "{text}");
}

#[test]
fn the_list_of_cases_names_files_and_classes() {
    let source = |kind: usize, index: usize| SourcePicture {
        path: format!("{kind}/\"{index}\".png"),
        class: (kind == 1).then(|| "glioma".to_owned()),
        group: index,
        raster: Arc::new(Raster::from_fn(8, 8, |x, y| (100 * kind + index + x + y) as u8)),
    };
    let sources = [0, 1].map(|kind| (0..8).map(|index| source(kind, index)).collect::<Vec<_>>());
    let groups: Vec<usize> = (0..8).collect();
    for (format, width) in [(StudyFormat::Single, 1), (StudyFormat::Pairs, 2)] {
        let settings = StudySettings { format, cases: 8, ..StudySettings::default() };
        let study = Study::new(settings, &plan(&settings, [&groups, &groups]).unwrap(), [&sources[0], &sources[1]]);
        let text = cases_csv(&study);
        let mut table = csv::Reader::from_reader(text.as_bytes());
        assert_eq!(table.headers().unwrap().len(), 6);
        let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 8);
        for row in rows {
            for place in 0..2 {
                let (path, class) = (&row[2 + 2 * place], &row[3 + 2 * place]);
                assert_eq!(path.is_empty(), place >= width, "{row:?}");
                assert_eq!(class, if path.starts_with("1/") { "glioma" } else { "" });
                assert!(path.is_empty() || path.ends_with("\".png"), "{path}");
            }
        }
    }
}
