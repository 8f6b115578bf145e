//! Scripts: text to a list of timed lines. The notation is described in `docs/TCP-SCRIPTS.md`.

use framestep::base::{Duration, Instant};
use framestep::stack::transport::tcp::{Algorithm, Config};
use std::str::FromStr;

/// A whole script.
pub(crate) struct Script {
    pub(crate) config: Config,
    pub(crate) isn: u32,
    pub(crate) peer_isn: u32,
    pub(crate) lines: Vec<Line>,
}

/// One timed line.
pub(crate) struct Line {
    /// Its line number, from 1.
    pub(crate) number: usize,
    pub(crate) text: String,
    pub(crate) when: When,
    pub(crate) what: What,
}

/// When a line is due: an absolute time, or one counted from the line before; `end` makes a range.
pub(crate) struct When {
    relative: bool,
    from: u64,
    to: u64,
}

impl When {
    /// The first and the last moment at which the line may happen.
    pub(crate) fn range(&self, last: Instant) -> (Instant, Instant) {
        let base = if self.relative { last } else { Instant::ZERO };
        (base + Duration(self.from), base + Duration(self.to))
    }
}

/// What a line does or demands.
pub(crate) enum What {
    Listen,
    Connect,
    Write(usize),
    Read(usize),
    Close,
    Release,
    Abort,
    Unreachable { seq: Number, hard: bool },
    PathMtu { seq: Number, mtu: u16 },
    Inbound(Segment),
    Outbound(Segment),
    Indication(String),
    Note(String),
    State(String),
    Readable(usize),
}

/// A sequence number: counted from the initial one, or (written `=5`) as it stands.
#[derive(Clone, Copy)]
pub(crate) enum Number {
    Relative(u32),
    Absolute(u32),
}

impl Number {
    pub(crate) fn on_the_wire(self, isn: u32) -> u32 {
        match self {
            Self::Relative(n) => isn.wrapping_add(n),
            Self::Absolute(n) => n,
        }
    }
}

/// A segment as a script writes it.
pub(crate) struct Segment {
    /// CWR ECE URG ACK PSH RST SYN FIN, as on the wire.
    pub(crate) flags: u8,
    pub(crate) seq: Number,
    pub(crate) len: u32,
    pub(crate) ack: Option<Number>,
    pub(crate) win: Option<u16>,
    pub(crate) urg: Option<u16>,
    /// `None` stands for `<...>`: any.
    pub(crate) options: Option<Vec<Choice>>,
    /// The ECN field of the IP header; `None` is "not said".
    pub(crate) ecn: Option<Ecn>,
    /// What is done to an inbound segment that it should not survive, or should.
    pub(crate) tricks: Vec<Trick>,
}

/// One option.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Choice {
    Nop,
    Mss(u16),
    Scale(u8),
    SackOk,
    Sack(Vec<(u32, u32)>),
    /// Value and echo; `None` is "any" outbound, and "the last we heard" inbound.
    Stamp(Option<u32>, Option<u32>),
    /// Octets as they stand: `raw 1e02`.
    Raw(Vec<u8>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ecn {
    NotCapable,
    Capable,
    Experienced,
}

/// A way to spoil an inbound segment.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trick {
    /// `!checksum`: one bit of the checksum is turned over.
    Checksum,
    /// `!offset n`: the data offset says `n` words.
    Offset(u8),
    /// `!cut n`: only the first `n` octets arrive.
    Cut(usize),
    /// `!other`: the payload differs from the peer's stream in every octet.
    Other,
}

/// Reads a script; the message of a fault names the line.
pub(crate) fn parse(text: &str) -> Result<Script, String> {
    let mut script = Script {
        config: Config::default(),
        isn: 1_000_000,
        peer_isn: 3_000_000_000,
        lines: Vec::new(),
    };
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        let line = line.split_once(" #").map_or(line, |(before, _)| before).trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let place = |fault: String| format!("{number}: {fault}");
        if let Some(setting) = line.strip_prefix("set ") {
            if !script.lines.is_empty() {
                return Err(place("`set` belongs at the head of the script".into()));
            }
            set(&mut script, setting).map_err(place)?;
        } else {
            let (when, rest) = when(line).map_err(place)?;
            let what = what(rest).map_err(place)?;
            script.lines.push(Line { number, text: line.to_owned(), when, what });
        }
    }
    Ok(script)
}

