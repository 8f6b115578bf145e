//! A device: layers wired together.
//!
//! The layers of [`stack`](crate::stack) do not know each other. Here is the only place that knows
//! that TCP rides in IP and IP in Ethernet: [`Host`] takes a frame up through its layers and a
//! program's octets down, [`Switch`] passes frames on. Begin with `host.rs`.

mod calls;
mod datagrams;
mod host;
mod inspect;
mod ip;
mod messages;
pub mod program;
mod segments;
mod sockets;
mod switch;

pub use host::Host;
pub use inspect::{Conversation, Inspection, InterfaceView, RouteView, SocketKind, SocketView};
pub use switch::Switch;

use crate::base::{Chunk, FrameId, Instant, InterfaceId, NodeId, Octets, SocketId};
use crate::plan::Blueprint;
use crate::plan::blueprint::{NodeKind, Settings};
use crate::stack::Layer;
use crate::stack::data_link::{arp, ethernet};
use crate::stack::network::fragment;
use crate::stack::network::ipv4::{self, Cidr};
use crate::stack::network::route::Route;
use crate::stack::physical::Frame;
use crate::stack::transport::tcp;
use crate::trace::{Fact, FrameLoss, Trace};
use std::rc::Rc;

/// Octets that a frame costs on the medium besides its own: preamble, delimiter, check sequence,
/// gap.
pub const WIRE_OVERHEAD: u64 = ethernet::WIRE_OVERHEAD as u64;

/// The check sequence of a frame.
pub fn fcs(octets: &[u8]) -> u32 {
    ethernet::fcs(octets)
}

/// Marks the IP packet in a frame as having met congestion, if it is one and its sender
/// understands the mark (RFC 3168 §5).
pub fn mark_congestion(frame: &mut [u8]) {
    let is_ip =
        ethernet::Header::parse(frame).is_ok_and(|h| h.ether_type == ethernet::EtherType::IPV4);
    let packet = &mut frame[ethernet::HEADER_LEN..];
    if is_ip && ipv4::Header::parse(packet).is_ok() {
        ipv4::set_congestion_experienced(packet);
    }
}

/// One device.
#[derive(Clone, Debug)]
pub enum Node {
    /// A host or a router: it has addresses. A router passes packets on.
    Host(Box<Host>),
    /// A switch: it has ports.
    Switch(Box<Switch>),
}

/// One of a node's timers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Timer {
    /// ARP's questions and the age of its answers.
    Neighbours,
    /// Fragments that wait for the rest; on a switch the table's age.
    Ageing,
    /// A packet that a host sends to itself.
    Loopback,
    /// A program, by its place.
    Program(u16),
    /// A TCP connection.
    Socket(SocketId),
}

/// Whether a timer is due.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Due {
    /// Nobody waits for it any more, or it has been set anew.
    Gone,
    /// It was put off.
    Later(Instant),
    /// Now.
    Now,
}

/// When a timer is set to go off, and when the event list has an event for it. Setting it later
/// costs nothing: the event that comes too early asks again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Alarm {
    /// [`Instant::MAX`] without an event.
    armed: Instant,
}

impl Default for Alarm {
    fn default() -> Self {
        Self { armed: Instant::MAX }
    }
}

impl Alarm {
    /// Sees that there is an event no later than `deadline`.
    fn set(&mut self, timer: Timer, deadline: Option<Instant>, context: &mut Context<'_>) {
        if let Some(at) = deadline
            && self.armed > at
        {
            self.armed = at;
            context.effects.push(Effect::Wake { timer, at });
        }
    }

    /// The event that was asked for `now` has come; `deadline` is when the timer is really due.
    fn due(&mut self, now: Instant, deadline: Option<Instant>) -> Due {
        if self.armed != now {
            return Due::Gone;
        }
        self.armed = Instant::MAX;
        match deadline {
            None => Due::Gone,
            Some(at) if at > now => {
                self.armed = at;
                Due::Later(at)
            }
            Some(_) => Due::Now,
        }
    }
}

/// What a node wants done.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Send a frame.
    Transmit {
        /// By this interface.
        interface: InterfaceId,
        /// Its octets.
        octets: Octets,
        /// The frame that it carries on, if it does.
        parent: Option<FrameId>,
    },
    /// Call again.
    Wake {
        /// For this timer.
        timer: Timer,
        /// Then.
        at: Instant,
    },
}

/// Buffers of frames that are done with, to be used again: in the steady state nothing is
/// allocated for a packet. A clone begins empty.
#[derive(Debug, Default)]
pub struct Pool(Vec<Vec<u8>>);

impl Clone for Pool {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Pool {
    /// The most buffers that are kept.
    const KEPT: usize = 1024;

    /// An empty buffer.
    pub fn take(&mut self) -> Vec<u8> {
        self.0.pop().unwrap_or_else(|| Vec::with_capacity(128))
    }

    /// Takes a frame's head back.
    pub fn give_frame(&mut self, frame: Octets) {
        self.give(frame.head);
    }

    /// A buffer with room at its head for the Ethernet and the IPv4 header, which are written last.
    fn take_with_head_room(&mut self) -> Vec<u8> {
        let mut buffer = self.take();
        buffer.resize(HEAD_ROOM, 0);
        buffer
    }

