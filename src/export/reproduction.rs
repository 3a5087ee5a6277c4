//! The commands that make the scans of a download again.

use std::collections::BTreeMap;

/// Scans with consecutive seeds.
#[derive(Debug, Clone, PartialEq)]
pub struct SampleRun<'a> {
    /// Name of the weights file.
    pub weights: &'a str,
    /// Number of scans.
    pub count: usize,
    /// Seed of the first scan.
    pub seed: u32,
    /// Class of all scans; `None` if each seed decides.
    pub class: Option<&'a str>,
    /// Truncation: factor of the latents.
    pub truncation: f32,
    /// Offset along each named latent direction.
    pub directions: &'a BTreeMap<String, f32>,
    /// Whether the masks are soft.
    pub soft_masks: bool,
}

impl SampleRun<'_> {
    /// The command line of `hersenscan sample`.
    pub fn command(&self) -> String {
        let Self { weights, count, seed, truncation, .. } = self;
        let mut command = format!(
            "hersenscan sample --weights {} --n {count} --seed {seed} --truncation {truncation}",
            quoted(weights)
        );
        if let Some(class) = self.class {
            command.push_str(&format!(" --class {}", quoted(class)));
        }
        for (name, value) in self.directions.iter().filter(|(_, value)| **value != 0.0) {
            command.push_str(&format!(" --direction {}", quoted(&format!("{name}={value}"))));
        }
        if self.soft_masks {
            command.push_str(" --soft-masks");
        }
        command.push_str(" --out scans");
        command
    }
}

/// A word for a shell: in single quotes unless it is plain.
fn quoted(text: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.=/+".contains(letter);
    match !text.is_empty() && text.chars().all(plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', "'\\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_names_everything_that_decides_the_scans() {
        let directions = BTreeMap::from([("head-size".to_owned(), -1.5), ("contrast".to_owned(), 0.0)]);
        let run = SampleRun {
            weights: "t1ce-s128.safetensors",
            count: 12,
            seed: 7,
            class: Some("met vlek"),
            truncation: 0.8,
            directions: &directions,
            soft_masks: true,
        };
        assert_eq!(
            run.command(),
            "hersenscan sample --weights t1ce-s128.safetensors --n 12 --seed 7 --truncation 0.8 --class 'met vlek' \
             --direction head-size=-1.5 --soft-masks --out scans"
        );
        assert_eq!(quoted("it's"), "'it'\\''s'");
    }
}
