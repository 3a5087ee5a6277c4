//! `evaluate`: reports, and the reasons why a report cannot be made.

use std::fs;
use std::path::Path;

use hersenscan::gan::preset::Network;

use crate::support::{CLASSES, Folder, Tested, complaint, hersenscan, patients, weights};

fn refused(arguments: &[&str], files: &[(&str, &Path)], reason: &str) -> Tested {
    let said = complaint(hersenscan(&[&["evaluate"], arguments].concat(), files)?)?;
    assert!(said.contains(reason), "{reason}: {said}");
    Ok(())
}

#[test]
fn a_missing_or_damaged_feature_network_is_refused() -> Tested {
    let folder = Folder::new()?;
    let (data, out, nowhere) = (patients(&folder)?, folder.path("report.json"), folder.path("nowhere"));
    let file = folder.file("weights.safetensors", &weights(Network::Generator)?)?;
    let files = [("--weights", file.as_path()), ("--data", &data), ("--out", &out), ("--features", &nowhere)];
    refused(&[], &files, "leave --features out")?;
    let noise = folder.file("noise.safetensors", &[7; 400])?;
    let files = [("--weights", file.as_path()), ("--data", &data), ("--out", &out), ("--features", &noise)];
    refused(&[], &files, "the file of the feature network is damaged")?;
    assert!(!out.exists(), "nothing is written before all inputs have been checked");
    assert_eq!(hersenscan(&["evaluate", "--without-features"], &files)?.status.code(), Some(2));
    Ok(())
}

#[test]
fn invalid_generators_and_data_are_refused() -> Tested {
    let folder = Folder::new()?;
    let (data, out, nowhere) = (patients(&folder)?, folder.path("report.json"), folder.path("nowhere"));
    let good = folder.file("weights.safetensors", &weights(Network::Generator)?)?;
    let judge = folder.file("judge.safetensors", &weights(Network::Discriminator)?)?;
    let quick = ["--without-features"];
    refused(&quick, &[("--weights", &judge), ("--data", &data), ("--out", &out)], "a generator is needed")?;
    refused(&quick, &[("--weights", &nowhere), ("--data", &data), ("--out", &out)], "cannot read")?;
    refused(&quick, &[("--weights", &good), ("--data", &nowhere), ("--out", &out)], "a folder that holds slices.csv")?;
    refused(&quick, &[("--images", &nowhere), ("--data", &data), ("--out", &out)], "cannot open the folder")?;
    let empty = folder.path("empty");
    fs::create_dir_all(&empty)?;
    refused(&quick, &[("--images", &empty), ("--data", &data), ("--out", &out)], "holds no PNG files")?;
    fs::copy(data.join("image/0.png"), empty.join("0000.png"))?;
    refused(&quick, &[("--images", &empty), ("--data", &data), ("--out", &out)], "there are 1 generated slices")?;
    let table = fs::read_to_string(data.join("slices.csv"))?.replace(CLASSES[0], "other");
    fs::write(data.join("slices.csv"), table)?;
    refused(&quick, &[("--weights", &good), ("--data", &data), ("--out", &out)], "those of the data are other")?;
    assert!(!out.exists());
    Ok(())
}

/// Images without masks and classes, so that only quick measures and the two-sample classifier run.
#[test]
fn a_folder_of_images_gets_a_report_with_the_missing_measures() -> Tested {
    let folder = Folder::new()?;
    let (data, out) = (patients(&folder)?, folder.path("new/report.json"));
    let scans = folder.path("scans");
    fs::create_dir_all(&scans)?;
    // The first image is a copy of a normalised training slice.
    let slices = folder.path("slices");
    let output = hersenscan(&["slices", "--size", "32"], &[("--data", &data), ("--out", &slices)])?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    fs::copy(slices.join("image/0.png"), scans.join("0000.png"))?;
    for index in 1..16_u32 {
        let stripes = |x: u32, y: u32| image::Luma([((x * (index + 3) + y * 31) % 200) as u8]);
        image::GrayImage::from_fn(32, 32, stripes).save(scans.join(format!("{index:04}.png")))?;
    }
    let files = [("--images", scans.as_path()), ("--data", &data), ("--out", &out)];
    let output = hersenscan(&["evaluate", "--without-features"], &files)?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: serde_json::Value = serde_json::from_slice(&fs::read(&out)?)?;
    let measure = |id: &str| {
        let measures = report["measures"].as_array().cloned().unwrap_or_default();
        measures.into_iter().find(|measure| measure["id"] == *id)
    };
    let copies = measure("copy_share").ok_or("no measure of copying")?;
    assert_eq!((&copies["value"], &copies["met"]), (&(1.0 / 16.0).into(), &false.into()), "{copies}");
    let told = measure("two_sample_accuracy").ok_or("no two-sample classifier")?;
    assert!(told["value"].as_f64().is_some_and(|value| value > 0.8), "{told}");
    assert_eq!(report["left_out"].as_array().map(Vec::len), Some(3), "{report}");
    assert!(String::from_utf8(output.stdout)?.contains("left out: FD, KID"));
    assert!(out.with_file_name("report-copies.png").is_file());

    // Without the measures that train a network; a card needs them.
    let output = hersenscan(&["evaluate", "--without-features", "--without-learned"], &files)?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: serde_json::Value = serde_json::from_slice(&fs::read(&out)?)?;
    let measures = report["measures"].as_array().ok_or("no measures")?;
    assert_eq!(measures.iter().map(|measure| &measure["id"]).collect::<Vec<_>>(), ["copy_share"]);
    assert_eq!(report["left_out"].as_array().map(Vec::len), Some(2), "{report}");
    assert_eq!(hersenscan(&["evaluate", "--without-learned", "--card", "card.json"], &files)?.status.code(), Some(2));
    Ok(())
}
