//! The messages between the page and an engine that makes scans.

use serde::{Deserialize, Serialize};

use crate::engine::shared::{DeviceKind, DeviceReport, Failure, LoadStage, Source};
use crate::gan::feature_maps::FeatureMaps;
use crate::gan::logit_reference::LogitReference;
use crate::gan::preset::{ScanSpec, Style};
use crate::slice::{LabelledSlice, Slice};
use crate::worker::{Buffer, Message, put_pixels, take_pixels};

/// Name of a worker that makes scans.
pub const WORKER_NAME: &str = "making";

/// Most scans in one request.
pub const MAX_SCANS: usize = 64;

/// What the page asks of an engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum MakingRequest {
    /// Fetches the weights, checks them, opens the device and tests it. Answers: [`MakingEvent::Progress`], then
    /// [`MakingEvent::Ready`] or [`MakingEvent::Failed`].
    Load {
        /// The safetensors file of the generator.
        weights: Source,
        /// Where to compute. An engine without WebGPU fails on [`DeviceKind::Gpu`].
        device: DeviceKind,
    },
    /// Loads weights that another worker of this page loaded and tested, on the processor. Answers: [`MakingEvent::Joined`] or
    /// [`MakingEvent::Failed`].
    Join {
        /// The weights of [`MakingEvent::Ready`], as a buffer.
        #[serde(skip)]
        weights: Buffer,
    },
    /// Makes the scans of a job, or a part of them. A part of the running job waits for the parts before it. A new job
    /// replaces the running one, which stops between two batches and sends nothing more. Answers: [`MakingEvent::Scans`] one or
    /// more times, then [`MakingEvent::Done`].
    Generate {
        /// Number of the job. The page chooses it, and the answers repeat it.
        job: u32,
        /// Index of the first scan in the job. 0 if it is left out.
        #[serde(default)]
        first: usize,
        /// What to make, at most [`MAX_SCANS`].
        scans: Vec<ScanSpec>,
        /// Truncation and directions of all scans.
        style: Style,
        /// Absolute address of the weights of an earlier stage of the training, fetched once and kept. None for the
        /// loaded weights.
        stage: Option<String>,
    },
    /// Computes the feature maps on the way to one scan. Answers: [`MakingEvent::Layers`], then [`MakingEvent::Done`].
    Layers {
        /// Number of the job.
        job: u32,
        /// The scan.
        scan: ScanSpec,
        /// Truncation and directions.
        style: Style,
    },
    /// Lets the discriminator judge scans. Answers: [`MakingEvent::Verdicts`], then [`MakingEvent::Done`].
    Judge {
        /// Number of the job.
        job: u32,
        /// Absolute address of the discriminator's weights, fetched once and kept.
        weights: String,
        /// What to judge, at most [`MAX_SCANS`], all of the discriminator's size. The pixels are one buffer.
        scans: Vec<LabelledSlice>,
    },
    /// Stops the running job, if there is one. No answer.
    Cancel,
}

