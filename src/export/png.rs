//! Greyscale PNGs with text chunks.

use crate::mark::source_type::{SourceType, XMP_KEYWORD};

/// The PNG could not be encoded.
#[derive(Debug, thiserror::Error)]
#[error("the image could not be encoded as PNG")]
pub struct PngError(#[from] png::EncodingError);

/// Encodes `size` x `size` grey pixels (0 is black) with text chunks, given as keywords and texts. A keyword has 1 to 79
/// Latin-1 characters; the PNG specification defines Title, Description, Software, Comment and others. `source` marks generated
/// pixels for machines; it is `None` if there are none.
///
/// # Errors
/// If the number of pixels is not `size * size`, or a keyword is not allowed.
pub fn encode_gray<K: AsRef<str>, T: AsRef<str>>(
    size: usize,
    pixels: &[u8],
    text: &[(K, T)],
    source: Option<SourceType>,
) -> Result<Vec<u8>, PngError> {
    encode(size, size, pixels, text, source)
}

/// Like [`encode_gray`], for images that are not square.
pub(super) fn encode<K: AsRef<str>, T: AsRef<str>>(
    width: usize,
    height: usize,
    pixels: &[u8],
    text: &[(K, T)],
    source: Option<SourceType>,
) -> Result<Vec<u8>, PngError> {
    let mut bytes = Vec::new();
    // The encoder refuses a side of 0.
    let [width, height] = [width, height].map(|side| u32::try_from(side).unwrap_or(0));
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    for (keyword, text) in text {
        let (keyword, text) = (keyword.as_ref().to_owned(), text.as_ref());
        // Every reader shows tEXt chunks, but they can only hold Latin-1.
        if text.chars().all(|c| u32::from(c) < 256) {
            encoder.add_text_chunk(keyword, text.to_owned())?;
        } else {
            encoder.add_itxt_chunk(keyword, text.to_owned())?;
        }
    }
    if let Some(source) = source {
        encoder.add_itxt_chunk(XMP_KEYWORD.to_owned(), source.xmp())?;
    }
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Tested = Result<(), Box<dyn std::error::Error>>;

    #[test]
    fn pixels_and_text_are_read_back() -> Tested {
        let pixels: Vec<u8> = (0..64).map(|at| at * 4).collect();
        let text = [("Title", "a scan"), ("Author", "Ružička")];
        let bytes = encode_gray(8, &pixels, &text, None)?;
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info()?;
        let mut read = vec![0; 64];
        let frame = reader.next_frame(&mut read)?;
        assert_eq!((frame.width, frame.height, frame.color_type), (8, 8, png::ColorType::Grayscale));
        assert_eq!(read, pixels);
        let info = reader.info();
        assert_eq!(info.uncompressed_latin1_text[0].keyword, "Title");
        assert_eq!(info.uncompressed_latin1_text[0].text, "a scan");
        assert_eq!(info.utf8_text[0].get_text()?, "Ružička");
        assert_eq!(info.utf8_text.len(), 1, "nothing says that these pixels are generated");
        Ok(())
    }

    #[test]
    fn a_wrong_number_of_pixels_is_refused() {
        let none: [(&str, &str); 0] = [];
        assert!(encode_gray(8, &[0; 63], &none, None).is_err());
        assert!(encode_gray(0, &[], &none, None).is_err());
        assert!(encode_gray(1, &[0], &[("", "no keyword")], None).is_err());
    }

    #[test]
    fn generated_pixels_are_marked_before_the_image_without_compression() -> Tested {
        let none: [(&str, &str); 0] = [];
        for source in [SourceType::TrainedAlgorithmicMedia, SourceType::CompositeSynthetic] {
            let bytes = encode_gray(1, &[0], &none, Some(source))?;
            let at = |words: &[u8]| bytes.windows(words.len()).position(|window| window == words);
            // Readers of XMP look for the plain text.
            let (uri, image) = (at(source.uri().as_bytes()), at(b"IDAT"));
            assert!(uri.is_some() && uri < image, "{uri:?} {image:?}");
            let info = png::Decoder::new(std::io::Cursor::new(bytes)).read_info()?;
            let chunk = &info.info().utf8_text[0];
            assert_eq!((chunk.keyword.as_str(), chunk.compressed), ("XML:com.adobe.xmp", false));
            assert_eq!(chunk.get_text()?, source.xmp());
        }
        Ok(())
    }
}
