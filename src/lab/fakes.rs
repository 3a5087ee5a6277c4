//! Fakes to learn from, made by a generator.

use burn::tensor::ExecutionError;

use crate::gan::generator_model::GeneratorModel;
use crate::gan::preset::{ScanSpec, Style};
use crate::slice::{LabelledSlice, Slice};
use crate::slices::raster::resize_slice;

/// Scans in a batch.
const BATCH: usize = 16;

/// Makes `each` fakes of every class in `classes`, as class names of the experiment, of `size` x `size` pixels. Seeds follow
/// from `seed`. Classes that the generator does not know get none.
///
/// # Errors
/// If the device fails.
pub async fn make(
    model: &GeneratorModel,
    classes: &[String],
    each: usize,
    size: usize,
    seed: u64,
) -> Result<Vec<LabelledSlice>, ExecutionError> {
    let known = &model.card().classes;
    let mut wanted = Vec::new();
    for (class, name) in classes.iter().enumerate() {
        let Some(own) = known.iter().position(|known| known == name) else { continue };
        wanted.extend((0..each).map(|_| (class, own)));
    }
    let first = (seed as u32).wrapping_mul(1_000_003).wrapping_add(500_000);
    let spec = |(index, (_, own)): (usize, &(usize, usize))| ScanSpec {
        seed: first.wrapping_add(index as u32),
        class: *own,
        toward: None,
    };
    let specs: Vec<ScanSpec> = wanted.iter().enumerate().map(spec).collect();
    let mut made = Vec::with_capacity(specs.len());
    for batch in specs.chunks(BATCH) {
        made.extend(model.scans(batch, &Style::default()).await?);
    }
    let labelled =
        |((class, _), slice): (&(usize, usize), Slice)| LabelledSlice { class: *class, slice: sized(slice, size) };
    Ok(wanted.iter().zip(made).map(labelled).collect())
}

/// The slice at another size. A slice of the wrong length becomes black.
pub fn sized(slice: Slice, size: usize) -> Slice {
    if slice.size == size {
        return slice;
    }
    resize_slice(&slice, size).unwrap_or_else(|| Slice::without_tumour(size, vec![0; size * size]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fakes_are_resized() {
        let slice = Slice { size: 64, image: vec![9; 4096], mask: vec![255; 4096] };
        assert_eq!(sized(slice.clone(), 64), slice);
        assert_eq!(sized(slice, 32), Slice { size: 32, image: vec![9; 1024], mask: vec![255; 1024] });
    }
}
