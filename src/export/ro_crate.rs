//! `ro-crate-metadata.json`: a download described for archives and search engines (RO-Crate 1.1,
//! <https://w3id.org/ro/crate/1.1>).

use serde_json::{Value, json};

use super::manifest::Manifest;
use crate::licence::Licence;
use crate::mark::DESCRIPTIONS;
use crate::mark::source_type::SourceType;

/// Name of the file, fixed by RO-Crate.
pub const FILE_NAME: &str = DESCRIPTIONS[2];

/// A file of the download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrateFile {
    /// Name without folder.
    pub name: String,
    /// What it holds, as a short sentence in English.
    pub about: &'static str,
    /// Media type: `image/png`.
    pub media_type: &'static str,
    /// Size in bytes.
    pub bytes: usize,
    /// SHA-256 of the content, hexadecimal.
    pub sha256: String,
    /// Where the pixels come from, if it is a picture.
    pub source: Option<SourceType>,
}

/// The description of a download, as JSON on one line, because it can be long. `files` are all its files but this one.
///
/// # Errors
/// If a number in the manifest is not finite.
pub fn metadata(manifest: &Manifest, files: &[CrateFile]) -> Result<String, serde_json::Error> {
    let parts: Vec<Value> = files.iter().map(|file| id(&file.name)).collect();
    let mut graph = vec![
        json!({
            "@id": FILE_NAME,
            "@type": "CreativeWork",
            "conformsTo": { "@id": "https://w3id.org/ro/crate/1.1" },
            "about": { "@id": "./" },
        }),
        root(manifest, &parts),
        licence(&manifest.licence),
    ];
    graph.extend(making(manifest));
    graph.extend(files.iter().map(data_entity));
    // Terms of schema.org that are newer than the context of RO-Crate 1.1.
    let newer = ["creditText", "digitalSourceType", "sha256"];
    let newer: serde_json::Map<String, Value> =
        newer.into_iter().map(|term| (term.to_owned(), json!(format!("http://schema.org/{term}")))).collect();
    let context = json!(["https://w3id.org/ro/crate/1.1/context", newer]);
    serde_json::to_string(&json!({ "@context": context, "@graph": graph }))
}

/// The download as a whole.
fn root(manifest: &Manifest, parts: &[Value]) -> Value {
    let (count, size) = (manifest.scans.len(), manifest.size);
    json!({
        "@id": "./",
        "@type": "Dataset",
        "name": format!("{count} synthetic brain MRI slices with tumour masks"),
        "description": format!(
            "{} Greyscale PNGs of {size} x {size} pixels. manifest.json holds all that is needed to make them again.",
            manifest.notice
        ),
        "datePublished": manifest.date,
        "license": id(&licence_id(&manifest.licence)),
        "creditText": manifest.attribution,
        "keywords": ["synthetic", "brain", "MRI", "generative adversarial network"],
        "digitalSourceType": SourceType::TrainedAlgorithmicMedia.uri(),
        "hasPart": parts,
        "mentions": { "@id": "#making" },
    })
}

/// How the scans were made: an action, the program and the weights.
fn making(manifest: &Manifest) -> [Value; 4] {
    let generator = &manifest.generator;
    let action = json!({
        "@id": "#making",
        "@type": "CreateAction",
        "name": "Making the scans",
        "description": manifest.reproduce.commands.join("\n"),
        "endTime": manifest.date,
        "instrument": { "@id": "#program" },
        "object": { "@id": "#weights" },
        "result": { "@id": "./" },
    });
    let program = json!({
        "@id": "#program",
        "@type": "SoftwareApplication",
        "name": generator.name,
        "softwareVersion": generator.version,
    });
    let weights = json!({
        "@id": "#weights",
        "@type": "CreativeWork",
        "name": format!("Weights of a generator, preset {}", generator.preset),
        "sha256": generator.weights_sha256,
        "license": id(&licence_id(&manifest.licence)),
        "isBasedOn": { "@id": "#training-data" },
    });
    let data = json!({ "@id": "#training-data", "@type": "CreativeWork", "name": generator.dataset });
    [action, program, weights, data]
}

fn data_entity(file: &CrateFile) -> Value {
    let kind = if file.source.is_some() { json!(["File", "ImageObject"]) } else { json!("File") };
    let mut entity = json!({
        "@id": file.name,
        "@type": kind,
        "name": file.name,
        "description": file.about,
        "encodingFormat": file.media_type,
        "contentSize": file.bytes.to_string(),
        "sha256": file.sha256,
    });
    if let Some(source) = file.source {
        entity["digitalSourceType"] = json!(source.uri());
    }
    entity
}

fn licence(name: &str) -> Value {
    json!({
        "@id": licence_id(name),
        "@type": "CreativeWork",
        "name": name,
        "description": "Licence of the weights, which also covers the scans that they make.",
    })
}

/// The address of a known licence. A visitor's own generator has another one, which is described here only.
fn licence_id(name: &str) -> String {
    Licence::named(name).map_or("#licence", |licence| licence.url).to_owned()
}

fn id(name: &str) -> Value {
    json!({ "@id": name })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::provenance::{example, sha256};
    use super::*;

    fn described(licence: &str) -> Result<Value, serde_json::Error> {
        let mut manifest = Manifest::new(&example(), 4, "2017-04-02");
        manifest.licence = licence.to_owned();
        let file = |name: &str, source| CrateFile {
            name: name.to_owned(),
            about: "A file.",
            media_type: "image/png",
            bytes: 3,
            sha256: sha256(b"abc"),
            source,
        };
        let files = [file("0000.png", Some(SourceType::TrainedAlgorithmicMedia)), file("samples.csv", None)];
        serde_json::from_str(&metadata(&manifest, &files)?)
    }

    /// The references in a value: objects with nothing but `@id`.
    fn references(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(fields) => match fields.get("@id").and_then(Value::as_str) {
                Some(id) if fields.len() == 1 => drop(found.insert(id.to_owned())),
                _ => fields.values().for_each(|value| references(value, found)),
            },
            Value::Array(values) => values.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }

    #[test]
    fn every_reference_is_to_an_entity_and_every_entity_is_referred_to() -> Result<(), serde_json::Error> {
        for licence in ["CC BY 4.0", "that of its slices"] {
            let described = described(licence)?;
            let entities = described["@graph"].as_array().into_iter().flatten();
            let mut known: BTreeSet<String> =
                entities.filter_map(|entity| entity["@id"].as_str().map(str::to_owned)).collect();
            let mut referred = BTreeSet::new();
            references(&described["@graph"], &mut referred);
            // The specification is not described here, and nothing refers to this file.
            assert!(referred.remove("https://w3id.org/ro/crate/1.1") && known.remove(FILE_NAME));
            assert_eq!(referred, known, "{licence}");
        }
        Ok(())
    }

    #[test]
    fn pictures_are_marked_and_tables_are_not() -> Result<(), serde_json::Error> {
        let described = described("CC BY 4.0")?;
        let entity = |id: &str| {
            let all = described["@graph"].as_array().into_iter().flatten();
            all.into_iter().find(|entity| entity["@id"] == id).cloned().unwrap_or_default()
        };
        assert_eq!(entity("0000.png")["digitalSourceType"], SourceType::TrainedAlgorithmicMedia.uri());
        assert_eq!(entity("0000.png")["sha256"], sha256(b"abc"));
        assert!(entity("samples.csv").get("digitalSourceType").is_none());
        assert_eq!(entity("./")["license"]["@id"], "https://creativecommons.org/licenses/by/4.0/");
        assert_eq!(entity("#weights")["sha256"], example().weights_sha256);
        Ok(())
    }
}