fn set(script: &mut Script, setting: &str) -> Result<(), String> {
    let (key, value) = setting.trim().split_once(' ').ok_or("expected `set key value`")?;
    let value = value.trim();
    let config = &mut script.config;
    match key {
        "isn" => script.isn = number(value)?,
        "peer_isn" => script.peer_isn = number(value)?,
        "congestion" => {
            config.congestion = match value {
                "none" => Algorithm::NoControl,
                "reno" => Algorithm::Reno,
                "cubic" => Algorithm::Cubic,
                _ => return Err(format!("no algorithm `{value}`: none, reno or cubic")),
            }
        }
        "mss" => config.mss = number(value)?,
        "receive_buffer" => config.receive_buffer = number(value)?,
        "send_buffer" => config.send_buffer = number(value)?,
        "initial_window" => config.initial_window = number(value)?,
        "window_scaling" => config.window_scaling = on_off(value)?,
        "timestamps" => config.timestamps = on_off(value)?,
        "sack" => config.sack = on_off(value)?,
        "ecn" => config.ecn = on_off(value)?,
        "nagle" => config.nagle = on_off(value)?,
        "limited_transmit" => config.limited_transmit = on_off(value)?,
        "time_wait_reset" => config.time_wait_reset = on_off(value)?,
        "delayed_ack" => config.delayed_ack = value.parse()?,
        "rto_initial" => config.rto_initial = value.parse()?,
        "rto_min" => config.rto_min = value.parse()?,
        "rto_max" => config.rto_max = value.parse()?,
        "syn_retries" => config.syn_retries = number(value)?,
        "data_retries" => config.data_retries = number(value)?,
        "user_timeout" => config.user_timeout = Some(value.parse()?),
        "keep_alive" => config.keep_alive = Some(value.parse()?),
        "keep_alive_interval" => config.keep_alive_interval = value.parse()?,
        "keep_alive_probes" => config.keep_alive_probes = number(value)?,
        "fin_wait_2_timeout" => config.fin_wait_2_timeout = value.parse()?,
        "msl" => config.msl = value.parse()?,
        _ => return Err(format!("no setting `{key}`")),
    }
    Ok(())
}

fn on_off(value: &str) -> Result<bool, String> {
    match value {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(format!("expected `on` or `off`, found `{value}`")),
    }
}

fn number<T: FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("expected a number, found `{text}`"))
}

/// The time at the head of a line; without one it is `+0`.
fn when(line: &str) -> Result<(When, &str), String> {
    let Some(first) = line.split_whitespace().next() else { return Err("an empty line".into()) };
    if !first.starts_with(|c: char| c == '+' || c == '.' || c.is_ascii_digit()) {
        return Ok((When { relative: true, from: 0, to: 0 }, line));
    }
    let rest = line[first.len()..].trim();
    let (from, to) = first.split_once('~').unwrap_or((first, first));
    let relative = from.starts_with('+');
    let (from, to) = (seconds(from)?, seconds(to)?);
    Ok((When { relative, from, to }, rest))
}

/// `1.5`, `+.1`: seconds to nanoseconds.
fn seconds(text: &str) -> Result<u64, String> {
    let bare = text.trim_start_matches('+');
    let (whole, fraction) = bare.split_once('.').unwrap_or((bare, ""));
    let whole = if whole.is_empty() { 0 } else { number::<u64>(whole)? };
    if fraction.len() > 9 || bare.is_empty() {
        return Err(format!("expected seconds, found `{text}`"));
    }
    Ok(whole * 1_000_000_000 + number::<u64>(&format!("{fraction:0<9}"))?)
}

fn what(text: &str) -> Result<What, String> {
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    let rest = rest.trim();
    let quoted = || {
        let inner = rest.strip_prefix('"').and_then(|r| r.strip_suffix('"'));
        inner.filter(|r| !r.is_empty()).map(str::to_owned).ok_or("expected words in quotes")
    };
    Ok(match word {
        "listen" => What::Listen,
        "connect" => What::Connect,
        "close" => What::Close,
        "release" => What::Release,
        "abort" => What::Abort,
        "write" => What::Write(number(rest)?),
        "read" => What::Read(number(rest)?),
        "readable" => What::Readable(number(rest)?),
        "note" => What::Note(quoted()?),
        "state" => What::State(rest.to_owned()),
        "*" => What::Indication(rest.to_owned()),
        "<" => What::Inbound(segment(rest)?),
        ">" => What::Outbound(segment(rest)?),
        "icmp" => match rest.split_once(' ') {
            Some(("hard", seq)) => What::Unreachable { seq: sequence(seq)?, hard: true },
            Some(("soft", seq)) => What::Unreachable { seq: sequence(seq)?, hard: false },
            _ => return Err("expected `icmp hard SEQ` or `icmp soft SEQ`".into()),
        },
        "mtu" => match rest.split_once(' ') {
            Some((mtu, seq)) => What::PathMtu { mtu: number(mtu)?, seq: sequence(seq)? },
            None => return Err("expected `mtu OCTETS SEQ`".into()),
        },
        _ => {
            return Err(format!(
                "expected a call, `<`, `>`, `*`, `note` or `state`, found `{word}`"
            ));
        }
    })
}

fn sequence(text: &str) -> Result<Number, String> {
    match text.strip_prefix('=') {
        Some(absolute) => Ok(Number::Absolute(number(absolute)?)),
        None => Ok(Number::Relative(number(text)?)),
    }
}

