//! `slices`: normalised slices as files.

use std::fs;
use std::path::PathBuf;

use hersenscan::slices::dataset::{Dataset, DatasetSlice};

use crate::support::{Folder, Tested, complaint, hersenscan};

/// A data folder with two slices each of forty patients, so that some are validation patients. A slice is an off-centre
/// disc with a lesion.
fn patients(folder: &Folder) -> Result<PathBuf, Box<dyn std::error::Error>> {
    let data = folder.path("people");
    fs::create_dir_all(data.join("image"))?;
    fs::create_dir_all(data.join("mask"))?;
    let mut table = "file,patient,label,split\n".to_owned();
    for index in 0..80_u32 {
        let person = index / 2;
        let (label, split) = (["left", "right"][person as usize % 2], if person < 30 { "train" } else { "test" });
        table.push_str(&format!("{index}.png,person {person},{label},{split}\n"));
        let lesion = |x: u32, y: u32| x.abs_diff(20 + index % 7) < 4 && y.abs_diff(24) < 4;
        let head = |x: u32, y: u32| x.abs_diff(22).pow(2) + y.abs_diff(24).pow(2) < 17 * 17;
        let image = |x, y| image::Luma([if lesion(x, y) { 200 } else { u8::from(head(x, y)) * 80 }]);
        image::GrayImage::from_fn(48, 48, image).save(data.join(format!("image/{index}.png")))?;
        let mask = |x, y| image::Luma([u8::from(lesion(x, y)) * 255]);
        image::GrayImage::from_fn(48, 48, mask).save(data.join(format!("mask/{index}.png")))?;
    }
    fs::write(data.join("slices.csv"), table)?;
    Ok(data)
}

#[test]
fn files_equal_the_slices_of_the_trainer() -> Tested {
    let folder = Folder::new()?;
    let (data, out) = (patients(&folder)?, folder.path("new/out"));
    let output = hersenscan(&["slices", "--size", "32"], &[("--data", &data), ("--out", &out)])?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let seen = Dataset::read(&data, 32)?;
    assert!(!seen.validation.is_empty(), "all parts have slices");
    let table = fs::read_to_string(out.join("slices.csv"))?;
    let rows: Vec<&str> = table.lines().collect();
    assert_eq!((rows[0], rows.len()), ("file,patient,label,split,part,person", 81));
    let check = |slices: &[DatasetSlice], split: &str, part: &str| -> Tested {
        for slice in slices {
            let (patient, class) = (&slice.patient, &seen.classes[slice.labelled.class]);
            let row = format!("{},{patient},{class},{split},{part},{patient}", slice.file);
            assert!(rows.contains(&row.as_str()), "{row}");
            for (name, pixels) in [("image", &slice.labelled.slice.image), ("mask", &slice.labelled.slice.mask)] {
                let picture = image::open(out.join(name).join(&slice.file))?;
                assert_eq!((picture.color(), picture.width()), (image::ColorType::L8, 32));
                assert_eq!(picture.as_bytes(), pixels);
            }
        }
        Ok(())
    };
    check(&seen.train, "train", "train")?;
    check(&seen.validation, "train", "validation")?;
    check(&seen.test, "test", "test")
}

#[test]
fn a_folder_of_slices_is_never_overwritten() -> Tested {
    let folder = Folder::new()?;
    let data = patients(&folder)?;
    let before = fs::read(data.join("image/0.png"))?;
    let said = complaint(hersenscan(&["slices", "--size", "32"], &[("--data", &data), ("--out", &data)])?)?;
    assert!(said.contains("holds slices already"), "{said}");
    assert_eq!(fs::read(data.join("image/0.png"))?, before);

    let out = folder.path("out");
    let nowhere = folder.path("nowhere");
    let said = complaint(hersenscan(&["slices"], &[("--data", &nowhere), ("--out", &out)])?)?;
    assert!(said.contains("give a folder that holds slices.csv"), "{said}");
    assert!(!out.exists(), "nothing is written before the data has been checked");
    assert_eq!(hersenscan(&["slices", "--size", "3"], &[("--data", &data), ("--out", &out)])?.status.code(), Some(2));
    Ok(())
}

#[test]
fn only_the_first_persons_of_the_lab_are_written() -> Tested {
    let folder = Folder::new()?;
    let (data, out) = (patients(&folder)?, folder.path("out"));
    let output = hersenscan(&["slices", "--size", "32", "--persons", "3"], &[("--data", &data), ("--out", &out)])?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let table = fs::read_to_string(out.join("slices.csv"))?;
    let of = |split: &str| -> Vec<&str> {
        let rows = table.lines().skip(1).map(|row| row.split(',').collect::<Vec<_>>());
        rows.filter(|cells| cells[3] == split).map(|cells| cells[5]).collect()
    };
    // From Python: the first of each class in turn, sorted by hashlib.sha256(b"lab person N").
    let mut learners = of("train");
    learners.sort_unstable();
    assert_eq!(learners, ["person 10", "person 10", "person 17", "person 17", "person 18", "person 18"]);
    assert_eq!(of("test").len(), 20);
    let said =
        complaint(hersenscan(&["slices", "--persons", "31"], &[("--data", &data), ("--out", &folder.path("other"))])?)?;
    assert!(said.contains("only 30 train persons"), "{said}");
    Ok(())
}
