//! The ladder as plain text, and a packet as a line of `tcpdump`.

use super::{Arrow, End, Hops, Ladder, RowKind, RowView};
use crate::base::{FrameId, Instant, NodeId};
use crate::trace::{Headers, Trace};
use crate::view::{story, words};
use std::fmt::{self, Write as _};

/// The least width between two lifelines: room for a name on the arrow.
const GAP_MIN: usize = 22;
/// The same where more than four devices stand side by side.
const GAP_NARROW: usize = 18;
/// With more devices than this there are no lifelines: each row names its own two.
const LIFELINES_MAX: usize = 32;
/// Rows that are made ready at a time.
const BATCH: usize = 256;

/// A ladder that `Display` draws: times, lifelines with arrows, and what each packet says.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    ladder: &'a Ladder,
    trace: &'a Trace,
    hops: Hops,
    friend: bool,
}

impl<'a> Text<'a> {
    /// The ladder of `trace` in the field's words or in a friend's.
    pub const fn new(ladder: &'a Ladder, trace: &'a Trace, hops: Hops, friend: bool) -> Self {
        Self { ladder, trace, hops, friend }
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lifelines = Lifelines::new(self.ladder.lifelines(self.trace, self.hops), self.trace);
        writeln!(f, "{:>12} {:>12}  {}", "sent", "arrives", lifelines.header(self.trace))?;
        let len = self.ladder.len(self.hops);
        for begin in (0..len).step_by(BATCH) {
            for row in self.ladder.rows(self.trace, self.hops, begin..begin + BATCH) {
                self.row(f, &row, &lifelines)?;
            }
        }
        Ok(())
    }
}

impl Text<'_> {
    fn row(&self, f: &mut fmt::Formatter<'_>, row: &RowView, lines: &Lifelines<'_>) -> fmt::Result {
        let told = || {
            let told = self.ladder.tell(self.trace, row.record as usize);
            told.and_then(|told| told.friend).filter(|_| self.friend)
        };
        let (end, drawn, said) = match &row.kind {
            RowKind::Arrow(arrow) => {
                (arrival(&arrow.end), lines.arrow(arrow), told().unwrap_or_else(|| said(arrow)))
            }
            RowKind::Note { node, text, .. } => {
                let name = self.trace.legend().name(*node);
                let text = told().unwrap_or_else(|| text.clone());
                (String::new(), lines.note(*node), format!("{name}: {text}"))
            }
        };
        let starts = match &row.kind {
            RowKind::Arrow(arrow) => arrow.starts,
            RowKind::Note { .. } => row.at,
        };
        writeln!(f, "{:>12} {end:>12}  {drawn}  {said}", starts.to_string())
    }
}

fn arrival(end: &End) -> String {
    match end {
        End::Arrived(at) | End::Due(at) => at.to_string(),
        End::Lost { .. } => "✗".into(),
    }
}

/// What the arrow says besides its name.
fn said(arrow: &Arrow) -> String {
    let mut out = if arrow.carries.is_empty() {
        arrow.words.clone()
    } else {
        format!("{} ({})", arrow.carries, arrow.words)
    };
    if arrow.links > 1 {
        write!(out, " (over {} links)", arrow.links).expect("writing to a string does not fail");
    }
    if arrow.is_copy {
        out.push_str(" (a copy that the link made)");
    }
    if let End::Lost { reason, .. } = arrow.end {
        out.push_str(" — lost: ");
        out.push_str(&story::reason_words(reason));
    }
    out
}

/// Where the lifelines stand.
struct Lifelines<'a> {
    nodes: Vec<NodeId>,
    gap: usize,
    /// Where there are too many devices: their names stand beside each row instead, in so many
    /// columns.
    named: Option<(usize, &'a Trace)>,
}

impl<'a> Lifelines<'a> {
    fn new(nodes: Vec<NodeId>, trace: &'a Trace) -> Self {
        let widest = nodes.iter().map(|&id| trace.legend().name(id).chars().count()).max();
        if nodes.len() > LIFELINES_MAX {
            let named = Some((widest.unwrap_or(0), trace));
            return Self { nodes: Vec::new(), gap: GAP_MIN, named };
        }
        let least = if nodes.len() > 4 { GAP_NARROW } else { GAP_MIN };
        Self { nodes, gap: least.max(widest.unwrap_or(0) + 2), named: None }
    }

