//! A network's parameters by name, as in PyTorch's state dict.
//!
//! Names follow the fields: `stages.0.block.first.weight`. Weights files and checkpoints store these names, and a larger
//! preset uses them to start from a smaller one.

use std::collections::HashMap;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param, ParamId};
use burn::tensor::{Device, ExecutionError, Tensor, TensorData};

use super::generator::STYLE;

/// A named parameter on its device.
#[derive(Debug, Clone)]
pub struct NamedTensor {
    /// Path of the field: `stages.0.block.first.weight`.
    pub name: String,
    /// burn's id of the parameter.
    pub id: ParamId,
    /// Its shape.
    pub shape: Vec<usize>,
    /// Its values, flattened in row-major order.
    pub values: Tensor<1>,
}

/// A named parameter in main memory.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedValues {
    /// Path of the field: `stages.0.block.first.weight`.
    pub name: String,
    /// Its shape.
    pub shape: Vec<usize>,
    /// Its values in row-major order.
    pub values: Vec<f32>,
}

struct CollectTensors {
    path: Vec<String>,
    found: Vec<NamedTensor>,
}

impl ModuleVisitor for CollectTensors {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let tensor = param.val().detach();
        self.found.push(NamedTensor {
            name: self.path.join("."),
            id: param.id,
            shape: tensor.dims().to_vec(),
            values: tensor.flatten(0, D - 1),
        });
    }
}

/// All parameters of a network, in the order of its fields.
pub fn tensors<M: Module>(module: &M) -> Vec<NamedTensor> {
    let mut collect = CollectTensors { path: Vec::new(), found: Vec::new() };
    module.visit(&mut collect);
    collect.found
}

/// Reads tensors from their device.
///
/// # Errors
/// If the device fails. A GPU fails when it is lost.
pub async fn read(tensors: Vec<NamedTensor>) -> Result<Vec<NamedValues>, ExecutionError> {
    let mut read = Vec::with_capacity(tensors.len());
    for tensor in tensors {
        let data = tensor.values.into_data_async().await?;
        read.push(NamedValues { name: tensor.name, shape: tensor.shape, values: data.iter::<f32>().collect() });
    }
    Ok(read)
}

struct Load<'a> {
    path: Vec<String>,
    values: HashMap<&'a str, &'a NamedValues>,
    grow: bool,
    device: Device,
    missing: Vec<String>,
}

impl ModuleMapper for Load<'_> {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let name = self.path.join(".");
        let shape = param.val().dims();
        let found = self.values.get(name.as_str()).copied();
        let values = match found {
            Some(found) if found.shape == shape => Some(found.values.clone()),
            Some(found) if self.grow && found.shape.len() == D => {
                let own = param.val().detach().into_data().iter::<f32>().collect();
                Some(grown(own, &shape, found))
            }
            _ => None,
        };
        let Some(values) = values else {
            self.missing.push(name);
            return param;
        };
        let trained = param.val().is_require_grad();
        let tensor = Tensor::from_data(TensorData::new(values, shape), &self.device);
        Param::initialized(param.id, if trained { tensor.require_grad() } else { tensor })
    }
}

/// Initial values of a wider layer: `own` with the values of the narrower layer `other` in place. Old outputs get zero weights from new inputs, so
/// that they compute the same as before; new outputs keep their weights from all inputs.
fn grown(mut own: Vec<f32>, shape: &[usize], other: &NamedValues) -> Vec<f32> {
    if let ([outputs, inputs, ..], [old_outputs, old_inputs, _, _]) = (shape, other.shape.as_slice()) {
        let kernel = own.len() / (outputs * inputs).max(1);
        for (index, weight) in own.iter_mut().enumerate() {
            let (output, input) = (index / (kernel * inputs), index / kernel % inputs);
            if output < *old_outputs && input >= *old_inputs {
                *weight = 0.0;
            }
        }
    }
    match (shape, other.shape.as_slice()) {
        // A style holds all scales and then all shifts. Each half grows by itself.
        (&[inputs, width], &[old_inputs, old_width]) if other.name.ends_with(STYLE) => {
            let split = |inputs, width| vec![inputs, 2, width / 2];
            let other = NamedValues { shape: split(old_inputs, old_width), ..other.clone() };
            overlay(own, &split(inputs, width), &other)
        }
        _ => overlay(own, shape, other),
    }
}

/// Replaces the values of `own` (of shape `shape`) whose index also exists in `other`.
fn overlay(mut own: Vec<f32>, shape: &[usize], other: &NamedValues) -> Vec<f32> {
    for (i, &value) in other.values.iter().enumerate() {
        let (mut rest, mut target, mut stride, mut inside) = (i, 0, 1, true);
        for (&size, &old) in shape.iter().zip(&other.shape).rev() {
            let position = rest % old;
            rest /= old;
            inside &= position < size;
            target += position * stride;
            stride *= size;
        }
        if inside {
            own[target] = value;
        }
    }
    own
}

fn load_with<M: Module>(module: M, values: &[NamedValues], grow: bool, device: &Device) -> (M, Vec<String>) {
    let mut load = Load {
        path: Vec::new(),
        values: values.iter().map(|v| (v.name.as_str(), v)).collect(),
        grow,
        device: device.clone(),
        missing: Vec::new(),
    };
    let module = module.map(&mut load);
    (module, load.missing)
}

/// Loads values into a network. Also returns the names of the parameters that kept their value, because `values` has none of
/// the same name and shape.
pub fn load<M: Module>(module: M, values: &[NamedValues], device: &Device) -> (M, Vec<String>) {
    load_with(module, values, false, device)
}

/// Like [`load`], but a parameter of another size takes over the part that both have. A preset starts from the weights of
/// a smaller one this way.
pub fn grow<M: Module>(module: M, values: &[NamedValues], device: &Device) -> (M, Vec<String>) {
    load_with(module, values, true, device)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_outputs_get_zero_weights_from_new_inputs() {
        let old = NamedValues { name: "w".into(), shape: vec![1, 1, 1, 1], values: vec![5.0] };
        assert_eq!(grown(vec![1.0, 2.0, 3.0, 4.0], &[2, 2, 1, 1], &old), [5.0, 0.0, 3.0, 4.0]);
    }

    #[test]
    fn scales_and_shifts_of_a_style_grow_separately() {
        let old = NamedValues { name: "stages.0.style".into(), shape: vec![1, 2], values: vec![5.0, 6.0] };
        assert_eq!(grown(vec![1.0, 2.0, 3.0, 4.0], &[1, 4], &old), [5.0, 2.0, 6.0, 4.0]);
    }

    #[test]
    fn overlay_replaces_the_common_part() {
        let other = NamedValues { name: "w".into(), shape: vec![2, 1], values: vec![5.0, 6.0] };
        assert_eq!(overlay(vec![0.0; 6], &[3, 2], &other), [5.0, 0.0, 6.0, 0.0, 0.0, 0.0]);
        let wide = NamedValues { name: "w".into(), shape: vec![1, 3], values: vec![1.0, 2.0, 3.0] };
        assert_eq!(overlay(vec![0.0; 4], &[2, 2], &wide), [1.0, 2.0, 0.0, 0.0]);
    }
}
