//! From the visitor's files to the slices of a measurement.

use crate::engine::measure::protocol::{BeginMeasure, MeasuredSet};
use crate::engine::shared::Source;
use crate::evaluate::task::{SliceSet, TooFewSlices, check, validation_last};
use crate::ui::logic::own_slices::{MeasuredSlice, OwnSlices};
use crate::ui::timer::yield_to_browser;
use crate::ui::urls;

/// Slices that are prepared between two turns of the browser.
const IN_A_TURN: usize = 4;

/// Why folders cannot be measured.
#[derive(Debug, Clone, PartialEq)]
pub enum SetProblem {
    /// There are no pictures of this kind.
    Empty(SliceSet),
    /// A generated picture is not square: its path.
    NotSquare(String),
    /// Too few slices or persons.
    TooFew(TooFewSlices),
}

/// The slices of real pictures, generated ones and those that the generator learned from, if there are any. Real slices go through
/// the normalisation; generated ones keep their grey levels, and have the side of the first.
///
/// # Errors
/// [`SetProblem`].
pub async fn gather(files: [Option<OwnSlices>; 3]) -> Result<BeginMeasure, SetProblem> {
    let [real, generated, learned] = files;
    let (Some(real), Some(generated)) = (real, generated) else {
        return Err(SetProblem::Empty(SliceSet::Test));
    };
    let learned = learned.filter(|files| !files.measured().is_empty());
    let pictures = generated.measured();
    let Some(first) = pictures.first() else { return Err(SetProblem::Empty(SliceSet::Generated)) };
    if real.measured().is_empty() {
        return Err(SetProblem::Empty(SliceSet::Test));
    }
    if let Some(odd) = pictures.iter().find(|picture| !picture.is_square()) {
        return Err(SetProblem::NotSquare(odd.name.clone()));
    }
    let side = first.width();
    let people = |files: &OwnSlices| files.measured().into_iter().map(|slice| slice.person).collect::<Vec<_>>();
    check(&people(&real), learned.as_ref().map(people).as_deref(), pictures.len()).map_err(SetProblem::TooFew)?;
    Ok(BeginMeasure {
        side,
        // The default of the command line.
        seed: 0,
        network: Source::Address { address: urls::absolute(urls::FEATURES) },
        real: set(real.measured(), |slice| slice.normalised(side)).await,
        generated: set(pictures, |slice| slice.as_it_is(side)).await,
        learned: match &learned {
            Some(learned) => Some(set(in_order(learned.measured()), |slice| slice.normalised(side)).await),
            None => None,
        },
    })
}

/// Train slices in the order of the command line.
fn in_order(slices: Vec<MeasuredSlice<'_>>) -> Vec<MeasuredSlice<'_>> {
    let persons: Vec<String> = slices.iter().map(|slice| slice.person.clone()).collect();
    let mut slices: Vec<Option<MeasuredSlice<'_>>> = slices.into_iter().map(Some).collect();
    validation_last(&persons).into_iter().filter_map(|index| slices[index].take()).collect()
}

async fn set(slices: Vec<MeasuredSlice<'_>>, pixels: impl Fn(&MeasuredSlice<'_>) -> Vec<u8>) -> MeasuredSet {
    let mut set = MeasuredSet::default();
    for (index, slice) in slices.into_iter().enumerate() {
        if index % IN_A_TURN == 0 {
            yield_to_browser().await;
        }
        set.pixels.extend(pixels(&slice));
        set.known += usize::from(slice.is_person_known);
        set.files.push(slice.name);
        set.persons.push(slice.person);
    }
    set
}
