//! The values that `tests/reader_study.py` prints for the same answers, with scikit-learn 1.9.1, SciPy 1.17.1 and statsmodels
//! 0.15.0.

use super::*;
use crate::study::settings::StudySettings;
use crate::study::sheet::tests::sheet;

const KEY: &str = "01010101010101010101";

pub fn three_readers() -> Vec<Sheet> {
    vec![
        sheet(1, KEY, "01010111010001010111", &[5, 4, 3, 2, 4, 1, 2, 5, 3, 3, 4, 1, 5, 2, 1, 4, 3, 5, 1, 2]),
        sheet(2, KEY, "11010101110101001101", &[2, 3, 1, 5, 5, 4, 2, 1, 3, 5, 1, 2, 4, 4, 3, 2, 5, 1, 2, 3]),
        sheet(3, KEY, "00010001010000010001", &[5, 1, 4, 4, 5, 3, 2, 5, 1, 4, 3, 2, 1, 1, 5, 4, 2, 3, 2, 5]),
    ]
}

fn near(got: f64, known: f64) {
    assert!((got - known).abs() < 1e-8, "{got} is not {known}");
}

#[test]
fn each_reader_matches_scikit_learn() {
    let known = [
        [0.85, 0.9, 0.2, 1.844_662_156_856_815_6, -0.174_472_483_665_105_65, 0.945],
        [0.8, 0.9, 0.3, 1.569_592_683_085_781, -0.312_007_220_550_623, 0.795],
        [0.75, 0.5, 0.0, 1.690_621_629_584_897_7, 0.845_310_814_792_448_9, 0.835],
    ];
    let wilson = [
        [0.639_581_135_259_243, 0.947_631_254_103_783_3],
        [0.583_982_567_748_106_4, 0.919_342_337_420_202],
        [0.531_299_122_381_255_9, 0.888_138_298_592_334_4],
    ];
    let found = results(&three_readers()).unwrap();
    for ((reader, known), [low, high]) in found.readers.iter().zip(known).zip(wilson) {
        reader.estimates.iter().zip(known).for_each(|(got, known)| near(got.value, known));
        near(reader.estimates[0].low, low);
        near(reader.estimates[0].high, high);
        assert_eq!((reader.answered, reader.late, reader.missing), (20, 0, 0));
        for measure in [ReaderMeasure::DPrime, ReaderMeasure::Criterion, ReaderMeasure::Auc] {
            let Estimate { value, low, high } = reader.estimates[measure as usize];
            assert!(low < value && value < high, "{measure:?}: {low} {value} {high}");
        }
        assert!(reader.estimates[ReaderMeasure::Change as usize].value.is_nan());
    }
    near(found.kappa.value, 0.263_392_857_142_857_26);
    near(found.means[ReaderMeasure::Auc as usize].value, (0.945 + 0.795 + 0.835) / 3.0);
    assert_eq!(found.complete, 20);
}

/// 20,000 draws in NumPy give 0.667 to 0.917.
#[test]
fn the_interval_over_readers_and_cases_matches_numpy() {
    let Estimate { value, low, high } = results(&three_readers()).unwrap().means[0];
    near(value, 0.8);
    assert!((low - 0.667).abs() < 0.025 && (high - 0.917).abs() < 0.025, "{low} to {high}");
    let one = results(&three_readers()[..1]).unwrap();
    assert!(one.kappa.value.is_nan() && one.means[0].low < 0.85 && one.means[0].high > 0.85);
}

#[test]
fn answers_that_are_missing_or_late_are_left_out() {
    let mut sheets = three_readers();
    sheets[1] = sheet(2, KEY, "_1010101110101001...", &[2; 20]);
    let found = results(&sheets).unwrap();
    let second = &found.readers[1];
    assert_eq!((second.answered, second.late, second.missing), (16, 1, 3));
    near(second.estimates[0].value, 13.0 / 16.0);
    assert_eq!(found.complete, 16);
    assert_eq!(found.cases.iter().map(|case| case.whole).sum::<usize>(), 56);
    assert_eq!(found.cases[0], Proportion { part: 2, whole: 2 });
}

#[test]
fn pairs_divide_the_sensitivity_and_without_a_scale_there_is_no_area() {
    let mut sheets = three_readers();
    for sheet in &mut sheets {
        sheet.settings = StudySettings { format: StudyFormat::Pairs, confidence: 0, ..sheet.settings };
    }
    let found = results(&sheets).unwrap();
    near(found.readers[0].estimates[ReaderMeasure::DPrime as usize].value, 1.844_662_156_856_815_6 / 2.0_f64.sqrt());
    assert!(found.means[ReaderMeasure::Auc as usize].value.is_nan());
}

/// Right before the clues in 6 of 10 cases, after them in 9 of 10: two readers who see the halves in opposite order.
#[test]
fn the_change_follows_what_each_reader_saw_first() {
    let settings = StudySettings { clues: true, ..StudySettings::default() };
    let reader = |number: usize| {
        let mut one = Sheet { settings, reader: number, ..sheet(1, KEY, KEY, &[3; 20]) };
        let places = one.places();
        let wrong = |place: usize| place < 4 || place == 19;
        for (case, place) in places.into_iter().enumerate() {
            let truth = one.truth(case);
            one.answers[case] = Some(Reply(Some(truth != wrong(place)), 3, 1.0));
        }
        one
    };
    let found = results(&[reader(1), reader(2)]).unwrap();
    near(found.means[ReaderMeasure::Change as usize].value, 0.3);
    assert!(results(&[]).is_none());
}

#[test]
fn a_reader_without_answers_is_no_panic() {
    let nothing = sheet(2, KEY, "....................", &[1; 20]);
    let found = results(&[three_readers().remove(0), nothing]).unwrap();
    assert!(found.readers[1].estimates[0].value.is_nan() && found.kappa.value.is_nan());
    near(found.means[0].value, 0.85);
}

#[test]
fn an_analysis_in_parts_gives_the_same_results() {
    let mut analysis = Analysis::new(three_readers()).unwrap();
    let mut parts = 0;
    while !analysis.is_drawn() {
        analysis.draw(7);
        parts += 1;
    }
    assert_eq!(parts, DRAWS.div_ceil(7));
    assert_eq!(format!("{:?}", analysis.results()), format!("{:?}", results(&three_readers()).unwrap()));
}
