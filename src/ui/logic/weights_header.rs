//! Reads the header of a weights file, so that the page knows what it contains. The engine checks the rest of the file.

use serde::Deserialize;

use crate::gan::preset::Preset;

/// Size limit of a file, in bytes. The largest networks of this site take 3.5 MB.
const MAX_FILE_BYTES: usize = 64 << 20;
/// Size limit of the header, in bytes.
const MAX_HEADER_BYTES: u64 = 1 << 20;

/// What a weights file contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeightsHeader {
    /// Whether it is a generator; otherwise it is a discriminator.
    pub generator: bool,
    /// Architecture of the network.
    pub preset: Preset,
}

#[derive(Deserialize)]
struct Header {
    #[serde(rename = "__metadata__")]
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Metadata {
    network: String,
    preset: String,
}

/// Reads the header of a safetensors file. None if it is not a weights file of this site.
pub fn read(bytes: &[u8]) -> Option<WeightsHeader> {
    let (length, rest) = bytes.split_first_chunk::<8>()?;
    let length = u64::from_le_bytes(*length);
    if bytes.len() > MAX_FILE_BYTES || length > MAX_HEADER_BYTES {
        return None;
    }
    let header: Header = serde_json::from_slice(rest.get(..usize::try_from(length).ok()?)?).ok()?;
    let generator = match header.metadata.network.as_str() {
        "generator" => true,
        "discriminator" => false,
        _ => return None,
    };
    Some(WeightsHeader { generator, preset: Preset::by_name(&header.metadata.preset)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(header: &str) -> Vec<u8> {
        [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &[0; 16]].concat()
    }

    #[test]
    fn a_header_is_read() {
        let bytes = file(r#"{"__metadata__":{"network":"generator","preset":"s32","kimg":"8"},"a":{"dtype":"F16"}}"#);
        let head = read(&bytes).expect("a header");
        assert!(head.generator);
        assert_eq!(head.preset.size(), 32);
    }

    #[test]
    fn other_files_are_refused() {
        let no = [
            Vec::new(),
            vec![b'<'; 40],
            u64::MAX.to_le_bytes().to_vec(),
            file("{}"),
            file(r#"{"__metadata__":{"network":"generator","preset":"x"}}"#),
            file(r#"{"__metadata__":{"network":"toaster","preset":"s32"}}"#),
        ];
        assert!(no.iter().all(|bytes| read(bytes).is_none()));
    }
}
