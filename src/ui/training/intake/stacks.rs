//! Image stacks: a panel for each volume with many slices, to look through it and select a range.

use std::sync::Arc;

use leptos::prelude::*;

use super::classes::ClassSelect;
use super::state::IntakeState;
use super::tile::SIDE;
use crate::slices::collection::Collection;
use crate::slices::collection::choice::{HeadChoice, HeadKey};
use crate::slices::collection::head::Head;
use crate::ui::canvas::SliceCanvas;
use crate::ui::words::{say, use_lang};

/// Choices for "take one slice in N".
const STEPS: [usize; 6] = [1, 2, 3, 4, 6, 8];
/// Panels are open if there are at most this many.
const OPEN_UP_TO: usize = 2;

/// A panel for each stack.
#[component]
pub fn Stacks(
    /// State of the intake.
    intake: IntakeState,
) -> impl IntoView {
    let lang = use_lang();
    let stacks = Memo::new(move |_| {
        let keys = |it: &Collection| {
            it.heads.iter().filter(|head| head.is_stack).map(|head| head.key.clone()).collect::<Vec<_>>()
        };
        intake.with_collection(keys).unwrap_or_default()
    });
    let is_open = move || stacks.with(|stacks| stacks.len() <= OPEN_UP_TO);
    view! {
        <Show when=move || stacks.with(|stacks| !stacks.is_empty())>
            <section class="stacks" data-testid="volumes" aria-labelledby="stacks">
                <h3 id="stacks">{move || say!(lang, intake.stack.title)}</h3>
                <p>{move || say!(lang, intake.stack.text)}</p>
                <For each=move || stacks.get() key=|key| key.clone() let:key>
                    <StackPanel intake key open=is_open()/>
                </For>
            </section>
        </Show>
    }
}

