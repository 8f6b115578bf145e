//! The machines of the web that a program drives: octets and time in, what it is told out.

use super::happens::end;
use super::stations::Station;
use super::{JavaScript, Todo, made, number};
use crate::base::{Chunk, SocketId};
use crate::javascript::Value;
use crate::node::calls::Desk;
use crate::node::program::web::tell;
use crate::stack::Machine as _;
use crate::stack::application::web::{Indication, Input, Output};
use crate::stack::application::{Message, engine_io, http, socket_io, websocket};
use serde_json::Value as Json;

/// Header fields as the program has them: name, value, name, value.
fn headers(headers: &http::Headers) -> Value {
    Value::List(headers.iter().flat_map(|(name, value)| [name.into(), value.into()]).collect())
}

/// JSON as text.
fn json(value: &Json) -> Value {
    Value::Text(value.to_string().into())
}

/// Arguments of an event: their JSON, and the octets beside it.
fn arguments(arguments: &socket_io::Arguments) -> [Value; 2] {
    let values = serde_json::to_string(&arguments.values).unwrap_or_default();
    let attachments = arguments.attachments.iter().cloned().map(Value::Octets).collect();
    [Value::Text(values.into()), Value::List(attachments)]
}

fn message(message: Message) -> Value {
    match message {
        Message::Text(text) => Value::Text(String::from_utf8_lossy(&text).into()),
        Message::Binary(octets) => Value::Octets(octets),
    }
}

impl JavaScript {
    /// Gives a machine something, and does what follows from it.
    pub(super) fn give(&mut self, handle: i64, input: Input, desk: &mut Desk<'_, '_>) {
        let mut out = Vec::new();
        match self.stations.get_mut(&handle) {
            Some(Station::Web(server)) => server.machine.handle(desk.now(), input, &mut out),
            Some(Station::Client(client)) => client.machine.handle(desk.now(), input, &mut out),
            _ => return,
        }
        self.carry_out(handle, out, desk);
    }

    /// A machine's time has come.
    pub(super) fn run_deadline(&mut self, handle: i64, desk: &mut Desk<'_, '_>) {
        let mut out = Vec::new();
        match self.stations.get_mut(&handle) {
            Some(Station::Web(server)) => server.machine.on_deadline(desk.now(), &mut out),
            Some(Station::Client(client)) => client.machine.on_deadline(desk.now(), &mut out),
            _ => return,
        }
        self.carry_out(handle, out, desk);
    }

    /// Reads what lies on a connection of a machine's.
    pub(super) fn pass_on(&mut self, key: (i64, u64), socket: SocketId, desk: &mut Desk<'_, '_>) {
        if !self.lines.reads(key) {
            return;
        }
        let octets = desk.read(socket, usize::MAX);
        if !octets.is_empty() {
            self.give(key.0, Input::Received { connection: key.1, octets }, desk);
        }
    }

    /// A connection of a machine's is gone; `why` as node names it.
    pub(super) fn lose(&mut self, key: (i64, u64), why: &'static str, desk: &mut Desk<'_, '_>) {
        self.lines.remove(key);
        self.lost_by = Some(why);
        self.give(key.0, Input::Lost { connection: key.1 }, desk);
        self.lost_by = None;
    }

    /// Does what a machine wants; what is for the program waits for its turn.
    fn carry_out(&mut self, handle: i64, out: Vec<Output>, desk: &mut Desk<'_, '_>) {
        for output in out {
            match output {
                Output::Connect { connection } => self.connect(handle, connection, desk),
                Output::Transmit { connection, octets } => {
                    self.send((handle, connection), octets, desk);
                }
                Output::Close { connection } => self.lines.close((handle, connection), desk),
                Output::Abort { connection } => {
                    if let Some(socket) = self.lines.remove((handle, connection)) {
                        desk.abort(socket);
                    }
                }
                Output::Tell { connection, news, octets } => {
                    let socket = connection.and_then(|line| self.lines.socket((handle, line)));
                    tell(socket, news, &octets, desk);
                }
                Output::Indicate(indication) => self.indicate(handle, indication, desk),
                Output::More => self.queue.push_back(Todo::GoOn(handle)),
                Output::Done => {}
            }
        }
    }

    fn connect(&mut self, handle: i64, connection: u64, desk: &mut Desk<'_, '_>) {
        let Some(Station::Client(client)) = self.stations.get(&handle) else { return };
        match desk.connect(client.to, None) {
            Some(socket) => {
                desk.no_delay(socket);
                self.lines.add((handle, connection), socket);
            }
            None => self.lose((handle, connection), "ENETUNREACH", desk),
        }
    }

