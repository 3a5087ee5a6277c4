//! Measures whether single numbers tell the real scans of a pack from those of a generator, as the game shows both.

use super::sheet::GeneratedSheet;
use crate::game::fairness::{as_shown, compare};
use crate::slice::downscale;
use crate::slices::pack::Pack;

/// The comparison with the generator of this name as text: the medians of each number, and which numbers tell the kinds apart.
///
/// # Errors
/// If the scans of the pack cannot be reduced to the size of the sheet, or a kind shows no head.
pub fn report(pack: &Pack, sheet: &GeneratedSheet, generator: &str) -> Result<String, String> {
    let smaller = |image: &[u8]| {
        downscale(image, pack.size, sheet.size).ok_or_else(|| {
            format!("scans of {} pixels cannot be reduced to the {} of {generator}", pack.size, sheet.size)
        })
    };
    let real = pack.slices.iter().map(|slice| smaller(&slice.labelled.slice.image)).collect::<Result<Vec<_>, _>>()?;
    let generated = sheet.of_classes(&pack.classes);
    let ([real_shown, generated_shown], smoothed) = as_shown(&real, &generated, sheet.size);
    let compared = compare(&real_shown, &generated_shown, sheet.size);
    if compared.is_empty() {
        return Err(format!("no head was found in the scans of the pack, or in those of {generator}"));
    }
    let mut text = format!(
        "{generator}, {} pixels\n\
         smoothed to be no sharper than the softer kind: {} of {} real scans, {} of {} generated ones\n\
         medians of real and generated scans, and how often a real scan has less (0.50 tells nothing)\n",
        sheet.size,
        smoothed[0],
        real.len(),
        smoothed[1],
        generated.len()
    );
    compared.iter().for_each(|line| text += &format!("  {line}\n"));
    let left: Vec<&str> = compared.iter().filter(|number| number.gives_away).map(|number| number.name).collect();
    text += &match left.is_empty() {
        true => "no single number tells them apart\n".to_owned(),
        false => format!("left: {}. The game gives no clue about these\n", left.join(", ")),
    };
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slice::{LabelledSlice, Slice};
    use crate::slices::pack::PackSlice;

    /// A disc with a pattern of this strength, on a side of 32 pixels.
    fn head(strength: usize) -> Vec<u8> {
        let inside = |at: usize| (at % 32).abs_diff(16).pow(2) + (at / 32).abs_diff(16).pow(2) < 14 * 14;
        (0..1024).map(|at| if inside(at) { 90 + (at * 7 % 5 * strength) as u8 } else { 0 }).collect()
    }

    fn pack(strengths: std::ops::Range<usize>) -> Pack {
        let slice = |strength| {
            let slice = Slice::without_tumour(32, head(strength));
            PackSlice { patient: 0, labelled: LabelledSlice { slice, class: 0 } }
        };
        let [source, licence, attribution] = ["", "", ""].map(str::to_owned);
        Pack {
            size: 32,
            classes: vec!["none".to_owned()],
            source,
            licence,
            attribution,
            names: Vec::new(),
            slices: strengths.map(slice).collect(),
        }
    }

    #[test]
    fn what_tells_the_kinds_apart_is_named() -> Result<(), String> {
        let sheet = GeneratedSheet { size: 32, classes: vec!["none".to_owned()], scans: (10..20).map(head).collect() };
        let brighter = report(&pack(20..30), &sheet, "one")?;
        assert!(brighter.contains("left: ") && brighter.contains("mean of the picture"), "{brighter}");
        let same = report(&pack(10..20), &sheet, "one")?;
        assert!(same.contains("no single number tells them apart"), "{same}");
        Ok(())
    }

    #[test]
    fn sizes_that_do_not_fit_are_refused() {
        let sheet = GeneratedSheet { size: 24, classes: vec!["none".to_owned()], scans: Vec::new() };
        assert!(
            report(&pack(1..3), &sheet, "one").is_err_and(|why| why.contains("cannot be reduced to the 24 of one"))
        );
    }
}
