//! The logic of the page that needs no browser, so that native tests cover it.

pub mod address;
pub mod chart;
pub mod choice;
pub mod cores;
pub mod dataset_plan;
pub mod diagnostics;
pub mod downsample;
pub mod feature_maps;
pub mod fill;
pub mod forecast;
pub mod lab;
pub mod likeness;
pub mod log_slider;
pub mod models;
pub mod numbers;
pub mod own_slices;
pub mod scan_image;
pub mod score_scale;
pub mod set_warnings;
pub mod size_choice;
pub mod studio_settings;
pub mod timeline;
pub mod training_size;
pub mod trouble;
pub mod weights_header;
