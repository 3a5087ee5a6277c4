//! The folder of a run: checkpoint, log, and the same latents again and again.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use burn::tensor::{Device, read_sync};

use super::progress::Losses;
use crate::export::contact_sheet;
use crate::gan::card::WeightsCard;
use crate::gan::checkpoint;
use crate::gan::directions::Directions;
use crate::gan::generator_model::GeneratorModel;
use crate::gan::preset::Network;
use crate::gan::preset::{ScanSpec, Style};
use crate::gan::train::Trainer;

/// Scans in a grid: a row of scans a class, its masks below.
const GRID_COLUMNS: usize = 12;

/// `checkpoint.safetensors`, `log.csv` and `grid-*.png` in one folder.
#[derive(Debug)]
pub struct RunFolder {
    path: PathBuf,
}

impl RunFolder {
    /// Use this folder; makes it if need be.
    pub fn open(path: &Path) -> Result<Self, Box<dyn Error>> {
        fs::create_dir_all(path).map_err(|error| format!("cannot make the folder {}: {error}", path.display()))?;
        Ok(Self { path: path.to_owned() })
    }

    fn checkpoint(&self) -> PathBuf {
        self.path.join("checkpoint.safetensors")
    }

    /// A run must not bury an older one.
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

    /// The run that stopped here, and the time it had used.
    pub fn resume(&self, device: &Device) -> Result<(Trainer, Duration), Box<dyn Error>> {
        let path = self.checkpoint();
        let bytes =
            fs::read(&path).map_err(|error| format!("nothing to resume: cannot read {}: {error}", path.display()))?;
        let (trainer, note) = checkpoint::decode(&bytes, device)?;
        Ok((trainer, Duration::from_secs_f64(note.parse().unwrap_or(0.0))))
    }

    /// Write checkpoint, a line of the log and a grid.
    pub fn save(&self, trainer: &Trainer, losses: &Losses, used: Duration) -> Result<(), Box<dyn Error>> {
        let bytes = read_sync(checkpoint::encode(trainer, &used.as_secs_f64().to_string()))?;
        // Rename is atomic: whoever pulls the plug finds the old checkpoint or the new one, never half.
        let partial = self.path.join("checkpoint.partial");
        fs::write(&partial, bytes)?;
        fs::rename(&partial, self.checkpoint())?;
        self.log(trainer, losses, used)?;
        self.grid(trainer)
    }

    fn log(&self, trainer: &Trainer, losses: &Losses, used: Duration) -> Result<(), Box<dyn Error>> {
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
        let numbers = [
            trainer.images as f64 / 1000.0,
            used.as_secs_f64() / 60.0,
            losses.discriminator,
            losses.generator,
            losses.penalty,
            losses.gap,
            trainer.strength.probability,
            losses.train,
            losses.held_out,
            losses.generated,
        ];
        let row = numbers.iter().map(|number| format!("{number:.4}"));
        csv.write_record(std::iter::once(trainer.steps.to_string()).chain(row))?;
        Ok(csv.flush()?)
    }

    fn grid(&self, trainer: &Trainer) -> Result<(), Box<dyn Error>> {
        let settings = &trainer.settings;
        let classes: Vec<String> = (0..settings.classes).map(|c| c.to_string()).collect();
        let card = WeightsCard::blank(Network::Generator, settings.preset, classes);
        let model = GeneratorModel::new(trainer.average.clone(), card, Directions::default(), trainer.device.clone());
        let mut tiles = Vec::new();
        for class in 0..settings.classes {
            let specs: Vec<_> = (0..GRID_COLUMNS as u32).map(|seed| ScanSpec { seed, class, toward: None }).collect();
            let scans = read_sync(model.scans(&specs, &Style::default()))
                .map_err(|error| format!("the device failed: {error:?}"))?;
            tiles.extend(scans.iter().map(|scan| scan.image.clone()));
            tiles.extend(scans.iter().map(|scan| scan.mask.clone()));
        }
        let name = format!("grid-{:07}.png", trainer.images / 1000);
        let png = contact_sheet::png(&tiles, settings.preset.size(), GRID_COLUMNS)?;
        Ok(fs::write(self.path.join(name), png)?)
    }
}
