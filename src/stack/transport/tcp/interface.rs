//! What a connection takes and gives.

use super::{Header, Note, SeqNumber};
use crate::base::Chunk;

/// What can happen to a connection.
#[derive(Clone, Debug)]
pub enum Input {
    /// The program listens (passive OPEN). For a listener's child the node follows it with the SYN.
    Listen,
    /// The program connects (active OPEN).
    Connect,
    /// The program writes; at most [`super::Connection::send_space`] octets are taken, the rest is
    /// [`Misuse::BufferFull`].
    Send(Chunk),
    /// The program has read so many octets ([`super::Connection::readable`] shows them).
    Read(u32),
    /// The program will send no more (CLOSE, `shutdown(SHUT_WR)`): FIN after what is queued.
    Close,
    /// The program is gone: as `Close`, but arriving data is answered with RST, and unread data
    /// makes it an abort (RFC 1122 §4.2.2.13).
    Release,
    /// The program aborts (ABORT): RST.
    Abort,
    /// A segment arrived, its checksum verified by the caller's parse.
    Segment {
        /// Its header.
        header: Header,
        /// Its payload.
        payload: Chunk,
        /// Whether the IP header carried Congestion Experienced (RFC 3168).
        congestion_experienced: bool,
    },
    /// An ICMP error quoted a segment of ours that had this sequence number.
    Unreachable {
        /// The quoted sequence number (RFC 5927 §4: must be in flight, or it is ignored).
        seq: SeqNumber,
        /// Hard errors end a connection that is being opened (RFC 5461, RFC 1122 §4.2.3.9).
        hard: bool,
    },
    /// ICMP "fragmentation needed" lowered the path MTU to so many octets of IP packet (RFC 1191).
    PathMtu {
        /// The quoted sequence number.
        seq: SeqNumber,
        /// The next hop's MTU.
        mtu: u16,
    },
}

/// What a connection wants done or said.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Output {
    /// Send this segment to the peer.
    Transmit(Transmit),
    /// Tell the program.
    Indicate(Indication),
    /// Tell whoever watches.
    Note(Note),
}

/// A segment to send: its header, and which part of the send buffer is its payload.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Transmit {
    /// The whole header; the checksum is made when it is emitted.
    pub header: Header,
    /// Octets of payload, to be had from [`super::Connection::payload`] before the next input.
    pub payload_len: u16,
    /// Whether the IP header is to be marked ECN-capable (RFC 3168 §6.1.1).
    pub ecn_capable: bool,
}

/// What the program is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Indication {
    /// The connection is open.
    Connected,
    /// Octets are there to be read.
    Readable,
    /// There is room again after a full buffer.
    Writable,
    /// The peer will send no more.
    PeerClosed,
    /// Both directions are closed in order.
    Closed,
    /// The peer (or the network) ended it at once.
    Reset,
    /// Nobody listens there: the SYN was answered by RST.
    Refused,
    /// Gave up after too many retransmissions, too long, or unanswered keep-alives.
    TimedOut,
    /// The network says that the peer cannot be reached.
    Unreachable,
    /// The program did what it must not.
    Misuse(Misuse),
}

/// What a program did wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Misuse {
    /// Sent on a connection that is not (or no longer) open for sending.
    NotOpen,
    /// Sent more than there is room for.
    BufferFull,
    /// Opened twice.
    AlreadyOpen,
    /// Acknowledged as read more than there was.
    ReadTooMuch,
}
