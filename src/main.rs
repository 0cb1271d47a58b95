//! Front door of the page.

fn main() {
    drydock::ui::start();
}
