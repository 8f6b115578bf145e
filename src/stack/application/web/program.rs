//! What a program that drives a server or a client is told, and what it asks for.
//!
//! A [`Server`](super::Server) made by [`driven`](super::Server::driven) answers no request and no
//! event of itself: it hands every decision out as an [`Indication`], and does what each [`Order`]
//! says, at once or whenever it comes. So does a [`Client`](super::Client). The machines with routes,
//! rules and steps are told the same indications; they only answer them themselves.
//!
//! **In turn.** An answer goes out before what arrived behind the question can stop it. So a driven
//! machine says one thing at a time: with [`Output::More`](super::Output::More) it stops until
//! [`Input::Resume`](super::Input::Resume). Whoever owns it carries out the other outputs first, then
//! tells the program the indications in their order, gives what it orders, and resumes.
//!
//! An order for a connection, a request or a client that is gone (a program cannot know it yet) does
//! nothing, or is indicated as misuse by the protocol that it is for. An order to a server that only a
//! client can carry out does nothing, and so the other way round.

use crate::base::Chunk;
use crate::stack::application::socket_io::{self, Ack, Arguments};
use crate::stack::application::{engine_io, http, websocket};
use serde_json::Value;
use std::rc::Rc;

/// What a program is told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Indication {
    /// Server: a request arrived. It is owed [`Order::Respond`], or [`Order::Head`] and what follows
    /// it; until then the connection gives no other request.
    Request {
        /// Over which connection.
        connection: u64,
        /// The request.
        request: http::Request,
    },
    /// Server: a request to speak WebSocket at an endpoint, with a good handshake (RFC 6455 §4.2.1;
    /// another one is refused without a word). It is owed [`Order::Accept`] or [`Order::Refuse`].
    Upgrade {
        /// Over which connection.
        connection: u64,
        /// The request.
        request: http::Request,
    },
    /// Server: a connection whose request is owed an answer is gone.
    Gone {
        /// Which.
        connection: u64,
    },
    /// A WebSocket says something. A client's own is connection 0.
    WebSocket {
        /// Which.
        connection: u64,
        /// What.
        indication: websocket::Indication,
    },
    /// Server: Socket.IO says something.
    SocketIo {
        /// What.
        indication: socket_io::server::Indication,
        /// With [`Connecting`](socket_io::server::Indication::Connecting): how the session of who
        /// asks to be let in was opened.
        opening: Option<Opened>,
    },
    /// Client: the response to a request.
    Response {
        /// The request's number.
        exchange: u64,
        /// The response.
        response: http::Response,
    },
    /// Client: there will be no response.
    Failed {
        /// The request's number.
        exchange: u64,
        /// Why; `None` if the connection was lost, or did not come about.
        why: Option<http::Failure>,
    },
    /// Client: Socket.IO says something.
    SocketIoClient(socket_io::client::Indication),
    /// Client: this carries the Engine.IO session from now on.
    Transport(engine_io::Transport),
}

/// How a session of Engine.IO was opened: what Socket.IO calls the handshake.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Opened {
    /// Over which connection. The session may have left it since.
    pub connection: u64,
    /// By which request.
    pub request: Rc<http::Request>,
}

/// What a program asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Order {
    /// Server: answers the request of a connection, whole.
    Respond {
        /// Which.
        connection: u64,
        /// The answer. HTTP adds what says where it ends and whether the connection stays.
        response: http::Response,
    },
    /// Server: answers the request of a connection in parts, and begins with the head.
    Head {
        /// Which.
        connection: u64,
        /// The head; a body in it is not looked at.
        response: http::Response,
    },
    /// Server: the next part of an answer's body.
    Part {
        /// Over which connection.
        connection: u64,
        /// The part.
        octets: Chunk,
    },
    /// Server: an answer in parts is complete.
    Finish {
        /// Over which connection.
        connection: u64,
    },
    /// Server: agrees to speak WebSocket.
    Accept {
        /// Over which connection.
        connection: u64,
        /// The subprotocol, one of those that the client offers.
        protocol: Option<String>,
    },
    /// Server: does not agree to speak WebSocket. The connection ends.
    Refuse {
        /// Over which connection.
        connection: u64,
        /// What the client is answered.
        response: http::Response,
    },
    /// A WebSocket is to send or to close.
    WebSocket {
        /// Which.
        connection: u64,
        /// One of the inputs that are the program's: a message or a part of one, a ping, a pong, a
        /// close.
        input: websocket::Input,
    },
    /// Ends a connection at once, whatever it speaks. A WebSocket tells of its end as ever.
    Terminate {
        /// Which.
        connection: u64,
    },
    /// Server: Socket.IO is to do something; any input but what Engine.IO says.
    SocketIo(socket_io::server::Input),
    /// Server: there is one more namespace.
    Namespace(String),
    /// Client: makes a request, over a connection that is free or over a new one.
    Request {
        /// The program's number for it, never one twice.
        exchange: u64,
        /// The request. `Host` is added if it has none.
        request: http::Request,
    },
    /// Client: gives a request up. Nothing more is told of it.
    Abort {
        /// Its number.
        exchange: u64,
    },
    /// Client: Socket.IO is to do something.
    SocketIoClient(Call),
}

/// What a program asks of a Socket.IO client; see [`socket_io::client::Input`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Call {
    /// To be in a namespace. The first one opens the session.
    Join {
        /// Which.
        namespace: String,
        /// What it says of itself there.
        auth: Option<Value>,
    },
    /// To leave a namespace. The last one closes the session.
    Leave {
        /// Which.
        namespace: String,
    },
    /// To send an event.
    Emit {
        /// In which namespace.
        namespace: String,
        /// The event's name.
        name: String,
        /// Its arguments.
        arguments: Arguments,
        /// It may be lost if it cannot go at once.
        volatile: bool,
        /// Whether it is to be acknowledged.
        ack: Option<Ack>,
    },
    /// To acknowledge an event.
    Acknowledge {
        /// In which namespace.
        namespace: String,
        /// The id that the event came with.
        id: u64,
        /// The answer.
        arguments: Arguments,
    },
}
