//! What a server or a client takes and gives.

use super::program::{Indication, Order};
use crate::base::Chunk;
use crate::stack::Layer;
use crate::stack::application::{engine_io, http, socket_io, websocket};

/// What can happen to a server or a client. Connections have numbers: whoever owns them numbers
/// those that were accepted, a client those that it asks for, never one twice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Input {
    /// The program begins.
    Start,
    /// A connection is open: somebody's to a server, or the one that a client asked for.
    Opened {
        /// Its number.
        connection: u64,
    },
    /// Octets arrived.
    Received {
        /// Over which connection.
        connection: u64,
        /// The octets.
        octets: Chunk,
    },
    /// The peer will send no more (TCP FIN).
    PeerClosed {
        /// On which connection.
        connection: u64,
    },
    /// A connection is gone, or did not come about (TCP RST, time-out).
    Lost {
        /// Which.
        connection: u64,
    },
    /// The program that drives it asks for something.
    Order(Order),
    /// The program that drives it has had its say ([`Output::More`]).
    Resume,
}

/// What a server or a client wants done or said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Output {
    /// Open a connection to the server.
    Connect {
        /// The number by which it is known.
        connection: u64,
    },
    /// Send these octets.
    Transmit {
        /// Over which connection.
        connection: u64,
        /// The octets.
        octets: Chunk,
    },
    /// Close a connection once all is sent.
    Close {
        /// Which.
        connection: u64,
    },
    /// End a connection at once.
    Abort {
        /// Which.
        connection: u64,
    },
    /// Tell whoever watches.
    Tell {
        /// About which connection, if it is about one.
        connection: Option<u64>,
        /// What.
        news: News,
        /// The octets that it is about; empty if it is about none.
        octets: Chunk,
    },
    /// The client has done all that it was to do.
    Done,
    /// Tell the program that drives it.
    Indicate(Indication),
    /// More is to be done than was, but the program has its say first. Then, and before anything
    /// else, comes [`Input::Resume`].
    More,
}

impl Output {
    /// Whether it is for the program.
    pub(super) const fn is_indication(&self) -> bool {
        matches!(self, Self::Indicate(_))
    }
}

/// What is worth telling.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum News {
    /// The program makes a call; the octets are its words, as a program would write it.
    Calls,
    /// The program is told something; the octets are the handler's words.
    Handles,
    /// Something whole was sent or arrived; the octets are its first ones.
    Unit(Unit),
    /// HTTP says something.
    Http(http::Note),
    /// WebSocket says something.
    WebSocket(websocket::Note),
    /// Engine.IO says something.
    EngineIo(engine_io::Note),
    /// Socket.IO says something.
    SocketIo(socket_io::Note),
}

impl News {
    /// The layer of the OSI model whose duty it tells of: what keeps a conversation alive or takes
    /// it up again is session's, what changes the form of data is presentation's.
    pub const fn layer(&self) -> Layer {
        match self {
            Self::WebSocket(
                websocket::Note::KeepAlive { .. }
                | websocket::Note::GaveUp
                | websocket::Note::Answering { .. },
            )
            | Self::EngineIo(engine_io::Note::PingSent | engine_io::Note::PongSent)
            | Self::SocketIo(
                socket_io::Note::Link { .. }
                | socket_io::Note::Waits { .. }
                | socket_io::Note::GaveUp { .. }
                | socket_io::Note::Recovered { .. }
                | socket_io::Note::NotRecovered,
            ) => Layer::Session,
            Self::WebSocket(
                websocket::Note::Sent { mask: Some(_), .. }
                | websocket::Note::Received { mask: Some(_), .. }
                | websocket::Note::Deflated { .. }
                | websocket::Note::Inflated { .. },
            ) => Layer::Presentation,
            _ => Layer::Application,
        }
    }
}

/// Which protocol.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Protocol {
    /// HTTP/1.1: a request or a response.
    Http,
    /// WebSocket: a frame.
    WebSocket,
    /// Engine.IO: a packet.
    EngineIo,
    /// Socket.IO: a packet.
    SocketIo,
}

impl Protocol {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Http => "HTTP",
            Self::WebSocket => "WebSocket",
            Self::EngineIo => "Engine.IO",
            Self::SocketIo => "Socket.IO",
        }
    }

    /// What its units are called.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Http => "message",
            Self::WebSocket => "frame",
            Self::EngineIo | Self::SocketIo => "packet",
        }
    }
}

/// One message, frame or packet of a protocol: what a layer makes of what the layer above gave it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C, packed(2))] // So that it fits into a packed record of the trace.
pub struct Unit {
    /// How many octets the stream had before it, modulo 2³²; zero for a protocol whose units do
    /// not lie in a stream themselves.
    pub place: u32,
    /// How many octets it has.
    pub octets: u32,
    /// Whose.
    pub protocol: Protocol,
    /// Whether it goes out.
    pub sent: bool,
}