/// The panel of one stack.
#[component]
fn StackPanel(
    /// State of the intake.
    intake: IntakeState,
    /// The volume.
    key: HeadKey,
    /// Whether it starts open.
    open: bool,
) -> impl IntoView {
    let lang = use_lang();
    let key = StoredValue::new(key);
    let head = Memo::new(move |_| intake.with_collection(|it| key.with_value(|key| it.head(key).cloned())).flatten());
    let number = |look: fn(&Head) -> usize| Memo::new(move |_| head.with(|head| head.as_ref().map_or(0, look)));
    let (first, last) = (number(|head| head.range.0), number(|head| head.range.1));
    let (count, every) = (number(|head| head.slices.len()), number(|head| head.step));
    let class = number(|head| head.class);
    let taken = number(|head| head.in_range().count());
    let name = head.with_untracked(|head| head.as_ref().map(|head| head.name.clone()).unwrap_or_default());
    let opened = RwSignal::new(open);
    let at =
        RwSignal::new(head.with_untracked(|head| head.as_ref().map_or(0, |head| (head.range.0 + head.range.1) / 2)));
    let choose = move |change: &dyn Fn(&mut HeadChoice)| {
        key.with_value(|key| intake.change(|it| it.change_head(key, |choice| change(choice))));
    };
    // Computed only while the panel is open.
    let picture = Memo::new(move |_| {
        let (at, head) = (at.get(), head.get().filter(|_| opened.get())?);
        // Tracked: a mask may be added later, which does not change the volume itself.
        intake
            .with_collection(|it| {
                let slice = it.slices.get(head.slices.start + at)?;
                Some(Arc::new(head.slice(slice, 2 * SIDE)))
            })
            .flatten()
    });
    let inside = move || (first.get()..=last.get()).contains(&at.get());
    let range_slider = move |label: Signal<String>,
                             testid: &'static str,
                             value: Memo<usize>,
                             set: fn(usize, usize, usize) -> (usize, usize)| {
        let id = key.with_value(|key| format!("{testid}-{}", id_of(key)));
        view! {
            <div class="slider">
                <label for=id.clone()>{label}</label>
                <output for=id.clone()>{move || (value.get() + 1).to_string()}</output>
                <input type="range" id=id.clone() data-testid=testid min="1" max=move || count.get().to_string() step="1"
                    prop:value=move || (value.get() + 1).to_string()
                    on:input=move |event| if let Some(to) = slider_index(event.as_ref()) { at.set(to); }
                    on:change=move |event| if let Some(to) = slider_index(event.as_ref()) {
                        let range = set(to, first.get_untracked(), last.get_untracked());
                        choose(&|choice| choice.range = Some(range));
                    }/>
            </div>
        }
    };
    let label = move |which: fn(crate::ui::words::Lang) -> &'static str| Signal::derive(move || which(lang).to_owned());
    let content = move || {
        let id = key.with_value(|key| format!("look-{}", id_of(key)));
        view! {
            <div class="stack-body">
                <div class="look" class:beside=move || !inside()>
                    <SliceCanvas pixels=picture outline=Signal::derive(|| true) testid="volume-picture"
                        alt=Signal::derive(move || say!(lang, intake.stack.alt, number = at.get() + 1, count = count.get()))/>
                    <div class="slider">
                        <label for=id.clone()>{move || say!(lang, intake.stack.look)}</label>
                        <output for=id.clone()>{move || {
                            let words = if inside() { say!(lang, intake.stack.inside) } else { say!(lang, intake.stack.outside) };
                            format!("{} · {words}", at.get() + 1)
                        }}</output>
                        <input type="range" id=id.clone() data-testid="volume-slider" min="1" step="1"
                            max=move || count.get().to_string() prop:value=move || (at.get() + 1).to_string()
                            on:input=move |event| if let Some(to) = slider_index(event.as_ref()) { at.set(to); }/>
                    </div>
                </div>
                <div class="stack-choices">
                    {range_slider(label(|lang| say!(lang, intake.stack.first)), "volume-first", first, |to, _, last| (to.min(last), last))}
                    {range_slider(label(|lang| say!(lang, intake.stack.last)), "volume-last", last, |to, first, _| (first, to.max(first)))}
                    <label class="field">
                        <span>{move || say!(lang, intake.stack.every)}</span>
                        <select data-testid="volume-every" prop:value=move || every.get().to_string()
                            on:change=move |event| {
                                if let Ok(step) = event_target_value(&event).parse() {
                                    choose(&|choice| choice.step = Some(step));
                                }
                            }>
                            {move || {
                                let mut steps = STEPS.to_vec();
                                if !steps.contains(&every.get()) { steps.push(every.get()); }
                                steps.into_iter().map(|step| view! {
                                    <option value=step.to_string() selected=move || every.get() == step>
                                        {move || match step {
                                            1 => say!(lang, intake.stack.each).to_owned(),
                                            _ => say!(lang, intake.stack.one_in, step = step),
                                        }}
                                    </option>
                                }).collect_view()
                            }}
                        </select>
                    </label>
                    <ClassSelect intake class set=Callback::new(move |class| choose(&|choice| choice.class = Some(class)))/>
                    <div class="row">
                        <button type="button" data-testid="volume-crop" on:click=move |_| intake.cropping.set(Some(key.get_value()))>
                            {move || say!(lang, intake.crop.open)}
                        </button>
                    </div>
                </div>
            </div>
        }
    };
    view! {
        <details class="panel stack" data-testid="volume" open=open
            on:toggle=move |event| opened.set(event_target::<web_sys::Element>(&event).has_attribute("open"))>
            <summary>
                <span class="file-name">{name}</span>" "
                <span class="soft" data-testid="volume-taken">
                    {move || say!(lang, intake.stack.taken, taken = taken.get(), count = count.get())}
                </span>
            </summary>
            <Show when=move || opened.get()>{content()}</Show>
        </details>
    }
}

/// The value of a slider, counted from 0; it shows numbers from 1.
fn slider_index(event: &web_sys::Event) -> Option<usize> {
    event_target_value(event).parse::<usize>().ok().map(|shown| shown.saturating_sub(1))
}

/// A name for the elements of a volume that no other volume has.
fn id_of(key: &HeadKey) -> String {
    match key {
        HeadKey::Series { group, size } => format!("s{group:x}-{}-{}", size.0, size.1),
        HeadKey::Folder { path, size } => {
            let letters: String = path.bytes().map(|byte| format!("{byte:02x}")).collect();
            format!("d{letters}-{}-{}", size.0, size.1)
        }
        HeadKey::File(file) => format!("f{file}"),
    }
}
