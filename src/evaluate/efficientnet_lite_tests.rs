//! Layers compared with results by hand, and the whole network with PyTorch.

use super::*;

/// The odd pixel comes at the end.
#[test]
fn padding_equals_that_of_tensorflow() {
    assert_eq!(same(224, 3, 2), (0, 1));
    assert_eq!(same(112, 5, 2), (1, 2));
    assert_eq!(same(7, 3, 2), (1, 1));
    assert_eq!((same(56, 3, 1), same(14, 5, 1), same(14, 1, 1)), ((1, 1), (2, 2), (0, 0)));
}

fn layer(weight: Vec<f32>, shape: [usize; 4], stride: usize, groups: usize) -> ConvLayer {
    let device = Device::flex();
    let bias = Tensor::from_data(TensorData::new(vec![0.5; shape[0]], [shape[0]]), &device);
    ConvLayer { weight: Tensor::from_data(TensorData::new(weight, shape), &device), bias, stride, groups }
}

fn ramp(channels: usize, side: usize) -> Tensor<4> {
    let values = (0..channels * side * side).map(|value| value as f32).collect::<Vec<_>>();
    Tensor::from_data(TensorData::new(values, [1, channels, side, side]), &Device::flex())
}

/// A 3 x 3 kernel of ones over 4 x 4 pixels with stride 2: the last window extends past the right and lower edge.
#[test]
fn a_strided_layer_by_hand() {
    let out = layer(vec![1.0; 9], [1, 1, 3, 3], 2, 1).forward(ramp(1, 4));
    assert_eq!(out.dims(), [1, 1, 2, 2]);
    assert_eq!(out.into_data().iter::<f32>().collect::<Vec<_>>(), [45.5, 39.5, 66.5, 50.5]);
}

/// Each channel has its own filter: the middle pixel times 1 and times 2.
#[test]
fn a_depthwise_layer_does_not_mix_channels() {
    let mut weight = vec![0.0; 18];
    (weight[4], weight[13]) = (1.0, 2.0);
    let out = layer(weight, [2, 1, 3, 3], 1, 2).forward(ramp(2, 2));
    assert_eq!(out.into_data().iter::<f32>().collect::<Vec<_>>(), [0.5, 1.5, 2.5, 3.5, 8.5, 10.5, 12.5, 14.5]);
}

#[test]
fn invalid_files_are_refused() {
    let device = Device::flex();
    assert!(matches!(EfficientNetLite::from_bytes(b"no", &device), Err(FeaturesError::Damaged(_))));
    let values = [0; 4];
    let view = safetensors::tensor::TensorView::new(Dtype::F32, vec![1], &values).expect("fits");
    let file = safetensors::serialize([("stem.weight", view)], None).expect("fits");
    assert!(matches!(EfficientNetLite::from_bytes(&file, &device), Err(FeaturesError::Other(_))));
}

/// Every 20th feature of the image below, computed with PyTorch 2.9.0 and efficientnet_lite_pytorch.
const REFERENCE: [f32; 64] = [
    0.643596, 0.000000, 0.000000, 0.071165, 0.000000, 1.203_35, 0.160499, 0.000000, 0.000000, 0.000000, 0.000000,
    0.000000, 0.032043, 0.000000, 0.000000, 0.000000, 0.000000, 0.103429, 0.004447, 0.072996, 0.714799, 0.000000,
    0.000000, 0.000000, 0.000000, 0.151250, 0.029786, 0.000000, 0.000000, 0.000000, 0.093732, 2.090587, 0.000000,
    0.842848, 0.000000, 0.664717, 0.000000, 0.000000, 0.000000, 0.367900, 0.009582, 0.002885, 0.000000, 0.000000,
    0.000000, 1.314_34, 0.015765, 0.000000, 0.000000, 0.704302, 0.000000, 0.000000, 0.000000, 0.000000, 0.000000,
    0.193912, 0.000000, 0.062410, 0.000000, 0.638429, 0.000000, 0.000000, 0.000000, 0.000000,
];

/// Needs the file of `cargo xtask features`. Without it, the test is skipped on a developer's machine and fails where the
/// environment variable `CI` is set.
#[test]
fn features_equal_those_of_pytorch() {
    let path = crate::evaluate::features::default_file();
    let Ok(bytes) = std::fs::read(&path) else {
        assert!(std::env::var_os("CI").is_none(), "{} is missing: run `cargo xtask features`", path.display());
        eprintln!("skipped: {} is missing, run `cargo xtask features`", path.display());
        return;
    };
    let network = EfficientNetLite::from_bytes(&bytes, &Device::flex()).expect("the file is whole");
    let grey = |index: usize| {
        let (x, y) = (index % SIDE, index / SIDE);
        (((x * 7 + y * 13 + x * y / 16) % 256) as f32 - 127.0) / 128.0
    };
    let image = TensorData::new((0..SIDE * SIDE).map(grey).collect::<Vec<_>>(), [1, 1, SIDE, SIDE]);
    let features = network.forward(Tensor::from_data(image, &Device::flex()));
    assert_eq!(features.dims(), [1, FEATURES]);
    let got: Vec<f32> = features.into_data().iter::<f32>().collect();
    for (got, expected) in got.iter().step_by(20).zip(REFERENCE) {
        assert!((got - expected).abs() < 1e-3, "{got} is not {expected}");
    }
}
