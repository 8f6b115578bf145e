//! Layer 5: duties that keep a conversation.
//!
//! No Internet protocol lives here alone. The model's duties (keeping a conversation alive, taking
//! it up again) are done by the protocols above; the ones that two of them share will stand here.
