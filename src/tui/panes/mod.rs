//! The panes, one file each. A pane paints a model of plain data; where the model comes from is
//! [`moment`](super::moment)'s business.

pub mod chrome;
pub mod help;
pub mod ladder;
pub mod layers;
pub mod network;
pub mod packet;
pub mod state;
pub mod story;
pub mod timeline;
