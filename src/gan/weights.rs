//! Reading and writing weights as safetensors files.
//!
//! Files are untrusted. Cheap checks come first: file size, header, names, shapes and types. Then the values are read,
//! which must be finite and not too large. Values are stored as 16-bit floats (a generator of 0.91 M parameters takes
//! 1.8 MB); computation uses 32-bit floats.

use half::f16;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use super::card::WeightsCard;
use super::directions::Directions;
use super::generator::may_lack;
use super::preset::Network;
use super::state_dict::NamedValues;
use super::weights_error::{MAX_FILE, MAX_HEADER, MAX_MAGNITUDE, WeightsError};

/// Name of the tensor that holds the latent directions.
const DIRECTIONS: &str = "directions";

/// A weights file whose header has been checked and whose values have not been read yet.
#[derive(Debug)]
pub struct WeightsFile<'a> {
    /// Its metadata.
    pub card: WeightsCard,
    tensors: SafeTensors<'a>,
}

impl<'a> WeightsFile<'a> {
    /// Checks size, header and metadata.
    ///
    /// # Errors
    /// If the file is not a weights file of this program.
    pub fn open(bytes: &'a [u8]) -> Result<Self, WeightsError> {
        if bytes.len() > MAX_FILE {
            return Err(WeightsError::TooLarge(bytes.len()));
        }
        let start = bytes.trim_ascii_start();
        if start.starts_with(b"<!") || start.starts_with(b"<h") || start.starts_with(b"<H") {
            return Err(WeightsError::WebPage);
        }
        let Some((length, _)) = bytes.split_first_chunk::<8>() else {
            return Err(WeightsError::TooShort(bytes.len()));
        };
        let header = u64::from_le_bytes(*length);
        if header > MAX_HEADER as u64 {
            return Err(WeightsError::HeaderTooLarge(header));
        }
        // The library checks the rest of the format: that the header is JSON, that offsets follow each
        // other without holes or overlaps, and that they cover the file exactly.
        let damaged = |error: safetensors::SafeTensorError| WeightsError::Damaged(error.to_string());
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
        let map = metadata.metadata().as_ref().ok_or(WeightsError::NotOurs)?;
        let card = WeightsCard::from_metadata(map)?;
        let tensors = SafeTensors::deserialize(bytes).map_err(damaged)?;
        Ok(Self { card, tensors })
    }

    /// Checks that the file holds this network.
    ///
    /// # Errors
    /// [`WeightsError::Network`] if it holds the other one.
    pub fn require(&self, network: Network) -> Result<(), WeightsError> {
        if self.card.network == network {
            return Ok(());
        }
        Err(WeightsError::Network { found: self.card.network.word(), wanted: network.word() })
    }

    /// Reads the parameters of these names and shapes, in this order. Parameters that a file [may lack](may_lack) are zeros
    /// if they are missing.
    ///
    /// # Errors
    /// If the file has other names, shapes or types, or a value is not finite or too large.
    pub fn values(&self, wanted: &[(String, Vec<usize>)]) -> Result<Vec<NamedValues>, WeightsError> {
        for name in self.tensors.names() {
            if name != DIRECTIONS && !wanted.iter().any(|(wanted, _)| wanted == name) {
                return Err(WeightsError::Unexpected(name.to_owned()));
            }
        }
        let views = wanted
            .iter()
            .map(|(name, shape)| match self.view(name, shape) {
                Err(WeightsError::Missing(_)) if may_lack(name) => Ok((name, shape, None)),
                view => Ok((name, shape, Some(view?))),
            })
            .collect::<Result<Vec<_>, WeightsError>>()?;
        views
            .into_iter()
            .map(|(name, shape, view)| {
                let values = match view {
                    Some(view) => decode(name, &view)?,
                    None => vec![0.0; shape.iter().product()],
                };
                Ok(NamedValues { name: name.clone(), shape: shape.clone(), values })
            })
            .collect()
    }

    fn view(&self, name: &str, wanted: &[usize]) -> Result<TensorView<'_>, WeightsError> {
        let view = self.tensors.tensor(name).map_err(|_| WeightsError::Missing(name.to_owned()))?;
        if view.shape() != wanted {
            return Err(WeightsError::Shape {
                name: name.to_owned(),
                found: view.shape().to_vec(),
                wanted: wanted.to_vec(),
            });
        }
        if !matches!(view.dtype(), Dtype::F16 | Dtype::F32) {
            let found = format!("{:?}", view.dtype());
            return Err(WeightsError::Dtype { name: name.to_owned(), found });
        }
        Ok(view)
    }

    /// Reads the latent directions; none if the card names none.
    ///
    /// # Errors
    /// As [`values`](Self::values).
    pub fn directions(&self) -> Result<Directions, WeightsError> {
        let names = self.card.directions.clone();
        if names.is_empty() {
            return Ok(Directions::default());
        }
        let shape = [names.len(), super::preset::LATENT];
        let values = decode(DIRECTIONS, &self.view(DIRECTIONS, &shape)?)?;
        Ok(Directions { names, vectors: values.chunks_exact(shape[1]).map(Into::into).collect() })
    }
}

/// Reads the values of a tensor as 32-bit floats and checks them.
fn decode(name: &str, view: &TensorView<'_>) -> Result<Vec<f32>, WeightsError> {
    let values: Vec<f32> = match view.dtype() {
        Dtype::F16 => view.data().as_chunks::<2>().0.iter().map(|&bytes| f16::from_le_bytes(bytes).to_f32()).collect(),
        _ => view.data().as_chunks::<4>().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect(),
    };
    if values.iter().any(|value| !value.is_finite()) {
        return Err(WeightsError::NotFinite(name.to_owned()));
    }
    if values.iter().any(|value| value.abs() > MAX_MAGNITUDE) {
        return Err(WeightsError::Magnitude(name.to_owned()));
    }
    Ok(values)
}

/// Encodes a network as a weights file, with its card and directions. Values are rounded to 16-bit floats.
///
/// # Errors
/// [`WeightsError::Write`] if safetensors cannot write it, for example because two parameters have the same name.
pub fn write(card: &WeightsCard, values: &[NamedValues], directions: &Directions) -> Result<Vec<u8>, WeightsError> {
    let encode =
        |values: &[f32]| -> Vec<u8> { values.iter().flat_map(|&value| f16::from_f32(value).to_le_bytes()).collect() };
    let mut parts: Vec<(String, Vec<usize>, Vec<u8>)> =
        values.iter().map(|value| (value.name.clone(), value.shape.clone(), encode(&value.values))).collect();
    if !directions.names.is_empty() {
        let flat = directions.vectors.concat();
        let shape = vec![directions.names.len(), super::preset::LATENT];
        parts.push((DIRECTIONS.to_owned(), shape, encode(&flat)));
    }
    let failed = |error: safetensors::SafeTensorError| WeightsError::Write(error.to_string());
    let views = parts
        .iter()
        .map(|(name, shape, bytes)| {
            let view = TensorView::new(Dtype::F16, shape.clone(), bytes).map_err(failed)?;
            Ok((name.as_str(), view))
        })
        .collect::<Result<Vec<_>, WeightsError>>()?;
    safetensors::serialize(views, Some(card.to_metadata())).map_err(failed)
}

/// The values after a round trip through 16-bit floats, as a weights file stores them.
pub fn rounded(values: &[NamedValues]) -> Vec<NamedValues> {
    values
        .iter()
        .cloned()
        .map(|mut value| {
            value.values.iter_mut().for_each(|x| *x = f16::from_f32(*x).to_f32());
            value
        })
        .collect()
}
