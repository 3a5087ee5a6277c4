//! The page. Networks run in workers.

fn main() {
    hersenscan::ui::start::start();
}
