//! Small folders made by the tests.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

type Tested = Result<(), Box<dyn std::error::Error>>;

/// A temporary folder, removed at the end of the test.
struct Folder(PathBuf);

impl Folder {
    /// A folder with this table, and an image and a mask for each of `files`.
    fn new(table: &str, files: &[&str]) -> Result<Self, Box<dyn std::error::Error>> {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("hersenscan-dataset-{}-{number}", std::process::id()));
        fs::create_dir_all(dir.join("image"))?;
        fs::create_dir_all(dir.join("mask"))?;
        fs::write(dir.join("slices.csv"), table)?;
        for file in files {
            draw(&dir.join("image").join(file), 40, 180)?;
            draw(&dir.join("mask").join(file), 40, 255)?;
        }
        Ok(Self(dir))
    }

    /// The message of the error; empty if there is none.
    fn message(&self) -> String {
        match Dataset::read(&self.0, 8) {
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn draw(path: &Path, side: u32, white: u8) -> Result<(), image::ImageError> {
    let inside = |at: u32| (side / 4..side * 3 / 4).contains(&at);
    let pixel = |x, y| image::Luma([if inside(x) && inside(y) { white } else { 0 }]);
    image::GrayImage::from_fn(side, side, pixel).save(path)
}

const HEADER: &str = "file,patient,label,split\n";

fn message(rows: &str, files: &[&str]) -> Result<String, Box<dyn std::error::Error>> {
    Ok(Folder::new(&format!("{HEADER}{rows}"), files)?.message())
}

#[test]
fn slices_come_normalised_in_order_and_in_their_part() -> Tested {
    let table = "split,file,p99,patient,label\n\
        test,c.png,1,Ann,glioma\ntrain,a.png,2,Bob,none\ntrain,b.png,3,Cas,glioma\ntrain,d.png,3,Bob,glioma\n";
    let folder = Folder::new(table, &["a.png", "b.png", "c.png", "d.png"])?;
    let dataset = Dataset::read(&folder.0, 8)?;
    assert_eq!(dataset.classes, ["glioma", "none"]);
    let names = |part: &[DatasetSlice]| -> Vec<_> {
        part.iter().map(|slice| (slice.file.clone(), slice.labelled.class, slice.patient.clone())).collect()
    };
    let row = |file: &str, class, patient: &str| (file.to_owned(), class, patient.to_owned());
    assert_eq!(names(&dataset.train), [row("a.png", 1, "Bob"), row("d.png", 0, "Bob")]);
    // The hash of the name Cas puts it in validation.
    assert_eq!(names(&dataset.validation), [row("b.png", 0, "Cas")]);
    assert_eq!(dataset.test.len(), 1);
    let slice = &dataset.train[0].labelled.slice;
    assert_eq!((slice.image.len(), slice.mask.len()), (64, 64));
    assert_eq!((slice.image[27], slice.mask[27]), (230, 255));
    Ok(())
}

#[test]
fn a_missing_table_or_column_is_named() -> Tested {
    let folder = Folder::new("file,patient,label\na.png,Ann,glioma\n", &["a.png"])?;
    assert!(folder.message().contains("no column \"split\""));
    fs::remove_file(folder.0.join("slices.csv"))?;
    assert!(folder.message().contains("slices.csv, image/ and mask/"));
    let folder = Folder::new("\u{feff}file,patient,label,split\na.png,Ann,glioma,train\n", &["a.png"])?;
    assert_eq!(folder.message(), "");
    Ok(())
}

#[test]
fn a_row_with_holes_is_named() -> Tested {
    assert!(message("a.png,Ann,glioma\n", &["a.png"])?.contains("well-formed"));
    let empty = message("a.png,Ann,,train\n", &["a.png"])?;
    assert!(empty.contains("row 2 (a.png)") && empty.contains("\"label\" is empty"));
    Ok(())
}

#[test]
fn a_file_that_is_not_there_is_named() -> Tested {
    let missing = message("a.png,Ann,glioma,train\nb.png,Ann,glioma,train\n", &["a.png"])?;
    assert!(missing.contains("row 3 (b.png)") && missing.contains("cannot open"));
    assert!(message("../a.png,Ann,glioma,train\n", &[])?.contains("without folders"));
    Ok(())
}

#[test]
fn a_file_that_is_no_picture_is_named() -> Tested {
    let folder = Folder::new(&format!("{HEADER}a.png,Ann,glioma,train\n"), &["a.png"])?;
    fs::write(folder.0.join("mask/a.png"), "<html>")?;
    let broken = folder.message();
    assert!(broken.contains("row 2 (a.png)") && broken.contains("mask/ is not a readable PNG"));
    Ok(())
}

#[test]
fn a_picture_too_large_is_refused() -> Tested {
    let folder = Folder::new(&format!("{HEADER}a.png,Ann,glioma,train\n"), &["a.png"])?;
    image::GrayImage::new(MAX_SIDE as u32 + 1, 1).save(folder.0.join("image/a.png"))?;
    assert!(folder.message().contains("at most 4096"));
    Ok(())
}

#[test]
fn sizes_that_do_not_fit_are_named() -> Tested {
    let rows = "a.png,Ann,glioma,train\nb.png,Ann,glioma,train\n";
    let folder = Folder::new(&format!("{HEADER}{rows}"), &["a.png", "b.png"])?;
    draw(&folder.0.join("mask/b.png"), 32, 255)?;
    assert!(folder.message().contains("row 3 (b.png): the image is 40 x 40 pixels but its mask 32 x 32"));
    draw(&folder.0.join("image/b.png"), 32, 180)?;
    assert!(folder.message().contains("another of this patient 40 x 40"));
    Ok(())
}

#[test]
fn splits_are_checked() -> Tested {
    let unknown = message("a.png,Ann,glioma,val\n", &["a.png"])?;
    assert!(unknown.contains("row 2 (a.png)") && unknown.contains("\"val\": write train or test"));
    let both = message("a.png,Ann,glioma,train\nb.png,Ann,glioma,test\n", &["a.png", "b.png"])?;
    assert!(both.contains("row 3 (b.png): patient Ann is in both train and test (see row 2)"));
    let twice = message("a.png,Ann,glioma,train\na.png,Bob,glioma,train\n", &["a.png"])?;
    assert!(twice.contains("row 2 lists the same file"));
    assert!(message("a.png,Ann,glioma,test\n", &["a.png"])?.contains("nothing to learn from"));
    assert!(message("", &[])?.contains("nothing to learn from"));
    Ok(())
}

#[test]
fn a_person_is_on_one_side_of_the_split() -> Tested {
    let read = |rows: &str| -> Result<Folder, Box<dyn std::error::Error>> {
        Folder::new(&format!("file,patient,label,split,person\n{rows}"), &["a.png", "b.png", "c.png"])
    };
    let both = read("a.png,Ann 2001,glioma,train,Ann\nb.png,Ann 2002,glioma,test,Ann\n")?;
    assert!(both.message().contains("row 3 (b.png): patient Ann is in both train and test (see row 2)"));
    let two = read("a.png,2001,glioma,train,Ann\nb.png,2001,glioma,train,Bob\n")?;
    assert!(two.message().contains("row 3 (b.png): 2001 is of person Bob here, and of person Ann in row 2"));
    // Without a value, the examination is the person. Cas is a validation patient by the hash of the name.
    let folder = read("a.png,1,glioma,train,Cas\nb.png,2,glioma,train,Cas\nc.png,Bob,glioma,train,\n")?;
    let dataset = Dataset::read(&folder.0, 8)?;
    let names = |part: &[DatasetSlice]| -> Vec<_> {
        part.iter().map(|slice| format!("{} {}", slice.patient, slice.examination)).collect()
    };
    assert_eq!(names(&dataset.validation), ["Cas 1", "Cas 2"]);
    assert_eq!(names(&dataset.train), ["Bob Bob"]);
    Ok(())
}

#[test]
fn a_class_without_train_slices_is_named() -> Tested {
    let empty = message("a.png,Ann,glioma,train\nb.png,Bob,none,test\n", &["a.png", "b.png"])?;
    assert!(empty.contains("no train slice has the label \"none\""));
    Ok(())
}

#[test]
fn semicolons_and_masks_of_labels_are_read() -> Tested {
    let folder = Folder::new("file;patient;label;split\r\na.png;Ann, Bob;glioma;train\r\n", &["a.png"])?;
    let wanted = Dataset::read(&folder.0, 8)?.train.remove(0);
    assert_eq!(wanted.patient, "Ann, Bob");
    let mask = folder.0.join("mask/a.png");
    let drawn = image::open(&mask)?.into_luma8();
    draw(&mask, 40, 1)?;
    assert_eq!(Dataset::read(&folder.0, 8)?.train, std::slice::from_ref(&wanted));
    // Labels of 16 bits, and labels as colours.
    let (width, height) = drawn.dimensions();
    let part = |x, y| drawn.get_pixel(x, y).0[0] > 0;
    image::ImageBuffer::from_fn(width, height, |x, y| image::Luma([u16::from(part(x, y))])).save(&mask)?;
    assert_eq!(Dataset::read(&folder.0, 8)?.train, std::slice::from_ref(&wanted));
    let red = |x, y| image::Rgb(if part(x, y) { [128_u8, 0, 0] } else { [0; 3] });
    image::ImageBuffer::from_fn(width, height, red).save(&mask)?;
    assert_eq!(Dataset::read(&folder.0, 8)?.train, [wanted]);
    Ok(())
}

#[test]
fn tables_of_other_programs_are_read() -> Tested {
    let wanted =
        Dataset::read(&Folder::new("file,patient,label,split\na.png,A,glioma,train\n", &["a.png"])?.0, 8)?.train;
    for table in [
        "file\tpatient\tlabel\tsplit\na.png\tA\tglioma\ttrain\n",
        "sep=;\r\nfile;patient;label;split\r\na.png;A;glioma;train\r\n",
        "\u{feff}sep=;\r\nFile;Patient;Label;Split\r\na.png;A;glioma;train\r\n",
    ] {
        assert_eq!(Dataset::read(&Folder::new(table, &["a.png"])?.0, 8)?.train, wanted, "{table}");
    }
    Ok(())
}
