//! The page: what a visitor sees. The network runs elsewhere, in a worker.

fn main() {
    hersenscan::ui::start::start();
}
