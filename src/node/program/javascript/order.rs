//! Calls for a machine of the web, in its words.

use super::calls::Arguments;
use super::stations::{Station, WebClient, WebServer};
use super::web::octets;
use super::{JavaScript, made};
use crate::base::Chunk;
use crate::javascript::Value;
use crate::node::calls::Desk;
use crate::stack::application::http::{self, Method, Request, Response, Status};
use crate::stack::application::socket_io::server::{Input as Sockets, Reach};
use crate::stack::application::socket_io::{Ack, Arguments as Event};
use crate::stack::application::web::{self, Client, Input, Order, Server};
use crate::stack::application::{Message, websocket};
use crate::stack::session::id::SessionId;
use std::sync::Arc;

impl Arguments<'_> {
    /// The connection that a handle of the host's is for.
    fn connection(self, place: usize) -> Option<u64> {
        self.handle(place).and_then(|handle| u64::try_from(-handle).ok())
    }

    fn headers(self, place: usize) -> http::Headers {
        let mut headers = http::Headers::default();
        let texts: Vec<&str> = self.texts(place).collect();
        for pair in texts.chunks_exact(2) {
            headers.push(pair[0], pair[1]);
        }
        headers
    }

    fn response(self, status: usize, headers: usize) -> Option<Response> {
        let mut response = Response::new(Status(self.port(status)?));
        response.headers = self.headers(headers);
        Some(response)
    }

    fn message(self, place: usize) -> Option<Message> {
        match self.0.get(place)? {
            Value::Text(text) => Some(Message::Text(octets(text))),
            Value::Octets(octets) => Some(Message::Binary(octets.clone())),
            _ => None,
        }
    }

    fn json(self, place: usize) -> Option<serde_json::Value> {
        serde_json::from_str(self.text(place)?).ok()
    }

    /// Arguments of an event: their JSON, and the octets at the place behind it.
    fn event(self, place: usize) -> Option<Event> {
        let values = serde_json::from_str(self.text(place)?).ok()?;
        let attachments = self.list(place + 1).iter().filter_map(Value::octets).cloned();
        Some(Event { values, attachments: attachments.collect() })
    }

    /// How an event is to be acknowledged: a token, and the time for it at the place behind it.
    fn ack(self, place: usize) -> Option<Ack> {
        Some(Ack { token: self.natural(place)?, timeout: self.time(place + 1) })
    }

    fn session(self, place: usize) -> Option<SessionId> {
        SessionId::read(self.text(place)?)
    }
}

impl JavaScript {
    /// Makes a call on a machine, or makes the machine.
    pub(super) fn order(
        &mut self,
        op: &str,
        arguments: Arguments<'_>,
        desk: &mut Desk<'_, '_>,
    ) -> Option<()> {
        match op {
            "web.listen" => self.serve(arguments, desk),
            "web.options" => self.arrange(arguments, desk),
            "web.close" => {
                if let Station::Web(server) = self.stations.get_mut(&arguments.handle(0)?)?
                    && let Some((socket, _)) = server.listens.take()
                {
                    desk.release(socket);
                }
                Some(())
            }
            "ws.connect" => {
                let visit = super::sites::websocket(arguments)?;
                self.visit(arguments.handle(0)?, arguments, visit, desk)
            }
            "io.open" => {
                let visit = super::sites::socket_io(arguments)?;
                self.visit(arguments.handle(0)?, arguments, visit, desk)
            }
            "io.close" => self.close_sessions(arguments.handle(0)?, desk),
            "http.request" => self.request(arguments, desk),
            "http.abort" => {
                let exchange = arguments.natural(0)?;
                for handle in self.agents.values().copied().collect::<Vec<_>>() {
                    self.give(handle, Input::Order(Order::Abort { exchange }), desk);
                }
                Some(())
            }
            _ if op.starts_with("io.client.") || op == "io.join-namespace" => {
                let call = client_call(op, arguments)?;
                let order = Order::SocketIoClient(call);
                self.give(arguments.handle(0)?, Input::Order(order), desk);
                Some(())
            }
            _ if op.starts_with("io.") => {
                let order = server_call(op, arguments)?;
                self.give(arguments.handle(0)?, Input::Order(order), desk);
                Some(())
            }
            _ => {
                let (handle, connection) = self.conversation(arguments)?;
                let order = conversation_order(op, connection, arguments)?;
                self.give(handle, Input::Order(order), desk);
                Some(())
            }
        }
    }

