//! A frame taken apart: every field with its bits, its value in words, and what it is for.
//!
//! It is told from the octets alone, as Wireshark would. Nothing here fails: of a frame that is cut
//! or damaged it gives what can be told, and [`Dissection::stop`] says where it ended and why.

use super::{Ladder, carried, options, values, words};
use crate::base::octets::{Checksum, u16_at};
use crate::base::{FrameId, Malformed};
use crate::stack::Layer;
use crate::stack::data_link::ethernet;
use crate::trace::{Headers, Part, Protocol, Trace};
use std::borrow::Cow;
use std::ops::Range;

/// A frame as a tree: sections from the outermost in, each with its fields.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dissection {
    /// Ethernet first; what the packet carries last.
    pub sections: Vec<Section>,
    /// Where and why the rest could not be read.
    pub stop: Option<Malformed>,
    /// Octets of the frame.
    pub len: usize,
}

/// One protocol's header, or the data that the innermost one carries.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Section {
    /// The layer it belongs to.
    pub layer: Layer,
    /// The protocol's name: `TCP`.
    pub protocol: &'static str,
    /// Its header's octets in the frame.
    pub header: Range<usize>,
    /// The octets of its whole unit: header and what it carries.
    pub unit: Range<usize>,
    /// All of it in one line.
    pub summary: String,
    /// Whether it stands in the packet that an ICMP error quotes.
    pub quoted: bool,
    /// Its fields, in the order of their bits.
    pub fields: Vec<FieldView>,
}

/// One field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldView {
    /// Its name in its RFC's words, or as it stands there.
    pub name: Cow<'static, str>,
    /// Its name in filters: `ip.ttl`.
    pub filter: &'static str,
    /// What it says, in words.
    pub value: String,
    /// Its bits, counted from the beginning of the frame. Empty for what stands in no bit.
    pub bits: Range<usize>,
    /// One sentence: what it is for.
    pub meaning: &'static str,
    /// Whether it was worked out and does not stand there itself.
    pub inferred: bool,
}

impl FieldView {
    /// The octets that hold its bits.
    pub const fn octets(&self) -> Range<usize> {
        self.bits.start / 8..self.bits.end.div_ceil(8)
    }
}

impl Dissection {
    /// The field that an octet of the frame belongs to, as places in `sections` and `fields`; the
    /// first of them when fields share the octet.
    pub fn field_at(&self, octet: usize) -> Option<(usize, usize)> {
        let holds = |f: &FieldView| !f.inferred && f.octets().contains(&octet);
        self.sections.iter().enumerate().rev().find_map(|(place, section)| {
            section.fields.iter().position(holds).map(|field| (place, field))
        })
    }

    /// The field at these places.
    pub fn field(&self, section: usize, field: usize) -> Option<&FieldView> {
        self.sections.get(section)?.fields.get(field)
    }

    /// The field of that filter name; the outermost if a quote has it too.
    pub fn find(&self, filter: &str) -> Option<&FieldView> {
        self.sections.iter().flat_map(|s| &s.fields).find(|f| f.filter == filter)
    }

    /// The sections as a sender puts them on: the program's data first. Quotes are left out.
    pub fn top_down(&self) -> impl Iterator<Item = &Section> {
        self.sections.iter().rev().filter(|section| !section.quoted)
    }

    /// The sections as a receiver takes them off: Ethernet first. Quotes are left out.
    pub fn bottom_up(&self) -> impl Iterator<Item = &Section> {
        self.sections.iter().filter(|section| !section.quoted)
    }
}

/// Takes a frame apart, and what it carries of layer 7 too: `ladder` knows what lies where.
pub fn dissect_whole(trace: &Trace, ladder: &Ladder, frame: FrameId) -> Dissection {
    let octets = trace.frame(frame);
    let mut dissection = dissect(&octets);
    let units = ladder.units(trace, frame);
    let is_data = |section: &Section| section.protocol == "Data" && !section.quoted;
    if let Some(data) = dissection.sections.pop_if(|section| is_data(section)) {
        let found = carried::sections(trace, &octets, &data.unit, &units);
        if found.is_empty() {
            dissection.sections.push(data);
        }
        dissection.sections.extend(found);
    }
    dissection
}

/// Takes a frame apart. Without its preamble and check sequence, as the trace holds it.
pub fn dissect(frame: &[u8]) -> Dissection {
    let headers = Headers::of(frame);
    let mut sections: Vec<Section> =
        headers.parts().iter().map(|part| section(frame, &headers, part)).collect();
    let payload = headers.payload();
    if !payload.is_empty() {
        sections.push(data(frame, payload, false));
    } else if let Some(part) = headers.parts().last().filter(|part| part.quoted)
        && !part.payload().is_empty()
    {
        sections.push(data(frame, part.payload(), true));
    }
    if let Some(ethernet) = sections.first_mut() {
        trailer(frame, &headers, ethernet);
    }
    Dissection { sections, stop: headers.stop(), len: frame.len() }
}

