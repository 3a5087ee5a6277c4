//! The discriminator's logits and the generator's feature maps, as the page shows them.
#![cfg(feature = "network")]

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData, read_sync};
use hersenscan::gan::card::WeightsCard;
use hersenscan::gan::directions::Directions;
use hersenscan::gan::discriminator::Discriminator;
use hersenscan::gan::discriminator_model::DiscriminatorModel;
use hersenscan::gan::feature_maps::MAPS;
use hersenscan::gan::generator::Generator;
use hersenscan::gan::generator_model::GeneratorModel;
use hersenscan::gan::layers::Init;
use hersenscan::gan::logit_reference::LogitReference;
use hersenscan::gan::preset::{Network, PRESETS, ScanSpec, Style};
use hersenscan::gan::random::{Purpose, Stream};
use hersenscan::gan::state_dict;
use hersenscan::gan::weights;
use hersenscan::gan::weights_error::WeightsError;
use hersenscan::slice::{LabelledSlice, Slice};

const CLASSES: usize = 2;

fn card(network: Network, reference: Option<LogitReference>) -> WeightsCard {
    let card = WeightsCard::blank(network, PRESETS[0], vec!["a".into(), "b".into()]);
    WeightsCard { reference, ..card }
}

fn file<M: Module>(card: &WeightsCard, network: &M) -> Vec<u8> {
    let values = read_sync(state_dict::read(state_dict::tensors(network))).expect("flex reads");
    weights::write(card, &values, &Directions::default()).expect("writes")
}

fn discriminator() -> Discriminator {
    let mut stream = Stream::new(Purpose::Weights, 3, 1);
    Discriminator::new(PRESETS[0], CLASSES, &mut Init::Random(&mut stream), &Device::flex())
}

fn reference() -> Option<LogitReference> {
    LogitReference::of(&[1.0, 2.0], &[-2.0, -1.0])
}

fn example(class: usize, shift: usize) -> LabelledSlice {
    let pixels = |step: usize| (0..32 * 32).map(|i| ((i * step + shift) % 256) as u8).collect();
    LabelledSlice { class, slice: Slice { size: 32, image: pixels(7), mask: pixels(3) } }
}

#[test]
fn logits_survive_a_weights_file_up_to_rounding() {
    let network = discriminator();
    let judge =
        DiscriminatorModel::from_bytes(&file(&card(Network::Discriminator, reference()), &network), &Device::flex());
    let judge = judge.expect("a good file");
    assert_eq!(judge.reference().threshold(), 0.0);
    let scans = [example(0, 0), example(1, 50), example(9, 99)];
    let logits = read_sync(judge.logits(&scans)).expect("flex works");

    let values: Vec<f32> = scans
        .iter()
        .flat_map(|s| s.slice.image.iter().chain(&s.slice.mask))
        .map(|&b| f32::from(b) / 127.5 - 1.0)
        .collect();
    let images = Tensor::from_data(TensorData::new(values, [3, 2, 32, 32]), &Device::flex());
    let class = Tensor::from_data([[1.0f32, 0.0], [0.0, 1.0], [0.0, 1.0]], &Device::flex());
    let plain: Vec<f32> = network.forward(images, class).into_data().iter::<f32>().collect();
    for (a, b) in logits.iter().zip(&plain) {
        // Weights files hold 16-bit floats.
        assert!((a - b).abs() < 0.02 * b.abs().max(1.0), "{logits:?} {plain:?}");
    }
    assert!(logits[0] != logits[1]);
}

#[test]
fn a_discriminator_without_a_valid_reference_is_refused() {
    let refusal = |card: &WeightsCard| {
        DiscriminatorModel::from_bytes(&file(card, &discriminator()), &Device::flex()).expect_err("refused")
    };
    let field = |error| matches!(error, WeightsError::Field { field: "reference", .. });
    assert!(field(refusal(&card(Network::Discriminator, None))));
    let falling = LogitReference { real: vec![3.0; 11], generated: (0..11).rev().map(|x| x as f32).collect() };
    assert!(field(refusal(&card(Network::Discriminator, Some(falling)))));
    assert!(matches!(refusal(&card(Network::Generator, reference())), WeightsError::Network { .. }));
}

#[test]
fn feature_maps_start_at_4_pixels_and_depend_on_the_seed() {
    let mut stream = Stream::new(Purpose::Weights, 4, 0);
    let generator = Generator::new(PRESETS[0], CLASSES, &mut Init::Random(&mut stream), &Device::flex());
    let model =
        GeneratorModel::from_bytes(&file(&card(Network::Generator, None), &generator), &Device::flex()).expect("good");
    let layers = |seed| {
        let scan = ScanSpec { seed, class: 0, toward: None };
        read_sync(model.layers(&scan, &Style::default())).expect("flex works")
    };
    let first = layers(1);
    assert_eq!(first.iter().map(|layer| layer.side).collect::<Vec<_>>(), [4, 8, 16, 32]);
    for layer in &first {
        assert_eq!(layer.maps.len(), MAPS);
        for map in &layer.maps {
            assert_eq!(map.len(), layer.side * layer.side);
            assert!(map.contains(&0) && map.contains(&255), "a feature map of random weights is not constant");
        }
    }
    assert_eq!(first, layers(1));
    assert_ne!(first, layers(2));
}