    /// What a machine says to the program.
    fn indicate(&mut self, handle: i64, indication: Indication, desk: &Desk<'_, '_>) {
        match indication {
            Indication::Request { connection, request } => {
                self.ask("request", handle, connection, &request, true, desk);
            }
            Indication::Upgrade { connection, request } => {
                self.ask("upgrade", handle, connection, &request, false, desk);
            }
            Indication::Gone { connection } => self.tell("gone", vec![line(connection)]),
            Indication::WebSocket { connection, indication } => {
                let is_server = matches!(self.stations.get(&handle), Some(Station::Web(_)));
                let id = if is_server { line(connection) } else { number(handle) };
                self.tell_of_loss(handle, &indication);
                self.websocket(id, indication);
            }
            Indication::SocketIo { indication, opening } => {
                let opening = opening.map(|opening| {
                    let socket = self.lines.socket((handle, opening.connection));
                    let remote = socket.map(|socket| desk.remote(socket).address.to_string());
                    (opening.request, remote.unwrap_or_default())
                });
                self.socket_io(number(handle), indication, opening);
            }
            Indication::Response { exchange, response } => {
                let (status, reason) = (response.status.0, response.status.reason());
                self.tell(
                    "response",
                    vec![
                        exchange.into(),
                        u64::from(status).into(),
                        reason.into(),
                        headers(&response.headers),
                        Value::Octets(response.body),
                    ],
                );
            }
            Indication::Failed { exchange, why } => {
                let code = match why {
                    Some(http::Failure::Malformed(_)) => "HPE_INVALID_CONSTANT",
                    Some(http::Failure::TimedOut) => "ETIMEDOUT",
                    Some(_) => "ECONNRESET",
                    None => self.lost_by.unwrap_or("ECONNRESET"),
                };
                let words = why.map_or_else(|| code.to_owned(), |why| why.to_string());
                let words = words.as_str().into();
                self.tell("http.failed", vec![exchange.into(), code.into(), words]);
            }
            Indication::SocketIoClient(indication) => {
                self.socket_io_client(number(handle), indication);
            }
            Indication::Transport(transport) => {
                let name = match transport {
                    engine_io::Transport::Polling => "polling",
                    engine_io::Transport::WebSocket => "websocket",
                };
                self.tell("io.client.transport", vec![number(handle), name.into()]);
            }
        }
    }

    /// A request asks for an answer of the program's.
    fn ask(
        &mut self,
        what: &'static str,
        server: i64,
        connection: u64,
        request: &http::Request,
        with_body: bool,
        desk: &Desk<'_, '_>,
    ) {
        let mut arguments = vec![
            number(server),
            line(connection),
            request.method.name().into(),
            request.target.as_str().into(),
            headers(&request.headers),
        ];
        if with_body {
            arguments.push(Value::Octets(request.body.clone()));
        }
        if let Some(socket) = self.lines.socket((server, connection)) {
            arguments.extend(end(desk.remote(socket)));
        }
        self.tell(what, arguments);
    }

    /// A WebSocket that never opened because TCP did not: the program is told in node's words.
    fn tell_of_loss(&mut self, handle: i64, indication: &websocket::Indication) {
        let Some(Station::Client(client)) = self.stations.get_mut(&handle) else { return };
        match indication {
            websocket::Indication::Opened { .. } => client.opened = true,
            websocket::Indication::Closed { .. } if !client.opened => {
                let Some(why) = self.lost_by else { return };
                let told = vec![number(handle), why.into(), Value::Null];
                self.tell("ws.failed", told);
            }
            _ => {}
        }
    }

    fn websocket(&mut self, id: Value, indication: websocket::Indication) {
        use websocket::Indication as Says;
        let code = |code: u16| Value::from(u64::from(code));
        match indication {
            Says::Opened { protocol, compressed } => {
                let protocol = protocol.as_deref().into();
                self.tell("ws.open", vec![id, protocol, compressed.into()]);
            }
            Says::Refused(refusal) => {
                let status = refusal.status().map(|status| u64::from(status.0));
                let words = refusal.to_string();
                self.tell("ws.failed", vec![id, words.as_str().into(), status.into()]);
            }
            Says::Failed(violation) => {
                let words = violation.to_string();
                self.tell("ws.failed", vec![id, words.as_str().into(), Value::Null]);
            }
            Says::Message(said) => self.tell("ws.message", vec![id, message(said)]),
            Says::Ping(octets) => self.tell("ws.ping", vec![id, octets.into()]),
            Says::Pong(octets) => self.tell("ws.pong", vec![id, octets.into()]),
            Says::Closing { code: number, reason } => {
                self.tell("ws.closing", vec![id, code(number), reason.as_str().into()]);
            }
            Says::Closed { code: number, reason, clean } => {
                let reason = reason.as_str().into();
                self.tell("ws.closed", vec![id, code(number), reason, clean.into()]);
            }
            Says::Misuse(_) => {}
        }
    }

