//! `scans`: makes packs from data folders and volumes, and explains what it refuses.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use hersenscan::slices::pack::Pack;

use crate::support::{Folder, Tested, complaint, hersenscan};

/// Classes of the synthetic patients, in turn.
const LABELS: [&str; 3] = ["glioma", "none", "pituitary"];

/// Writes a data folder with slices of twelve patients in three classes. Half of them are test patients. Each slice is a disc,
/// brighter with increasing number, with a labelled tumour unless the class is "none".
fn write_slices(folder: &Folder) -> Result<PathBuf, Box<dyn Error>> {
    let data = folder.path("people");
    fs::create_dir_all(data.join("image"))?;
    fs::create_dir_all(data.join("mask"))?;
    let mut table = "file,patient,label,split\n".to_owned();
    for index in 0..36_u32 {
        let person = index / 3;
        let label = LABELS[person as usize % 3];
        let split = if person < 6 { "train" } else { "test" };
        table.push_str(&format!("{index}.png,person {person},{label},{split}\n"));
        // The tumour in the last slice of a patient is too small for the game.
        let reach = if index % 3 == 2 { 0 } else { 5 };
        let tumour = |x: u32, y: u32| label != "none" && x.abs_diff(24) <= reach && y.abs_diff(30) <= reach;
        let head = |x: u32, y: u32| x.abs_diff(32).pow(2) + y.abs_diff(32).pow(2) < 28 * 28;
        let image = |x, y| image::Luma([if tumour(x, y) { 220 } else { u8::from(head(x, y)) * (80 + index as u8) }]);
        let mask = |x, y| image::Luma([u8::from(tumour(x, y)) * 255]);
        image::GrayImage::from_fn(64, 64, image).save(data.join(format!("image/{index}.png")))?;
        image::GrayImage::from_fn(64, 64, mask).save(data.join(format!("mask/{index}.png")))?;
    }
    fs::write(data.join("slices.csv"), table)?;
    Ok(data)
}

/// An NRRD volume of 40 x 40 x 6: a box as the head. Its labels are a smaller box in three of the slices.
fn volume(labels: bool, space: &str) -> Vec<u8> {
    let header = format!(
        "NRRD0004\ntype: uchar\ndimension: 3\nspace: {space}\nsizes: 40 40 6\n\
         space directions: (1,0,0) (0,-1,0) (0,0,5)\nspace origin: (0,0,0)\nencoding: raw\n\n"
    );
    let sample = |index: usize| {
        let (x, y, z) = (index % 40, index / 40 % 40, index / 1600);
        let tumour = (10..16).contains(&x) && (26..32).contains(&y) && (1..4).contains(&z);
        let head = (6..34).contains(&x) && (6..34).contains(&y);
        if labels { u8::from(tumour) } else { u8::from(head) * if tumour { 200 } else { 90 } }
    };
    [header.into_bytes(), (0..9600).map(sample).collect()].concat()
}

/// Runs `hersenscan scans`.
fn run_scans(arguments: &[&str], files: &[(&str, &Path)]) -> Result<std::process::Output, std::io::Error> {
    hersenscan(&[&["scans"], arguments].concat(), files)
}

#[test]
fn a_pack_contains_the_test_patients() -> Tested {
    let folder = Folder::new()?;
    let (data, out) = (write_slices(&folder)?, folder.path("new/real.pack"));
    let texts = ["--source", "discs", "--licence", "CC0", "--attribution", "nobody"];
    let output = run_scans(&[&["--size", "32"], &texts[..]].concat(), &[("--data", &data), ("--out", &out)])?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout)?;
    assert!(
        said.contains("14 slices (glioma: 4 of 2 people, none: 6 of 2 people, pituitary: 4 of 2 people)"),
        "{said}"
    );

    let bytes = fs::read(&out)?;
    let pack = Pack::read(&bytes)?;
    assert_eq!((pack.size, pack.classes.as_slice()), (32, &LABELS.map(str::to_owned)[..]));
    assert_eq!((pack.source.as_str(), pack.licence.as_str(), pack.attribution.as_str()), ("discs", "CC0", "nobody"));
    for slice in &pack.slices {
        assert_eq!(slice.labelled.slice.mask.contains(&255), LABELS[slice.labelled.class] != "none");
        assert!(slice.labelled.slice.image[0] == 0 && slice.labelled.slice.image.iter().any(|&pixel| pixel > 60));
        let same = |other: &&hersenscan::slices::pack::PackSlice| other.patient == slice.patient;
        assert!(pack.slices.iter().filter(same).all(|other| other.labelled.class == slice.labelled.class));
    }
    assert_eq!(pack.slices.iter().map(|slice| slice.patient).max(), Some(5), "six patients, numbered from 0");

    run_scans(&[&["--size", "32"], &texts[..]].concat(), &[("--data", &data), ("--out", &out)])?;
    assert_eq!(fs::read(&out)?, bytes, "the same folder gives the same pack");
    Ok(())
}

