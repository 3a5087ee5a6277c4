//! The measures of an evaluation, run one after the other and timed.

use std::error::Error;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use burn::tensor::Device;
use rayon::prelude::*;
use serde_json::{Value, json};

use super::background::BackgroundTask;
use crate::evaluate::classifier::{self, Classifier};
use crate::evaluate::comparison::{RealSlices, SetComparison};
use crate::evaluate::copying;
use crate::evaluate::efficientnet_lite::EfficientNetLite;
use crate::evaluate::generated::Generated;
use crate::evaluate::masks::area;
use crate::evaluate::report::{Aim, EvaluationReport, ReportedMeasure};
use crate::evaluate::small_network::resize;
use crate::evaluate::statistics::ClusterBootstrap;
use crate::evaluate::task::{SliceSet, TwoSampleQuestion};
use crate::evaluate::tumours;
use crate::evaluate::two_sample::FOLDS;
use crate::evaluate::unet::UNet;
use crate::slices::dataset::{Dataset, DatasetSlice};
use crate::slices::nearest::Nearest;

type EvaluationResult<T = ()> = Result<T, Box<dyn Error>>;

/// Real slices, resized to 64 x 64 bytes.
struct ResizedSlices {
    images: Vec<Vec<u8>>,
    masks: Vec<Vec<u8>>,
    classes: Vec<usize>,
    patients: Vec<String>,
}

impl ResizedSlices {
    fn of(slices: &[&DatasetSlice], side: usize) -> Self {
        Self {
            images: slices.iter().map(|slice| resize(&slice.labelled.slice.image, side)).collect(),
            masks: slices.iter().map(|slice| resize(&slice.labelled.slice.mask, side)).collect(),
            classes: slices.iter().map(|slice| slice.labelled.class).collect(),
            patients: slices.iter().map(|slice| slice.patient.clone()).collect(),
        }
    }
}

/// Values of the slices whose class has tumours.
#[derive(Default)]
struct TumourValues {
    /// Dice coefficients with the masks of the segmentation network: generated slices, test slices.
    dice: [Vec<f64>; 2],
    /// Tumour areas as shares of the image.
    generated: Vec<f64>,
    test: Vec<f64>,
    train: Vec<f64>,
    test_patients: Vec<String>,
    train_patients: Vec<String>,
}

/// The slices of an evaluation, and its report so far.
pub struct Evaluation<'a> {
    names: &'a [String],
    /// The part that needs images only. Its train slices are those of train and validation patients, which the generator may have seen.
    comparison: SetComparison,
    /// Real slices at 64 x 64; shared with the background threads.
    resized_train: Arc<ResizedSlices>,
    resized_test: ResizedSlices,
    /// Class indices of the generated slices.
    classes: Option<Vec<usize>>,
    /// Generated masks at 64 x 64.
    masks: Option<Vec<Vec<u8>>>,
    seed: u64,
    pub report: EvaluationReport,
}

impl<'a> Evaluation<'a> {
    /// An evaluation without results. `seed` is that of all random numbers.
    ///
    /// # Errors
    /// If a generated slice has a class that the data does not have.
    pub fn new(
        data: &'a Dataset,
        generated: &'a Generated,
        seed: u64,
        mut report: EvaluationReport,
    ) -> EvaluationResult<Self> {
        let index = |name: &String| {
            let found = data.classes.iter().position(|class| class == name);
            found.ok_or_else(|| {
                format!("samples.csv has the class \"{name}\", the data has {}", data.classes.join(", "))
            })
        };
        let classes = match &generated.classes {
            Some(names) => Some(names.iter().map(index).collect::<Result<Vec<usize>, String>>()?),
            None => None,
        };
        let train: Vec<&DatasetSlice> = data.train.iter().chain(&data.validation).collect();
        let test: Vec<&DatasetSlice> = data.test.iter().collect();
        for (name, slices) in [("train", &train), ("test", &test)] {
            let people: std::collections::BTreeSet<&str> = slices.iter().map(|slice| slice.patient.as_str()).collect();
            report.counts.insert(format!("{name} slices"), slices.len());
            report.counts.insert(format!("{name} patients"), people.len());
        }
        report.counts.insert("generated slices".to_owned(), generated.images.len());
        let side = generated.side;
        let small = |images: &Vec<Vec<u8>>| images.iter().map(|image| resize(image, side)).collect::<Vec<_>>();
        let real = |slices: &[&DatasetSlice]| RealSlices {
            images: slices.iter().map(|slice| slice.labelled.slice.image.clone()).collect(),
            persons: slices.iter().map(|slice| slice.patient.clone()).collect(),
        };
        Ok(Self {
            names: &data.classes,
            comparison: SetComparison::new(side, Some(real(&train)), real(&test), generated.images.clone(), seed),
            resized_train: Arc::new(ResizedSlices::of(&train, side)),
            resized_test: ResizedSlices::of(&test, side),
            classes,
            masks: generated.masks.as_ref().map(small),
            seed,
            report,
        })
    }

