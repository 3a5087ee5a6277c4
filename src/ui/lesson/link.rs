//! The form that makes a link to a class game.

use leptos::prelude::*;

use crate::game::settings::{CLASS_HALVES, ClassRules, GameMode, GameSettings};
use crate::ui::check_field::CheckField;
use crate::ui::copy_lines::CopyLines;
use crate::ui::game::mode_choice::mode_name;
use crate::ui::game::state::Game;
use crate::ui::logic::models::class_link;
use crate::ui::model_choice::ModelChoice;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::qr::Qr;
use crate::ui::random::random_seed;
use crate::ui::words::{say, use_lang};

/// The settings of the game, the link, and its QR code.
#[component]
pub fn ClassLink(
    /// The game of the class.
    game: Game,
) -> impl IntoView {
    let lang = use_lang();
    let active = game.active;
    // `None` follows the language of the page.
    let chosen = RwSignal::new(None::<&'static str>);
    let language = move || chosen.get().unwrap_or_else(|| lang.code());
    let rules = move || game.settings.with(|settings| settings.class.unwrap_or_default());
    let change = move |change: &dyn Fn(&mut GameSettings, &mut ClassRules)| {
        let mut settings = game.settings.get_untracked();
        let mut rules = settings.class.unwrap_or_default();
        change(&mut settings, &mut rules);
        settings.class = Some(rules);
        game.adopt(settings);
    };
    let link = Signal::derive(move || {
        let address = class_link(&game.settings.get(), active.modality.get(), active.size.get(), language());
        let location = location();
        format!("{}{}{address}", location.origin().unwrap_or_default(), location.pathname().unwrap_or_default())
    });
    let sought = move || game.settings.with(|settings| settings.mode == GameMode::Tumour);
    let mode = move |mode: GameMode| {
        let checked = move || game.settings.with(|settings| settings.mode == mode);
        view! {
            <label class="radio">
                <input type="radio" name="class-mode" value=mode.slug() prop:checked=checked
                    on:change=move |_| change(&|settings, _| settings.mode = mode)/>
                <span>{move || mode_name(lang, mode)}</span>
            </label>
        }
    };
    let half = move |half: usize| {
        let words = move || match sought() {
            true => say!(lang, lesson.link.one_half, half = half),
            false => say!(lang, lesson.link.two_halves, half = half),
        };
        view! {
            <label class="radio">
                <input type="radio" name="class-rounds" value=half.to_string() prop:checked=move || rules().half == half
                    on:change=move |_| change(&|_, rules| rules.half = half)/>
                <span>{words}</span>
            </label>
        }
    };
    let tongue = move |code: &'static str| {
        let words = move || match code {
            "nl" => say!(lang, lesson.link.dutch),
            _ => say!(lang, lesson.link.english),
        };
        view! {
            <label class="radio">
                <input type="radio" name="class-lang" value=code prop:checked=move || language() == code
                    on:change=move |_| chosen.set(Some(code))/>
                <span>{words}</span>
            </label>
        }
    };
    let about_clues = move || match sought() {
        true => say!(lang, lesson.link.clues_none),
        false => say!(lang, lesson.link.clues_hint),
    };
    let number = move |event: leptos::ev::Event| {
        let seed = event_target_value(&event).parse().unwrap_or_else(|_| random_seed());
        change(&|settings, _| settings.seed = seed);
    };
    view! {
        <section class="panel class-link" aria-labelledby="class-link">
            <h2 id="class-link">{move || say!(lang, lesson.link.title)}</h2>
            <p>{move || say!(lang, lesson.link.text)}</p>
            <div class="class-form">
                <fieldset class="choice">
                    <legend>{move || say!(lang, lesson.link.kind)}</legend>
                    <div class="radios">{GameMode::ALL.map(mode).into_iter().collect_view()}</div>
                </fieldset>
                <fieldset class="choice">
                    <legend>{move || say!(lang, lesson.link.rounds)}</legend>
                    <div class="radios">{CLASS_HALVES.map(half).into_iter().collect_view()}</div>
                    <p class="hint">{move || say!(lang, lesson.link.rounds_hint)}</p>
                </fieldset>
                <div class="choice">
                    <CheckField testid="class-clues" label=Signal::derive(move || say!(lang, lesson.link.clues).to_owned())
                        hint=Signal::derive(move || about_clues().to_owned())
                        checked=Signal::derive(move || rules().clues && !sought())
                        disabled=Signal::derive(sought)
                        change=move |clues| change(&|_, rules| rules.clues = clues)/>
                </div>
                <fieldset class="choice">
                    <legend>{move || say!(lang, lesson.link.lang)}</legend>
                    <div class="radios">{["nl", "en"].map(tongue).into_iter().collect_view()}</div>
                </fieldset>
                <div class="field class-number">
                    <label for="class-number">{move || say!(lang, lesson.link.number)}</label>
                    <div class="row">
                        <input type="number" id="class-number" data-testid="class-number" min="0" max="4294967295" step="1"
                            aria-describedby="class-number-hint"
                            prop:value=move || game.settings.with(|settings| settings.seed.to_string()) on:change=number/>
                        <button type="button" data-testid="class-other" on:click=move |_| change(&|settings, _| settings.seed = random_seed())>
                            <Icon shape=Shape::Dice/>{move || say!(lang, lesson.link.other)}
                        </button>
                    </div>
                    <p class="hint" id="class-number-hint">{move || say!(lang, lesson.link.number_hint)}</p>
                </div>
            </div>
            <ModelChoice active/>
            <div class="code-and-qr">
                <div class="code-text">
                    <CopyLines lines=link label=Signal::derive(move || say!(lang, lesson.link.label))
                        copy=Signal::derive(move || say!(lang, lesson.link.copy)) name="class-link"/>
                    <p><a data-testid="class-try" href=move || link.get()>{move || say!(lang, lesson.link.open)}</a></p>
                </div>
                <Qr text=link alt=Signal::derive(move || say!(lang, lesson.link.qr_alt).to_owned()) testid="class-link-qr"/>
            </div>
        </section>
    }
}
