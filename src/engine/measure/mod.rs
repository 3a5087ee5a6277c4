//! The comparison of sets of slices in the tab: workers that share the tasks of [`crate::evaluate::comparison`].

pub mod protocol;

#[cfg(any(feature = "gpu", test))]
pub mod session;
