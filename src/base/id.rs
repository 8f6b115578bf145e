//! Numbers that cannot be mixed up.

use std::fmt;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident($inner:ty), $letter:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
        pub struct $name(pub $inner);

        impl $name {
            /// The number as a place in a `Vec`.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($letter, "{}"), self.0)
            }
        }
    };
}

id!(
    /// A device of the network: its place in the world's list of nodes.
    NodeId(u32),
    "n"
);
id!(
    /// An interface (NIC) of one node: its place in that node's list.
    InterfaceId(u16),
    "if"
);
id!(
    /// A link: its place in the world's list of links.
    LinkId(u32),
    "l"
);
id!(
    /// A frame on one link. Forwarding makes a new frame with a new number.
    FrameId(u32),
    "#"
);
id!(
    /// A socket of one node; numbers are used again only after the socket is gone.
    SocketId(u32),
    "s"
);
