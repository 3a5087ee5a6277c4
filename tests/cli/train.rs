//! From a data folder to scans: a short training, weights, and `sample`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Folder, Tested, complaint, hersenscan};

/// A data folder with slices of eight patients: a disc with a bright spot that the mask marks.
fn slices(folder: &Folder) -> Result<PathBuf, Box<dyn std::error::Error>> {
    let data = folder.path("data");
    fs::create_dir_all(data.join("image"))?;
    fs::create_dir_all(data.join("mask"))?;
    let mut table = "file,patient,label,split\n".to_owned();
    for index in 0..16_u32 {
        let (label, left) = if index % 2 == 0 { ("left", 22) } else { ("right", 36) };
        let split = if index < 12 { "train" } else { "test" };
        table.push_str(&format!("{index}.png,patient {},{label},{split}\n", index / 2));
        let spot = |x: u32, y: u32| x.abs_diff(left) < 4 && y.abs_diff(26 + index) < 4;
        let head = |x: u32, y: u32| x.abs_diff(32).pow(2) + y.abs_diff(32).pow(2) < 28 * 28;
        let image = |x, y| image::Luma([if spot(x, y) { 220 } else { u8::from(head(x, y)) * 100 }]);
        let mask = |x, y| image::Luma([u8::from(spot(x, y)) * 255]);
        image::GrayImage::from_fn(64, 64, image).save(data.join(format!("image/{index}.png")))?;
        image::GrayImage::from_fn(64, 64, mask).save(data.join(format!("mask/{index}.png")))?;
    }
    fs::write(data.join("slices.csv"), table)?;
    Ok(data)
}

fn train(arguments: &[&str], data: &Path, out: &Path) -> Result<std::process::Output, std::io::Error> {
    let arguments = [&["train", "--preset", "t32", "--batch", "4"], arguments].concat();
    hersenscan(&arguments, &[("--data", data), ("--out", out)])
}

#[test]
fn train_writes_weights_that_sample_can_use() -> Tested {
    let folder = Folder::new()?;
    let (data, out) = (slices(&folder)?, folder.path("run"));
    let card = ["--dataset", "discs", "--licence", "CC0", "--attribution", "nobody"];
    let output = train(&[&["--kimg", "0.016", "--stages", "0.008,0"], &card[..]].concat(), &data, &out)?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let stages = ["stage-0000000.safetensors", "stage-0000008.safetensors"].map(|name| out.join(name));
    for stage in &stages {
        assert!(hersenscan(&["inspect"], &[("--weights", stage)])?.status.success(), "{}", stage.display());
    }
    assert_ne!(fs::read(&stages[0])?, fs::read(&stages[1])?);

    let weights = out.join("weights.safetensors");
    let output = hersenscan(&["inspect"], &[("--weights", &weights)])?;
    let said = String::from_utf8(output.stdout)?;
    for fact in ["generator", "left, right", "discs", "CC0", "nobody"] {
        assert!(said.contains(fact), "{fact}: {said}");
    }
    let scans = folder.path("scans");
    let output = hersenscan(&["sample", "--n", "2"], &[("--weights", &weights), ("--out", &scans)])?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(image::open(scans.join("0001.png"))?.width(), 32);

    let said = complaint(train(&["--kimg", "0.016"], &data, &out)?)?;
    assert!(said.contains("--resume"), "a run is not overwritten: {said}");
    let output = train(&["--kimg", "0.032", "--resume"], &data, &out)?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

#[test]
fn an_error_in_the_data_names_row_and_file() -> Tested {
    let folder = Folder::new()?;
    let (data, out) = (slices(&folder)?, folder.path("run"));
    fs::remove_file(data.join("mask/3.png"))?;
    let said = complaint(train(&["--kimg", "0.016"], &data, &out)?)?;
    assert!(said.contains("row 5 (3.png)") && said.contains("cannot open"), "{said}");
    Ok(())
}