    /// The machine and the connection that a call is for: a server's connection by its own handle, or
    /// a client's only WebSocket by the client's.
    fn conversation(&self, arguments: Arguments<'_>) -> Option<(i64, u64)> {
        let handle = arguments.handle(0)?;
        if handle > 0 {
            return Some((handle, 0));
        }
        let connection = arguments.connection(0)?;
        Some((*self.servers.get(&connection)?, connection))
    }

    fn serve(&mut self, arguments: Arguments<'_>, desk: &mut Desk<'_, '_>) -> Option<()> {
        let (handle, port) = (arguments.handle(0)?, arguments.port(1)?);
        if let Some(listens) = self.listen(handle, port, 511, desk) {
            let machine = self.server(Arc::default());
            let server = WebServer { machine, listens: Some(listens) };
            self.stations.insert(handle, Station::Web(Box::new(server)));
        }
        Some(())
    }

    /// What a server serves: said when it listens, before anybody can have come, and again when the
    /// program attaches something to it later. Who is connected then goes on as before.
    fn arrange(&mut self, arguments: Arguments<'_>, desk: &mut Desk<'_, '_>) -> Option<()> {
        let handle = arguments.handle(0)?;
        let site = super::sites::site(&arguments.json(1)?);
        let machine = self.server(site);
        if self.lines.keys().all(|(owner, _)| owner != handle)
            && let Station::Web(server) = self.stations.get_mut(&handle)?
        {
            server.machine = machine;
            self.give(handle, Input::Start, desk);
        }
        Some(())
    }

    fn server(&mut self, site: Arc<web::Site>) -> Server {
        Server::driven(site, crate::base::Rng::fork(self.rng.bits(), "server"))
    }

    /// Closes the WebSockets of a server of Socket.IO: its sessions end with them.
    fn close_sessions(&mut self, handle: i64, desk: &mut Desk<'_, '_>) -> Option<()> {
        let Station::Web(server) = self.stations.get(&handle)? else { return None };
        let open: Vec<u64> =
            server.machine.websockets().map(|(connection, _)| connection).collect();
        for connection in open {
            let input = websocket::Input::Close { code: Some(1000), reason: String::new() };
            self.give(handle, Input::Order(Order::WebSocket { connection, input }), desk);
        }
        Some(())
    }

    /// A client with a machine of its own.
    fn visit(
        &mut self,
        handle: i64,
        arguments: Arguments<'_>,
        visit: web::Speaks,
        desk: &mut Desk<'_, '_>,
    ) -> Option<()> {
        let to = arguments.endpoint(1)?;
        let rng = crate::base::Rng::fork(self.rng.bits(), "client");
        let machine = Client::driven(visit, rng);
        self.stations
            .insert(handle, Station::Client(Box::new(WebClient { machine, to, opened: false })));
        self.give(handle, Input::Start, desk);
        Some(())
    }

    /// A request over HTTP. Those to one server share a client, which keeps its connections.
    fn request(&mut self, arguments: Arguments<'_>, desk: &mut Desk<'_, '_>) -> Option<()> {
        let (exchange, to) = (arguments.natural(0)?, arguments.endpoint(1)?);
        let mut request = Request::new(Method::named(arguments.text(3)?), arguments.text(4)?);
        request.headers = arguments.headers(5);
        request.body = arguments.octets(6).unwrap_or(Chunk::EMPTY);
        if !arguments.flag(7) && request.headers.get("Connection").is_none() {
            request.headers.push("Connection", "close");
        }
        let agent = self.agents.get(&(to.address, to.port)).copied();
        let handle = agent.unwrap_or_else(|| {
            let handle = made(self.next);
            self.next += 1;
            self.agents.insert((to.address, to.port), handle);
            let rng = crate::base::Rng::fork(self.rng.bits(), "agent");
            let machine = Client::driven(super::sites::http(), rng);
            self.stations.insert(
                handle,
                Station::Client(Box::new(WebClient { machine, to, opened: false })),
            );
            handle
        });
        if agent.is_none() {
            self.give(handle, Input::Start, desk);
        }
        self.give(handle, Input::Order(Order::Request { exchange, request }), desk);
        Some(())
    }
}

