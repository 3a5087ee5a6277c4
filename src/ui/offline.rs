//! Whether the site works offline. `static/offline.js` stores the files and reports its state in attributes of the
//! document element.

use std::time::Duration;

use leptos::{ev, prelude::*};

use super::engine::{client::EngineClient, engines::Phase};
use super::logic::models::{Modality, ModelFiles};
use super::words::{say, use_lang};

/// Idle time of the engines before files are fetched in the background.
const CALM: Duration = Duration::from_secs(1);
/// Longest time that busy engines can postpone this.
const AT_LAST: Duration = Duration::from_secs(15);

/// Whether the site works offline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offline {
    /// Not known yet: files are fetched after the first scan.
    Busy,
    /// Everything is stored.
    Ready,
    /// Everything but extras is stored; the connection is slow or metered.
    Partly,
    /// Nothing is stored: the browser cannot or may not.
    Absent,
}

impl Offline {
    fn read() -> Self {
        match attribute("data-offline").as_deref() {
            Some("ready") => Self::Ready,
            Some("partly") => Self::Partly,
            Some("absent") => Self::Absent,
            _ => Self::Busy,
        }
    }

    /// Name for tests and style.
    pub fn name(self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::Ready => "ready",
            Self::Partly => "partly",
            Self::Absent => "absent",
        }
    }
}

/// The state, as a signal until the current owner is cleaned up.
pub fn use_offline() -> ReadSignal<Offline> {
    follow(Offline::read)
}

/// Whether a new version is waiting, as a signal until the current owner is cleaned up.
pub(super) fn use_new_version() -> ReadSignal<bool> {
    follow(|| attribute("data-update").as_deref() == Some("waiting"))
}

/// One line on whether the site works offline.
#[component]
pub fn OfflineState() -> impl IntoView {
    let lang = use_lang();
    let offline = use_offline();
    let words = move || match offline.get() {
        Offline::Busy => say!(lang, update.offline_busy),
        Offline::Ready => say!(lang, update.offline_ready),
        Offline::Partly => say!(lang, update.offline_partly),
        Offline::Absent => say!(lang, update.offline_absent),
    };
    view! { <span role="status" data-testid="offline-ready" data-state=move || offline.get().name()>{words}</span> }
}

/// Starts storing files once the engines are idle.
pub(super) fn begin_when_drawn(engines: EngineClient) {
    let begun = StoredValue::new(false);
    let begin = move || {
        if begun.try_get_value() == Some(false) {
            begun.set_value(true);
            fire("hersenscan-rest");
        }
    };
    let ready = Memo::new(move |_| engines.phase.with(|phase| *phase == Phase::Ready));
    let calm = Memo::new(move |_| ready.get() && engines.progress.with(Option::is_none));
    Effect::new(move || {
        if ready.get() {
            set_timeout(begin, AT_LAST);
        }
    });
    Effect::new(move || {
        if calm.get() && !begun.get_value() {
            let still = move || calm.try_get_untracked() == Some(true);
            set_timeout(
                move || {
                    if still() {
                        begin()
                    }
                },
                CALM,
            );
        }
    });
}

/// Reports which weights and scans are in use, so that they are stored.
pub(super) fn keep(modality: Modality, pair: Option<&ModelFiles>) {
    let (Some(pair), Some(root)) = (pair, document().document_element()) else { return };
    // Fails for invalid attribute names only.
    let _ = root.set_attribute("data-used", pair.weights);
    let _ = root.set_attribute("data-wanted", &format!("{} {}", pair.discriminator, modality.model().pack));
    fire("hersenscan-used");
}

/// Dispatches an event that the scripts listen for.
pub(super) fn fire(name: &str) {
    if let Ok(event) = web_sys::Event::new(name) {
        // Fails only for an event that is being dispatched.
        let _ = window().dispatch_event(&event);
    }
}

fn follow<T: Copy + PartialEq + Send + Sync + 'static>(read: fn() -> T) -> ReadSignal<T> {
    let (now, set) = signal(read());
    let listener =
        window_event_listener(ev::Custom::<web_sys::Event>::new("hersenscan-offline"), move |_| set.set(read()));
    on_cleanup(move || listener.remove());
    now
}

fn attribute(name: &str) -> Option<String> {
    document().document_element()?.get_attribute(name)
}
