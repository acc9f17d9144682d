//! Nodes, and the sink into which the parser puts them; it counts what the parser does.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, ExpandedName, QualName, local_name, ns};

/// A node; cloning shares it.
pub type Handle = Rc<Node>;

/// What a node is.
#[derive(Debug)]
pub enum NodeData {
    /// The whole.
    Document,
    /// Words.
    Text { contents: RefCell<String> },
    /// A comment; what it says is not kept.
    Comment,
    /// An element.
    Element { name: QualName, attrs: Vec<Attribute> },
}

/// One node with its place in the tree.
#[derive(Debug)]
pub struct Node {
    /// What it is.
    pub data: NodeData,
    /// What is in it, in order.
    pub children: RefCell<Vec<Handle>>,
    parent: RefCell<Weak<Node>>,
}

impl Node {
    fn new(data: NodeData) -> Handle {
        Rc::new(Self { data, children: RefCell::default(), parent: RefCell::default() })
    }

    fn parent(&self) -> Option<Handle> {
        self.parent.borrow().upgrade()
    }
}

/// Trees can be deep, so they are taken apart without recursion.
impl Drop for Node {
    fn drop(&mut self) {
        let mut ahead = std::mem::take(&mut *self.children.borrow_mut());
        while let Some(node) = ahead.pop() {
            if Rc::strong_count(&node) == 1 {
                ahead.append(&mut node.children.borrow_mut());
            }
        }
    }
}

/// Where the parser builds.
pub struct Sink {
    document: Handle,
    nameless: QualName,
    /// Elements made so far.
    pub elements: Cell<usize>,
    /// Steps taken so far along nodes.
    pub steps: Cell<usize>,
}

impl Sink {
    /// An empty one.
    pub fn new() -> Self {
        Self {
            document: Node::new(NodeData::Document),
            nameless: QualName::new(None, ns!(html), local_name!("")),
            elements: Cell::new(0),
            steps: Cell::new(0),
        }
    }

    fn step(&self, count: usize) {
        self.steps.set(self.steps.get() + count);
    }

    /// The parent and the place in it; looked for from the end, where the parser works.
    fn place(&self, node: &Handle) -> Option<(Handle, usize)> {
        let parent = node.parent()?;
        let (at, length) = {
            let children = parent.children.borrow();
            (children.iter().rposition(|child| Rc::ptr_eq(child, node))?, children.len())
        };
        self.step(length - at);
        Some((parent, at))
    }

    fn insert(parent: &Handle, at: usize, child: NodeOrText<Handle>) {
        let mut children = parent.children.borrow_mut();
        let node = match child {
            NodeOrText::AppendNode(node) => node,
            NodeOrText::AppendText(text) => {
                let before = at.checked_sub(1).and_then(|before| children.get(before)).map(|before| &before.data);
                if let Some(NodeData::Text { contents }) = before {
                    contents.borrow_mut().push_str(&text);
                    return;
                }
                Node::new(NodeData::Text { contents: RefCell::new(text.to_string()) })
            }
        };
        *node.parent.borrow_mut() = Rc::downgrade(parent);
        let at = at.min(children.len());
        children.insert(at, node);
    }
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = Handle;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Handle {
        self.document
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        self.document.clone()
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        self.step(1);
        match &target.data {
            NodeData::Element { name, .. } => name.expanded(),
            _ => self.nameless.expanded(),
        }
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, _: ElementFlags) -> Handle {
        self.elements.set(self.elements.get() + 1);
        Node::new(NodeData::Element { name, attrs })
    }

    fn create_comment(&self, _: StrTendril) -> Handle {
        Node::new(NodeData::Comment)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Handle {
        Node::new(NodeData::Comment)
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        let end = parent.children.borrow().len();
        Self::insert(parent, end, child);
    }

    fn append_based_on_parent_node(&self, element: &Handle, previous: &Handle, child: NodeOrText<Handle>) {
        if element.parent().is_some() {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    /// A template's content counts as its children; templates are taken out whole.
    fn get_template_contents(&self, target: &Handle) -> Handle {
        target.clone()
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        self.step(1);
        Rc::ptr_eq(x, y)
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        if let NodeOrText::AppendNode(node) = &child {
            self.remove_from_parent(node);
        }
        if let Some((parent, at)) = self.place(sibling) {
            Self::insert(&parent, at, child);
        }
    }

    fn add_attrs_if_missing(&self, _: &Handle, _: Vec<Attribute>) {}

    fn remove_from_parent(&self, target: &Handle) {
        if let Some((parent, at)) = self.place(target) {
            parent.children.borrow_mut().remove(at);
            *target.parent.borrow_mut() = Weak::new();
        }
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        let mut moved = std::mem::take(&mut *node.children.borrow_mut());
        self.step(moved.len());
        for child in &moved {
            *child.parent.borrow_mut() = Rc::downgrade(new_parent);
        }
        new_parent.children.borrow_mut().append(&mut moved);
    }
}
