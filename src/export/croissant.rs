//! `croissant.json`: a download described for machine learning (Croissant 1.0,
//! <https://docs.mlcommons.org/croissant/docs/croissant-spec.html>).
//!
//! A program that knows the format loads classes, seeds, scans and masks with it. They come from `manifest.json`, because
//! Croissant cannot read the semicolons of `samples.csv`.

use serde_json::{Value, json};

use super::manifest::Manifest;
use crate::licence::Licence;
use crate::mark::DESCRIPTIONS;

/// Name of the file.
pub const FILE_NAME: &str = DESCRIPTIONS[1];

/// The description of a download, as indented JSON. `manifest_sha256` is the hash of its `manifest.json`.
///
/// # Errors
/// If a number in the manifest is not finite.
pub fn metadata(manifest: &Manifest, manifest_sha256: &str) -> Result<String, serde_json::Error> {
    let licence = Licence::named(&manifest.licence).map_or(manifest.licence.as_str(), |licence| licence.url);
    let generator = &manifest.generator;
    let mut dataset = json!({
        "@context": context(),
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "synthetic-brain-mri-slices",
        "description": format!(
            "{} {} slices of {} x {} pixels with tumour masks, made by {} {} with the weights {}.",
            manifest.notice, manifest.scans.len(), manifest.size, manifest.size, generator.name, generator.version,
            generator.weights_sha256,
        ),
        "version": "1.0.0",
        "datePublished": manifest.date,
        "license": licence,
        "citeAs": manifest.attribution,
        "rai:dataCollection": format!("Generated. The generator learned from: {}.", generator.dataset),
        "rai:dataCollectionType": "Synthetic",
        "rai:dataLimitations": "Not for diagnosis. The class is the input of the generator and the mask is drawn by it: nobody \
            has checked either. A generator can repeat a slice that it learned from.",
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": "manifest.json",
                "name": "manifest.json",
                "description": "The scans with class, seed and mask, and their origin.",
                "contentUrl": "manifest.json",
                "encodingFormat": "application/json",
                "sha256": manifest_sha256,
            },
            file_set("scan-files", "All scans.", "*[0-9].png"),
            file_set("mask-files", "All tumour masks.", "*_mask.png"),
        ],
        "recordSet": [
            {
                "@type": "cr:RecordSet",
                "@id": "scans",
                "name": "scans",
                "description": "A record for each scan.",
                "key": { "@id": "scans/file" },
                "field": [
                    listed("file", "sc:Text", "File name of the scan."),
                    listed("mask", "sc:Text", "File name of its tumour mask."),
                    listed("class", "sc:Text", "Class that the generator was asked for."),
                    listed("seed", "sc:Integer", "Seed of the latent."),
                ],
            },
            pictures("images", "scan-files", "The pixels of each scan."),
            pictures("masks", "mask-files", "The pixels of each tumour mask."),
        ],
    });
    // A link to a page that shows these scans. A download of the command line has none.
    if let Some(link) = &manifest.reproduce.link {
        dataset["url"] = json!(link);
    }
    serde_json::to_string_pretty(&dataset)
}

fn file_set(id: &str, description: &str, includes: &str) -> Value {
    json!({
        "@type": "cr:FileSet",
        "@id": id,
        "name": id,
        "description": description,
        "encodingFormat": "image/png",
        "includes": includes,
    })
}

/// A field of the scans in the manifest.
fn listed(name: &str, data_type: &str, description: &str) -> Value {
    let path = format!("$.scans[*].{name}");
    let source = json!({ "fileObject": { "@id": "manifest.json" }, "extract": { "jsonPath": path } });
    field("scans", name, data_type, description, &source)
}

/// The file names and pixels of a set of files.
fn pictures(id: &str, files: &str, description: &str) -> Value {
    let source = |property: &str| json!({ "fileSet": { "@id": files }, "extract": { "fileProperty": property } });
    json!({
        "@type": "cr:RecordSet",
        "@id": id,
        "name": id,
        "description": description,
        "key": { "@id": format!("{id}/file") },
        "field": [
            field(id, "file", "sc:Text", "File name.", &source("filename")),
            field(id, "pixels", "sc:ImageObject", "Greyscale picture.", &source("content")),
        ],
    })
}

fn field(record_set: &str, name: &str, data_type: &str, description: &str, source: &Value) -> Value {
    json!({
        "@type": "cr:Field",
        "@id": format!("{record_set}/{name}"),
        "name": name,
        "description": description,
        "dataType": data_type,
        "source": source,
    })
}

/// The context of Croissant 1.0, which every file repeats.
fn context() -> Value {
    let own = [
        "citeAs",
        "column",
        "equivalentProperty",
        "extract",
        "field",
        "fileProperty",
        "fileObject",
        "fileSet",
        "format",
        "includes",
        "isLiveDataset",
        "jsonPath",
        "key",
        "md5",
        "parentField",
        "path",
        "recordSet",
        "references",
        "regex",
        "repeated",
        "replace",
        "separator",
        "source",
        "subField",
        "transform",
    ];
    let mut context = json!({
        "@language": "en",
        "@vocab": "https://schema.org/",
        "sc": "https://schema.org/",
        "cr": "http://mlcommons.org/croissant/",
        "rai": "http://mlcommons.org/croissant/RAI/",
        "dct": "http://purl.org/dc/terms/",
        "conformsTo": "dct:conformsTo",
        "data": { "@id": "cr:data", "@type": "@json" },
        "dataType": { "@id": "cr:dataType", "@type": "@vocab" },
        "examples": { "@id": "cr:examples", "@type": "@json" },
    });
    for term in own {
        context[term] = json!(format!("cr:{term}"));
    }
    context
}

#[cfg(test)]
mod tests {
    use super::super::provenance::example;
    use super::*;

    #[test]
    fn it_says_what_is_generated_under_which_licence_and_from_what() -> Result<(), serde_json::Error> {
        let mut manifest = Manifest::new(&example(), 4, "2017-04-02");
        let read = |manifest: &Manifest| -> Result<Value, serde_json::Error> {
            serde_json::from_str(&metadata(manifest, "abc")?)
        };
        let described = read(&manifest)?;
        assert_eq!(described["license"], "https://creativecommons.org/licenses/by/4.0/");
        assert_eq!(described["distribution"][0]["sha256"], "abc");
        assert_eq!(described["@context"]["jsonPath"], "cr:jsonPath");
        assert!(described["rai:dataCollection"].as_str().is_some_and(|text| text.contains("made up")));
        assert!(described.get("url").is_none());

        manifest.licence = "not stated".to_owned();
        manifest.reproduce.link = Some("https://example.org/#/studio?seed=7".to_owned());
        let described = read(&manifest)?;
        assert_eq!((&described["license"], &described["url"]), (&json!("not stated"), &json!(manifest.reproduce.link)));
        Ok(())
    }
}
