//! Malicious and damaged weights files are refused, each with its own message.
#![cfg(feature = "network")]

use std::collections::HashMap;

use burn::tensor::{Device, read_sync};
use hersenscan::gan::card::WeightsCard;
use hersenscan::gan::directions::Directions;
use hersenscan::gan::generator::Generator;
use hersenscan::gan::generator_model::GeneratorModel;
use hersenscan::gan::layers::Init;
use hersenscan::gan::preset::{Network, Preset};
use hersenscan::gan::random::{Purpose, Stream};
use hersenscan::gan::state_dict::{self, NamedValues};
use hersenscan::gan::weights::{self, WeightsFile};
use hersenscan::gan::weights_error::{MAX_FILE, MAX_HEADER, WeightsError};

fn card() -> WeightsCard {
    let preset = Preset::by_name("t32").expect("t32 exists");
    WeightsCard::blank(Network::Generator, preset, vec!["a".into(), "b".into()])
}

fn values() -> Vec<NamedValues> {
    let mut stream = Stream::new(Purpose::Weights, 1, 1);
    let init = &mut Init::Random(&mut stream);
    let generator = Generator::new(card().preset, 2, init, &Device::flex());
    read_sync(state_dict::read(state_dict::tensors(&generator))).expect("flex reads")
}

fn file_of(card: &WeightsCard, values: &[NamedValues]) -> Vec<u8> {
    weights::write(card, values, &Directions::default()).expect("writes")
}

fn good() -> Vec<u8> {
    file_of(&card(), &values())
}

fn refusal(bytes: &[u8]) -> WeightsError {
    GeneratorModel::from_bytes(bytes, &Device::flex()).expect_err("must be refused")
}

/// The same file with a changed header.
fn with_header(bytes: &[u8], change: impl Fn(&mut serde_json::Value)) -> Vec<u8> {
    let length = u64::from_le_bytes(bytes[..8].try_into().expect("eight bytes")) as usize;
    let mut header: serde_json::Value = serde_json::from_slice(&bytes[8..8 + length]).expect("a header");
    change(&mut header);
    let text = header.to_string();
    let mut changed = (text.len() as u64).to_le_bytes().to_vec();
    changed.extend(text.as_bytes());
    changed.extend(&bytes[8 + length..]);
    changed
}

#[test]
fn a_valid_file_is_read_back() {
    let bytes = good();
    let file = WeightsFile::open(&bytes).expect("opens");
    assert_eq!(file.card, card());
    let wanted: Vec<_> = values().into_iter().map(|v| (v.name, v.shape)).collect();
    assert_eq!(file.values(&wanted).expect("reads"), weights::rounded(&values()));
    assert!(GeneratorModel::from_bytes(&bytes, &Device::flex()).is_ok());
}

#[test]
fn files_of_the_wrong_size_are_refused() {
    assert_eq!(refusal(b""), WeightsError::TooShort(0));
    assert_eq!(refusal(&[1, 2, 3]), WeightsError::TooShort(3));
    assert_eq!(refusal(&vec![0; MAX_FILE + 1]), WeightsError::TooLarge(MAX_FILE + 1));
    let bytes = good();
    for keep in [9, 100, bytes.len() / 2, bytes.len() - 1] {
        assert!(matches!(refusal(&bytes[..keep]), WeightsError::Damaged(_)), "{keep} bytes");
    }
    let longer = [bytes, vec![0]].concat();
    assert!(matches!(refusal(&longer), WeightsError::Damaged(_)));
}

#[test]
fn a_web_page_has_its_own_message() {
    assert_eq!(refusal(b"<!doctype html><title>404</title>"), WeightsError::WebPage);
    assert_eq!(refusal(b"\n <html><body>"), WeightsError::WebPage);
}

#[test]
fn a_huge_header_is_refused_before_it_is_read() {
    let mut bytes = good();
    let claimed = MAX_HEADER as u64 + 1;
    bytes[..8].copy_from_slice(&claimed.to_le_bytes());
    assert_eq!(refusal(&bytes), WeightsError::HeaderTooLarge(claimed));
    bytes[..8].copy_from_slice(&u64::MAX.to_le_bytes());
    assert_eq!(refusal(&bytes), WeightsError::HeaderTooLarge(u64::MAX));
}

#[test]
fn overlapping_offsets_are_refused() {
    let bytes = with_header(&good(), |header| {
        let other = header["basis"]["data_offsets"].clone();
        header["output.bias"]["data_offsets"] = other;
    });
    assert!(matches!(refusal(&bytes), WeightsError::Damaged(_)));
}

