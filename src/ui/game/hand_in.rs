//! The end of a class game: a code with the answers, for the teacher.

use leptos::prelude::*;

use super::state::{Game, RoundAnswer};
use crate::game::answers::Authenticity;
use crate::game::class_code::Choice;
use crate::game::class_results::ClassGame;
use crate::game::settings::GameMode;
use crate::ui::copy_lines::CopyLines;
use crate::ui::qr::Qr;
use crate::ui::words::{say, use_lang};

/// A random number of this tab. With it, two pupils with the same answers have different codes. It is stored nowhere.
#[derive(Debug, Clone, Copy)]
pub struct TagSeed(u64);

impl TagSeed {
    /// Draws one for the page.
    pub fn provide() {
        provide_context(Self::draw());
    }

    fn draw() -> Self {
        Self((js_sys::Math::random() * 9_007_199_254_740_992.0) as u64)
    }
}

impl Game {
    /// The game as a class game, once its scans are there; `None` for any other game, and with the visitor's own slices.
    pub fn class_game(self) -> Option<ClassGame> {
        let settings = self.settings.get();
        if settings.class.is_none() || self.own.with(Option::is_some) {
            return None;
        }
        let (model, size) = (self.active.modality.get().slug(), self.active.size.get());
        self.quiz.with(|quiz| {
            let quiz = quiz.as_ref()?;
            Some(ClassGame::new(&settings, model, size, quiz.first, quiz.key(settings.mode)))
        })
    }

    /// The answers so far, as a class code holds them.
    pub fn choices(self) -> Vec<Choice> {
        let mode = self.settings.with(|settings| settings.mode);
        let choice = |given: &RoundAnswer| match mode {
            GameMode::Single => {
                let said = given.answer.and_then(|answer| answer.said);
                Choice::of(said.map(|said| usize::from(said == Authenticity::Fake)))
            }
            GameMode::Pairs => Choice::of(given.picked),
            GameMode::Tumour => Choice::of(given.tap.map(|(_, tap)| usize::from(!tap.inside))),
        };
        self.answers.with(|answers| answers.iter().map(choice).collect())
    }
}

/// The code as text and as a QR code, once all rounds of a class game are answered.
#[component]
pub fn HandIn(
    /// The game.
    game: Game,
) -> impl IntoView {
    let lang = use_lang();
    let TagSeed(tag_seed) = use_context().unwrap_or_else(TagSeed::draw);
    let code = Memo::new(move |_| {
        let class = game.class_game()?;
        let answers = game.choices();
        (answers.len() == class.rounds()).then(|| class.code(&answers, tag_seed))
    });
    let shown = Signal::derive(move || code.get().unwrap_or_default());
    view! {
        <Show when=move || code.with(Option::is_some)>
            <section class="hand-in" data-testid="hand-in" aria-labelledby="hand-in">
                <h3 id="hand-in">{move || say!(lang, lesson.code.title)}</h3>
                <p>{move || say!(lang, lesson.code.text)}</p>
                <div class="code-and-qr">
                    <div class="code-text">
                        <CopyLines lines=shown label=Signal::derive(move || say!(lang, lesson.code.label))
                            copy=Signal::derive(move || say!(lang, lesson.code.copy)) name="class-code"/>
                    </div>
                    <Qr text=shown alt=Signal::derive(move || say!(lang, lesson.code.qr_alt).to_owned()) testid="class-code-qr"/>
                </div>
                <p class="hint">{move || say!(lang, lesson.code.letters)}</p>
            </section>
        </Show>
    }
}