    /// Gives a buffer back.
    pub fn give(&mut self, mut buffer: Vec<u8>) {
        if self.0.len() < Self::KEPT && buffer.capacity() <= 16_384 {
            buffer.clear();
            self.0.push(buffer);
        }
    }
}

/// Ethernet header and IPv4 header.
const HEAD_ROOM: usize = ethernet::HEADER_LEN + ipv4::HEADER_LEN;

/// A frame that waits for its neighbour's hardware address.
#[derive(Clone, Debug, Default)]
struct Held {
    /// Its octets, with the Ethernet header still to be written.
    octets: Octets,
    /// The frame that it carries on, if it does.
    parent: Option<FrameId>,
}

/// A frame of the headers in `head`, the room before them included, and a payload.
fn frame_of(mut head: Vec<u8>, payload: Chunk) -> Octets {
    if head.len() + payload.len() < ethernet::MIN {
        // It will be padded.
        head.extend_from_slice(&payload);
        return head.into();
    }
    Octets { head, tail: payload }
}

/// Room that one step works in, kept so that it need not be allocated anew.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    /// Frame buffers.
    pub pool: Pool,
    tcp: Vec<tcp::Output>,
    arp: Vec<arp::Output<Held>>,
    fragments: Vec<fragment::Output>,
}

/// Where a node's doings go: its only way to the world.
#[derive(Debug)]
pub struct Context<'a> {
    now: Instant,
    node: NodeId,
    /// The frame whose arrival this step is about.
    cause: Option<FrameId>,
    /// Whether what arrived is known to be as its sender made it. Its checksums can only be right
    /// then, and are computed again in debug builds alone.
    intact: bool,
    trace: &'a mut Trace,
    scratch: &'a mut Scratch,
    effects: &'a mut Vec<Effect>,
}

impl<'a> Context<'a> {
    /// A context for one step of one node.
    pub const fn new(
        now: Instant,
        node: NodeId,
        cause: Option<FrameId>,
        trace: &'a mut Trace,
        scratch: &'a mut Scratch,
        effects: &'a mut Vec<Effect>,
    ) -> Self {
        Self { now, node, cause, intact: true, trace, scratch, effects }
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "so that a fact nobody keeps is not even made")]
    fn say(&mut self, layer: Layer, fact: Fact) {
        self.trace.say(self.node, layer, fact);
    }

    /// Whether checksums of what arrived are to be verified.
    const fn verifies(&self) -> bool {
        !self.intact || cfg!(debug_assertions)
    }

    fn malformed(&mut self, layer: Layer, malformed: crate::base::Malformed) {
        if let Some(frame) = self.cause {
            self.say(layer, Fact::Malformed { frame, malformed });
        }
    }

    fn transmit(&mut self, interface: InterfaceId, octets: Octets, parent: Option<FrameId>) {
        self.effects.push(Effect::Transmit { interface, octets, parent });
    }
}

impl Node {
    /// The device of that number. `settings` are those of its plan, shared with the devices that
    /// are set alike.
    pub fn new(
        id: NodeId,
        blueprint: &Blueprint,
        settings: Rc<Settings>,
        routes: Vec<(Cidr, Route)>,
    ) -> Self {
        let plan = &blueprint.nodes[id.index()];
        match plan.kind {
            NodeKind::Switch => Self::Switch(Box::new(Switch::new(plan))),
            NodeKind::Host | NodeKind::Router => {
                Self::Host(Box::new(Host::new(plan, settings, blueprint.seed, routes)))
            }
        }
    }

    /// What wakes it at first: its programs.
    pub fn first_wakes(&self) -> Vec<(Timer, Instant)> {
        match self {
            Self::Host(host) => host.first_wakes(),
            Self::Switch(_) => Vec::new(),
        }
    }

    /// A frame has arrived.
    pub fn receive(&mut self, interface: InterfaceId, frame: Frame, context: &mut Context<'_>) {
        context.say(Layer::Physical, Fact::FrameArrived { frame: frame.id, interface });
        // 802.3 §3.4: a frame whose check sequence does not fit is invalid and goes nowhere.
        if let Some(carried) = frame.carried_fcs {
            context.intact = false;
            let computed = ethernet::fcs(&frame.octets.head);
            if carried != computed {
                let reason = FrameLoss::BadFcs { carried, computed };
                context.say(Layer::DataLink, Fact::FrameLost { frame: frame.id, reason });
                context.scratch.pool.give_frame(frame.octets);
                return;
            }
        }
        match self {
            Self::Host(host) => host.receive(interface, frame.octets, context),
            Self::Switch(switch) => switch.receive(interface, frame.octets, context),
        }
    }

    /// Whether a timer for which an event was asked for `now` is due.
    pub fn due(&mut self, now: Instant, timer: Timer) -> Due {
        match self {
            Self::Host(host) => host.due(now, timer),
            Self::Switch(switch) => switch.due(now),
        }
    }

    /// A timer goes off.
    pub fn wake(&mut self, timer: Timer, context: &mut Context<'_>) {
        match self {
            Self::Host(host) => host.wake(timer, context),
            Self::Switch(switch) => switch.wake(context),
        }
    }

    /// About how many octets of memory it holds.
    pub fn weight(&self) -> u64 {
        match self {
            Self::Host(host) => size_of::<Host>() as u64 + host.weight(),
            Self::Switch(switch) => size_of::<Switch>() as u64 + switch.weight(),
        }
    }
}