fn section(frame: &[u8], headers: &Headers, part: &Part) -> Section {
    let header = part.header(frame);
    let mut fields: Vec<FieldView> = part
        .protocol
        .fields()
        .iter()
        .filter_map(|field| {
            let raw = field.read(header)?;
            let first = part.start * 8 + usize::from(field.bit);
            let (name, filter, meaning) = values::named(field, header);
            Some(FieldView {
                name: name.into(),
                filter,
                value: values::value(field.filter, field.bits, raw, header),
                bits: first..first + usize::from(field.bits),
                meaning,
                inferred: false,
            })
        })
        .collect();
    let fixed = part.protocol.header_len();
    match part.protocol {
        Protocol::Tcp => fields.extend(options::fields(header, part.start)),
        Protocol::Ipv4 if header.len() > fixed => fields.push(FieldView {
            name: "Options".into(),
            filter: "ip.options",
            value: format!("{} octets", header.len() - fixed),
            bits: (part.start + fixed) * 8..part.body * 8,
            meaning: "Rarely used extras; routers pass them on.",
            inferred: false,
        }),
        _ => {}
    }
    // A quote is cut, so its sums say nothing.
    if !part.quoted
        && !matches!(headers.stop(), Some(stop) if stop.protocol == part.protocol.name())
    {
        fields.extend(inferred(frame, headers, part));
    }
    Section {
        layer: part.protocol.layer(),
        protocol: part.protocol.name(),
        header: part.start..part.body,
        unit: part.start..part.end,
        summary: words::section_line(frame, part),
        quoted: part.quoted,
        fields,
    }
}

/// What follows from the octets without standing in them.
fn inferred(frame: &[u8], headers: &Headers, part: &Part) -> Vec<FieldView> {
    let made = |name: &'static str, filter, value, at: usize, meaning| FieldView {
        name: name.into(),
        filter,
        value,
        bits: (part.start + at) * 8..(part.start + at) * 8,
        meaning,
        inferred: true,
    };
    let length = |name, filter, at| {
        let value = format!("{} octets", part.payload().len());
        made(name, filter, value, at, "How much it carries; worked out from the lengths.")
    };
    let sum = |filter, at| {
        let value = match verdict(frame, headers, part) {
            None => "not used",
            Some(true) => "correct",
            Some(false) => "wrong",
        };
        let meaning = "Whether the sum over the octets fits the field.";
        made("Checksum Status", filter, value.into(), at, meaning)
    };
    match part.protocol {
        Protocol::Ethernet | Protocol::Arp => Vec::new(),
        Protocol::Ipv4 => {
            vec![sum("ip.checksum.status", 10), length("Payload Length", "ip.payload", 2)]
        }
        Protocol::Icmp => vec![sum("icmp.checksum.status", 2)],
        Protocol::Udp => {
            vec![sum("udp.checksum.status", 6), length("Payload Length", "udp.payload", 4)]
        }
        Protocol::Tcp => {
            vec![sum("tcp.checksum.status", 16), length("Segment Length", "tcp.len", 12)]
        }
    }
}

/// Whether the unit's checksum fits; `None` where there is none, or not all that it covers is here.
fn verdict(frame: &[u8], headers: &Headers, part: &Part) -> Option<bool> {
    let unit = frame.get(part.start..part.end)?;
    let transport = |number: u16| {
        let ip = headers.find(Protocol::Ipv4)?;
        // The sum covers the whole packet: a fragment cannot be judged.
        if u16_at(frame, ip.start + 6) & 0x3fff != 0 {
            return None;
        }
        let addresses = frame.get(ip.start + 12..ip.start + 20)?;
        let sum = Checksum::new().add(addresses).add_word(number).add_word(unit.len() as u16);
        Some(sum.add(unit).is_valid())
    };
    match part.protocol {
        Protocol::Ethernet | Protocol::Arp => None,
        Protocol::Ipv4 => Some(Checksum::new().add(part.header(frame)).is_valid()),
        Protocol::Icmp => Some(Checksum::new().add(unit).is_valid()),
        Protocol::Udp if u16_at(unit, 6) == 0 => None,
        Protocol::Udp => transport(17),
        Protocol::Tcp => transport(6),
    }
}

/// The program's octets.
fn data(frame: &[u8], octets: Range<usize>, quoted: bool) -> Section {
    let shown = values::text(frame.get(octets.clone()).unwrap_or(&[]), 60);
    Section {
        layer: Layer::Application,
        protocol: "Data",
        header: octets.clone(),
        unit: octets.clone(),
        summary: format!("{} octets: {shown}", octets.len()),
        quoted,
        fields: vec![FieldView {
            name: "Data".into(),
            filter: "data",
            value: shown,
            bits: octets.start * 8..octets.end * 8,
            meaning: "What the program sent; the layers below do not look at it.",
            inferred: false,
        }],
    }
}

/// What stands behind the packet: padding, and the check sequence that the trace does not keep.
fn trailer(frame: &[u8], headers: &Headers, section: &mut Section) {
    let padding = headers.padding(frame.len());
    if !padding.is_empty() {
        section.fields.push(FieldView {
            name: "Padding".into(),
            filter: "eth.padding",
            value: format!("{} octets", padding.len()),
            bits: padding.start * 8..padding.end * 8,
            meaning: "Fills the frame up to the shortest that Ethernet allows (802.3 §3.2.8).",
            inferred: false,
        });
    }
    if frame.len() >= ethernet::HEADER_LEN {
        section.fields.push(FieldView {
            name: "Frame Check Sequence".into(),
            filter: "eth.fcs",
            value: format!("0x{:08x}", ethernet::fcs(frame)),
            bits: frame.len() * 8..frame.len() * 8,
            meaning: "A CRC over the frame, sent behind it; the interface takes it off.",
            inferred: true,
        });
    }
}