/// What an engine reports to the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
#[allow(clippy::large_enum_variant, reason = "messages are rare, and each is made, sent and dropped")]
pub enum MakingEvent {
    /// Loading goes on.
    Progress {
        /// The present step.
        stage: LoadStage,
        /// Bytes so far, for [`LoadStage::Weights`].
        done: u32,
        /// Bytes in all. 0 if the server does not say.
        total: u32,
    },
    /// The engine accepts jobs.
    Ready {
        /// The device in use, and the result of its test.
        device: DeviceReport,
        /// What the weights file says about the model.
        model: ModelInfo,
        /// Bytes of the worker's memory.
        memory: usize,
        /// The weights file, as a buffer, for [`MakingRequest::Join`]. Empty on the graphics card, which has one worker.
        #[serde(skip)]
        weights: Buffer,
    },
    /// The engine accepts jobs, as the worker does that its weights came from.
    Joined {
        /// Bytes of the worker's memory.
        memory: usize,
    },
    /// Some scans of a job, made by [`MakingEvent::scans`]. The pixels are one buffer.
    Scans {
        /// The job.
        job: u32,
        /// Index of the first scan in the job.
        first: usize,
        /// Number of scans.
        count: usize,
        /// Side of each scan in pixels.
        size: usize,
        /// The scans.
        #[serde(skip)]
        scans: Vec<Slice>,
    },
    /// The feature maps of one scan, from 4 x 4 pixels up. The maps of each layer are one buffer.
    Layers {
        /// The job.
        job: u32,
        /// A few maps of each layer.
        layers: Vec<FeatureMaps>,
    },
    /// The discriminator's verdicts.
    Verdicts {
        /// The job.
        job: u32,
        /// The logits, in the order of the scans.
        verdicts: Verdicts,
    },
    /// A job is not possible. The engine accepts others.
    Refused {
        /// The job.
        job: u32,
        /// Why.
        failure: Failure,
        /// Technical words for diagnostics, English.
        detail: String,
    },
    /// A request of a job is done.
    Done {
        /// The job.
        job: u32,
        /// Wall time of the request in milliseconds.
        millis: f64,
        /// Bytes of the worker's memory.
        memory: usize,
    },
    /// The engine cannot go on. Only another [`MakingRequest::Load`], or another worker, helps.
    Failed {
        /// Why.
        failure: Failure,
        /// Technical words for diagnostics, English.
        detail: String,
    },
}

/// The output of a discriminator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdicts {
    /// One logit for each scan. Higher means more likely real.
    pub logits: Vec<f32>,
    /// Logits of known scans, to compare with.
    pub reference: LogitReference,
}

/// What the page shows about a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelInfo {
    /// Name of the preset.
    pub preset: String,
    /// Side of the scans in pixels.
    pub size: usize,
    /// Class names as in the data: `glioma`, `meningioma`, `pituitary`, ...
    pub classes: Vec<String>,
    /// Names of the directions, in order, as keys of the translations: `head-size`, ...
    pub directions: Vec<String>,
    /// SHA-256 of the weights file, hexadecimal.
    pub sha256: String,
    /// Thousands of images that the discriminator saw in training.
    pub kimg: f32,
    /// Name of the data set.
    pub dataset: String,
    /// Licence of the weights.
    pub licence: String,
    /// Who must be named.
    pub attribution: String,
    /// Date of the weights, ISO 8601.
    pub date: String,
}

impl MakingEvent {
    /// Some scans of a job. All have the size of the first.
    pub fn scans(job: u32, first: usize, scans: Vec<Slice>) -> Self {
        let size = scans.first().map_or(0, |scan| scan.size);
        Self::Scans { job, first, count: scans.len(), size, scans }
    }
}

impl Message for MakingRequest {
    fn take_buffers(&mut self) -> Vec<Buffer> {
        match self {
            Self::Judge { scans, .. } => vec![take_pixels(scans.iter_mut().map(|scan| &mut scan.slice))],
            Self::Join { weights } => vec![std::mem::take(weights)],
            _ => Vec::new(),
        }
    }

    fn put_buffers(&mut self, buffers: Vec<Buffer>) -> Result<(), String> {
        match self {
            Self::Judge { scans, .. } => {
                put_pixels(scans.iter_mut().map(|scan| &mut scan.slice), Buffer::single(buffers)?)
            }
            Self::Join { weights } => {
                *weights = Buffer::single(buffers)?;
                Ok(())
            }
            _ => Buffer::none(&buffers),
        }
    }
}

impl Message for MakingEvent {
    fn take_buffers(&mut self) -> Vec<Buffer> {
        match self {
            Self::Scans { scans, .. } => vec![take_pixels(scans)],
            Self::Ready { weights, .. } => vec![std::mem::take(weights)],
            Self::Layers { layers, .. } => {
                layers.iter_mut().map(|layer| Buffer::from(std::mem::take(&mut layer.maps).concat())).collect()
            }
            _ => Vec::new(),
        }
    }

