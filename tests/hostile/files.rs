//! The files of the test: some valid, most damaged or hostile.

#![allow(clippy::unwrap_used)] // builds test data

use hersenscan::slices::decoded::{Format, Refusal, UnsupportedFormat};
use hersenscan::slices::limits::{MAX_FILE_BYTES, MAX_FILES};
use image::{DynamicImage, ImageFormat};

use super::forge::{self, Dicom, Nifti, Pixels};

pub struct File {
    pub name: &'static str,
    pub bytes: Vec<u8>,
    /// The expected outcomes: the format of a file that is read, or the reason why it is refused.
    pub wanted: Vec<Result<Format, Refusal>>,
}

pub fn all() -> Vec<File> {
    groups().into_iter().flat_map(|(_, files)| files).collect()
}

/// The files by the fuzz target that they are seeds of.
pub fn groups() -> [(&'static str, Vec<File>); 8] {
    [
        ("picture", pictures()),
        ("picture", broken_pictures()),
        ("dicom", dicom()),
        ("dicom", broken_dicom()),
        ("volume", volumes()),
        ("volume", broken_volumes()),
        ("zip", zips()),
        ("anything", others()),
    ]
}

fn good(name: &'static str, format: Format, bytes: Vec<u8>) -> File {
    File { name, bytes, wanted: vec![Ok(format)] }
}

fn bad(name: &'static str, refusal: Refusal, bytes: Vec<u8>) -> File {
    File { name, bytes, wanted: vec![Err(refusal)] }
}

fn pictures() -> Vec<File> {
    let grey = || image::GrayImage::from_raw(64, 48, forge::head(64, 48)).unwrap();
    let fine = |pixel: u16| pixel * 16;
    let deep = image::ImageBuffer::from_raw(64, 48, forge::deep(64, 48).into_iter().map(fine).collect()).unwrap();
    let deep = DynamicImage::ImageLuma16(deep);
    let clear = DynamicImage::from(grey()).into_rgba8();
    let halves = |bits: u32| [bits as u16, (bits >> 16) as u16];
    let floats: Vec<u16> =
        forge::head(64, 48).into_iter().flat_map(|pixel| halves(f32::from(pixel).to_bits())).collect();
    vec![
        good("grey.png", Format::Png, forge::encode(grey().into(), ImageFormat::Png)),
        good("sixteen bits.png", Format::Png, forge::encode(deep.clone(), ImageFormat::Png)),
        good("clear.png", Format::Png, forge::encode(clear.into(), ImageFormat::Png)),
        good("photo.jpg", Format::Jpeg, forge::picture(ImageFormat::Jpeg, 300, 200)),
        good("old.bmp", Format::Bmp, forge::picture(ImageFormat::Bmp, 64, 48)),
        good("microscope.tif", Format::Tiff, forge::encode(deep, ImageFormat::Tiff)),
        good("pages.tif", Format::Tiff, forge::tiff(&[&forge::deep(64, 48), &forge::deep(64, 48)], 64, 1, 6)),
        good("floats.tif", Format::Tiff, forge::tiff(&[&floats], 64, 3, 0)),
        good("big.tif", Format::Tiff, forge::big_tiff(&forge::deep(64, 48), 64)),
        // The extension is wrong.
        good("named wrongly.png", Format::Jpeg, forge::picture(ImageFormat::Jpeg, 64, 48)),
    ]
}

/// A PNG file whose header has another size.
fn resized(mut png: Vec<u8>, width: u32, height: u32) -> Vec<u8> {
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let mut sum = flate2::Crc::new();
    sum.update(&png[12..29]);
    png[29..33].copy_from_slice(&sum.sum().to_be_bytes());
    png
}

/// A TIFF file with these tags, types and values. Its second directory is the first one again.
fn tiff(fields: &[(u16, u16, u32)]) -> Vec<u8> {
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    bytes.extend((fields.len() as u16).to_le_bytes());
    for (tag, kind, value) in fields {
        bytes.extend([tag.to_le_bytes(), kind.to_le_bytes()].concat());
        bytes.extend([1_u32.to_le_bytes(), value.to_le_bytes()].concat());
    }
    bytes.extend(8_u32.to_le_bytes());
    bytes
}

fn broken_pictures() -> Vec<File> {
    let png = forge::picture(ImageFormat::Png, 64, 48);
    let jpeg = forge::picture(ImageFormat::Jpeg, 64, 48);
    let blank = DynamicImage::new_luma8(64, 48);
    let wild = [(256, 4, 64), (257, 4, 48), (258, 3, 8), (262, 3, 1), (273, 4, 0xFFFF_FF00), (279, 4, u32::MAX)];
    let vast = [(256, 4, 60_000), (257, 4, 60_000), (258, 3, 8), (262, 3, 1), (273, 4, 8), (279, 4, 8)];
    vec![
        bad("cut.png", Refusal::Damaged(Format::Png), png[..png.len() / 2].to_vec()),
        bad("vast.png", Refusal::TooManyPixels, resized(png.clone(), 0x7FFF_FFFF, 0x7FFF_FFFF)),
        bad("large.png", Refusal::Damaged(Format::Png), resized(png, 4096, 4096)),
        bad("dot.png", Refusal::TooSmall, forge::picture(ImageFormat::Png, 4, 4)),
        bad("blank.png", Refusal::Blank, forge::encode(blank, ImageFormat::Png)),
        bad("header only.jpg", Refusal::Damaged(Format::Jpeg), jpeg[..20].to_vec()),
        bad("wild.tif", Refusal::Damaged(Format::Tiff), tiff(&wild)),
        bad("vast.tif", Refusal::TooManyPixels, tiff(&vast)),
    ]
}

fn dicom() -> Vec<File> {
    let pixels = forge::deep(32, 32);
    let file = |change: &dyn Fn(&mut Dicom)| {
        let mut file = Dicom::new(32, 32);
        change(&mut file);
        file.bytes()
    };
    let fragments = |syntax, frame: Vec<u8>| {
        file(&|file| {
            (file.syntax, file.pixels) = (syntax, Pixels::Fragments(vec![frame.clone()]));
        })
    };
    let named = |file: &mut Dicom| {
        file.text(0x10, 0x10, "PN", "Nobody^Anna");
        file.text(0x28, 4, "CS", "MONOCHROME1");
    };
    // The delimiter after the last fragment is missing.
    let mut open_end = fragments(forge::LOSSLESS, forge::lossless(32, &pixels));
    open_end.truncate(open_end.len() - 8);
    let baseline = Dicom::with_8_bits(32, 32, forge::BASELINE, Pixels::Fragments(vec![forge::jpeg(32, 32)]));
    vec![
        good("IM0001", Format::Dicom, file(&|_| {})),
        good("implicit.dcm", Format::Dicom, file(&|file| file.syntax = forge::IMPLICIT)),
        good("big.dcm", Format::Dicom, file(&|file| file.syntax = forge::BIG_ENDIAN)),
        good("deflated.dcm", Format::Dicom, file(&|file| file.syntax = forge::DEFLATED)),
        good("named.dcm", Format::Dicom, file(&named)),
        good("runs.dcm", Format::Dicom, fragments(forge::RLE, forge::rle_deep(&pixels))),
        good("jpeg.dcm", Format::Dicom, baseline.bytes()),
        good("extended.dcm", Format::Dicom, fragments(forge::EXTENDED, forge::JPEG12_HEAD.to_vec())),
        good("lossless.dcm", Format::Dicom, fragments(forge::LOSSLESS, forge::lossless(32, &pixels))),
        good("jpeg2000.dcm", Format::Dicom, fragments(forge::JPEG2000, forge::JPEG2000_HEAD.to_vec())),
        good("jpeg-ls.dcm", Format::Dicom, fragments(forge::JPEG_LS, forge::JPEG_LS_HEAD.to_vec())),
        good("near.dcm", Format::Dicom, fragments(forge::JPEG_LS_NEAR, forge::JPEG_LS_NEAR_HEAD.to_vec())),
        good("fast.dcm", Format::Dicom, fragments(forge::HTJ2K, forge::HTJ2K_HEAD.to_vec())),
        good("capture.dcm", Format::Dicom, file(&|file| file.text(8, 0x16, "UI", "1.2.840.10008.5.1.4.1.1.7"))),
        good("bare", Format::Dicom, Dicom { syntax: forge::IMPLICIT, ..Dicom::new(32, 32) }.data_set()),
        good("open end.dcm", Format::Dicom, open_end),
        good("frames.dcm", Format::Dicom, forge::frames(32, 32, &[3.0, 2.0, 1.0]).bytes()),
    ]
}

fn broken_dicom() -> Vec<File> {
    let file = |change: &dyn Fn(&mut Dicom)| {
        let mut file = Dicom::new(32, 32);
        change(&mut file);
        file.bytes()
    };
    let whole = file(&|_| {});
    let bomb = |file: &mut Dicom| {
        (file.syntax, file.pixels) = (forge::DEFLATED, Pixels::Native(vec![0; MAX_FILE_BYTES]));
    };
    // Sequences of undefined length, nested without end, before the pixels.
    let part = b"\x08\0\x40\x11SQ\0\0\xFF\xFF\xFF\xFF\xFE\xFF\0\xE0\xFF\xFF\xFF\xFF".as_slice();
    let deep = [&whole[..132 + 40], &part.repeat(50_000), &whole[132 + 40..]].concat();
    let screen = |file: &mut Dicom| {
        file.text(8, 0x16, "UI", "1.2.840.10008.5.1.4.1.1.7");
        file.text(0x28, 4, "CS", "RGB");
    };
    let mut tiles = forge::JPEG2000_HEAD.to_vec();
    // Tiles of one pixel in a picture of 2048 x 2048.
    tiles[8..16].copy_from_slice(&[0, 0, 8, 0, 0, 0, 8, 0]);
    tiles[24..32].copy_from_slice(&[0, 0, 0, 1, 0, 0, 0, 1]);
    let tiled = |file: &mut Dicom| {
        (file.syntax, file.pixels) = (forge::JPEG2000, Pixels::Fragments(vec![tiles.clone()]));
        file.number(0x28, 0x10, 2048);
        file.number(0x28, 0x11, 2048);
    };
    let damaged = Refusal::Damaged(Format::Dicom);
    vec![
        bad("deep.dcm", damaged, deep),
        bad("cut.dcm", damaged, whole[..whole.len() - 9].to_vec()),
        bad("bomb.dcm", Refusal::UnpacksTooLarge, file(&bomb)),
        bad("tiles.dcm", Refusal::UnsupportedCoding, file(&tiled)),
        bad("frames that are not.dcm", damaged, file(&|file| file.text(0x28, 8, "IS", "4000"))),
        bad("colour.dcm", Refusal::Colour, file(&|file| file.text(0x28, 4, "CS", "YBR_FULL"))),
        bad("screen.dcm", Refusal::ScreenCapture, file(&screen)),
        bad("mosaic.dcm", Refusal::Mosaic, file(&|file| file.text(8, 8, "CS", "ORIGINAL\\PRIMARY\\MOSAIC"))),
        bad("report.dcm", Refusal::NoPixels, file(&|file| file.pixels = Pixels::None)),
        bad("jpeg xl.dcm", Refusal::UnsupportedCoding, file(&|file| file.syntax = "1.2.840.10008.1.2.4.110")),
    ]
}

const SIZES: [usize; 3] = [16, 12, 5];

fn volumes() -> Vec<File> {
    let nifti = Nifti::new(SIZES, &forge::volume(SIZES)).bytes();
    vec![
        good("brain.nii", Format::Nifti, nifti.clone()),
        good("brain.nii.gz", Format::Nifti, forge::gzip(&nifti)),
        good("second.nii", Format::Nifti, Nifti::new(SIZES, &forge::volume(SIZES)).bytes_2()),
        good("brain.nrrd", Format::Nrrd, forge::nrrd(SIZES, "raw")),
        good("packed.nrrd", Format::Nrrd, forge::nrrd(SIZES, "gzip")),
    ]
}

fn broken_volumes() -> Vec<File> {
    let nifti = |change: &dyn Fn(&mut Nifti)| {
        let mut file = Nifti::new(SIZES, &forge::volume(SIZES));
        change(&mut file);
        file.bytes()
    };
    let whole = nifti(&|_| {});
    let doubles = |file: &mut Nifti| {
        file.dim[1..4].copy_from_slice(&[4096, 4096, 1]);
        (file.datatype, file.bits) = (64, 64);
    };
    let bomb = [nifti(&doubles), vec![0; MAX_FILE_BYTES]].concat();
    let flat = nifti(&|file| file.rows = [[0.0; 4]; 3]);
    let nrrd = forge::nrrd(SIZES, "raw");
    let words = |from: &str, to: &str| {
        let end = nrrd.windows(2).position(|pair| pair == b"\n\n").unwrap();
        let header = std::str::from_utf8(&nrrd[..end]).unwrap().replace(from, to);
        [header.as_bytes(), &nrrd[end..]].concat()
    };
    vec![
        bad("cut.nii", Refusal::Damaged(Format::Nifti), whole[..whole.len() - 1].to_vec()),
        bad("cut.nii.gz", Refusal::Damaged(Format::Nifti), forge::gzip(&whole)[..400].to_vec()),
        bad("vast.nii", Refusal::TooManyPixels, nifti(&|file| file.dim[1..4].fill(i16::MAX))),
        bad("bomb.nii.gz", Refusal::UnpacksTooLarge, forge::gzip(&bomb)),
        bad("colours.nii", Refusal::NotIntensities, nifti(&|file| (file.datatype, file.bits) = (128, 24))),
        bad("flat.nii", Refusal::Orientation, flat),
        bad("second empty.nii", Refusal::NotIntensities, [&[0x1C, 2, 0, 0], b"n+2\0".as_slice(), &[0; 600]].concat()),
        bad("header.hdr", Refusal::Unsupported(UnsupportedFormat::HeaderOnly), nifti(&|file| file.magic = *b"ni1\0")),
        bad("nowhere.nrrd", Refusal::Orientation, words("space: left-posterior-superior\n", "")),
        bad("vast.nrrd", Refusal::TooManyPixels, words("sizes: 16 12 5", "sizes: 4096 4096 4096")),
        bad(
            "apart.nhdr",
            Refusal::Unsupported(UnsupportedFormat::HeaderOnly),
            words("encoding", "data file: a.raw\nencoding"),
        ),
    ]
}

fn zips() -> Vec<File> {
    let (png, dicom) = (forge::picture(ImageFormat::Png, 32, 32), Dicom::new(32, 32).bytes());
    let mixed =
        [("scans/a.png", &png[..]), ("../../etc/b.dcm", &dicom), ("notes.txt", b"words"), ("__MACOSX/a.png", b"x")];
    let mixed = forge::zip(&mixed);
    let many: Vec<(String, &[u8])> = (0..=MAX_FILES).map(|index| (index.to_string(), b"".as_slice())).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, data)| (name.as_str(), *data)).collect();
    let zeros = vec![0; MAX_FILE_BYTES + 1];
    let three = vec![Ok(Format::Png), Ok(Format::Dicom), Err(Refusal::Unsupported(UnsupportedFormat::Text))];
    vec![
        File { name: "mixed.zip", bytes: mixed.clone(), wanted: three },
        bad("cut.zip", Refusal::DamagedZip, mixed[..mixed.len() - 30].to_vec()),
        bad("nested.zip", Refusal::NestedZip, forge::zip(&[("inner.zip", &mixed)])),
        bad("locked.zip", Refusal::Encrypted, forge::stored(&[("a.png", &png)], |entry| entry[8] |= 1)),
        bad("bomb.zip", Refusal::UnpacksTooLarge, forge::zip(&[("zeros", &zeros)])),
        bad("many.zip", Refusal::TooManyFiles, forge::stored(&many, |_| {})),
    ]
}

fn others() -> Vec<File> {
    let noise = (0..4096_u32).map(|index| (index.wrapping_mul(2_654_435_761) >> 24) as u8 | 0x80).collect();
    vec![
        bad("empty", Refusal::Empty, Vec::new()),
        bad("noise", Refusal::Unknown, noise),
        bad("letter.txt", Refusal::Unsupported(UnsupportedFormat::Text), b"Dear doctor,".to_vec()),
        bad("cat.gif", Refusal::Unsupported(UnsupportedFormat::Gif), b"GIF89a\x01\0\x01\0\0\0\0;".to_vec()),
        bad("too large.bin", Refusal::TooLarge, vec![0; MAX_FILE_BYTES + 1]),
    ]
}
