use super::*;

const SIZE: usize = 64;

/// A round head of brightness 100 in air; `paint` changes its pixels.
fn head(paint: impl Fn(usize, usize, u8) -> u8) -> Vec<u8> {
    let picture = (0..SIZE * SIZE).map(|index| {
        let (x, y) = (index % SIZE, index / SIZE);
        let off = (x as f64 - 31.5).hypot(y as f64 - 31.5);
        if off > 28.0 { 0 } else { paint(x, y, 100) }
    });
    picture.collect()
}

fn values(paint: impl Fn(usize, usize, u8) -> u8) -> FeatureValues {
    FeatureValues::measure(&head(paint), SIZE).expect("a head")
}

fn plain() -> FeatureValues {
    values(|_, _, value| value)
}

#[test]
fn a_plain_head_has_nothing_to_see() {
    assert!(ImageFeature::ALL.into_iter().all(|feature| plain().get(feature) < 1e-9), "{:?}", plain());
}

#[test]
fn a_half_brighter_than_the_other_is_not_symmetric() {
    let got = values(|x, _, value| if x < 32 { value } else { value + 50 });
    assert!((got.get(ImageFeature::Symmetry) - 50.0 / 125.0).abs() < 0.02, "{got:?}");
    // Both halves are alike, but not uniform.
    let mirrored = values(|x, _, value| value + (x.abs_diff(31).min(x.abs_diff(32)) as u8));
    assert!(mirrored.get(ImageFeature::Symmetry) < 1e-9);
}

#[test]
fn dark_lines_are_lines_and_bright_dots_are_vessels() {
    let lined = values(|x, _, value| if x % 8 == 0 { value - 40 } else { value });
    assert!(lined.get(ImageFeature::Lines) > 0.03 && lined.get(ImageFeature::Vessels) < 1e-9, "{lined:?}");
    let dotted = values(|x, y, value| if x % 8 == 0 && y % 8 == 0 { value + 80 } else { value });
    assert!(dotted.get(ImageFeature::Vessels) > 0.2 && dotted.get(ImageFeature::Lines) < 1e-9, "{dotted:?}");
}

#[test]
fn an_uneven_rim_is_seen_and_an_even_one_is_not() {
    let off = |x: usize, y: usize| (x as f64 - 31.5).hypot(y as f64 - 31.5);
    let even = values(|x, y, value| if off(x, y) > 24.0 { 200 } else { value });
    let uneven = values(|x, y, value| if off(x, y) > 24.0 && y < 32 { 200 } else { value });
    assert!(uneven.get(ImageFeature::Skull) > 4.0 * even.get(ImageFeature::Skull), "{even:?} {uneven:?}");
}

#[test]
fn grain_is_texture() {
    let grainy = values(|x, y, value| if (x * 7 + y * 13) % 5 == 0 { value + 30 } else { value });
    assert!(grainy.get(ImageFeature::Texture) > 0.03);
}

#[test]
fn brightness_alone_changes_nothing() {
    let paint = |x: usize, y: usize| if (x * 7 + y * 13).is_multiple_of(5) { 60 } else { 40 };
    let (dark, bright) = (values(|x, y, _| paint(x, y)), values(|x, y, _| 3 * paint(x, y)));
    assert!(ImageFeature::ALL.into_iter().all(|feature| (dark.get(feature) - bright.get(feature)).abs() < 1e-9));
}

#[test]
fn no_head_has_no_marks() {
    assert_eq!(FeatureValues::measure(&[0; SIZE * SIZE], SIZE), None);
    assert_eq!(FeatureValues::measure(&[200; 9], 3), None);
    assert_eq!(FeatureValues::measure(&[200; 100], SIZE), None);
    let mut dot = vec![0; SIZE * SIZE];
    dot[2000] = 255;
    assert_eq!(FeatureValues::measure(&dot, SIZE), None);
    assert!(FeatureValues::measure(&[200; SIZE * SIZE], SIZE).is_some(), "a head that fills the picture");
}

fn known(feature: ImageFeature, values: &[f64]) -> Vec<FeatureValues> {
    let known = values.iter().map(|value| {
        let mut values = FeatureValues([0.5; 5]);
        values.0[feature as usize] = *value;
        values
    });
    known.collect()
}

#[test]
fn the_clue_is_what_sets_a_scan_apart_from_the_other_kind() {
    let real = known(ImageFeature::Texture, &[0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5]);
    let fake = known(ImageFeature::Texture, &[0.1, 0.2, 0.3, 0.4, 0.5, 1.05, 1.15, 1.25]);
    let clue = find_clue(&fake[0], &fake, &real, &[]).expect("a clue");
    assert_eq!(clue, Clue { feature: ImageFeature::Texture, more: false, than: Proportion { part: 8, whole: 8 } });
    let clue = find_clue(&real[4], &real, &fake, &[]).expect("a clue");
    assert_eq!(clue, Clue { feature: ImageFeature::Texture, more: true, than: Proportion { part: 7, whole: 8 } });
    // A fake with a value like the real ones gets no clue.
    assert_eq!(find_clue(&fake[5], &fake, &real, &[]), None);
    assert_eq!(find_clue(&fake[0], &fake, &real[..7], &[]), None, "too few to compare with");
}

#[test]
fn a_feature_that_wins_the_game_alone_gives_no_clue() {
    let real = known(ImageFeature::Texture, &[0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5]);
    let fake = known(ImageFeature::Texture, &[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75]);
    assert!(tells_kinds_apart(&real, &fake, ImageFeature::Texture));
    assert!(!tells_kinds_apart(&real, &fake, ImageFeature::Lines));
    assert_eq!(find_clue(&fake[0], &fake, &real, &[]), None);
    assert_eq!(find_clue(&real[7], &real, &fake, &[]), None);
}

#[test]
fn the_usual_one_is_nearest_to_the_middle() {
    let all = known(ImageFeature::Lines, &[0.1, 0.9, 0.52, 0.4, 0.45]);
    assert!((median(&all, ImageFeature::Lines).expect("values") - 0.45).abs() < 1e-9);
    assert_eq!(typical(&all, ImageFeature::Lines, |_| true), Some(4));
    assert_eq!(typical(&all, ImageFeature::Lines, |index| index != 4), Some(3));
    assert_eq!(typical(&all, ImageFeature::Lines, |_| false), None);
    assert_eq!(median(&[], ImageFeature::Lines), None);
}
