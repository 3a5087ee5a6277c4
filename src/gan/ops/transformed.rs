//! Weights in the transformed domain, kept until they change.

use std::cell::RefCell;
use std::rc::Rc;

use burn::backend::TensorMetadata;
use burn::backend::flex::FlexTensor;
use hersenscan_kernels::{Direction, Weights};

use super::flex::Values;

/// Most memory for transformed weights that are kept, in bytes for each thread. They take four times the memory of the
/// weights: 14 MB for the largest generator of the site.
const MAX_BYTES: usize = 32 << 20;

thread_local! {
    static KEPT: RefCell<Vec<CachedWeights>> = const { RefCell::new(Vec::new()) };
}

/// Weights, and what was computed from them.
struct CachedWeights {
    /// It shares the memory of the weights. So nothing changes them in place, and no other tensor gets their address.
    weight: FlexTensor,
    forward: Option<Rc<Weights>>,
    adjoint: Option<Rc<Weights>>,
}

impl CachedWeights {
    fn is_of(&self, weight: &FlexTensor) -> bool {
        self.weight.bytes().as_ptr() == weight.bytes().as_ptr() && self.weight.layout() == weight.layout()
    }

    fn bytes(&self) -> usize {
        self.forward.iter().chain(&self.adjoint).map(|weights| weights.bytes()).sum()
    }
}

/// The transformed weights of a convolution with `weight`, `[out, in, 3, 3]`, or of its adjoint. A tensor is transformed
/// once, as long as it is in use elsewhere and there is memory.
pub fn transformed(weight: FlexTensor, direction: Direction) -> Rc<Weights> {
    KEPT.with_borrow_mut(|all| {
        let index = all.iter().position(|kept| kept.is_of(&weight)).unwrap_or_else(|| {
            all.retain(|kept| !kept.weight.is_unique());
            all.push(CachedWeights { weight: weight.clone(), forward: None, adjoint: None });
            all.len() - 1
        });
        let bytes: usize = all.iter().map(CachedWeights::bytes).sum();
        let kept = match direction {
            Direction::Forward => &mut all[index].forward,
            Direction::Adjoint => &mut all[index].adjoint,
        };
        if let Some(kept) = kept {
            return Rc::clone(kept);
        }
        let new = Rc::new(transform(weight, direction));
        if bytes + new.bytes() <= MAX_BYTES {
            *kept = Some(Rc::clone(&new));
        }
        new
    })
}

fn transform(weight: FlexTensor, direction: Direction) -> Weights {
    let [outputs, inputs, ..] = weight.shape().dims::<4>();
    let values = Values::of(weight);
    match direction {
        Direction::Forward => Weights::new(values.get(), outputs, inputs),
        Direction::Adjoint => Weights::adjoint(values.get(), outputs, inputs),
    }
}

#[cfg(test)]
mod tests {
    use super::super::flex::tensor;
    use super::*;

    fn kept() -> usize {
        KEPT.with_borrow(|all| all.iter().filter(|kept| kept.bytes() > 0).count())
    }

    #[test]
    fn weights_are_transformed_once_for_each_direction_and_forgotten_once_nobody_has_them() {
        let weight = |value: f32| tensor(vec![value; 9 * 6], [3, 2, 3, 3]);
        let (first, second) = (weight(0.5), weight(1.0));
        let forward = transformed(first.clone(), Direction::Forward);
        let adjoint = transformed(first.clone(), Direction::Adjoint);
        assert_eq!((forward.inputs(), forward.outputs(), adjoint.inputs(), adjoint.outputs()), (2, 3, 3, 2));
        assert!(Rc::ptr_eq(&forward, &transformed(first.clone(), Direction::Forward)));
        assert!(Rc::ptr_eq(&adjoint, &transformed(first.clone(), Direction::Adjoint)));
        let other = transformed(second.clone(), Direction::Forward);
        assert!(!Rc::ptr_eq(&forward, &other));
        assert_eq!(kept(), 2);
        drop(first);
        transformed(weight(2.0), Direction::Forward);
        assert_eq!(kept(), 2, "the first is gone, the third is there");
        assert!(Rc::ptr_eq(&other, &transformed(second, Direction::Forward)));
    }

    #[test]
    fn what_takes_too_much_memory_is_not_kept() {
        let channels = 512;
        let large = tensor(vec![0.0; 9 * channels * channels], [channels, channels, 3, 3]);
        let first = transformed(large.clone(), Direction::Forward);
        assert!(first.bytes() > MAX_BYTES && kept() == 0);
        assert!(!Rc::ptr_eq(&first, &transformed(large, Direction::Forward)));
    }
}