    fn socket_io(
        &mut self,
        server: Value,
        indication: socket_io::server::Indication,
        opening: Option<(std::rc::Rc<http::Request>, String)>,
    ) {
        use socket_io::server::Indication as Says;
        let sid = |socket: crate::stack::session::id::SessionId| Value::from(socket.as_str());
        match indication {
            Says::Connecting { socket, namespace, auth, .. } => {
                let mut told = vec![server, sid(socket), namespace.as_str().into(), json(&auth)];
                if let Some((request, remote)) = opening {
                    told.push(headers(&request.headers));
                    told.push(request.target.as_str().into());
                    told.push(remote.as_str().into());
                }
                self.tell("io.connecting", told);
            }
            Says::Connected { socket, namespace, recovered, .. } => {
                let namespace = namespace.as_str().into();
                let told = vec![server, sid(socket), namespace, recovered.into()];
                self.tell("io.connected", told);
            }
            Says::Event { socket, name, arguments: said, ack } => {
                let mut told = vec![server, sid(socket), name.as_str().into()];
                told.extend(arguments(&said));
                told.push(ack.into());
                self.tell("io.event", told);
            }
            Says::Acknowledged { socket, token, arguments: said } => {
                let mut told = vec![server, sid(socket), token.into()];
                told.extend(arguments(&said));
                self.tell("io.acked", told);
            }
            Says::AckTimedOut { socket, token } => {
                self.tell("io.ack-timeout", vec![server, sid(socket), token.into()]);
            }
            Says::AckLost { socket, token } => {
                self.tell("io.ack-lost", vec![server, sid(socket), token.into()]);
            }
            Says::Disconnected { socket, reason } => {
                let reason = reason.to_string();
                let told = vec![server, sid(socket), reason.as_str().into()];
                self.tell("io.disconnected", told);
            }
            Says::Misuse(_) => {}
        }
    }

    fn socket_io_client(&mut self, id: Value, indication: socket_io::client::Indication) {
        use socket_io::client::Indication as Says;
        let text = |text: &str| Value::from(text);
        match indication {
            Says::Connected { namespace, sid, recovered } => {
                let told = vec![id, text(&namespace), text(&sid), recovered.into()];
                self.tell("io.client.connected", told);
            }
            Says::ConnectError { namespace, message, data } => {
                let data = data.as_ref().map_or(Value::Null, json);
                let told = vec![id, text(&namespace), text(&message), data];
                self.tell("io.client.connect-error", told);
            }
            Says::Event { namespace, name, arguments: said, ack } => {
                let mut told = vec![id, text(&namespace), text(&name)];
                told.extend(arguments(&said));
                told.push(ack.into());
                self.tell("io.client.event", told);
            }
            Says::Acknowledged { namespace, token, arguments: said } => {
                let mut told = vec![id, text(&namespace), token.into()];
                told.extend(arguments(&said));
                self.tell("io.client.acked", told);
            }
            Says::AckTimedOut { namespace, token } => {
                self.tell("io.client.ack-timeout", vec![id, text(&namespace), token.into()]);
            }
            Says::AckLost { namespace, token } => {
                self.tell("io.client.ack-lost", vec![id, text(&namespace), token.into()]);
            }
            Says::Disconnected { namespace, reason } => {
                let told = vec![id, text(&namespace), text(&reason.to_string())];
                self.tell("io.client.disconnected", told);
            }
            Says::Reconnecting { attempt, wait } => {
                let wait = Value::from(wait.as_nanos() / 1_000_000);
                let told = vec![id, u64::from(attempt).into(), wait];
                self.tell("io.client.reconnecting", told);
            }
            Says::ReconnectFailed => self.tell("io.client.reconnect-failed", vec![id]),
            Says::Misuse(_) => {}
        }
    }
}

/// The handle of a server's connection.
pub(super) fn line(connection: u64) -> Value {
    number(made(connection))
}

/// Octets of nothing but text.
pub(super) fn octets(text: &str) -> Chunk {
    Chunk::from(text.as_bytes())
}
