//! An experiment in words: what learns, from what, who makes the fakes, and what it detects.

use crate::lab::setup::{FakeSource, LabSetup, Learner};
use crate::ui::logic::lab::cohort::tumour_or_none;
use crate::ui::logic::lab::settings::{LabSettings, LabSource};
use crate::ui::model_choice::model_name;
use crate::ui::words::{Lang, say};

/// Sentences about an experiment. The last one tells size and steps; it is missing until the device has chosen them.
pub fn about(lang: Lang, settings: &LabSettings, setup: &LabSetup) -> Vec<String> {
    let (source, learner) =
        (source_name(lang, settings.source), learner_name(lang, setup.learner, &setup.classes).to_owned());
    let mut sentences = vec![
        say!(lang, lab.run.about, source = source, learner = learner),
        say!(lang, lab.run.about_fakes, maker = maker_name(lang, setup.maker), share = settings.share),
    ];
    if setup.learning.steps > 0 {
        sentences.push(say!(lang, lab.run.scale, size = setup.size, steps = setup.learning.steps));
    }
    sentences
}

/// Name of a source.
pub fn source_name(lang: Lang, source: LabSource) -> String {
    match source {
        LabSource::Real(modality) => say!(lang, lab.source.real, model = model_name(lang, modality)),
        LabSource::Own => say!(lang, lab.source.own).to_owned(),
        LabSource::Drawings => say!(lang, lab.source.drawings).to_owned(),
    }
}

/// Name of a maker of fakes.
pub fn maker_name(lang: Lang, maker: FakeSource) -> &'static str {
    match maker {
        FakeSource::Network => say!(lang, lab.maker.network),
        FakeSource::SameNetwork => say!(lang, lab.maker.same_network),
        FakeSource::Others => say!(lang, lab.maker.others),
        FakeSource::Same => say!(lang, lab.maker.same),
    }
}

/// What a learner learns, in words. `classes` are those of the people.
pub fn learner_name(lang: Lang, learner: Learner, classes: &[String]) -> &'static str {
    match learner {
        Learner::Classifier if tumour_or_none(classes) => say!(lang, lab.learner.tumour),
        Learner::Classifier => say!(lang, lab.learner.kind),
        Learner::Segmenter => say!(lang, lab.learner.place),
    }
}

/// The smallest difference that an experiment detects, in words.
pub fn smallest(lang: Lang, effect: f64) -> String {
    say!(lang, lab.run.smallest, effect = lang.number(100.0 * effect))
}