/// `[ce] P. 1:1001(1000) ack 1 win 100 urg 5 <nop,nop,TS val 1 ecr 2> !checksum`
fn segment(text: &str) -> Result<Segment, String> {
    let (text, options) = match text.split_once('<') {
        Some((before, rest)) => {
            let (inner, after) = rest.split_once('>').ok_or("`<` without `>`")?;
            (format!("{before} {after}"), options(inner)?)
        }
        None => (text.to_owned(), Some(Vec::new())),
    };
    let mut words = text.split_whitespace().peekable();
    let ecn = match words.next_if(|word| word.starts_with('[')) {
        None => None,
        Some("[noecn]") => Some(Ecn::NotCapable),
        Some("[ect0]") => Some(Ecn::Capable),
        Some("[ce]") => Some(Ecn::Experienced),
        Some(other) => return Err(format!("expected [noecn], [ect0] or [ce], found `{other}`")),
    };
    let flags = flags(words.next().ok_or("expected flags")?)?;
    let (seq, len) = range(words.next().ok_or("expected seq:end(len)")?)?;
    let mut segment = Segment {
        flags,
        seq,
        len,
        ack: None,
        win: None,
        urg: None,
        options,
        ecn,
        tricks: Vec::new(),
    };
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("expected a value after `{word}`"));
        match word {
            "ack" => segment.ack = Some(sequence(value()?)?),
            "win" => segment.win = Some(number(value()?)?),
            "urg" => segment.urg = Some(number(value()?)?),
            "!checksum" => segment.tricks.push(Trick::Checksum),
            "!offset" => segment.tricks.push(Trick::Offset(number(value()?)?)),
            "!cut" => segment.tricks.push(Trick::Cut(number(value()?)?)),
            "!other" => segment.tricks.push(Trick::Other),
            _ => return Err(format!("expected ack, win, urg, options or a trick, found `{word}`")),
        }
    }
    if segment.ack.is_some() != (segment.flags & 0x10 != 0) && segment.flags & 0x04 == 0 {
        return Err("`.` and `ack` belong together".into());
    }
    Ok(segment)
}

/// The letters of the control bits, from the highest bit down; `-` stands for none.
pub(crate) const LETTERS: [char; 8] = ['W', 'E', 'U', '.', 'P', 'R', 'S', 'F'];

fn flags(text: &str) -> Result<u8, String> {
    text.chars().filter(|c| *c != '-').try_fold(0, |flags, letter| {
        let place = LETTERS.iter().position(|l| *l == letter);
        place.map(|p| flags | 0x80 >> p).ok_or_else(|| format!("no flag `{letter}`"))
    })
}

/// `1:1001(1000)`, where the end must agree with the length.
fn range(text: &str) -> Result<(Number, u32), String> {
    let wrong = || format!("expected seq:end(len), found `{text}`");
    let (first, rest) = text.split_once(':').ok_or_else(wrong)?;
    let (end, len) = rest.split_once('(').ok_or_else(wrong)?;
    let len: u32 = number(len.strip_suffix(')').ok_or_else(wrong)?)?;
    let (seq, end) = (sequence(first)?, sequence(end)?);
    if seq.on_the_wire(0).wrapping_add(len) != end.on_the_wire(0) {
        return Err(format!("`{text}`: {first} + {len} is not the end"));
    }
    Ok((seq, len))
}

fn options(text: &str) -> Result<Option<Vec<Choice>>, String> {
    if text.trim() == "..." {
        return Ok(None);
    }
    text.split(',')
        .map(str::trim)
        .filter(|o| !o.is_empty())
        .map(option)
        .collect::<Result<_, _>>()
        .map(Some)
}

fn option(text: &str) -> Result<Choice, String> {
    let any = |word: &str| if word == "*" { Ok(None) } else { number(word).map(Some) };
    let words: Vec<&str> = text.split_whitespace().collect();
    Ok(match words[..] {
        ["nop"] => Choice::Nop,
        ["sackOK"] => Choice::SackOk,
        ["mss", mss] => Choice::Mss(number(mss)?),
        ["wscale", shift] => Choice::Scale(number(shift)?),
        ["TS", "val", value, "ecr", echo] => Choice::Stamp(any(value)?, any(echo)?),
        ["raw", hex] => Choice::Raw(
            (0..hex.len() / 2)
                .map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16))
                .collect::<Result<_, _>>()
                .map_err(|_| format!("expected hexadecimal octets, found `{hex}`"))?,
        ),
        ["sack", ref blocks @ ..] if !blocks.is_empty() => {
            let block = |b: &&str| {
                let (first, end) =
                    b.split_once(':').ok_or_else(|| format!("expected a:b, found `{b}`"))?;
                Ok::<_, String>((number(first)?, number(end)?))
            };
            Choice::Sack(blocks.iter().map(block).collect::<Result<_, _>>()?)
        }
        _ => return Err(format!("no option `{text}`")),
    })
}