#[test]
fn a_pack_for_the_lab_names_the_first_train_persons() -> Tested {
    let folder = Folder::new()?;
    let (data, out) = (write_slices(&folder)?, folder.path("lab.pack"));
    let arguments = |count| ["--size", "64", "--most", "8", "--learners", count];
    let files = [("--data", data.as_path()), ("--out", &out)];
    let output = run_scans(&arguments("4"), &files)?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let pack = Pack::read(&fs::read(&out)?)?;
    // From Python: the first of each class in turn, sorted by hashlib.sha256(b"lab person N").
    let names = ["person 0", "person 4", "person 5", "person 3"];
    assert_eq!(pack.names, names);
    let slices = pack.slices.iter().map(|slice| (slice.patient, slice.labelled.class));
    assert_eq!(slices.collect::<Vec<_>>(), [(0, 0), (0, 0), (1, 1), (1, 1), (2, 2), (2, 2), (3, 0), (3, 0)]);
    let said = complaint(run_scans(&arguments("7"), &files)?)?;
    assert!(said.contains("7 persons are wanted, and the data has only 6 train persons"), "{said}");
    let said = complaint(run_scans(&arguments("2"), &files)?)?;
    assert!(said.contains("none of these 2 persons has the class"), "{said}");
    Ok(())
}

#[test]
fn a_pack_is_compared_with_the_shipped_generators() -> Tested {
    let folder = Folder::new()?;
    let (data, out) = (write_slices(&folder)?, folder.path("real.pack"));
    let sheet = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("xtask/generated").join(name);
    let [large, small] = ["t1ce-s128.png", "t1ce-s64.png"].map(sheet);
    let files = [("--data", data.as_path()), ("--out", out.as_path()), ("--sheet", &large), ("--sheet", &small)];
    let output = run_scans(&["--size", "128"], &files)?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout)?;
    for part in ["t1ce-s128, 128 pixels", "t1ce-s64, 64 pixels", "of 32 generated ones"] {
        assert!(said.contains(part), "{part} is not in {said}");
    }
    // Discs without a brain differ from scans in every respect.
    assert!(said.lines().filter(|line| line.starts_with("left: ") && line.contains("texture")).count() == 2, "{said}");
    // Slices that cannot be reduced to the size make a pack all the same.
    let output = run_scans(&["--size", "96"], &files)?;
    assert!(output.status.success());
    assert!(String::from_utf8(output.stdout)?.contains("scans of 96 pixels cannot be reduced to the 128 of t1ce-s128"));
    let page = folder.file("page.png", b"<!DOCTYPE html>")?;
    let said = complaint(run_scans(&[], &[("--data", &data), ("--out", &out), ("--sheet", &page)])?)?;
    assert!(said.contains("page.png: this is not a PNG"), "{said}");
    Ok(())
}

#[test]
fn training_patients_are_not_in_the_pack() -> Tested {
    let folder = Folder::new()?;
    let (data, out) = (write_slices(&folder)?, folder.path("real.pack"));
    assert!(run_scans(&["--size", "64"], &[("--data", &data), ("--out", &out)])?.status.success());
    let before = fs::read(&out)?;
    // If one of them were in the pack, the pack would change.
    for index in 0..18 {
        image::GrayImage::from_pixel(64, 64, image::Luma([99])).save(data.join(format!("image/{index}.png")))?;
    }
    assert!(run_scans(&["--size", "64"], &[("--data", &data), ("--out", &out)])?.status.success());
    assert_eq!(fs::read(&out)?, before);

    let table = fs::read_to_string(data.join("slices.csv"))?;
    fs::write(data.join("slices.csv"), table.replace(",test", ",train"))?;
    let said = complaint(run_scans(&[], &[("--data", &data), ("--out", &out)])?)?;
    assert!(said.contains("split \"test\""), "{said}");
    Ok(())
}