    /// The text column of a lifeline; the last one's for a device that has none.
    fn column(&self, node: NodeId) -> usize {
        let place = self.nodes.iter().position(|&id| id == node);
        place.unwrap_or_else(|| self.nodes.len().saturating_sub(1)) * self.gap
    }

    fn header(&self, trace: &Trace) -> String {
        if let Some((columns, _)) = self.named {
            return format!("{:>columns$} {:gap$}  {}", "from", "", "to", gap = self.gap);
        }
        let mut out = String::new();
        for &id in &self.nodes {
            write!(out, "{:<width$}", trace.legend().name(id), width = self.gap)
                .expect("writing to a string does not fail");
        }
        out.trim_end().to_owned()
    }

    fn bare(&self) -> Vec<char> {
        let mut row = vec![' '; self.nodes.len().saturating_sub(1) * self.gap + 1];
        self.nodes.iter().for_each(|&id| row[self.column(id)] = '│');
        row
    }

    fn note(&self, node: NodeId) -> String {
        if let Some((columns, trace)) = self.named {
            return format!("{:>columns$} ●", trace.legend().name(node));
        }
        let mut row = self.bare();
        if let Some(cell) = row.get_mut(self.column(node)) {
            *cell = '●';
        }
        row.into_iter().collect()
    }

    fn arrow(&self, arrow: &Arrow) -> String {
        if let Some((columns, trace)) = self.named {
            let two = Self { nodes: vec![arrow.from, arrow.to], gap: self.gap, named: None };
            let names = [arrow.from, arrow.to].map(|node| trace.legend().name(node));
            return format!("{:>columns$} {} {:columns$}", names[0], two.arrow(arrow), names[1]);
        }
        let mut row = self.bare();
        let (from, to) = (self.column(arrow.from), self.column(arrow.to));
        let rightwards = from <= to;
        let (left, right) = (from.min(to), from.max(to));
        if right <= left + 2 {
            return row.into_iter().collect();
        }
        let is_lost = matches!(arrow.end, End::Lost { .. });
        // A lost one ends before the other lifeline.
        let stop = if is_lost { (right - left) * 3 / 4 } else { right - left - 1 };
        let inner = if rightwards { left + 1..left + 1 + stop } else { right - stop..right };
        row[inner.clone()].fill('─');
        let head = if rightwards { inner.end - 1 } else { inner.start };
        row[head] = match (is_lost, rightwards) {
            (true, _) => '✗',
            (false, true) => '▶',
            (false, false) => '◀',
        };
        let room = inner.len().saturating_sub(3);
        let label: Vec<char> = format!(" {} ", arrow.name).chars().take(room).collect();
        let begin = inner.start + (inner.len() - label.len()) / 2;
        row[begin..begin + label.len()].copy_from_slice(&label);
        row.into_iter().collect()
    }
}

/// A packet as `tcpdump` would print it, with the names of both ends of its link in front:
/// `0.000000000 client > server: 10.0.0.1.49152 > 10.0.0.2.80: Flags [S], seq 0, win 65535, …`.
pub fn packet_line(ladder: &Ladder, trace: &Trace, frame: FrameId, at: Instant) -> Option<String> {
    let info = trace.frame_info(frame)?;
    let octets = &*trace.frame(frame);
    let headers = Headers::of(octets);
    let (to, _) = trace.legend().peer(info.from, info.interface)?;
    let seconds = format!("{}.{:09}", at.0 / 1_000_000_000, at.0 % 1_000_000_000);
    let ends = words::ends(octets, &headers);
    let words = words::words(octets, &headers, ladder.origin(octets, info.record));
    let lost = match ladder.end(trace, frame) {
        Some(End::Lost { reason, .. }) => format!(" [lost: {}]", story::reason_words(reason)),
        _ => String::new(),
    };
    let (from, to) = (trace.legend().name(info.from), trace.legend().name(to));
    Some(format!("{seconds} {from} > {to}: {ends}{words}{lost}"))
}
