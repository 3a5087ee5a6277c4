//! The people of each source, and their slices.

use std::sync::Arc;

use crate::engine::shared::Source;
use crate::slice::{LabelledSlice, PersonSlice, marks_tumour};
use crate::slices::collection::selection::Selection;
use crate::slices::pack::{Pack, PackSlice};
use crate::slices::raster::resize_slice;
use crate::ui::logic::lab::cohort::Cohort;
use crate::ui::logic::lab::settings::LabSource;
use crate::ui::logic::models::Modality;
use crate::ui::timer::yield_to_browser;
use crate::ui::urls;

/// Side of the slices that the workers get, in pixels: the largest that learners see.
const SIDE: usize = 64;
/// Slices that are prepared between two turns of the browser.
const IN_A_TURN: usize = 8;

/// People that an experiment can be done with.
#[derive(Clone)]
pub enum CohortSlices {
    /// Drawn ones, which the workers draw.
    Drawn,
    /// Those of the site's real scans.
    Site(Arc<Pack>),
    /// Those of the visitor's slices.
    Own(Arc<Selection>),
}

impl CohortSlices {
    /// How many there are, with which classes and tumours.
    pub fn cohort(&self) -> Cohort {
        match self {
            Self::Drawn => Cohort::drawn(),
            Self::Site(pack) => {
                let person = |slice: &PackSlice| {
                    (
                        format!("patient {}", slice.patient),
                        slice.labelled.class,
                        marks_tumour(&slice.labelled.slice.mask),
                    )
                };
                Cohort::of(pack.slices.iter().map(person), pack.classes.clone())
            }
            Self::Own(selection) => Cohort::of(selection.people(), selection.classes.clone()),
        }
    }

    /// The slices, `SIDE` pixels a side; none for drawn people. Lets the browser do other things in between.
    pub async fn slices(&self) -> Option<Vec<PersonSlice>> {
        let count = match self {
            Self::Drawn => return None,
            Self::Site(pack) => pack.slices.len(),
            Self::Own(selection) => selection.len(),
        };
        let mut slices = Vec::with_capacity(count);
        for index in 0..count {
            if index % IN_A_TURN == 0 {
                yield_to_browser().await;
            }
            slices.extend(self.slice(index));
        }
        Some(slices)
    }

    fn slice(&self, index: usize) -> Option<PersonSlice> {
        match self {
            Self::Drawn => None,
            Self::Site(pack) => {
                let PackSlice { patient, labelled } = pack.slices.get(index)?;
                let slice = resize_slice(&labelled.slice, SIDE)?;
                let person = format!("patient {patient}");
                Some(PersonSlice { person, labelled: LabelledSlice { class: labelled.class, slice } })
            }
            Self::Own(selection) => selection.person_slice(index, SIDE),
        }
    }
}

/// The site's generator for these people: the smallest of their modality, because learners see no more than it makes. Those of
/// the visitor count as T1.
pub fn maker_weights(source: LabSource) -> Source {
    let modality = match source {
        LabSource::Real(modality) => modality,
        LabSource::Own | LabSource::Drawings => Modality::T1ce,
    };
    let weights = modality.model().pairs.last().map_or("", |pair| pair.weights);
    Source::Address { address: urls::absolute(weights) }
}
