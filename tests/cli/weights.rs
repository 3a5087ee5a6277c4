//! `sample` and `inspect`: valid weights files, and the reasons why others are refused.

use std::fs;
use std::path::Path;

use burn::tensor::{Device, read_sync};
use hersenscan::card::ModelCard;
use hersenscan::export::manifest::Manifest;
use hersenscan::export::provenance::sha256;
use hersenscan::gan::generator_model::GeneratorModel;
use hersenscan::gan::preset::{Network, PRESETS, ScanSpec, Style, class_of_seed};
use hersenscan::slices::collection::file::CollectionFile;
use hersenscan::slices::collection::{Collection, SliceSource};
use hersenscan::slices::open::{Opened, open_file};

use crate::support::{CLASSES, Folder, Tested, complaint, hersenscan, weights};

fn pixels(path: &Path) -> Result<Vec<u8>, image::ImageError> {
    let picture = image::open(path)?;
    assert_eq!(picture.color(), image::ColorType::L8);
    assert_eq!(picture.width() as usize, PRESETS[0].size());
    Ok(picture.into_luma8().into_raw())
}

#[test]
fn sample_writes_scans_masks_table_and_manifest() -> Tested {
    let folder = Folder::new()?;
    let bytes = weights(Network::Generator)?;
    let file = folder.file("weights.safetensors", &bytes)?;
    let out = folder.path("new/out");
    let arguments = ["sample", "--n", "3", "--seed", "4294967294", "--truncation", "0.5"];
    let output = hersenscan(&arguments, &[("--weights", &file), ("--out", &out)])?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let seeds = [u32::MAX - 1, u32::MAX, 0];
    let spec = |seed| ScanSpec { seed, class: class_of_seed(seed, CLASSES.len()), toward: None };
    let model = GeneratorModel::from_bytes(&bytes, &Device::flex())?;
    let style = Style { truncation: 0.5, ..Style::default() };
    let expected = read_sync(model.scans(&seeds.map(spec), &style)).map_err(|error| format!("{error:?}"))?;

    let table = fs::read_to_string(out.join("samples.csv"))?;
    let manifest: Manifest = serde_json::from_slice(&fs::read(out.join("manifest.json"))?)?;
    assert!(manifest.synthetic);
    assert_eq!(manifest.generator.weights_sha256, sha256(&bytes));
    assert_eq!((table.lines().count(), manifest.scans.len()), (4, 3));
    assert_eq!(table.lines().next(), Some("file;mask;class;seed;tumour_pixels"));
    for (index, (seed, scan)) in seeds.into_iter().zip(expected).enumerate() {
        let name = format!("{index:04}.png");
        assert_eq!(pixels(&out.join(&name))?, scan.image);
        let binary: Vec<u8> = scan.mask.iter().map(|&pixel| if pixel >= 128 { 255 } else { 0 }).collect();
        assert_eq!(pixels(&out.join(format!("{index:04}_mask.png")))?, binary);
        assert_eq!(manifest.scans[index].file_sha256, sha256(&fs::read(out.join(&name))?));
        let class = CLASSES[spec(seed).class];
        let tumour = binary.iter().filter(|&&pixel| pixel > 0).count();
        let row = format!("{name};{index:04}_mask.png;{class};{seed};{tumour}");
        assert_eq!(table.lines().nth(index + 1), Some(row.as_str()));
    }
    Ok(())
}

/// The masks that the program writes are those that the training view reads. A scan without a tumour has an empty one.
#[test]
fn scans_come_back_with_the_same_masks() -> Tested {
    let folder = Folder::new()?;
    let (file, out) = (Path::new("static/weights/flair-s64.safetensors"), folder.path("out"));
    let output = hersenscan(&["sample", "--n", "12"], &[("--weights", file), ("--out", &out)])?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let table = fs::read_to_string(out.join("samples.csv"))?;
    let rows: Vec<Vec<&str>> = table.lines().skip(1).map(|line| line.split(';').collect()).collect();

    let mut collection = Collection::new(SliceSource::Own);
    for name in rows.iter().flat_map(|row| &row[..2]) {
        let mut files = Vec::new();
        open_file(name, &fs::read(out.join(name))?, &mut |found| files.push(found));
        match files.pop() {
            Some(Ok(Opened::Scan(scan))) => assert!(collection.add(CollectionFile::new(scan))),
            other => return Err(format!("{name}: {other:?}").into()),
        }
    }
    collection.arrange();
    assert_eq!(collection.slices.len(), 12);
    for row in &rows {
        let slice = collection.slices.iter().find(|slice| slice.path == row[0]).ok_or("a scan is missing")?;
        assert_eq!(slice.has_tumour(), Some(row[4] != "0"), "{row:?}");
    }
    let empty = |class: &str| rows.iter().filter(|row| row[2] == class && row[4] == "0").count();
    assert!(empty("none") > 0 && empty("tumour") == 0, "{table}");
    Ok(())
}