#[test]
fn wrong_names_shapes_and_types_are_refused_by_name() {
    let mut missing = values();
    missing.retain(|value| value.name != "basis");
    assert_eq!(refusal(&file_of(&card(), &missing)), WeightsError::Missing("basis".into()));

    let mut extra = values();
    extra.push(NamedValues { name: "backdoor".into(), shape: vec![1], values: vec![1.0] });
    assert_eq!(refusal(&file_of(&card(), &extra)), WeightsError::Unexpected("backdoor".into()));

    let mut turned = values();
    let project = turned.iter_mut().find(|v| v.name == "project").expect("project");
    project.shape.reverse();
    let (found, wanted) = (project.shape.clone(), project.shape.iter().rev().copied().collect());
    let name = "project".to_owned();
    assert_eq!(refusal(&file_of(&card(), &turned)), WeightsError::Shape { name, found, wanted });

    let bytes = with_header(&good(), |header| header["output.bias"]["dtype"] = "BF16".into());
    assert!(matches!(refusal(&bytes), WeightsError::Dtype { name, .. } if name == "output.bias"));
}

#[test]
fn infinite_nan_and_huge_values_are_refused() {
    for (bad, expected) in [
        (f32::NAN, WeightsError::NotFinite("output.weight".into())),
        (f32::INFINITY, WeightsError::NotFinite("output.weight".into())),
        (30_000.0, WeightsError::Magnitude("output.weight".into())),
    ] {
        let mut values = values();
        let output = values.iter_mut().find(|v| v.name == "output.weight").expect("output");
        output.values[3] = bad;
        assert_eq!(refusal(&file_of(&card(), &values)), expected);
    }
}

#[test]
fn metadata_is_checked_before_any_tensor() {
    let metadata = |change: &dyn Fn(&mut HashMap<String, String>)| {
        let mut map = card().to_metadata();
        change(&mut map);
        with_header(&good(), |header| header["__metadata__"] = serde_json::json!(map))
    };
    let field = |bytes: &[u8]| match refusal(bytes) {
        WeightsError::Field { field, .. } => field,
        other => panic!("{other}"),
    };
    let strange = metadata(&|map| drop(map.remove("format")));
    assert_eq!(refusal(&strange), WeightsError::NotOurs);
    let set = |name: &str, value: &str| {
        let (name, value) = (name.to_owned(), value.to_owned());
        metadata(&move |map| drop(map.insert(name.clone(), value.clone())))
    };
    assert_eq!(field(&set("format", "hersenscan-99")), "format");
    assert_eq!(field(&set("preset", "x4096")), "preset");
    assert_eq!(field(&set("classes", "[]")), "classes");
    assert_eq!(field(&set("classes", &format!("{:?}", vec!["c"; 1000]))), "classes");
    assert_eq!(field(&set("kimg", "many")), "kimg");
    assert_eq!(field(&set("probe", "<script>")), "probe");
    assert_eq!(field(&metadata(&|map| drop(map.remove("licence")))), "licence");
    assert_eq!(
        refusal(&set("network", "discriminator")),
        WeightsError::Network { found: "discriminator", wanted: "generator" }
    );
}

/// Untrusted text must not reach a terminal or a page at full length or with control characters.
#[test]
fn messages_quote_untrusted_text_shortened() {
    let mut map = card().to_metadata();
    map.insert("preset".into(), format!("\u{1b}[31m{}", "x".repeat(10_000)));
    let bytes = with_header(&good(), |header| header["__metadata__"] = serde_json::json!(map));
    let message = refusal(&bytes).to_string();
    assert!(message.len() < 200 && !message.contains('\u{1b}'), "{message}");
}

#[test]
fn missing_styles_are_read_as_zeros() {
    let mut zeros = values();
    zeros.iter_mut().filter(|value| value.name.ends_with("style")).for_each(|value| value.values.fill(0.0));
    let none: Vec<_> = zeros.iter().filter(|value| !value.name.ends_with("style")).cloned().collect();
    assert!(none.len() < zeros.len());
    let wanted: Vec<_> = zeros.iter().map(|value| (value.name.clone(), value.shape.clone())).collect();
    let read = |values: &[NamedValues]| {
        let bytes = file_of(&card(), values);
        WeightsFile::open(&bytes).expect("opens").values(&wanted).expect("reads")
    };
    assert_eq!(read(&none), read(&zeros));
}
