//! What a weights file says of itself, without its numbers: enough for the page to know what it is. The engine checks the
//! rest before it computes with it.

use serde::Deserialize;

use crate::gan::preset::Preset;

/// Largest file, in bytes; those of the largest networks have 3.5 MB.
const MAX_FILE: usize = 64 << 20;
/// Largest header, in bytes.
const MAX_HEADER: u64 = 1 << 20;

/// What the page needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeightsHeader {
    /// A generator, or else a discriminator.
    pub generator: bool,
    /// Its size.
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

/// Reads the head of a safetensors file; none if it is no weights file of this site.
pub fn read(bytes: &[u8]) -> Option<WeightsHeader> {
    let (length, rest) = bytes.split_first_chunk::<8>()?;
    let length = u64::from_le_bytes(*length);
    if bytes.len() > MAX_FILE || length > MAX_HEADER {
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
    fn a_head_is_read() {
        let bytes = file(r#"{"__metadata__":{"network":"generator","preset":"s32","kimg":"8"},"a":{"dtype":"F16"}}"#);
        let head = read(&bytes).expect("a head");
        assert!(head.generator);
        assert_eq!(head.preset.size(), 32);
    }

    #[test]
    fn anything_else_is_not() {
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
