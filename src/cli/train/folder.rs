//! The folder of a run: checkpoint, log and grids of samples.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use burn::tensor::{Device, read_sync};

use crate::export::contact_sheet;
use crate::gan::checkpoint;
use crate::gan::judge::backbone::Backbone;
use crate::gan::preset::{ScanSpec, Style};
use crate::gan::train::TrainState;
use crate::training::measurement::{Counts, OverfitCheck, StepLosses};

/// Scans of each class in a grid, in one row; their masks are in the row below.
const GRID_COLUMNS: usize = 12;

/// `checkpoint.safetensors`, `log.csv` and `grid-*.png` in one folder.
#[derive(Debug)]
pub struct RunFolder {
    path: PathBuf,
}

impl RunFolder {
    /// Opens a folder; creates it if it is missing.
    ///
    /// # Errors
    /// If the folder cannot be made.
    pub fn open(path: &Path) -> Result<Self, Box<dyn Error>> {
        fs::create_dir_all(path).map_err(|error| format!("cannot make the folder {}: {error}", path.display()))?;
        Ok(Self { path: path.to_owned() })
    }

    fn checkpoint(&self) -> PathBuf {
        self.path.join("checkpoint.safetensors")
    }

    /// Checks that the folder holds no run, which a new run would overwrite.
    ///
    /// # Errors
    /// If it does. The message says what to do.
    pub fn refuse_if_used(&self) -> Result<(), Box<dyn Error>> {
        match self.checkpoint().exists() {
            true => Err(format!(
                "{} holds a run already: add --resume to go on with it, or choose another --out",
                self.path.display()
            )
            .into()),
            false => Ok(()),
        }
    }

    /// The state in the last checkpoint, the seconds of training until then, and the file itself. `backbone` is the judge's frozen
    /// network, which a run with a judge needs.
    ///
    /// # Errors
    /// If there is no checkpoint, or it cannot be read or used.
    pub fn resume(
        &self,
        backbone: Option<&Backbone>,
        device: &Device,
    ) -> Result<(TrainState, f64, Vec<u8>), Box<dyn Error>> {
        let path = self.checkpoint();
        let bytes =
            fs::read(&path).map_err(|error| format!("nothing to resume: cannot read {}: {error}", path.display()))?;
        let (state, note) = checkpoint::decode_with(&bytes, backbone, device)?;
        Ok((state, note.parse().unwrap_or(0.0), bytes))
    }

    /// Replaces the checkpoint.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save(&self, bytes: &[u8]) -> Result<(), Box<dyn Error>> {
        // A rename is atomic, so a power cut leaves the old checkpoint or the new one.
        let partial = self.path.join("checkpoint.partial");
        fs::write(&partial, bytes)?;
        Ok(fs::rename(&partial, self.checkpoint())?)
    }

    /// Appends a row to the log. Values of a missing check are 0.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn log(
        &self,
        counts: &Counts,
        losses: &StepLosses,
        augment: f64,
        check: Option<&OverfitCheck>,
    ) -> Result<(), Box<dyn Error>> {
        let path = self.path.join("log.csv");
        let fresh = !path.exists();
        let file = fs::OpenOptions::new().create(true).append(true).open(path)?;
        let mut csv = csv::Writer::from_writer(file);
        if fresh {
            csv.write_record([
                "steps",
                "kimg",
                "minutes",
                "loss_d",
                "loss_g",
                "penalty",
                "gap",
                "augment",
                "d_train",
                "d_held_out",
                "d_generated",
            ])?;
        }
        let [train, held_out, generated] = check
            .map_or([0.0; 3], |check| [check.train, check.held_out.unwrap_or(0.0), check.generated].map(f64::from));
        let numbers = [
            counts.images as f64 / 1000.0,
            counts.seconds / 60.0,
            losses.discriminator.into(),
            losses.generator.into(),
            losses.penalty.into(),
            f64::from(losses.real) - f64::from(losses.fake),
            augment,
            train,
            held_out,
            generated,
        ];
        let row = numbers.iter().map(|number| format!("{number:.4}"));
        csv.write_record(std::iter::once(counts.steps.to_string()).chain(row))?;
        Ok(csv.flush()?)
    }

    /// Writes a grid of samples. The latents are the same in every grid of a run.
    ///
    /// # Errors
    /// If the device fails, or the file cannot be written.
    pub fn grid(&self, state: &TrainState) -> Result<(), Box<dyn Error>> {
        let model = state.model();
        let mut tiles = Vec::new();
        for class in 0..state.settings.classes {
            let specs: Vec<_> = (0..GRID_COLUMNS as u32).map(|seed| ScanSpec { seed, class, toward: None }).collect();
            let scans = read_sync(model.scans(&specs, &Style::default()))
                .map_err(|error| format!("the device failed: {error:?}"))?;
            tiles.extend(scans.iter().map(|scan| scan.image.clone()));
            tiles.extend(scans.iter().map(|scan| scan.mask.clone()));
        }
        let name = format!("grid-{:07}.png", state.images / 1000);
        let png = contact_sheet::png(&tiles, state.settings.preset.size(), GRID_COLUMNS, &[])?;
        Ok(fs::write(self.path.join(name), png)?)
    }
}
