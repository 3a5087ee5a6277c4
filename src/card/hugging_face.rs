//! A model card as Hugging Face reads it: `README.md` with YAML at the top, in which `model-index` holds the measures
//! (<https://huggingface.co/docs/hub/model-cards>).

use std::fmt::Write;

use super::measure::{IDS, Measure};
use super::{Fault, ModelCard};
use crate::licence::Licence;

/// The task, by its name on Hugging Face.
const TASK: &str = "unconditional-image-generation";

/// The card as the text of `README.md`.
pub fn readme(card: &ModelCard) -> String {
    format!("---\n{}---\n\n{}", front_matter(card), body(card))
}

/// The YAML block. Texts are in double quotes with JSON's escapes, which are YAML's too.
fn front_matter(card: &ModelCard) -> String {
    let licence = match Licence::named(&card.licence) {
        Some(licence) => format!("license: {}\n", licence.spdx.to_lowercase()),
        None => format!("license: other\nlicense_name: {}\n", quoted(&card.licence)),
    };
    let mut text = format!(
        "{licence}library_name: hersenscan
pipeline_tag: {TASK}
tags:
- gan
- mri
- brain
- synthetic-data
model-index:
- name: {}
  results:
  - task:
      type: {TASK}
    dataset:
      type: {}
      name: {}
      split: test
    metrics:
",
        quoted(&card.model),
        quoted(&card.data_url),
        quoted(&card.data),
    );
    for (measure, value) in measured(card) {
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "    - type: {}\n      name: {}\n      value: {value}\n",
            measure.id,
            quoted(name(&measure.id))
        );
        let real = measure.real_against_real.map(|real| format!("        real_against_real: {real}\n"));
        let interval = measure.interval.map(|[low, high]| format!("        interval_95: [{low}, {high}]\n"));
        if real.is_some() || interval.is_some() {
            let _ = write!(text, "      args:\n{}{}", interval.unwrap_or_default(), real.unwrap_or_default());
        }
    }
    text
}

fn body(card: &ModelCard) -> String {
    let (size, model) = (card.size, &card.model);
    let mut text = format!(
        "# {model}

A generator of brain MRI slices of people who do not exist, {size} x {size} pixels, each with a mask of its tumour. Classes: {}.
It is a generative adversarial network: `{model}.safetensors` is the generator, `{model}.discriminator.safetensors` the
discriminator. **Not a medical device, not for diagnosis.**

    hersenscan sample --weights {model}.safetensors --n 16 --seed 7 --out scans

## Data and licence

Learned from: {}, {}. {} slices of {} patients for training; {} slices of {} other patients for the measures below.
Licence of the weights and of the scans that they make: {}. Credit: {}.

## Measures

Generated slices against slices of patients that the generator never saw. The column \"real\" is the same measure for real
slices against real slices.

| measure | value | 95 % interval | real | aim |
| --- | --- | --- | --- | --- |
",
        card.classes.join(", "),
        card.data,
        card.data_url,
        card.train.slices,
        card.train.patients,
        card.test.slices,
        card.test.patients,
        card.licence,
        card.attribution,
    );
    for (measure, value) in measured(card) {
        let interval = measure.interval.map(|[low, high]| format!("{} to {}", short(low), short(high)));
        let cells = [Some(short(value)), interval, measure.real_against_real.map(short), aim(measure)]
            .map(Option::unwrap_or_default);
        let _ = writeln!(text, "| {} | {} |", name(&measure.id), cells.join(" | "));
    }
    text += "\n## Known faults\n\n";
    for fault in &card.faults {
        let _ = writeln!(text, "- {}", fault_words(*fault));
    }
    text += "
## What it is not for

- Diagnosis, treatment or advice to patients.
- An AI for real patients that has not first been tested thoroughly on real scans.
- Passing off a generated scan as real.
- Tracing the people whose scans were used.

A generated scan is not automatically anonymous: a generator can repeat a slice that it learned from. The last measure looks
for that.
";
    let facts = [
        card.kimg.map(|kimg| format!("{kimg} thousand slices shown")),
        card.hours.map(|hours| format!("{hours} hours")),
        card.hardware.clone(),
    ];
    let facts: Vec<String> = facts.into_iter().flatten().collect();
    if !facts.is_empty() {
        let _ = write!(text, "\n## Training\n\n{}.\n", facts.join("; "));
    }
    text
}

