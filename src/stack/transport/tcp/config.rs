//! What can be set about TCP, per host (and, for Nagle and keep-alive, per socket).

use crate::base::Duration;

/// The congestion control algorithm.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Algorithm {
    /// None: only the receive window limits.
    NoControl,
    /// Slow start, congestion avoidance, fast retransmit (RFC 5681) with `NewReno` (RFC 6582).
    Reno,
    /// CUBIC (RFC 9438).
    #[default]
    Cubic,
}

/// TCP's settings. [`Default`] is what RFC 9293 and RFC 1122 recommend.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Config {
    /// Congestion control.
    pub congestion: Algorithm,
    /// Largest segment that we ask the peer to send, in octets of payload (MSS option).
    pub mss: u16,
    /// Receive buffer in octets; its size is the largest window we offer.
    pub receive_buffer: u32,
    /// Send buffer in octets.
    pub send_buffer: u32,
    /// Initial window in segments, 1–10 (RFC 6928).
    pub initial_window: u8,
    /// Offer window scaling (RFC 7323 §2).
    pub window_scaling: bool,
    /// Offer timestamps (RFC 7323 §3).
    pub timestamps: bool,
    /// Offer selective acknowledgements (RFC 2018).
    pub sack: bool,
    /// Offer ECN (RFC 3168).
    pub ecn: bool,
    /// Nagle's algorithm (RFC 9293 §3.7.4).
    pub nagle: bool,
    /// How long an acknowledgement may wait; zero acknowledges at once (RFC 1122 §4.2.3.2).
    pub delayed_ack: Duration,
    /// Retransmission time before a measurement (RFC 6298 §2.1).
    pub rto_initial: Duration,
    /// Its floor (RFC 6298 §2.4).
    pub rto_min: Duration,
    /// Its cap, at least 60 s (RFC 6298 §2.5).
    pub rto_max: Duration,
    /// How often a SYN is sent again before the open fails (RFC 9293 §3.8.3).
    pub syn_retries: u8,
    /// How often data is sent again before the connection is given up: R2 (RFC 9293 §3.8.3).
    pub data_retries: u8,
    /// Give up when data stays unacknowledged so long (RFC 9293 §3.9.1); `None` leaves it to R2.
    pub user_timeout: Option<Duration>,
    /// Keep-alive: probe after so long without a segment (RFC 9293 §3.8.4); `None` is off.
    pub keep_alive: Option<Duration>,
    /// Time between keep-alive probes.
    pub keep_alive_interval: Duration,
    /// Unanswered keep-alive probes before the connection is given up.
    pub keep_alive_probes: u8,
    /// Maximum segment lifetime; TIME-WAIT lasts twice as long (RFC 9293 §3.4.2).
    pub msl: Duration,
    /// How long FIN-WAIT-2 lasts when the program is gone and the peer does not close.
    pub fin_wait_2_timeout: Duration,
    /// Whether a RST ends TIME-WAIT (RFC 9293 §3.10.7.4) or is ignored (RFC 1337).
    pub time_wait_reset: bool,
    /// Send limited-transmit segments on the first two duplicates (RFC 3042).
    pub limited_transmit: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            congestion: Algorithm::Cubic,
            mss: 1460,
            receive_buffer: 65_535,
            send_buffer: 65_536,
            initial_window: 10,
            window_scaling: true,
            timestamps: true,
            sack: true,
            ecn: false,
            nagle: true,
            delayed_ack: Duration::from_millis(40),
            rto_initial: Duration::from_secs(1),
            rto_min: Duration::from_secs(1),
            rto_max: Duration::from_secs(60),
            syn_retries: 5,
            data_retries: 15,
            user_timeout: None,
            keep_alive: None,
            keep_alive_interval: Duration::from_secs(75),
            keep_alive_probes: 9,
            msl: Duration::from_secs(120),
            fin_wait_2_timeout: Duration::from_secs(60),
            time_wait_reset: false,
            limited_transmit: true,
        }
    }
}