    fn put_buffers(&mut self, buffers: Vec<Buffer>) -> Result<(), String> {
        match self {
            Self::Ready { weights, .. } => {
                *weights = Buffer::single(buffers)?;
                Ok(())
            }
            Self::Scans { count, size, scans, .. } => {
                let bytes = Buffer::single(buffers)?.into_bytes();
                *scans = Slice::split(&bytes, *count, *size).map_err(|error| error.to_string())?;
                Ok(())
            }
            Self::Layers { layers, .. } => {
                if layers.len() != buffers.len() {
                    return Err(format!("{} buffers for {} layers", buffers.len(), layers.len()));
                }
                for (layer, buffer) in layers.iter_mut().zip(buffers) {
                    let (bytes, area) = (buffer.into_bytes(), layer.side.saturating_mul(layer.side));
                    if area == 0 || !bytes.len().is_multiple_of(area) {
                        return Err(format!("{} bytes are no maps of {} pixels a side", bytes.len(), layer.side));
                    }
                    layer.maps = bytes.chunks_exact(area).map(<[u8]>::to_vec).collect();
                }
                Ok(())
            }
            _ => Buffer::none(&buffers),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Header and buffers apart, and together again at the other end.
    fn sent<M: Message>(mut message: M) -> Result<M, String> {
        let buffers = message.take_buffers();
        let header = serde_json::to_string(&message).map_err(|error| error.to_string())?;
        assert!(header.len() < 200, "no pixels in the header: {header}");
        let mut message: M = serde_json::from_str(&header).map_err(|error| error.to_string())?;
        message.put_buffers(buffers)?;
        Ok(message)
    }

    fn slice(grey: u8) -> Slice {
        Slice { size: 16, image: vec![grey; 256], mask: vec![255 - grey; 256] }
    }

    #[test]
    fn scans_travel_as_one_buffer() {
        let event = MakingEvent::scans(7, 2, vec![slice(1), slice(9)]);
        assert_eq!(event.clone().take_buffers().len(), 1);
        assert_eq!(sent(event.clone()), Ok(event));
    }

    #[test]
    fn scans_to_judge_travel_as_one_buffer() {
        let scans = vec![LabelledSlice { class: 1, slice: slice(3) }];
        let request = MakingRequest::Judge { job: 1, weights: "https://here/d".to_owned(), scans };
        assert_eq!(request.clone().take_buffers().len(), 1);
        assert_eq!(sent(request.clone()), Ok(request));
    }

    #[test]
    fn each_layer_travels_as_one_buffer() {
        let layers = [4, 8].map(|side| FeatureMaps { side, maps: vec![vec![5; side * side], vec![6; side * side]] });
        let event = MakingEvent::Layers { job: 1, layers: layers.to_vec() };
        assert_eq!(event.clone().take_buffers().len(), 2);
        assert_eq!(sent(event.clone()), Ok(event));
    }

    #[test]
    fn buffers_that_do_not_fit_are_refused() {
        let scans = MakingEvent::scans(7, 0, vec![slice(1)]);
        assert!(scans.clone().put_buffers(Vec::new()).is_err());
        assert!(scans.clone().put_buffers(vec![Buffer::from(vec![0; 511])]).is_err());
        let maps = vec![FeatureMaps { side: 0, maps: Vec::new() }];
        let mut layers = MakingEvent::Layers { job: 1, layers: maps };
        assert!(layers.put_buffers(vec![Buffer::default()]).is_err());
        assert!(layers.put_buffers(Vec::new()).is_err());
        assert!(MakingRequest::Cancel.put_buffers(vec![Buffer::default()]).is_err());
        assert!(MakingEvent::Done { job: 1, millis: 1.0, memory: 1 }.put_buffers(Vec::new()).is_ok());
    }
}
