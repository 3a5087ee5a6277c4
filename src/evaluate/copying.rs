//! Measures whether the generator copies training slices: compares the distance of generated slices to their nearest training
//! slice with that of held-out patients' slices.

use serde_json::json;

use super::report::{Aim, ReportedMeasure};
use super::statistics::{ClusterBootstrap, quantile, summary};
use crate::export::contact_sheet::contact_sheet;
use crate::export::png::{PngError, encode_gray};
use crate::mark::source_type::SourceType;
use crate::slices::nearest::{Nearest, NearestIndex};
use crate::slices::raster::Raster;

/// Pairs in the image of the closest pairs.
pub const PAIRS: usize = 16;
/// Pairs in a row of that image.
const COLUMNS: usize = 3;

/// The nearest train slice to each image. Images of another size are skipped.
pub fn nearest<T: AsRef<[u8]>>(train_index: &NearestIndex, images: &[T]) -> Vec<Nearest> {
    images.iter().filter_map(|image| train_index.nearest(image.as_ref())).collect()
}

/// The share of copies, and details: quantiles of distances. `patients` names the patient of each test slice.
pub fn measure(
    generated: &[Nearest],
    test: &[Nearest],
    patients: &[String],
    seed: u64,
) -> (ReportedMeasure, serde_json::Value) {
    let copies = copies(generated, test);
    let share = ClusterBootstrap::independent(copies.len()).mean(&copies, seed);
    let among_patients = copies_among_patients(test, patients);
    let real =
        (among_patients.len() == patients.len()).then(|| ClusterBootstrap::of(patients).mean(&among_patients, seed));
    let name = "share closer to a train slice than the closest 1 % of test slices";
    let measure = ReportedMeasure::new(["copy_share", name], share, real, copies.len()).with_aim(Aim::AtMost(0.0));
    let distances = |found: &[Nearest]| {
        let relative: Vec<f64> = found.iter().map(|it| f64::from(it.relative)).collect();
        let grey: Vec<f64> = found.iter().map(|it| f64::from(it.distance)).collect();
        let closest = quantile(&relative, 0.0);
        json!({ "relative": summary(&relative), "grey_levels": summary(&grey), "closest_relative": closest })
    };
    (measure, json!({ "generated": distances(generated), "test": distances(test) }))
}

/// For each generated slice: 1 if it is closer to a training slice than the closest 1 % of test slices are, else 0. The
/// distance is relative to the distances of all other training slices, because a blurred image is close to every slice.
pub fn copies(generated: &[Nearest], test: &[Nearest]) -> Vec<f64> {
    let limit = limit(test);
    generated.iter().map(|it| flag(it, limit)).collect()
}

/// The same for test slices, with the limit from the test slices of other patients. A generator that does not copy gets about
/// the same number.
pub fn copies_among_patients<T: PartialEq>(test: &[Nearest], patients: &[T]) -> Vec<f64> {
    let one = |(it, patient): (&Nearest, &T)| {
        let others = test.iter().zip(patients).filter(|(_, other)| *other != patient).map(|(it, _)| it);
        flag(it, limit(others))
    };
    test.iter().zip(patients).map(one).collect()
}

/// The 1st percentile of the relative distances.
fn limit<'a>(test: impl IntoIterator<Item = &'a Nearest>) -> f64 {
    let relative: Vec<f64> = test.into_iter().map(|it| f64::from(it.relative)).collect();
    quantile(&relative, 0.01)
}

fn flag(found: &Nearest, limit: f64) -> f64 {
    f64::from(u8::from(f64::from(found.relative) < limit))
}

/// The closest pairs: each generated slice with its nearest training slice on the right, three pairs in a row. The sheet is square.
pub fn closest_pairs<T: AsRef<[u8]>>(
    train_index: &NearestIndex,
    images: &[T],
    found: &[Nearest],
    side: usize,
) -> Raster {
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by(|&a, &b| found[a].relative.total_cmp(&found[b].relative));
    let pair = |&index: &usize| [images[index].as_ref().to_vec(), train_index.aligned(&found[index])];
    let mut tiles: Vec<Vec<u8>> = order.iter().take(PAIRS).flat_map(pair).collect();
    // Unused tiles stay black.
    tiles.resize(4 * COLUMNS * COLUMNS, Vec::new());
    contact_sheet(&tiles, side, 2 * COLUMNS)
}

/// The closest pairs as a PNG. It contains real slices.
///
/// # Errors
/// If the PNG cannot be encoded.
pub fn pairs_png(pairs: &Raster) -> Result<Vec<u8>, PngError> {
    let text = [("Description", "Generated scans, each with the nearest real slice on its right: do not share")];
    encode_gray(pairs.width(), pairs.pixels(), &text, Some(SourceType::CompositeSynthetic))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heads() -> Vec<Vec<u8>> {
        let pixel = |head: usize, index: usize| ((index % 32 * (head + 3) + index / 32 * (head * 7 + 1)) % 200) as u8;
        (0..40).map(|head| (0..1024).map(|index| pixel(head, index)).collect()).collect()
    }

    #[test]
    fn copies_are_closer_than_slices_of_other_patients() {
        let heads = heads();
        let train_index = NearestIndex::new(32, heads[..20].iter().map(Vec::as_slice));
        let test = nearest(&train_index, &heads[20..]);
        let noisy: Vec<u8> = heads[4].iter().map(|pixel| pixel + 2).collect();
        let generated = nearest(&train_index, &[noisy, heads[30].clone()]);
        assert_eq!(copies(&generated, &test), [1.0, 0.0]);
        // All slices of the first patient are copies; a patient is not compared with itself.
        let copies = nearest(&train_index, &heads[..20]);
        let both = [copies, test.clone()].concat();
        let people: Vec<bool> = (0..40).map(|slice| slice < 20).collect();
        assert_eq!(copies_among_patients(&both, &people), [[1.0; 20], [0.0; 20]].concat());
        assert_eq!(copies_among_patients(&test, &[0; 20]), [0.0; 20]);
        let png = pairs_png(&closest_pairs(&train_index, &heads[20..], &test, 32)).expect("written");
        let sheet = image::load_from_memory(&png).expect("read");
        assert_eq!((sheet.width(), sheet.height()), (192, 192));
    }
}
