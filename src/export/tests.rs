//! The reader of visitors' files understands what the exporter writes.

use super::bundle::{Bundle, to_zip};
use super::masks::MaskKind;
use super::provenance::example;
use crate::gan::preset::{ScanSpec, Toward};
use crate::slices::collection::file::CollectionFile;
use crate::slices::collection::{Collection, SliceSource};
use crate::slices::decoded::PersonalField;
use crate::slices::open::{Opened, open_file};

type Tested = Result<(), Box<dyn std::error::Error>>;

const SIDE: usize = 32;
const COUNT: usize = 12;

/// Head and mask of a number. The mask has soft edges with few grey levels; the third is empty.
fn scan(number: usize) -> [Vec<u8>; 2] {
    let pixels = |pixel: &dyn Fn(usize, usize) -> u8| (0..SIDE * SIDE).map(|at| pixel(at % SIDE, at / SIDE)).collect();
    let far = |x: usize, y: usize| x.abs_diff(SIDE / 2).pow(2) + y.abs_diff(SIDE / 2).pow(2);
    let head =
        pixels(&|x, y| if far(x, y) < 170 { (40 + (x * (5 + number) + y * (9 + 2 * number)) % 180) as u8 } else { 0 });
    let soft = |far: usize| 255_u8.saturating_sub(12 * far.min(20) as u8);
    let mask = pixels(&|x, y| if number == 2 { 0 } else { soft(far(x, y + number)) });
    [head, mask]
}

fn archive(masks: MaskKind) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let scans: Vec<_> = (0..COUNT).map(scan).collect();
    let spec = |number: usize| {
        let toward = (number == 5).then_some(Toward { seed: 9, class: 0, position: 0.25 });
        ScanSpec { seed: number as u32, class: number % 2, toward }
    };
    let scans = scans.iter().enumerate().map(|(number, [head, mask])| (spec(number), &head[..], &mask[..]));
    Ok(to_zip(Bundle::new(example(), SIDE, "2017-04-02").with_masks(masks), scans)?)
}

/// The files as the page collects them, and the paths of those that were refused.
fn collected(files: &[(&str, &[u8])]) -> (Collection, Vec<String>) {
    let (mut collection, mut refused) = (Collection::new(SliceSource::Own), Vec::new());
    for (path, bytes) in files {
        open_file(path, bytes, &mut |outcome| match outcome {
            Ok(Opened::Scan(file)) => assert!(collection.add(CollectionFile::new(file))),
            Ok(Opened::People(table)) => collection.add_people(&table),
            Ok(Opened::Classes(table)) => collection.add_classes(table),
            Ok(Opened::Description) => {}
            Err((path, _)) => refused.push(path),
        });
    }
    collection.arrange();
    (collection, refused)
}

#[test]
fn a_download_comes_back_with_its_masks_and_classes_and_without_warnings() -> Tested {
    for masks in [MaskKind::Binary, MaskKind::Soft] {
        let (collection, refused) = collected(&[("scans.zip", &archive(masks)?)]);
        assert!(refused.is_empty() && collection.unpaired_masks.is_empty(), "{refused:?}");
        assert!(collection.warnings().is_empty() && collection.people().is_empty());
        assert_eq!((collection.slices.len(), &collection.classes), (COUNT, &example().classes));
        for (number, slice) in collection.slices.iter().enumerate() {
            assert_eq!(slice.path, format!("scans.zip/{number:04}.png"));
            let [head, mask] = scan(number);
            assert_eq!((slice.raster.pixels(), slice.class, slice.excluded), (&head[..], number % 2, None));
            assert_eq!(slice.mask.as_ref().map(|found| found.pixels()), Some(&MaskKind::Binary.pixels(&mask)[..]));
        }
    }
    Ok(())
}

#[test]
fn classes_of_two_downloads_count_before_their_folders() -> Tested {
    let archive = archive(MaskKind::Binary)?;
    let (collection, _) = collected(&[("a.zip", &archive), ("b.zip", &archive)]);
    assert_eq!(
        (collection.slices.len(), &collection.classes, collection.folders),
        (2 * COUNT, &example().classes, None)
    );
    assert!(collection.slices.iter().enumerate().all(|(index, slice)| slice.class == index % COUNT % 2));
    Ok(())
}

#[test]
fn a_picture_in_which_someone_wrote_is_warned_of() -> Tested {
    let archive = archive(MaskKind::Binary)?;
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(archive))?;
    let mut png = Vec::new();
    std::io::Read::read_to_end(&mut zip.by_name("0000.png")?, &mut png)?;
    assert!(collected(&[("0000.png", &png)]).0.warnings().is_empty());
    let at = png.windows(9).position(|bytes| bytes == b"Synthetic").ok_or("no text")?;
    let chunk = png[..at].windows(4).rposition(|bytes| bytes == b"tEXt").ok_or("no chunk")?;
    png[at..at + 9].copy_from_slice(b"Anna Bos ");
    let length = u32::from_be_bytes(png[chunk - 4..chunk].try_into()?) as usize;
    let mut sum = flate2::Crc::new();
    sum.update(&png[chunk..chunk + 4 + length]);
    png[chunk + 4 + length..chunk + 8 + length].copy_from_slice(&sum.sum().to_be_bytes());
    assert_eq!(collected(&[("0000.png", &png)]).0.warnings()[0].personal, [PersonalField::FreeText]);
    Ok(())
}
