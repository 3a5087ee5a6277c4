//! What to look at after an answer: a measured clue, or a general tip. In one game, each feature is mentioned once.

use super::features::{Clue, FeatureValues, ImageFeature, find_clue, tells_kinds_apart};

/// Advice after one round.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Advice {
    /// A measured difference between this scan and the other kind.
    Clue(Clue),
    /// No clue is left for this scan: a general tip about a feature.
    Tip(ImageFeature),
    /// Every feature was mentioned before.
    #[default]
    Nothing,
}

impl Advice {
    /// The feature that it is about.
    pub fn feature(self) -> Option<ImageFeature> {
        match self {
            Self::Clue(clue) => Some(clue.feature),
            Self::Tip(feature) => Some(feature),
            Self::Nothing => None,
        }
    }
}

/// Advice on a scan (`None` if it shows no head), compared with scans of its `own` kind and of the `other` kind. `earlier` is
/// the advice of the rounds before. Advice is about a feature that was not mentioned before: "more in fakes" after "less in
/// real scans" repeats the same rule, and a tip could contradict a clue. It is never about a feature that alone tells the kinds
/// apart, because looking at that feature would win every round.
pub fn advise(
    scan: Option<&FeatureValues>,
    own: &[FeatureValues],
    other: &[FeatureValues],
    earlier: &[Advice],
) -> Advice {
    let mentioned: Vec<ImageFeature> = earlier.iter().filter_map(|advice| advice.feature()).collect();
    if let Some(clue) = scan.and_then(|scan| find_clue(scan, own, other, &mentioned)) {
        return Advice::Clue(clue);
    }
    let left = |feature: &ImageFeature| !mentioned.contains(feature) && !tells_kinds_apart(own, other, *feature);
    ImageFeature::ALL.into_iter().find(left).map_or(Advice::Nothing, Advice::Tip)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::features::median;
    use crate::splitmix::SplitMix;

    /// Uniform heads with a fine pattern of this strength: the stronger, the more texture and fine lines.
    fn heads(strengths: std::ops::Range<u8>) -> Vec<FeatureValues> {
        let head = |strength: u8| {
            let image: Vec<u8> = (0..64 * 64)
                .map(|index| {
                    let (x, y) = (index % 64, index / 64);
                    let inside = (x as f64 - 31.5).hypot(y as f64 - 31.5) <= 28.0;
                    let dark = (x * 7 + y * 13) % 5 == 0;
                    u8::from(inside) * (150 - u8::from(dark) * strength)
                })
                .collect();
            FeatureValues::measure(&image, 64).expect("a head")
        };
        strengths.map(head).collect()
    }

    #[test]
    fn nothing_is_said_twice_in_a_game() {
        // The real scan with most texture and the fake with least: the best clue is the same in every round.
        let (real, fake) = (heads(15..45), heads(10..30));
        let mut earlier: Vec<Advice> = Vec::new();
        for round in 0..20 {
            let advice = match round % 2 {
                0 => advise(real.last(), &real, &fake, &earlier),
                _ => advise(fake.first(), &fake, &real, &earlier),
            };
            let again = earlier.iter().any(|one| one.feature().is_some() && one.feature() == advice.feature());
            assert!(!again, "round {round}: {advice:?} after {earlier:?}");
            earlier.push(advice);
        }
        let clues = earlier.iter().filter(|advice| matches!(advice, Advice::Clue(_))).count();
        assert!(clues >= 1, "{earlier:?}");
        assert_eq!(earlier.last(), Some(&Advice::Nothing), "the features run out");
    }

    #[test]
    fn a_feature_that_tells_the_kinds_apart_is_never_mentioned() {
        let (real, fake) = (heads(35..45), heads(10..20));
        let tells = |feature: &ImageFeature| tells_kinds_apart(&real, &fake, *feature);
        assert!(tells(&ImageFeature::Texture));
        let mut earlier: Vec<Advice> = Vec::new();
        for round in 0..10 {
            let advice = match round % 2 {
                0 => advise(real.last(), &real, &fake, &earlier),
                _ => advise(fake.first(), &fake, &real, &earlier),
            };
            match advice {
                Advice::Clue(clue) => assert!(!tells(&clue.feature), "{clue:?}"),
                Advice::Tip(tip) => assert!(!tells(&tip), "{tip:?}"),
                Advice::Nothing => {}
            }
            earlier.push(advice);
        }
    }

    /// Twenty games with different strengths. All advice of a game, and its list of clues, which tells how the medians differ,
    /// must agree.
    #[test]
    fn advice_never_contradicts_other_advice_of_its_game() {
        let all = heads(0..60);
        let mut clues = 0;
        for game in 0..20 {
            let mut chance = SplitMix::new(game);
            let kind = |shift: usize, chance: &mut SplitMix| -> Vec<FeatureValues> {
                (0..20).map(|_| all[shift + (chance.bits() >> 32) as usize % 30]).collect()
            };
            let shift = (chance.bits() >> 32) as usize % 25;
            let (one, other) = (kind(shift, &mut chance), kind(0, &mut chance));
            let (real, fake) = if game % 2 == 0 { (one, other) } else { (other, one) };
            let mut earlier: Vec<Advice> = Vec::new();
            for round in 0..20 {
                let is_real = (chance.bits() >> 63) == 0;
                let (own, others) = if is_real { (&real, &fake) } else { (&fake, &real) };
                let advice = advise(own.get(round), own, others, &earlier);
                let told = earlier.iter().find(|one| one.feature().is_some() && one.feature() == advice.feature());
                assert_eq!(told, None, "game {game}, round {round}: {advice:?}");
                if let Advice::Clue(clue) = advice {
                    let [real, fake] = [&real, &fake].map(|kind| median(kind, clue.feature));
                    assert_eq!(is_real == clue.more, real > fake, "game {game}, round {round}: {clue:?}");
                    clues += 1;
                }
                earlier.push(advice);
            }
        }
        assert!(clues >= 20, "{clues} clues in twenty games");
    }

    #[test]
    fn without_a_comparison_there_are_tips_only() {
        assert_eq!(advise(None, &[], &[], &[]), Advice::Tip(ImageFeature::Symmetry));
        let earlier = [Advice::Tip(ImageFeature::Symmetry)];
        assert_eq!(advise(None, &[], &[], &earlier), Advice::Tip(ImageFeature::Lines));
    }
}
