//! The panes, one file each. A pane paints a model of plain data; where the model comes from is
//! [`moment`](super::moment)'s business.

pub(in crate::tui) mod chrome;
pub(in crate::tui) mod code;
pub(in crate::tui) mod crowd;
pub(in crate::tui) mod help;
pub(in crate::tui) mod journey;
pub(in crate::tui) mod ladder;
pub(in crate::tui) mod layers;
pub(in crate::tui) mod network;
pub(in crate::tui) mod packet;
pub(in crate::tui) mod state;
pub(in crate::tui) mod story;
pub(in crate::tui) mod timeline;
