//! A download: scans, masks, and the files that describe them.
//!
//! The page puts these files into a ZIP archive; the command line writes them into a folder.

use super::archive::{Archive, ArchiveError};
use super::manifest::{Manifest, Reproduction, Written};
use super::masks::MaskKind;
use super::png::{PngError, encode_gray};
use super::provenance::{Provenance, sha256};
use super::ro_crate::CrateFile;
use super::samples_csv::SamplesTable;
use super::{croissant, ro_crate};
use crate::gan::preset::ScanSpec;
use crate::mark::ImageKind;
use crate::mark::source_type::SourceType;

/// Why a download could not be made.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// A PNG could not be encoded.
    #[error("scan {number} could not be written")]
    Png {
        /// Number of the scan, from 0.
        number: usize,
        /// Reason.
        source: PngError,
    },
    /// The manifest could not be encoded.
    #[error("the manifest could not be written")]
    Manifest(#[from] serde_json::Error),
    /// The archive could not be written.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

/// A file of a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleFile {
    /// Name without folder: `0000.png`, `0000_mask.png`.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// A download that is being written.
#[derive(Debug, Clone)]
pub struct Bundle {
    origin: Provenance,
    size: usize,
    masks: MaskKind,
    manifest: Manifest,
    table: SamplesTable,
    pictures: Vec<CrateFile>,
}

impl Bundle {
    /// A download of scans of `size` x `size` pixels. `date` is the current date, ISO 8601.
    pub fn new(origin: Provenance, size: usize, date: &str) -> Self {
        let manifest = Manifest::new(&origin, size, date);
        let (masks, table) = (MaskKind::default(), SamplesTable::default());
        Self { origin, size, masks, manifest, table, pictures: Vec::new() }
    }

    /// The download with masks of this kind.
    pub fn with_masks(mut self, masks: MaskKind) -> Self {
        self.masks = masks;
        self.manifest.masks = masks.info();
        self
    }

    /// The download with a note on how to make the same scans again.
    pub fn reproduced_by(mut self, reproduction: Reproduction) -> Self {
        self.manifest.reproduce = reproduction;
        self
    }

    /// Encodes a scan and its mask (`size * size` bytes each) as PNGs and adds them to the manifest.
    ///
    /// # Errors
    /// If an image has another size.
    pub fn add(&mut self, spec: &ScanSpec, image: &[u8], mask: &[u8]) -> Result<[BundleFile; 2], BundleError> {
        let number = self.manifest.scans.len();
        let encode = |picture, pixels, name| {
            let text = self.origin.text(picture, spec);
            let bytes = encode_gray(self.size, pixels, &text, Some(SourceType::TrainedAlgorithmicMedia));
            bytes.map(|bytes| BundleFile { name, bytes }).map_err(|source| BundleError::Png { number, source })
        };
        let image = encode(ImageKind::Scan, image, format!("{number:04}.png"))?;
        let drawn = mask;
        let mask = encode(ImageKind::Mask, &self.masks.pixels(drawn), format!("{number:04}_mask.png"))?;
        let source = Some(SourceType::TrainedAlgorithmicMedia);
        let described = [(&image, "A synthetic scan."), (&mask, "The tumour mask of a synthetic scan.")]
            .map(|(file, about)| describe(file, about, "image/png", source));
        let [scan, drawn_mask] =
            described.each_ref().map(|file| Written { name: file.name.clone(), sha256: file.sha256.clone() });
        self.manifest.add(&self.origin, spec, scan, drawn_mask);
        self.pictures.extend(described);
        if let Some(scan) = self.manifest.scans.last() {
            self.table.add(scan, drawn);
        }
        Ok([image, mask])
    }

    /// The files about all scans added so far: `manifest.json`, `samples.csv`, `croissant.json` and `ro-crate-metadata.json`.
    ///
    /// # Errors
    /// If a number in the manifest is not finite.
    pub fn tables(&self) -> Result<[BundleFile; 4], BundleError> {
        let file = |name: &str, text: String| BundleFile { name: name.to_owned(), bytes: text.into_bytes() };
        let manifest = file("manifest.json", self.manifest.to_json()?);
        let table = file("samples.csv", self.table.text().to_owned());
        let origin =
            describe(&manifest, "The origin of the scans, and how to make them again.", "application/json", None);
        let croissant = file(croissant::FILE_NAME, croissant::metadata(&self.manifest, &origin.sha256)?);
        let described = [
            origin,
            describe(&table, "A row for each scan, with semicolons.", "text/csv", None),
            describe(&croissant, "The same data set for machine learning (Croissant).", "application/ld+json", None),
        ];
        let files = [&self.pictures[..], &described].concat();
        let crate_file = file(ro_crate::FILE_NAME, ro_crate::metadata(&self.manifest, &files)?);
        Ok([manifest, table, croissant, crate_file])
    }
}

/// The entry of a file in the description of the download.
fn describe(file: &BundleFile, about: &'static str, media_type: &'static str, source: Option<SourceType>) -> CrateFile {
    let (name, bytes, sha256) = (file.name.clone(), file.bytes.len(), sha256(&file.bytes));
    CrateFile { name, about, media_type, bytes, sha256, source }
}

/// The download as a ZIP archive. `scans` are the spec, image and mask of each scan.
///
/// # Errors
/// If an image has another size than the bundle.
pub fn to_zip<'a>(
    mut bundle: Bundle,
    scans: impl IntoIterator<Item = (ScanSpec, &'a [u8], &'a [u8])>,
) -> Result<Vec<u8>, BundleError> {
    let mut archive = Archive::default();
    for (spec, image, mask) in scans {
        for file in bundle.add(&spec, image, mask)? {
            archive.add(&file.name, &file.bytes)?;
        }
    }
    for file in bundle.tables()? {
        archive.add(&file.name, &file.bytes)?;
    }
    Ok(archive.finish()?)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::super::provenance::example;
    use super::*;
    use crate::gan::preset::Toward;

    type Tested = Result<(), Box<dyn std::error::Error>>;

    #[test]
    fn the_manifest_matches_the_images() -> Tested {
        let toward = Some(Toward { seed: 9, class: 1, position: 0.5 });
        let specs = [ScanSpec { seed: 3, class: 0, toward: None }, ScanSpec { seed: 4, class: 0, toward }];
        let scans = specs.map(|spec| (spec, &[9; 16][..], &[255; 16][..]));
        let bytes = to_zip(Bundle::new(example(), 4, "2017-04-02"), scans)?;
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes))?;
        assert_eq!(archive.len(), 8);
        let mut read = |name: &str| -> Result<Vec<u8>, Box<dyn std::error::Error>> {
            let mut content = Vec::new();
            archive.by_name(name)?.read_to_end(&mut content)?;
            Ok(content)
        };
        let manifest: Manifest = serde_json::from_slice(&read("manifest.json")?)?;
        assert!(manifest.synthetic);
        assert_eq!((manifest.date.as_str(), manifest.truncation), ("2017-04-02", 0.8));
        for scan in &manifest.scans {
            assert_eq!(sha256(&read(&scan.file)?), scan.file_sha256);
            assert_eq!(sha256(&read(&scan.mask)?), scan.mask_sha256);
        }
        assert_eq!((manifest.scans[0].seed, manifest.scans[0].class.as_str()), (3, "glioma"));
        assert!(manifest.scans[0].toward.is_none());
        assert!(manifest.scans[1].toward.as_ref().is_some_and(|toward| toward.class == "pituitary"));
        assert_eq!((manifest.size, manifest.masks.threshold, manifest.masks.kind.as_str()), (4, 128, "binary"));
        let table = String::from_utf8(read("samples.csv")?)?;
        assert_eq!(table.lines().nth(1), Some("0000.png;0000_mask.png;glioma;3;16"));
        let croissant: serde_json::Value = serde_json::from_slice(&read("croissant.json")?)?;
        assert_eq!(croissant["distribution"][0]["sha256"], sha256(&read("manifest.json")?));
        let described: serde_json::Value = serde_json::from_slice(&read("ro-crate-metadata.json")?)?;
        let entities = described["@graph"].as_array().ok_or("no graph")?;
        let parts = entities.iter().find(|entity| entity["@id"] == "./").ok_or("no root")?["hasPart"].clone();
        assert_eq!(parts.as_array().map(Vec::len), Some(7), "all files but itself");
        for part in parts.as_array().into_iter().flatten() {
            let entity = entities.iter().find(|entity| entity["@id"] == part["@id"]).ok_or("not described")?;
            let bytes = read(part["@id"].as_str().unwrap_or_default())?;
            assert_eq!(
                (&entity["sha256"], &entity["contentSize"]),
                (&sha256(&bytes).into(), &bytes.len().to_string().into())
            );
        }
        Ok(())
    }

    #[test]
    fn masks_are_binary_unless_soft_ones_are_asked_for() -> Tested {
        let spec = ScanSpec { seed: 0, class: 0, toward: None };
        let soft: Vec<u8> = (0..16).map(|at| at * 17).collect();
        let mask = |bundle: Bundle| -> Result<Vec<u8>, Box<dyn std::error::Error>> {
            let [_, mask] = bundle.clone().add(&spec, &[0; 16], &soft)?;
            let mut reader = png::Decoder::new(Cursor::new(mask.bytes)).read_info()?;
            let mut pixels = vec![0; 16];
            reader.next_frame(&mut pixels)?;
            Ok(pixels)
        };
        let bundle = Bundle::new(example(), 4, "2017-04-02");
        assert_eq!(mask(bundle.clone())?, MaskKind::Binary.pixels(&soft));
        assert_eq!(mask(bundle.with_masks(MaskKind::Soft))?, soft);
        Ok(())
    }

    #[test]
    fn an_image_of_another_size_is_refused() {
        let mut bundle = Bundle::new(example(), 4, "2017-04-02");
        let spec = ScanSpec { seed: 0, class: 0, toward: None };
        assert!(bundle.add(&spec, &[0; 15], &[0; 16]).is_err());
    }
}
