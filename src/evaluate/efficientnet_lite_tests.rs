//! The whole network compared with PyTorch.

use burn::tensor::TensorData;
use safetensors::Dtype;

use super::*;
use crate::evaluate::features::NETWORK;

#[test]
fn invalid_files_are_refused() {
    let device = Device::flex();
    assert!(matches!(EfficientNetLite::from_bytes(b"no", &device), Err(FrozenWeightsError::Damaged(_))));
    let values = [0; 4];
    let view = safetensors::tensor::TensorView::new(Dtype::F32, vec![1], &values).expect("fits");
    let file = safetensors::serialize([("stem.weight", view)], None).expect("fits");
    assert!(matches!(EfficientNetLite::from_bytes(&file, &device), Err(FrozenWeightsError::Other(_))));
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

#[test]
fn features_equal_those_of_pytorch() {
    let network = EfficientNetLite::from_bytes(NETWORK, &Device::flex()).expect("the file is whole");
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
