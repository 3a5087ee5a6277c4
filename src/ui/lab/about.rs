//! An experiment in words: what learns, from what, and who makes the fakes.

use crate::lab::setup::LabSetup;
use crate::ui::lab::form::{learner_name, maker_name, source_name};
use crate::ui::logic::lab::settings::LabSettings;
use crate::ui::words::{Lang, say};

/// Sentences about an experiment. The last one has size and steps, which the device chooses, and is missing before.
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
