//! Sets that visitors will bring: each trains, from its files to a step of both networks.

use std::path::Path;

use burn::tensor::Device;

use crate::gan::balanced_sampler::BalancedSampler;
use crate::gan::preset::Network;
use crate::gan::trainable::Trainable;
use crate::slice::MAX_SLICES;
use crate::slices::collection::choice::FolderMeaning;
use crate::slices::collection::file::CollectionFile;
use crate::slices::collection::selection::{Selection, SelectionError};
use crate::slices::collection::{Collection, SliceSource};
use crate::slices::open::{Opened, open_file};
use crate::splitmix::SplitMix;
use crate::training::diagnostics::{NoticeKind, TrainingDiagnostics};
use crate::training::fine_tuning::{self, Trained};
use crate::training::tuning::Tuning;

const SIDE: usize = 32;

/// A PNG of `side * side` pixels, with this colour at a place.
fn png(side: usize, colour: impl Fn(usize, usize) -> [u8; 3]) -> Vec<u8> {
    let pixels: Vec<u8> = (0..side * side).flat_map(|at| colour(at % side, at / side)).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side as u32, side as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header().and_then(|mut writer| writer.write_image_data(&pixels)).expect("a PNG");
    bytes
}

/// A grey head with a spot and folds, unlike that of every other number.
fn head(number: usize) -> Vec<u8> {
    let spot = (14 + number * 7 % 21, 14 + number * 5 % 19);
    png(48, |x, y| {
        let far = x.abs_diff(24).pow(2) + y.abs_diff(24).pow(2) > 400;
        let near = x.abs_diff(spot.0).pow(2) + y.abs_diff(spot.1).pow(2) < 16;
        let fold = SplitMix::new((x / 6 + 8 * (y / 6) + 64 * number) as u64).bits() & 127;
        [if far { 0 } else { if near { 220 } else { 50 + fold as u8 } }; 3]
    })
}

/// The collection of these files. Files that are refused or do not fit are left out, as on the page.
fn collection(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Collection {
    let mut collection = Collection::new(SliceSource::Own);
    for (path, bytes) in files {
        open_file(&path, &bytes, &mut |opened| {
            if let Ok(Opened::Scan(file)) = opened {
                collection.add(CollectionFile::new(file));
            }
        });
    }
    collection.arrange();
    collection
}

/// Trains a step from the shipped networks of 32 pixels. Returns the selection, and which parameters learn.
fn train(collection: &Collection) -> Result<(Selection, Trainable), SelectionError> {
    let selection = Selection::of(collection)?;
    let set = selection.set(SIDE);
    assert!(set.train.len() + set.held_out.len() <= MAX_SLICES);
    let read = |name: &str, network| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("static/weights/{name}.safetensors"));
        Trained::read(&std::fs::read(path).expect("a shipped file"), network).expect("valid")
    };
    let pair = [read("t1ce-s32", Network::Generator), read("t1ce-s32.discriminator", Network::Discriminator)];
    let data = (set.classes.as_slice(), set.train.len());
    let mut state = fine_tuning::start(&pair[0], Some(&pair[1]), data, 1, &Device::flex());
    Tuning { batch: 4, ..Tuning::TRAINED }.apply(&mut state);
    let slices = BalancedSampler::new(set.classes.len(), set.train);
    let losses = state.step(&slices, 0.0);
    for loss in [losses.discriminator, losses.generator] {
        assert!(loss.into_scalar::<f32>().is_finite());
    }
    Ok((selection, state.settings.trainable))
}

#[test]
fn seven_slices_are_too_few_and_thirty_train_with_a_warning() {
    let heads = |count: usize| collection((0..count).map(|number| (format!("{number}.png"), head(number))));
    assert_eq!(train(&heads(7)).err(), Some(SelectionError::TooFew { found: 7 }));
    let (selection, trainable) = train(&heads(30)).expect("a set");
    assert_eq!((selection.len(), selection.classes.len(), trainable), (30, 1, Trainable::BiasAndPointwise));
    let mut diagnostics = TrainingDiagnostics::new(selection.len() - selection.held_out(), selection.held_out());
    let notices = diagnostics.notices(1, 8);
    assert!(notices.iter().any(|notice| notice.kind == NoticeKind::FewSlices), "{notices:?}");
}

#[test]
fn of_two_thousand_slices_an_even_sample_trains() {
    let (selection, trainable) =
        train(&collection((0..2000).map(|number| (format!("{number:04}.png"), head(number))))).expect("a set");
    assert_eq!((selection.len(), trainable), (MAX_SLICES, Trainable::FreezeD));
}

#[test]
fn nine_folders_are_at_most_eight_classes_and_train() {
    let path = |number: usize, classes: usize| format!("kind {}/{number}.png", number % classes);
    for classes in [2, 8, 9] {
        let files = (0..72).map(|number| (path(number, classes), head(number)));
        let mut collection = collection(files);
        // Many folders are taken for persons, until the visitor says what they are.
        collection.set_folders(FolderMeaning::Classes);
        let (selection, _) = train(&collection).expect("a set");
        assert_eq!((selection.len(), selection.classes.len()), (72, classes.min(8)));
    }
}

#[test]
fn colour_photographs_train_as_grey_pictures() {
    let photograph = |number: usize| {
        png(120, |x, y| {
            let wave = |of: usize, by: usize| (128.0 + 100.0 * ((of * by) as f32 / 300.0).sin()) as u8;
            [wave(x, number + 3), wave(y, 2 * number + 5), wave(x + y, number + 1)]
        })
    };
    let photographs = collection((0..60).map(|number| (format!("holiday {number}.png"), photograph(number))));
    let (selection, _) = train(&photographs).expect("a set");
    assert_eq!((selection.len(), selection.masks()), (60, 0));
}