/// The measures that were taken, with their values, in display order.
fn measured(card: &ModelCard) -> impl Iterator<Item = (&Measure, f64)> {
    let finite = |measure: &Measure| measure.value.filter(|value| value.is_finite());
    IDS.iter().filter_map(move |id| card.measure(id).and_then(|measure| Some((measure, finite(measure)?))))
}

/// The aim in words. More is better for some measures, less for the others.
fn aim(measure: &Measure) -> Option<String> {
    let bound = match measure.id.as_str() {
        "density" | "coverage" | "class_agreement" | "mask_dice" => "at least",
        _ => "at most",
    };
    let met = match measure.met {
        Some(true) => ": met",
        Some(false) => ": not met",
        None => "",
    };
    measure.aim.map(|aim| format!("{bound} {aim}{met}"))
}

fn name(id: &str) -> &str {
    match id {
        "fd_relative" => "Fréchet distance, relative to that between real slices",
        "fd" => "Fréchet distance",
        "kid" => "Kernel distance (KID) x 1000",
        "density" => "Density",
        "coverage" => "Coverage",
        "two_sample_accuracy" => "Accuracy of a classifier of real and generated",
        "class_agreement" => "Share whose class a classifier recognises",
        "mask_dice" => "Dice of the mask and that of a segmentation network",
        "mask_area_ks" => "Difference in tumour area (Kolmogorov-Smirnov)",
        "copy_share" => "Share that looks like a copy of a training slice",
        other => other,
    }
}

fn fault_words(fault: Fault) -> &'static str {
    match fault {
        Fault::Soft => "Details are soft: there is little fine texture.",
        Fault::Lopsided => "Some heads are lopsided.",
        Fault::Alike => "Scans of a class sometimes look very alike.",
        Fault::Masks => "The mask does not always fit the visible tumour.",
        Fault::Artefacts => "Some scans show spots or streaks that no real head has.",
        Fault::Narrow => "It knows one kind of MRI image and one viewing direction, from the people in one collection.",
        Fault::Unknown => "Nobody has checked every generated scan. Odd results are always possible.",
    }
}

/// Two digits behind the point, without closing zeros.
fn short(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A text in double quotes. Encoding a string cannot fail.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::Count;
    use super::*;

    fn card() -> ModelCard {
        ModelCard {
            format: super::super::FORMAT.to_owned(),
            model: "t1ce-s64".to_owned(),
            size: 64,
            classes: vec!["glioma".to_owned()],
            data: "a \"set\": slices".to_owned(),
            data_url: "https://doi.org/1".to_owned(),
            train: Count { patients: 104, slices: 559 },
            test: Count { patients: 35, slices: 169 },
            licence: "CC BY-NC-SA 4.0".to_owned(),
            attribution: "Cheng".to_owned(),
            kimg: None,
            hardware: None,
            hardware_nl: None,
            hours: None,
            measures: vec![
                Measure {
                    id: "fd_relative".to_owned(),
                    value: Some(1.25),
                    interval: Some([1.0, 1.5]),
                    real_against_real: None,
                    aim: Some(2.0),
                    met: Some(true),
                },
                Measure {
                    id: "kid".to_owned(),
                    value: None,
                    interval: None,
                    real_against_real: None,
                    aim: None,
                    met: None,
                },
            ],
            faults: vec![Fault::Soft],
            fault_pictures: Vec::new(),
        }
    }

    #[test]
    fn measures_that_were_not_taken_are_left_out() {
        let text = readme(&card());
        assert!(text.starts_with("---\nlicense: cc-by-nc-sa-4.0\n"), "{text}");
        assert!(text.contains("    - type: fd_relative\n") && text.contains("      value: 1.25\n"), "{text}");
        assert!(text.contains("        interval_95: [1, 1.5]\n"), "{text}");
        assert!(text.contains("| 1.25 | 1 to 1.5 |  | at most 2: met |"), "{text}");
        assert!(!text.contains("kid"), "{text}");
        assert!(text.contains(r#"      name: "a \"set\": slices""#), "{text}");
        assert!(text.contains("- Details are soft") && !text.contains("## Training"), "{text}");
    }

    #[test]
    fn another_licence_is_named() {
        let card = ModelCard { licence: "that of its slices".to_owned(), ..card() };
        assert!(readme(&card).contains("license: other\nlicense_name: \"that of its slices\"\n"));
    }
}