    /// Runs one part and records its time in the report.
    ///
    /// # Errors
    /// Those of `work`.
    pub fn part<T>(&mut self, name: &str, work: impl FnOnce(&mut Self) -> EvaluationResult<T>) -> EvaluationResult<T> {
        eprintln!("measuring: {name}");
        let start = Instant::now();
        let outcome = work(self);
        self.report.seconds.insert(name.to_owned(), (start.elapsed().as_secs_f64() * 10.0).round() / 10.0);
        outcome
    }

    /// Starts to train the class network, if the scans have classes.
    pub fn class_network(&self) -> Option<BackgroundTask<Classifier>> {
        let (resized, count, seed) = (Arc::clone(&self.resized_train), self.names.len(), self.seed);
        let learn = move || classifier::class_network(&resized.images, &resized.classes, count, seed);
        (self.classes.is_some() && count > 1).then(|| BackgroundTask::start(learn))
    }

    /// Starts to train the segmentation network, if the scans have masks.
    pub fn tumour_network(&self) -> Option<BackgroundTask<UNet>> {
        let (resized, seed) = (Arc::clone(&self.resized_train), self.seed);
        self.masks
            .is_some()
            .then(|| BackgroundTask::start(move || tumours::network(&resized.images, &resized.masks, seed)))
    }

    /// Distances in feature space, density and coverage.
    ///
    /// # Errors
    /// If the device fails.
    pub fn distribution(&mut self, network: &EfficientNetLite, device: &Device) -> EvaluationResult {
        let of = |set: SliceSet| {
            let all = [0, self.comparison.images(set).len()];
            self.comparison.features(set, all, network, device)
        };
        let features = [of(SliceSet::Train)?, of(SliceSet::Test)?, of(SliceSet::Generated)?];
        self.report.measures.extend(self.comparison.distribution(&features));
        Ok(())
    }

    /// Copies of training slices. Returns the image of the closest pairs, a PNG.
    ///
    /// # Errors
    /// If the PNG cannot be encoded.
    pub fn copying(&mut self) -> EvaluationResult<Vec<u8>> {
        let nearest = |set: SliceSet| -> Vec<Nearest> {
            let all = 0..self.comparison.images(set).len();
            all.into_par_iter().flat_map_iter(|index| self.comparison.nearest(set, [index, index + 1])).collect()
        };
        let (generated, test) = (nearest(SliceSet::Generated), nearest(SliceSet::Test));
        let (measure, details) = self.comparison.copying(&generated, &test);
        self.report.measures.push(measure);
        self.report.details.insert("nearest train slice".to_owned(), details);
        Ok(copying::pairs_png(&self.comparison.closest_pairs(&generated))?)
    }

    /// Agreement of a classifier with the classes of generated slices.
    pub fn classes(&mut self, network: Option<BackgroundTask<Classifier>>) -> EvaluationResult {
        let (Some(classes), Some(network)) = (&self.classes, network) else {
            let why = match self.classes {
                Some(_) => "the data has one class",
                None => "there is no samples.csv with the class of each scan",
            };
            self.report.leave_out("class agreement", why);
            return Ok(());
        };
        let network = network.join();
        let agree = classifier::agreement(&network, self.comparison.small(SliceSet::Generated), classes);
        let real = classifier::agreement(&network, &self.resized_test.images, &self.resized_test.classes);
        let generated = ClusterBootstrap::independent(agree.len()).mean(&agree, self.seed);
        let on_real = ClusterBootstrap::of(&self.resized_test.patients).mean(&real, self.seed);
        let of_class = |values: &[f64], classes: &[usize], class: usize| {
            let own: Vec<f64> =
                values.iter().zip(classes).filter(|(_, own)| **own == class).map(|(value, _)| *value).collect();
            json!({ "n": own.len(), "share": own.iter().sum::<f64>() / own.len().max(1) as f64 })
        };
        let each = |class: usize| {
            let generated = of_class(&agree, classes, class);
            let real = of_class(&real, &self.resized_test.classes, class);
            (self.names[class].clone(), json!({ "generated": generated, "real": real }))
        };
        let details: serde_json::Map<String, Value> = (0..self.names.len()).map(each).collect();
        self.report.details.insert("class agreement".to_owned(), details.into());
        let measure =
            ReportedMeasure::new(["class_agreement", "class agreement"], generated, Some(on_real), agree.len());
        self.report.measures.push(measure.with_aim(Aim::AtLeast(0.85)));
        Ok(())
    }

