//! Layer 5: duties that keep a conversation.
//!
//! No Internet protocol lives here alone. The model's duties are done by the protocols above; what
//! they share stands here: keeping a conversation alive ([`heartbeat`]), taking it up again
//! ([`reconnect`]), and the name by which it is known ([`id`]).

pub mod heartbeat;
pub mod id;
pub mod reconnect;