#[test]
fn classes_get_equal_numbers_of_slices() -> Tested {
    let folder = Folder::new()?;
    let (data, out) = (write_slices(&folder)?, folder.path("real.pack"));
    assert!(run_scans(&["--most", "6"], &[("--data", &data), ("--out", &out)])?.status.success());
    let pack = Pack::read(&fs::read(&out)?)?;
    let people: std::collections::BTreeSet<u32> = pack.slices.iter().map(|slice| slice.patient).collect();
    assert_eq!((pack.slices.len(), people.len()), (6, 6), "one of each patient");
    assert_eq!((pack.source.as_str(), pack.licence.as_str()), ("people", "not stated"));
    Ok(())
}

#[test]
fn slices_of_volumes_have_the_face_at_the_top() -> Tested {
    let folder = Folder::new()?;
    let image = folder.file("image.nrrd", &volume(false, "left-posterior-superior"))?;
    let labels = folder.file("labels.nrrd", &volume(true, "left-posterior-superior"))?;
    let out = folder.path("real.pack");
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let pair = ["--nrrd", &text(&image), &text(&labels)];
    let output = run_scans(&[&pair[..], &pair, &["--class", "cyst", "--size", "32"]].concat(), &[("--out", &out)])?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let pack = Pack::read(&fs::read(&out)?)?;
    assert_eq!((pack.slices.len(), pack.classes.as_slice()), (6, &["cyst".to_owned()][..]), "three of each volume");
    for slice in &pack.slices {
        let marked: Vec<usize> = (0..32 * 32).filter(|&cell| slice.labelled.slice.mask[cell] == 255).collect();
        // The second axis points to the front, so high indices are at the top of the picture.
        assert!(marked.len() > 20 && marked.iter().all(|cell| cell / 32 < 16 && cell % 32 < 16), "{marked:?}");
    }

    let elsewhere = folder.file("elsewhere.nrrd", &volume(true, "right-anterior-superior"))?;
    let said = complaint(run_scans(&["--nrrd", &text(&image), &text(&elsewhere)], &[("--out", &out)])?)?;
    assert!(said.contains("position and orientation of the image"), "{said}");
    let page = folder.file("page.nrrd", b"<!DOCTYPE html>")?;
    let said = complaint(run_scans(&["--nrrd", &text(&page), &text(&labels)], &[("--out", &out)])?)?;
    assert!(said.contains("page.nrrd: this is not an NRRD file"), "{said}");
    let said = complaint(run_scans(&["--nrrd", &text(&labels), &text(&folder.path("none"))], &[("--out", &out)])?)?;
    assert!(said.contains("cannot read"), "{said}");
    Ok(())
}

#[test]
fn invalid_sources_and_arguments_are_refused() -> Tested {
    let folder = Folder::new()?;
    let out = folder.path("real.pack");
    let said = complaint(run_scans(&[], &[("--data", &folder.path("nowhere")), ("--out", &out)])?)?;
    assert!(said.contains("give a folder that holds slices.csv"), "{said}");
    let data = write_slices(&folder)?;
    fs::remove_file(data.join("mask/20.png"))?;
    let said = complaint(run_scans(&[], &[("--data", &data), ("--out", &out)])?)?;
    assert!(said.contains("row 22 (20.png)"), "{said}");
    assert!(!out.exists());
    for arguments in
        [&["--size", "65"][..], &["--most", "0"], &["--nrrd", "a"], &["--nrrd", "a", "b"], &["--class", "x"]]
    {
        let output = run_scans(arguments, &[("--data", &data), ("--out", &out)])?;
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
    assert_eq!(run_scans(&[], &[("--out", &out)])?.status.code(), Some(2), "a source is required");
    Ok(())
}