    /// Agreement of a segmentation network with generated masks; areas and positions of masks.
    pub fn masks(&mut self, network: Option<BackgroundTask<UNet>>) -> EvaluationResult {
        let (Some(masks), Some(network)) = (&self.masks, network) else {
            self.report.leave_out("mask agreement, area and place", "not every scan has a mask");
            return Ok(());
        };
        // Scans without classes are treated as one class.
        let one = self.classes.is_none();
        let count = if one { 1 } else { self.names.len() };
        let own = |classes: Option<&[usize]>, len: usize, class: usize| -> Vec<usize> {
            (0..len).filter(|&index| one || classes.is_none_or(|classes| classes[index] == class)).collect()
        };
        let network = network.join();
        let pick =
            |from: &[Vec<u8>], chosen: &[usize]| chosen.iter().map(|&index| from[index].clone()).collect::<Vec<_>>();
        let mut values = TumourValues::default();
        let mut details = serde_json::Map::new();
        for class in 0..count {
            let name = if one { "all".to_owned() } else { self.names[class].clone() };
            let generated = own(self.classes.as_deref(), masks.len(), class);
            let test = own(Some(&self.resized_test.classes), self.resized_test.masks.len(), class);
            let (made, real) = (pick(masks, &generated), pick(&self.resized_test.masks, &test));
            let compared = tumours::shape(&made.iter().collect::<Vec<_>>(), &real.iter().collect::<Vec<_>>(), 64);
            details.insert(name, compared);
            let train = own(Some(&self.resized_train.classes), self.resized_train.masks.len(), class);
            let train_masks: Vec<&Vec<u8>> = train.iter().map(|&index| &self.resized_train.masks[index]).collect();
            // Skips classes without tumours, whose masks are empty.
            if tumours::nearly_empty(&train_masks) < 1.0 {
                values.dice[0].extend(tumours::agreement(
                    &network,
                    &pick(self.comparison.small(SliceSet::Generated), &generated),
                    &made,
                ));
                values.dice[1].extend(tumours::agreement(&network, &pick(&self.resized_test.images, &test), &real));
                values.generated.extend(made.iter().map(|mask| area(mask)));
                values.test.extend(real.iter().map(|mask| area(mask)));
                values.train.extend(train_masks.iter().map(|mask| area(mask)));
                values.test_patients.extend(test.iter().map(|&index| self.resized_test.patients[index].clone()));
                values.train_patients.extend(train.iter().map(|&index| self.resized_train.patients[index].clone()));
            }
        }
        self.report.details.insert("masks".to_owned(), details.into());
        if values.dice.iter().any(Vec::is_empty) {
            self.report.leave_out("mask Dice", "no class has tumours");
            return Ok(());
        }
        let (generated, test, train) = (
            ClusterBootstrap::independent(values.generated.len()),
            ClusterBootstrap::of(&values.test_patients),
            ClusterBootstrap::of(&values.train_patients),
        );
        let [made, real] = [generated.mean(&values.dice[0], self.seed), test.mean(&values.dice[1], self.seed)];
        let measure = ReportedMeasure::new(["mask_dice", "mask Dice"], made, Some(real), values.generated.len());
        self.report.measures.push(measure.with_aim(Aim::AtLeast(0.65)));
        let distance = tumours::ks_distance([&values.generated, &values.test], [&generated, &test], self.seed);
        let real = tumours::ks_distance([&values.train, &values.test], [&train, &test], self.seed);
        let name = "difference of tumour sizes (Kolmogorov-Smirnov)";
        self.report.measures.push(ReportedMeasure::new(
            ["mask_area_ks", name],
            distance,
            Some(real),
            values.generated.len(),
        ));
        Ok(())
    }

    /// Two-sample classifier accuracy: generated against real slices, and train against test patients.
    pub fn two_sample(&mut self) -> EvaluationResult {
        let comparison = &self.comparison;
        let folds = [TwoSampleQuestion::Generated, TwoSampleQuestion::Real].map(|question| {
            // Plain threads, for the same reason as in `background`.
            thread::scope(|scope| {
                let threads: Vec<_> =
                    (0..FOLDS).map(|fold| scope.spawn(move || comparison.fold(question, fold))).collect();
                threads.into_iter().flat_map(|it| it.join().unwrap_or_else(|why| resume_unwind(why))).collect()
            })
        });
        self.report.measures.push(comparison.two_sample(folds));
        Ok(())
    }
}
