//! A list whose items keep their views, and with them the keyboard, for as long as they are listed.

use std::mem;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::tachys::html::attribute::Attribute;
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::renderer::{Rndr, types};
use leptos::tachys::view::add_attr::AddAnyAttr;
use leptos::tachys::view::any_view::AnyViewState;
use leptos::tachys::view::{Mountable, Position, PositionState, Render, RenderHtml};

type Draw<T> = Arc<dyn Fn(&T) -> AnyView + Send + Sync>;

/// The views of `items`, each by `draw`, which is called again only where another item stands in its place. A tenth of
/// the code of Leptos' `For`, and as good where what changes lies close together.
pub fn keyed<T: PartialEq + Send + Sync + 'static>(
    items: impl Fn() -> Vec<T> + Send + Sync + 'static,
    draw: impl Fn(&T) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let draw: Draw<T> = Arc::new(draw);
    // What a view owns lives as long as the view, not until the next change of the list.
    let owner = Owner::current().unwrap_or_default();
    (move || Items { all: items(), draw: Arc::clone(&draw), owner: owner.clone() }.into_any())
        .into_any()
}

struct Items<T> {
    all: Vec<T>,
    draw: Draw<T>,
    owner: Owner,
}

/// What is in the page.
struct Shown<T> {
    rows: Vec<Row<T>>,
    end: types::Placeholder,
}

/// Its fields are dropped in this order.
struct Row<T> {
    item: T,
    view: AnyViewState,
    owner: Owner,
}

impl<T: PartialEq + 'static> Render for Items<T> {
    type State = Shown<T>;

    fn build(self) -> Shown<T> {
        let mut shown = Shown { rows: Vec::new(), end: Rndr::create_placeholder() };
        for item in self.all {
            let owner = self.owner.child();
            let view = owner.with(|| (self.draw)(&item).build());
            shown.rows.push(Row { item, view, owner });
        }
        shown
    }

    fn rebuild(self, shown: &mut Shown<T>) {
        let mut rows = mem::take(&mut shown.rows);
        let pairs = rows.iter().rev().zip(self.all.iter().rev());
        let same = pairs.take_while(|(row, item)| row.item == **item).count();
        let rest = rows.split_off(rows.len() - same);
        let len = self.all.len() - same;
        for row in rows.iter_mut().skip(len) {
            row.view.unmount();
        }
        rows.truncate(len);
        for (at, item) in self.all.into_iter().take(len).enumerate() {
            if rows.get(at).is_some_and(|row| row.item == item) {
                continue;
            }
            let owner = self.owner.child();
            if let Some(row) = rows.get_mut(at) {
                owner.with(|| (self.draw)(&item).rebuild(&mut row.view));
                (row.item, row.owner) = (item, owner);
            } else {
                let mut view = owner.with(|| (self.draw)(&item).build());
                match rest.first() {
                    Some(next) => next.view.insert_before_this(&mut view),
                    None => shown.end.insert_before_this(&mut view),
                };
                rows.push(Row { item, view, owner });
            }
        }
        rows.extend(rest);
        shown.rows = rows;
    }
}

impl<T> Mountable for Shown<T> {
    fn unmount(&mut self) {
        for row in &mut self.rows {
            row.view.unmount();
        }
        self.end.unmount();
    }

    fn mount(&mut self, parent: &types::Element, marker: Option<&types::Node>) {
        for row in &mut self.rows {
            row.view.mount(parent, marker);
        }
        self.end.mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        match self.rows.first() {
            Some(row) => row.view.insert_before_this(child),
            None => self.end.insert_before_this(child),
        }
    }

    fn elements(&self) -> Vec<types::Element> {
        Vec::new()
    }
}

impl<T: PartialEq + Send + 'static> AddAnyAttr for Items<T> {
    type Output<A: Attribute> = Self;

    fn add_any_attr<A: Attribute>(self, _: A) -> Self::Output<A> {
        self
    }
}

/// There is no server that would write it.
impl<T: PartialEq + Send + 'static> RenderHtml for Items<T> {
    type AsyncOutput = Self;
    type Owned = Self;
    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(
        self,
        _: &mut String,
        _: &mut Position,
        _: bool,
        _: bool,
        _: Vec<AnyAttribute>,
    ) {
    }

    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) -> Shown<T> {
        self.build()
    }

    fn into_owned(self) -> Self {
        self
    }
}
