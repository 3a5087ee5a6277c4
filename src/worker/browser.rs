//! The browser's workers and timers, for links.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use js_sys::WebAssembly::Module;
use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{ErrorEvent, EventTarget, MessageEvent};

use super::{Clock, Host, Message, OnOutcome, Port, Program, Timer, Transport, WorkerFailure, channel, wire};
use crate::download::error_words;

#[wasm_bindgen]
extern "C" {
    // `web_sys::Worker` takes a name only with one more of its features, which every other crate would be built with.
    #[wasm_bindgen(extends = EventTarget, js_name = Worker)]
    type NamedWorker;
    #[wasm_bindgen(constructor, js_class = "Worker", catch)]
    fn new(script: &str, options: &Object) -> Result<NamedWorker, JsValue>;

    // The global scopes of pages and workers are different types. Both have these functions.
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, millis: i32) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(number: &JsValue);
}

/// Starts a worker with a name. The script is relative to the document.
///
/// # Errors
/// Those of the browser.
pub fn named_worker(script: &str, name: &str) -> Result<web_sys::Worker, JsValue> {
    let options = Object::new();
    Reflect::set(&options, &"name".into(), &name.into())?;
    NamedWorker::new(script, &options).map(JsCast::unchecked_into)
}

/// The worker that `static/start.js` started while the program of the page loaded, if it is of this program and runs. It
/// has its first message already.
fn early_worker(program: &Program) -> Option<web_sys::Worker> {
    let take: Function = Reflect::get(&js_sys::global(), &"takeEarlyWorker".into()).ok()?.dyn_into().ok()?;
    let early = take.call2(&JsValue::NULL, &program.script.into(), &program.name.into()).ok()?;
    let early: Array = early.dyn_into().ok()?;
    if let Ok(module) = early.get(1).dyn_into() {
        MODULES.with_borrow_mut(|modules| modules.insert(program.script, module));
    }
    early.get(0).dyn_into().ok()
}

/// The browser as the host of links.
pub fn host<Request: Message + 'static, Event: Message + 'static>() -> Rc<dyn Host<Request, Event>> {
    Rc::new(Browser)
}

struct Browser;

thread_local! {
    /// Compiled programs, by the script of their worker. The first worker compiles, and those after it get the module:
    /// `static/worker.js`.
    static MODULES: RefCell<HashMap<&'static str, Module>> = RefCell::default();
}

impl<Request: Message, Event: Message + 'static> Host<Request, Event> for Browser {
    fn spawn(
        &self,
        program: &Program,
        on_outcome: OnOutcome<Event>,
    ) -> Result<Box<dyn Transport<Request>>, WorkerFailure> {
        let script = program.script;
        let worker = match early_worker(program) {
            Some(worker) => worker,
            None => {
                let worker = named_worker(script, program.name);
                let worker = worker.map_err(|error| WorkerFailure::Spawn(error_words(&error)))?;
                let module = MODULES.with_borrow(|modules| modules.get(script).cloned());
                // A worker that does not get this message compiles the program itself.
                let _ = worker.post_message(&module.map_or(JsValue::NULL, JsValue::from));
                worker
            }
        };
        let on_message = {
            let on_outcome = Rc::clone(&on_outcome);
            Listener::new(&worker, "message", move |event| {
                match event.unchecked_into::<MessageEvent>().data().dyn_into::<Module>() {
                    Ok(module) => drop(MODULES.with_borrow_mut(|modules| modules.insert(script, module))),
                    Err(data) => on_outcome(wire::decode(data).map_err(WorkerFailure::Garbled)),
                }
            })
        };
        let on_garbled = {
            let on_outcome = Rc::clone(&on_outcome);
            Listener::new(&worker, "messageerror", move |_| {
                on_outcome(Err(WorkerFailure::Garbled("it could not be copied".to_owned())));
            })
        };
        let on_error = Listener::new(&worker, "error", move |event| {
            // The next worker loads the program anew: its script may be that of a newer version of the site.
            MODULES.with_borrow_mut(|modules| modules.remove(script));
            // The event of a script that did not load has no words.
            let words = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).unwrap_or_default();
            let words = if words.is_empty() { format!("could not load {script}") } else { words };
            on_outcome(Err(WorkerFailure::Crashed(words)));
        });
        Ok(Box::new(RunningWorker { worker, _listeners: [on_message, on_garbled, on_error] }))
    }

    fn channel(&self) -> [Port; 2] {
        channel::pair()
    }
}

/// The timers of the browser, in the page and in workers.
pub fn clock() -> Rc<dyn Clock> {
    Rc::new(Browser)
}

impl Clock for Browser {
    fn timer(&self, delay: Duration, ring: Box<dyn FnOnce()>) -> Timer {
        let callback = Closure::once(ring);
        let millis = i32::try_from(delay.as_millis()).unwrap_or(i32::MAX);
        let number = set_timeout(callback.as_ref().unchecked_ref(), millis);
        Box::new(Timeout { number, _callback: callback })
    }
}

struct RunningWorker {
    worker: web_sys::Worker,
    _listeners: [Listener; 3],
}

impl<Request: Message> Transport<Request> for RunningWorker {
    fn post(&self, request: Request) -> Result<(), WorkerFailure> {
        let (value, buffers) = wire::encode(request).map_err(WorkerFailure::Unsent)?;
        let sent = self.worker.post_message_with_transfer(&value, &buffers);
        sent.map_err(|error| WorkerFailure::Unsent(error_words(&error)))
    }
}

impl Drop for RunningWorker {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

struct Timeout {
    number: JsValue,
    _callback: Closure<dyn FnMut()>,
}

impl Drop for Timeout {
    fn drop(&mut self) {
        clear_timeout(&self.number);
    }
}

/// An event listener that is removed when dropped, so that an event cannot call into freed memory.
pub struct Listener {
    target: EventTarget,
    event: &'static str,
    closure: Closure<dyn Fn(web_sys::Event)>,
}

impl Listener {
    /// Calls `react` with every such event of the target.
    pub fn new(target: &EventTarget, event: &'static str, react: impl Fn(web_sys::Event) + 'static) -> Self {
        let closure = Closure::<dyn Fn(web_sys::Event)>::new(react);
        // This fails only for a value that is not an event target, which the type rules out.
        let _ = target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
        Self { target: target.clone(), event, closure }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let callback = self.closure.as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback(self.event, callback);
    }
}
