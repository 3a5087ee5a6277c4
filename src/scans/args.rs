//! Arguments of `scans`. Doc comments here are the help text.

use std::path::PathBuf;

use clap::Args;

use crate::slices::limits::MAX_SLICES;
use crate::slices::pack::SIDES;

/// Arguments of `scans`.
#[derive(Debug, Clone, Args)]
#[command(group(clap::ArgGroup::new("from").required(true).args(["data", "nrrd"])))]
pub struct ScansArgs {
    /// Folder with slices.csv, image/ and mask/. Only rows with split "test" are used, or "train" with --learners.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// A volume and its label volume, NRRD files with the same grid. Repeat for each further patient.
    #[arg(long, num_args = 2, value_names = ["IMAGE", "LABELS"])]
    pub nrrd: Vec<PathBuf>,
    /// Class of the labelled regions in the volumes.
    #[arg(long, value_name = "CLASS", default_value = "tumour", conflicts_with = "data")]
    pub class: String,
    /// Make a pack for the lab instead: the first N train persons of its fixed order, by name. --most is shared equally among
    /// them.
    #[arg(long, value_name = "N", requires = "data", value_parser = slices)]
    pub learners: Option<usize>,
    /// Side of a slice in pixels. Use the side of the generator's scans.
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = side)]
    pub size: usize,
    /// Largest number of slices over all classes.
    #[arg(long, value_name = "N", default_value_t = 96, value_parser = slices)]
    pub most: usize,
    /// Name of the data set and where it can be found. The page shows it unchanged in every language [default: name of the folder].
    #[arg(long, value_name = "TEXT")]
    pub source: Option<String>,
    /// Licence of the slices.
    #[arg(long, value_name = "TEXT")]
    pub licence: Option<String>,
    /// Credit line that users of the slices must show.
    #[arg(long, value_name = "TEXT")]
    pub attribution: Option<String>,
    /// File to write.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Generated scans, as `hersenscan fairness --sheet` writes them: prints which single numbers tell the pack from them. Repeat for
    /// each size that visitors can choose.
    #[arg(long, value_name = "FILE")]
    pub sheet: Vec<PathBuf>,
}

fn side(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| SIDES.contains(number) && number % 4 == 0);
    number.ok_or_else(|| "give a multiple of 4 from 16 to 256".to_owned())
}

fn slices(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| (1..=MAX_SLICES).contains(number));
    number.ok_or_else(|| format!("give a whole number from 1 to {MAX_SLICES}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_out_of_range_are_refused() {
        assert_eq!((side("64"), slices("96")), (Ok(64), Ok(96)));
        assert!(side("18").is_err() && side("512").is_err() && slices("0").is_err());
    }
}
