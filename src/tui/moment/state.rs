//! What a device keeps at the cursor.

use crate::base::{Instant, NodeId, SocketId};
use crate::node::{Inspection, SocketView};
use crate::stack::data_link::arp::EntryState;
use crate::stack::transport::tcp::{self, Note, Variables};
use crate::trace::Fact;
use crate::tui::panes::state::{Connection, Status, Table, Timer};
use crate::tui::walk::Walk;
use crate::view::sockets;

/// The most rows of a table: more than the tallest terminal shows.
const ROWS_MAX: usize = 80;

/// The state of `node`.
pub(super) fn status(walk: &Walk, node: Option<NodeId>) -> Status {
    let legend = walk.trace().legend();
    let Some(node) = node.filter(|node| node.index() < legend.nodes.len()) else {
        return Status::default();
    };
    let inspection = walk.timeline().world().inspect(node);
    Status {
        node: legend.name(node).to_owned(),
        connection: connection(walk, node, &inspection),
        tables: tables(&inspection),
    }
}

/// The device's connection that moved last, or one that there is. A connection that is over shows
/// its last edge.
pub(super) fn connection(walk: &Walk, node: NodeId, now: &Inspection) -> Option<Connection> {
    let trace = walk.trace();
    let last = trace.records_of_step(walk.step()).end.checked_sub(1)?;
    let edge = walk.index().edges_before(node, last).find_map(|number| {
        let record = trace.records().get(number)?;
        match record.fact {
            Fact::Tcp { socket, local, remote, note: Note::Entered { from, to, on } } => {
                let fresh = record.step == walk.step();
                // A listener stays what it is: its connections are worth more.
                let listener = to == tcp::State::Listen;
                (!listener).then_some((socket, local, remote, from, to, on, fresh))
            }
            _ => None,
        }
    });
    let found = |id: Option<SocketId>| now.sockets.iter().find(|socket| Some(socket.id) == id);
    let by_edge = edge.and_then(|edge| found(edge.0)).filter(|socket| socket.tcp.is_some());
    let socket = match edge {
        Some(_) => by_edge,
        None => now.sockets.iter().rev().find(|socket| socket.tcp.is_some()),
    };
    let mut connection = match (socket, edge) {
        (Some(socket), _) => of_socket(socket, walk.now()),
        (None, Some((_, local, remote, _, to, ..))) => {
            Connection { ends: format!("{local} ↔ {remote}"), state: to, ..Connection::default() }
        }
        (None, None) => return None,
    };
    if let Some((.., from, to, on, fresh)) = edge {
        connection.edge = Some((from, to));
        connection.fresh = fresh;
        on.cause().clone_into(&mut connection.cause);
    }
    Some(connection)
}

fn of_socket(socket: &SocketView, now: Instant) -> Connection {
    let remote = socket.remote.map_or_else(|| "*".to_owned(), |remote| remote.to_string());
    let mut connection =
        Connection { ends: format!("{} ↔ {remote}", socket.local), ..Connection::default() };
    if let Some(variables) = socket.tcp.as_deref() {
        connection.state = variables.state;
        connection.variables = rows(variables);
        connection.timers = timers(variables, now);
    }
    connection
}

/// The variables, first those of sending, then those of receiving. Sequence numbers count from the
/// initial ones.
fn rows(v: &Variables) -> Vec<(&'static str, String)> {
    let or_dash = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
    vec![
        ("SND.UNA", v.snd_una.since(v.iss).to_string()),
        ("SND.NXT", v.snd_nxt.since(v.iss).to_string()),
        ("SND.WND", v.snd_wnd.to_string()),
        ("in flight", v.in_flight.to_string()),
        ("unsent", v.unsent.to_string()),
        ("cwnd", or_dash(v.cwnd.map(|octets| octets.to_string()))),
        ("ssthresh", or_dash(v.ssthresh.map(|octets| octets.to_string()))),
        ("dup ACKs", v.duplicate_acks.to_string()),
        ("RCV.NXT", v.rcv_nxt.since(v.irs).to_string()),
        ("RCV.WND", v.rcv_wnd.to_string()),
        ("to be read", v.readable.to_string()),
        ("out of order", v.out_of_order.len().to_string()),
        ("SRTT", or_dash(v.srtt.map(super::short_duration))),
        ("RTO", super::short_duration(v.rto)),
        ("doubled", format!("{} times", v.backoff)),
        ("MSS", v.mss.to_string()),
    ]
}

fn timers(v: &Variables, now: Instant) -> Vec<Timer> {
    let running = v.timers.iter().filter_map(|&(timer, at)| Some((timer, at?)));
    let shown = running.map(|(timer, at)| {
        let left = at.since(now);
        let whole = match timer {
            tcp::Timer::Retransmit | tcp::Timer::Persist => v.rto.0,
            _ => left.0.max(1_000_000_000),
        };
        let part = u128::from(left.0) * 1000 / u128::from(whole.max(1));
        Timer { name: timer.name(), left: super::short_duration(left), part: part.min(1000) as u16 }
    });
    shown.collect()
}

fn tables(inspection: &Inspection) -> Vec<Table> {
    let head = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let mut all = Vec::new();
    let mut rows = vec![head(&["", "state", "here", "peer"])];
    fill(&mut rows, &inspection.sockets, |socket| {
        let remote = socket.remote.map_or_else(|| "*".to_owned(), |remote| remote.to_string());
        let here = socket.local.to_string();
        vec![sockets::protocol(socket).to_owned(), sockets::state(socket).to_owned(), here, remote]
    });
    all.push(Table { title: "sockets", rows });
    if !inspection.conversations.is_empty() {
        let mut rows = vec![head(&["", "state", "which"])];
        fill(&mut rows, &inspection.conversations, |conversation| {
            let (name, about) = (conversation.protocol.name(), conversation.about.clone());
            vec![name.to_owned(), conversation.state.clone(), about]
        });
        all.insert(0, Table { title: "conversations (layer 7)", rows });
    }
    let mut rows = vec![head(&["address", "is at", "for"])];
    fill(&mut rows, &inspection.neighbours, |entry| {
        let (at, left) = match entry.state {
            EntryState::Pending { tries, .. } => (format!("asked {tries} times"), String::new()),
            EntryState::Reachable { mac } => {
                (mac.to_string(), super::short_duration(entry.remaining))
            }
        };
        vec![entry.ip.to_string(), at, left]
    });
    all.push(Table { title: "neighbours (ARP)", rows });
    let mut rows = vec![head(&["address", "port", "for"])];
    fill(&mut rows, &inspection.mac_table, |entry| {
        let left = super::short_duration(entry.remaining);
        vec![entry.mac.to_string(), entry.port.to_string(), left]
    });
    all.push(Table { title: "addresses learnt", rows });
    let mut rows = vec![head(&["to", "through", "by"])];
    fill(&mut rows, &inspection.routes, |route| {
        let hop = route.next_hop.map_or_else(|| "directly".to_owned(), |hop| hop.to_string());
        vec![route.destination.to_string(), hop, route.interface.to_string()]
    });
    all.push(Table { title: "routes", rows });
    all
}

/// Puts rows into a table, as many as anybody reads, and says how many more there are.
fn fill<T>(rows: &mut Vec<Vec<String>>, all: &[T], row: impl Fn(&T) -> Vec<String>) {
    rows.extend(all.iter().take(ROWS_MAX).map(row));
    if let more @ 1.. = all.len().saturating_sub(ROWS_MAX) {
        rows.push(vec![format!("… {} more", super::thousands(more))]);
    }
}
