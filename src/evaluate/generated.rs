//! Generated slices: made from weights, or read from a folder in the layout of `hersenscan sample`.

use std::error::Error;
use std::fs::File;
use std::path::Path;

use burn::tensor::read_sync;

use crate::gan::generator_model::GeneratorModel;
use crate::gan::preset::{ScanSpec, Style};
use crate::gan::random::{Purpose, Stream};
use crate::slices::dataset::{Dataset, DatasetSlice, read_grey_png};
use crate::slices::raster::Raster;

/// Scans in a batch.
const BATCH: usize = 16;

/// Generated slices, all of the same side.
#[derive(Debug, Clone, Default)]
pub struct Generated {
    /// Side in pixels.
    pub side: usize,
    /// The scans, `side * side` bytes each.
    pub images: Vec<Vec<u8>>,
    /// Their masks, if all have one.
    pub masks: Option<Vec<Vec<u8>>>,
    /// Their class names, if all have one.
    pub classes: Option<Vec<String>>,
}

/// Generates `n` scans. Classes are drawn from the real slices, so that class frequencies do not add to distances.
///
/// # Errors
/// If the device fails.
pub fn draw(model: &GeneratorModel, n: usize, seed: u64, data: &Dataset) -> Result<Generated, Box<dyn Error>> {
    let names = &model.card().classes;
    let real: Vec<&DatasetSlice> = data.train.iter().chain(&data.validation).collect();
    let mut stream = Stream::new(Purpose::Step, seed, 1);
    let mut spec = |index: usize| {
        let name = &data.classes[real[stream.below(real.len())].labelled.class];
        let class = names.iter().position(|known| known == name).unwrap_or(0);
        ScanSpec { seed: (seed as u32).wrapping_mul(1_000_003).wrapping_add(index as u32), class, toward: None }
    };
    let specs: Vec<ScanSpec> = (0..n).map(&mut spec).collect();
    let mut found = Generated { side: model.size(), ..Generated::default() };
    let mut masks = Vec::with_capacity(n);
    for batch in specs.chunks(BATCH) {
        let scans = read_sync(model.scans(batch, &Style::default()))
            .map_err(|error| format!("the device failed: {error:?}"))?;
        for scan in scans {
            found.images.push(scan.image);
            masks.push(scan.mask);
        }
    }
    found.masks = Some(masks);
    found.classes = Some(specs.iter().map(|spec| names[spec.class].clone()).collect());
    Ok(found)
}

/// Reads the first `n` scans of a folder: `0000.png`, `0000_mask.png` and so on, and `samples.csv` with the columns `file`
/// and `class`. Grey levels stay as they are. Scans are resized to `size`, or to the side of the first scan.
///
/// # Errors
/// If there is no scan, or one cannot be read. The message says what to do.
pub fn read(folder: &Path, n: usize, size: Option<usize>) -> Result<Generated, Box<dyn Error>> {
    let listed = std::fs::read_dir(folder).map_err(|error| {
        format!("cannot open the folder {} ({error}): give one that holds PNG files", folder.display())
    })?;
    let mut names: Vec<String> =
        listed.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| name.ends_with(".png") && !name.ends_with("_mask.png"));
    names.sort();
    names.truncate(n);
    let Some(first) = names.first() else {
        return Err(format!(
            "{} holds no PNG files: give a folder in the layout of `hersenscan sample`",
            folder.display()
        )
        .into());
    };
    let side = match size {
        Some(side) => side,
        None => read_square_png(&folder.join(first))?.width(),
    };
    let fitting = |name: &str| -> Result<Vec<u8>, Box<dyn Error>> {
        let raster = read_square_png(&folder.join(name))?;
        let same = (raster.width(), raster.height()) == (side, side);
        Ok(if same { raster.into_pixels() } else { raster.resize(side, side).into_pixels() })
    };
    let mut found = Generated { side, ..Generated::default() };
    for name in &names {
        found.images.push(fitting(name)?);
    }
    let masks: Vec<String> = names.iter().map(|name| name.replace(".png", "_mask.png")).collect();
    if masks.iter().all(|mask| folder.join(mask).is_file()) {
        found.masks = Some(masks.iter().map(|mask| fitting(mask)).collect::<Result<_, _>>()?);
    }
    found.classes = classes(&folder.join("samples.csv"), &names)?;
    Ok(found)
}

/// The class of each file; `None` without the table or its columns.
fn classes(table: &Path, names: &[String]) -> Result<Option<Vec<String>>, Box<dyn Error>> {
    if !table.is_file() {
        return Ok(None);
    }
    let named = |error: csv::Error| format!("{} is not a well-formed table: {error}", table.display());
    let text = std::fs::read(table).map_err(|error| named(error.into()))?;
    let head = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    // `hersenscan sample` writes semicolons; other programs write commas.
    let delimiter = if head.contains(&b';') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(&text[..]);
    let headers = reader.headers().map_err(named)?.clone();
    let column = |name: &str| headers.iter().position(|header| header == name);
    let (Some(file), Some(class)) = (column("file"), column("class")) else { return Ok(None) };
    let mut known = std::collections::HashMap::new();
    for record in reader.records() {
        let record = record.map_err(named)?;
        known.insert(record[file].to_owned(), record[class].to_owned());
    }
    let found: Option<Vec<String>> = names.iter().map(|name| known.get(name).cloned()).collect();
    Ok(Some(found.ok_or("samples.csv does not name the class of every scan: add the rows or move the table away")?))
}

/// Reads a square PNG as greyscale.
fn read_square_png(path: &Path) -> Result<Raster, Box<dyn Error>> {
    let named = |error: &dyn std::fmt::Display| format!("cannot read {}: {error}", path.display());
    let file = File::open(path).map_err(|error| named(&error))?;
    let grey = read_grey_png(file).map_err(|error| named(&error))?;
    let (width, height) = grey.dimensions();
    if width != height {
        return Err(format!("{} is {width} x {height} pixels: scans must be square", path.display()).into());
    }
    Ok(Raster::new(width as usize, height as usize, grey.into_raw()).map_err(|error| named(&error))?)
}
