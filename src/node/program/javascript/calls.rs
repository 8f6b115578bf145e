//! What a program can ask of its host. A call that does not fit what there is (a handle that is gone,
//! an argument of another kind) does nothing, as a late call on a closed socket does nothing.

use super::stations::{Station, Tcp};
use super::{JavaScript, number};
use crate::base::{Chunk, Duration, Instant, SocketId};
use crate::javascript::{Call, Value};
use crate::node::calls::Desk;
use crate::stack::transport::Endpoint;
use crate::trace::{Level, ProgramNote};
use std::net::Ipv4Addr;

/// A call's arguments.
#[derive(Clone, Copy)]
pub(super) struct Arguments<'a>(pub(super) &'a [Value]);

impl<'a> Arguments<'a> {
    /// A whole number that is not negative.
    pub(super) fn natural(self, place: usize) -> Option<u64> {
        self.0.get(place)?.natural()
    }

    pub(super) fn handle(self, place: usize) -> Option<i64> {
        self.0.get(place)?.whole()
    }

    /// A port, or another number of sixteen bits.
    pub(super) fn port(self, place: usize) -> Option<u16> {
        self.natural(place).and_then(|number| u16::try_from(number).ok())
    }

    /// A length of time in milliseconds.
    pub(super) fn time(self, place: usize) -> Option<Duration> {
        self.0.get(place)?.moment().map(|moment| moment.since(Instant::ZERO))
    }

    pub(super) fn text(self, place: usize) -> Option<&'a str> {
        self.0.get(place)?.text()
    }

    pub(super) fn flag(self, place: usize) -> bool {
        self.0.get(place).and_then(Value::truth).unwrap_or(false)
    }

    pub(super) fn octets(self, place: usize) -> Option<Chunk> {
        self.0.get(place)?.octets().cloned()
    }

    pub(super) fn list(self, place: usize) -> &'a [Value] {
        self.0.get(place).and_then(Value::list).unwrap_or_default()
    }

    /// A list of texts.
    pub(super) fn texts(self, place: usize) -> impl Iterator<Item = &'a str> {
        self.list(place).iter().filter_map(Value::text)
    }

    /// An address and a port.
    pub(super) fn endpoint(self, place: usize) -> Option<Endpoint> {
        let address: Ipv4Addr = self.text(place)?.parse().ok()?;
        Some(Endpoint::new(address, self.port(place + 1)?))
    }
}

impl JavaScript {
    /// Does what is called for.
    pub(super) fn execute(&mut self, call: &Call, desk: &mut Desk<'_, '_>) {
        let arguments = Arguments(&call.arguments);
        let done = match &*call.op {
            "enter" => Some(()),
            "wake" => {
                self.wake = arguments.time(0).map(|time| Instant::ZERO + time);
                Some(())
            }
            "print" => print(arguments, desk),
            "exit" => {
                let code = arguments.handle(0).unwrap_or_default();
                desk.say(ProgramNote::Exits(code as i32));
                self.end(desk);
                Some(())
            }
            op if op.starts_with("tcp.") => self.tcp(op, arguments, desk),
            op if op.starts_with("udp.") => self.udp(op, arguments, desk),
            op => self.order(op, arguments, desk),
        };
        debug_assert!(done.is_some() || !is_unknown(&call.op), "{call:?} fits nothing");
    }

    fn tcp(&mut self, op: &str, arguments: Arguments<'_>, desk: &mut Desk<'_, '_>) -> Option<()> {
        let handle = arguments.handle(0)?;
        match op {
            "tcp.listen" => {
                let port = arguments.port(1)?;
                let backlog = arguments.port(2).unwrap_or(511);
                if let Some((socket, port)) = self.listen(handle, port, backlog, desk) {
                    self.stations.insert(handle, Station::Listener { socket, port });
                }
            }
            "tcp.connect" => {
                let to = arguments.endpoint(1)?;
                match desk.connect(to, None) {
                    Some(socket) => {
                        self.stations.insert(handle, Station::Tcp(Tcp::default()));
                        self.lines.add((handle, 0), socket);
                    }
                    None => self.fail(handle, "ENETUNREACH"),
                }
            }
            "tcp.write" => {
                self.send((handle, 0), arguments.octets(1)?, desk);
            }
            "tcp.end" => {
                if let Station::Tcp(tcp) = self.stations.get_mut(&handle)? {
                    tcp.ended = true;
                    self.lines.close((handle, 0), desk);
                    self.close_if_over(handle);
                }
            }
            "tcp.destroy" | "tcp.reset" => {
                self.stations.remove(&handle);
                let socket = self.lines.remove((handle, 0))?;
                if op == "tcp.reset" { desk.abort(socket) } else { desk.close(socket) }
            }
            "tcp.pause" | "tcp.resume" => {
                let pauses = op == "tcp.pause";
                if let Station::Tcp(tcp) = self.stations.get_mut(&handle)? {
                    tcp.paused = pauses;
                    self.read(handle, desk);
                }
            }
            "tcp.no-delay" => {
                let socket = self.lines.socket((handle, 0))?;
                if arguments.flag(1) {
                    desk.no_delay(socket);
                }
            }
            "tcp.close-server" => self.stations.remove(&handle)?.leave(desk),
            _ => return None,
        }
        Some(())
    }

    fn udp(&mut self, op: &str, arguments: Arguments<'_>, desk: &mut Desk<'_, '_>) -> Option<()> {
        let handle = arguments.handle(0)?;
        match op {
            "udp.bind" => match desk.bind(arguments.port(1).filter(|&port| port != 0)) {
                Some(port) => {
                    self.stations.insert(handle, Station::Udp { port });
                    desk.say(ProgramNote::Listens(port));
                    self.tell("listening", vec![number(handle), u64::from(port).into()]);
                }
                None => self.fail(handle, "EADDRINUSE"),
            },
            "udp.send" => {
                if let Station::Udp { port } = *self.stations.get(&handle)? {
                    desk.send_to(port, arguments.endpoint(1)?, arguments.octets(3)?, None, true);
                }
            }
            "udp.close" => self.stations.remove(&handle)?.leave(desk),
            _ => return None,
        }
        Some(())
    }

    /// Listens on a port, on a free one for zero, and lets the program know.
    pub(super) fn listen(
        &mut self,
        handle: i64,
        port: u16,
        backlog: u16,
        desk: &mut Desk<'_, '_>,
    ) -> Option<(SocketId, u16)> {
        let port = if port == 0 { desk.free_listening_port()? } else { port };
        let socket = desk.listen(port, backlog);
        match socket {
            Some(_) => self.tell("listening", vec![number(handle), u64::from(port).into()]),
            None => self.fail(handle, "EADDRINUSE"),
        }
        Some((socket?, port))
    }

    /// The program learns that something did not come about.
    pub(super) fn fail(&mut self, handle: i64, code: &str) {
        self.tell("failed", vec![number(handle), Value::Text(code.into())]);
    }
}

/// Whether no call is of that name: then the library asks for what is not there.
fn is_unknown(op: &str) -> bool {
    !["tcp.", "udp.", "web.", "ws.", "http.", "io."].iter().any(|group| op.starts_with(group))
}

fn print(arguments: Arguments<'_>, desk: &mut Desk<'_, '_>) -> Option<()> {
    let level = match arguments.text(0)? {
        "debug" => Level::Debug,
        "info" => Level::Info,
        "warn" => Level::Warn,
        "error" => Level::Error,
        _ => Level::Log,
    };
    let excerpt = desk.context.trace.keep_text(arguments.text(1)?);
    desk.say(ProgramNote::Prints { level, excerpt });
    Some(())
}