/// A call on a connection that speaks HTTP or WebSocket.
fn conversation_order(op: &str, connection: u64, arguments: Arguments<'_>) -> Option<Order> {
    let websocket = |input| Order::WebSocket { connection, input };
    Some(match op {
        "web.respond" => {
            let mut response = arguments.response(1, 3)?;
            response.body = arguments.octets(4)?;
            Order::Respond { connection, response }
        }
        "web.head" => Order::Head { connection, response: arguments.response(1, 3)? },
        "web.part" => Order::Part { connection, octets: arguments.octets(1)? },
        "web.finish" => Order::Finish { connection },
        "ws.accept" => Order::Accept { connection, protocol: arguments.text(1).map(str::to_owned) },
        "ws.refuse" => {
            let mut response = arguments.response(1, 2)?;
            response.body = arguments.octets(3)?;
            Order::Refuse { connection, response }
        }
        "ws.send" => websocket(websocket::Input::Send(arguments.message(1)?)),
        "ws.ping" => websocket(websocket::Input::Ping(arguments.octets(1)?)),
        "ws.pong" => websocket(websocket::Input::Pong(arguments.octets(1)?)),
        "ws.close" => websocket(websocket::Input::Close {
            code: arguments.port(1),
            reason: arguments.text(2).unwrap_or_default().to_owned(),
        }),
        "ws.terminate" | "web.destroy" => Order::Terminate { connection },
        _ => return None,
    })
}

/// A call on a server of Socket.IO.
fn server_call(op: &str, arguments: Arguments<'_>) -> Option<Order> {
    if op == "io.namespace" {
        return Some(Order::Namespace(arguments.text(1)?.to_owned()));
    }
    if op == "io.broadcast" {
        let mut reach = Reach::all(arguments.text(1)?);
        reach.rooms = arguments.texts(2).map(Into::into).collect();
        reach.except = arguments.texts(3).map(Into::into).collect();
        return Some(Order::SocketIo(Sockets::Broadcast {
            reach,
            name: arguments.text(4)?.to_owned(),
            arguments: arguments.event(5)?,
            volatile: arguments.flag(7),
        }));
    }
    let socket = arguments.session(1)?;
    let text = |place| arguments.text(place).map(str::to_owned);
    Some(Order::SocketIo(match op {
        "io.accept" => Sockets::Accept { socket },
        "io.refuse" => Sockets::Refuse { socket, message: text(2)?, data: arguments.json(3) },
        "io.emit" => Sockets::Emit {
            socket,
            name: text(2)?,
            arguments: arguments.event(3)?,
            ack: arguments.ack(5),
            volatile: arguments.flag(7),
        },
        "io.ack" => Sockets::Acknowledge {
            socket,
            id: arguments.natural(2)?,
            arguments: arguments.event(3)?,
        },
        "io.join" => Sockets::Join { socket, room: text(2)? },
        "io.leave" => Sockets::Leave { socket, room: text(2)? },
        "io.disconnect" => Sockets::Disconnect { socket, close: arguments.flag(2) },
        _ => return None,
    }))
}

/// A call on a client of Socket.IO.
fn client_call(op: &str, arguments: Arguments<'_>) -> Option<web::Call> {
    let namespace = arguments.text(1)?.to_owned();
    Some(match op {
        "io.join-namespace" => web::Call::Join { namespace, auth: arguments.json(2) },
        "io.client.disconnect" => web::Call::Leave { namespace },
        "io.client.emit" => web::Call::Emit {
            namespace,
            name: arguments.text(2)?.to_owned(),
            arguments: arguments.event(3)?,
            ack: arguments.ack(5),
            volatile: arguments.flag(7),
        },
        "io.client.ack" => web::Call::Acknowledge {
            namespace,
            id: arguments.natural(2)?,
            arguments: arguments.event(3)?,
        },
        _ => return None,
    })
}
