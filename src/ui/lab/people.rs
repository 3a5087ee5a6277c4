//! The people of each source, and their slices.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::engine::shared::Source;
use crate::lab::drawn_people;
use crate::lab::folds::Division;
use crate::lab::setup::FakeSource;
use crate::slice::{LabelledSlice, PersonSlice, marks_tumour};
use crate::slices::collection::selection::Selection;
use crate::slices::pack::{Pack, PackSlice};
use crate::slices::raster::resize_slice;
use crate::ui::logic::lab::cohort::Cohort;
use crate::ui::logic::lab::settings::{LabSettings, LabSource};
use crate::ui::logic::models::{Modality, StretchingFiles};
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
    /// Patients of the site whom its small generators saw, to learn from; and those of the site's real scans, to test on.
    Few(Arc<FewPatients>),
    /// Those of the visitor's slices.
    Own(Arc<Selection>),
}

/// The people of an experiment with a generator that saw few patients only.
pub struct FewPatients {
    /// Patients to learn from, by name, in the order of the generators.
    learn: Arc<Pack>,
    /// Patients to test on.
    test: Arc<Pack>,
    /// The generators.
    files: &'static StretchingFiles,
}

impl FewPatients {
    /// `None` if the packs do not fit: other classes, or not enough patients with names.
    pub fn new(learn: Arc<Pack>, test: Arc<Pack>, files: &'static StretchingFiles) -> Option<Self> {
        let most = files.patients.last().copied().unwrap_or_default();
        (learn.classes == test.classes && learn.names.len() >= most).then_some(Self { learn, test, files })
    }
}

impl CohortSlices {
    /// How many there are, with which classes and tumours.
    pub fn cohort(&self) -> Cohort {
        match self {
            Self::Drawn => Cohort::drawn(),
            Self::Site(pack) => cohort(pack),
            Self::Few(few) => cohort(&few.test).tested_on(few.files.patients),
            Self::Own(selection) => Cohort::of(selection.people(), selection.classes.clone()),
        }
    }

    /// The slices, `SIDE` pixels a side; none for drawn people. Lets the browser do other things in between.
    pub async fn slices(&self) -> Option<Vec<PersonSlice>> {
        let count = match self {
            Self::Drawn => return None,
            Self::Site(pack) => pack.slices.len(),
            Self::Few(few) => few.test.slices.len() + few.learn.slices.len(),
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
            Self::Site(pack) => person_slice(pack, index),
            Self::Few(few) => match index.checked_sub(few.test.slices.len()) {
                None => person_slice(&few.test, index),
                Some(index) => person_slice(&few.learn, index),
            },
            Self::Own(selection) => selection.person_slice(index, SIDE),
        }
    }

    /// Who learns and who tests, if there are `patients` to learn from.
    pub fn division(&self, patients: usize) -> Division {
        match self {
            Self::Drawn => drawn_people::division(),
            Self::Site(_) | Self::Own(_) => Division::Halves,
            Self::Few(few) => {
                let test: BTreeSet<u32> = few.test.slices.iter().map(|slice| slice.patient).collect();
                Division::Fixed {
                    learn: few.learn.names.iter().take(patients).cloned().collect(),
                    test: test.into_iter().map(|patient| person(&few.test, patient)).collect(),
                }
            }
        }
    }
}

/// The people of a pack.
fn cohort(pack: &Pack) -> Cohort {
    let slice = |it: &PackSlice| (person(pack, it.patient), it.labelled.class, marks_tumour(&it.labelled.slice.mask));
    Cohort::of(pack.slices.iter().map(slice), pack.classes.clone())
}

/// The name of a patient, or else the number.
fn person(pack: &Pack, patient: u32) -> String {
    pack.names.get(patient as usize).cloned().unwrap_or_else(|| format!("patient {patient}"))
}

fn person_slice(pack: &Pack, index: usize) -> Option<PersonSlice> {
    let PackSlice { patient, labelled } = pack.slices.get(index)?;
    let slice = resize_slice(&labelled.slice, SIDE)?;
    let labelled = LabelledSlice { class: labelled.class, slice };
    Some(PersonSlice { person: person(pack, *patient), labelled })
}

/// The weights that make the fakes; `None` if no generator does.
pub fn maker_weights(settings: &LabSettings, patients: usize) -> Option<Source> {
    let modality = match settings.source {
        LabSource::Real(modality) => modality,
        // The visitor's slices count as T1.
        LabSource::Own | LabSource::Drawings => Modality::T1ce,
    };
    let weights = match settings.maker {
        // The smallest, because learners see no more than it makes.
        FakeSource::Network => modality.model().pairs.last()?.weights,
        FakeSource::SameNetwork => modality.model().stretching?.weights(patients)?,
        FakeSource::Others | FakeSource::Same => return None,
    };
    Some(Source::Address { address: urls::absolute(weights) })
}