#[test]
fn a_class_can_be_chosen_by_name() -> Tested {
    let folder = Folder::new()?;
    let file = folder.file("weights.safetensors", &weights(Network::Generator)?)?;
    let out = folder.path("out");
    let files = [("--weights", file.as_path()), ("--out", out.as_path())];
    let output = hersenscan(&["sample", "--n", "4", "--class", "pituitary"], &files)?;
    assert!(output.status.success());
    let table = fs::read_to_string(out.join("samples.csv"))?;
    assert!(table.lines().skip(1).all(|line| line.contains(";pituitary;")));

    let said = complaint(hersenscan(&["sample", "--class", "meningioma"], &files)?)?;
    assert!(said.contains("no class \"meningioma\": choose one of glioma, pituitary"), "{said}");
    Ok(())
}

#[test]
fn files_other_than_generators_are_refused_with_a_reason() -> Tested {
    let folder = Folder::new()?;
    let good = weights(Network::Generator)?;
    let out = folder.path("out");
    let cases: [(&str, &[u8], &str); 5] = [
        ("empty", b"", "ends after 0 bytes"),
        ("page", b"<!DOCTYPE html><title>404</title>", "web page"),
        ("half", &good[..good.len() / 2], "Fetch it again"),
        ("noise", &[7; 4096], "damaged or not safetensors"),
        ("judge", &weights(Network::Discriminator)?, "a generator is needed"),
    ];
    for (name, content, reason) in cases {
        let file = folder.file(name, content)?;
        let said = complaint(hersenscan(&["sample"], &[("--weights", &file), ("--out", &out)])?)?;
        assert!(said.contains(reason) && said.contains(name), "{name}: {said}");
    }
    let nowhere = folder.path("nowhere");
    let said = complaint(hersenscan(&["sample"], &[("--weights", &nowhere), ("--out", &out)])?)?;
    assert!(said.contains("cannot read") && said.contains("because:"), "{said}");
    assert!(!out.exists(), "nothing is written before the weights have been checked");
    Ok(())
}

#[test]
fn numbers_out_of_range_are_refused() -> Tested {
    let folder = Folder::new()?;
    let out = folder.path("out");
    for arguments in [["sample", "--truncation", "9"], ["sample", "--n", "0"], ["sample", "--seed", "-1"]] {
        let output = hersenscan(&arguments, &[("--weights", &out), ("--out", &out)])?;
        assert_eq!(output.status.code(), Some(2));
    }
    Ok(())
}

#[cfg(not(feature = "cuda"))]
#[test]
fn a_device_that_is_not_built_in_is_named() -> Tested {
    let folder = Folder::new()?;
    let file = folder.file("weights.safetensors", &weights(Network::Generator)?)?;
    let out = folder.path("out");
    let output = hersenscan(&["sample", "--device", "cuda"], &[("--weights", &file), ("--out", &out)])?;
    assert!(complaint(output)?.contains("--features cuda"));
    Ok(())
}

#[test]
fn inspect_prints_the_card() -> Tested {
    let folder = Folder::new()?;
    let bytes = weights(Network::Generator)?;
    let file = folder.file("weights.safetensors", &bytes)?;
    let output = hersenscan(&["inspect"], &[("--weights", &file)])?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout)?;
    let says = |name: &str, value: &str| {
        said.lines().any(|line| line.split_once("  ").is_some_and(|(n, v)| n.trim() == name && v.trim() == value))
    };
    assert!(says("network", "generator"), "{said}");
    assert!(says("classes", "glioma, pituitary"), "{said}");
    assert!(says("sha256", &sha256(&bytes)), "{said}");
    assert!(says("licence", "CC0") && says("training slices", "0"), "{said}");
    Ok(())
}

#[test]
fn card_writes_the_card_beside_the_weights_for_hugging_face() -> Tested {
    let folder = Folder::new()?;
    let out = folder.path("README.md");
    let output = hersenscan(&["card", "--weights", "static/weights/flair-s64.safetensors"], &[("--out", &out)])?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = fs::read_to_string(out)?;
    assert!(text.starts_with("---\nlicense: cc-by-nc-sa-4.0\n"), "{text}");
    let card = ModelCard::read(&fs::read("static/weights/flair-s64.card.json")?)?;
    for measure in card.measures.iter().filter_map(|measure| measure.value) {
        assert!(text.contains(&format!("\n      value: {measure}\n")), "{measure}");
    }
    let lonely = folder.file("weights.safetensors", &weights(Network::Generator)?)?;
    let said = complaint(hersenscan(&["card"], &[("--weights", &lonely)])?)?;
    assert!(said.contains("cannot read the card") && said.contains("weights.card.json"), "{said}");
    Ok(())
}

#[test]
fn inspect_checks_every_value() -> Tested {
    let folder = Folder::new()?;
    let mut bytes = weights(Network::Generator)?;
    // The last value becomes NaN; the card stays valid.
    let last = bytes.len() - 2;
    bytes[last..].copy_from_slice(&0x7e00_u16.to_le_bytes());
    let file = folder.file("weights.safetensors", &bytes)?;
    let said = complaint(hersenscan(&["inspect"], &[("--weights", &file)])?)?;
    assert!(said.contains("not finite numbers"), "{said}");
    Ok(())
}
