//! Encodes lossless JPEG (ITU-T T.81 annex H), which no crate here encodes.

/// A file with these pixels and predictor 1: each pixel is the difference from its left neighbour, or from the one above at
/// the start of a row.
pub fn lossless(width: usize, pixels: &[u16]) -> Vec<u8> {
    let height = pixels.len() / width;
    let [wide, high] = [width, height].map(|side| (side as u16).to_be_bytes());
    let mut file = vec![0xFF, 0xD8, 0xFF, 0xC3, 0, 11, 16, high[0], high[1], wide[0], wide[1], 1, 1, 0x11, 0];
    // A Huffman table with 17 categories of differences, each with a code of 5 bits.
    file.extend([0xFF, 0xC4, 0, 36, 0, 0, 0, 0, 0, 17]);
    file.extend([0; 11]);
    file.extend(0..17);
    file.extend([0xFF, 0xDA, 0, 8, 1, 1, 0, 1, 0, 0]);
    let mut bits = Bits::default();
    for (index, pixel) in pixels.iter().enumerate() {
        let before = match (index % width, index / width) {
            (0, 0) => 1 << 15,
            (0, _) => pixels[index - width],
            _ => pixels[index - 1],
        };
        let difference = pixel.wrapping_sub(before) as i16;
        let size = 16 - difference.unsigned_abs().leading_zeros();
        bits.put(size, 5);
        if size < 16 {
            let below = i32::from(difference) - i32::from(difference < 0);
            bits.put(below as u32 & ((1 << size) - 1), size);
        }
    }
    file.extend(bits.finish());
    file.extend([0xFF, 0xD9]);
    file
}

/// Writes bits, most significant first. A byte 0xFF is followed by 0.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    held: u64,
    count: u32,
}

impl Bits {
    fn put(&mut self, value: u32, count: u32) {
        self.held = self.held << count | u64::from(value);
        self.count += count;
        while self.count >= 8 {
            self.count -= 8;
            let byte = (self.held >> self.count) as u8;
            self.bytes.push(byte);
            if byte == 0xFF {
                self.bytes.push(0);
            }
        }
    }

    fn finish(mut self) -> Vec<u8> {
        self.put(0x7F, 7);
        self.bytes
    }
}
