//! The game: rounds, answers and their statistics. Pure functions without clock, browser or random numbers of their
//! own.
//!
//! A seed plans a game ([`quiz`]); answers are scored ([`answers`], [`localisation`], [`opponent`]) and get confidence
//! intervals ([`interval`]); [`class_code`] hands in a pupil's answers, [`class_results`] adds up those of a class, and [`code_list`] is
//! the list that is scanned; [`reader_studies`] lists published scores to compare with. [`features`] measures scans for
//! the clues, [`advice`] picks what to say after an answer, [`clue_places`] where it shows in the picture, and [`fairness`]
//! which numbers would win the game alone. [`sharpness`] makes both kinds equally sharp. [`progress`] is the order of screens.

pub mod advice;
pub mod answers;
pub mod class_code;
pub mod class_results;
pub mod clue_places;
pub mod code_list;
pub mod difficulty;
pub mod fairness;
pub mod features;
pub mod interval;
pub mod localisation;
pub mod opponent;
pub mod progress;
pub mod quiz;
pub mod reader_studies;
pub mod settings;
pub mod sharpness;
