//! The scenarios that are built into the program, in the order of the course.

use super::diagnostic::suggest;

/// A scenario of the course.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Builtin {
    /// Its short name: `tcp-and-udp`.
    pub name: &'static str,
    /// Its file under `scenarios/`.
    pub path: &'static str,
    /// The file's text.
    pub text: &'static str,
}

macro_rules! library {
    ($($track:literal: $($file:literal $name:literal),+;)+) => {
        /// In the order of the course.
        static LIBRARY: &[Builtin] = &[$($(Builtin {
            name: $name,
            path: concat!($track, "/", $file, "-", $name, ".toml"),
            text: include_str!(concat!("../../scenarios/", $track, "/", $file, "-", $name, ".toml")),
        }),+),+];
    };
}

library! {
    "10-first-steps": "10" "tcp-and-udp", "20" "tcp-handshake", "30" "udp-closed-port",
        "40" "tcp-close", "50" "half-close";
    "20-loss": "10" "lost-syn-ack", "20" "fast-retransmit", "30" "time-out", "40" "zero-window";
    "30-networks": "10" "arp-and-ping", "20" "traceroute", "30" "fragmentation",
        "40" "switch-learning";
    "40-large": "10" "fat-tree", "20" "flood", "30" "ten-thousand";
    "50-web": "10" "http", "20" "polling-hurts", "30" "websocket-upgrade", "40" "upgrade-refused",
        "50" "fragments-and-ping", "60" "close-handshake", "70" "cable-cut", "80" "masking";
    "60-socket-io": "10" "polling-then-upgrade", "20" "emit-with-ack", "30" "rooms",
        "40" "reconnection", "50" "no-sticky-sessions", "60" "plain-websocket";
    "70-javascript": "10" "hello", "20" "news", "30" "chat-websocket", "40" "chat-socket-io",
        "50" "notifications", "60" "game-positions", "70" "framing", "80" "unhandled-error",
        "85" "forgotten-ack", "90" "slow-consumer";
    "90-sandbox": "10" "bulk-transfer", "20" "simultaneous-open", "30" "refused";
}

macro_rules! companions {
    ($($track:literal: $($file:literal),+;)*) => {
        /// The programs beside built-in scenarios: track, file, text.
        static COMPANIONS: &[(&str, &str, &str)] = &[$($(
            ($track, $file, include_str!(concat!("../../scenarios/", $track, "/", $file))),
        )+)*];
    };
}

companions! {
    "70-javascript": "10-hello/browser.js", "10-hello/server.js", "20-news/listen.js", "20-news/poll.js", "20-news/server.js", "20-news/wait.js", "30-chat-websocket/client.js", "30-chat-websocket/server.js", "40-chat-socket-io/client.js", "40-chat-socket-io/server.js", "50-notifications/phone.js", "50-notifications/server.js", "60-game-positions/tcp-player.js", "60-game-positions/tcp-server.js", "60-game-positions/udp-player.js", "60-game-positions/udp-server.js", "70-framing/bare.js", "70-framing/client.js", "70-framing/framed.js", "80-unhandled-error/careful.js", "80-unhandled-error/careless.js", "80-unhandled-error/server.js", "85-forgotten-ack/client.js", "85-forgotten-ack/server.js", "90-slow-consumer/client.js", "90-slow-consumer/server.js";
}

/// The text of a file beside the built-in scenarios of a track.
pub(super) fn companion(track: &str, file: &str) -> Option<&'static str> {
    let it = COMPANIONS.iter().find(|companion| (companion.0, companion.1) == (track, file))?;
    Some(it.2)
}

/// All of them, in the order of the course.
pub fn library() -> &'static [Builtin] {
    LIBRARY
}

/// The scenario of that name: `tcp-and-udp`, `10-tcp-and-udp`, or its path. The error is a sentence
/// that says what to do.
pub fn find(name: &str) -> Result<&'static Builtin, String> {
    let wanted = name.trim_end_matches(".toml");
    let is_it = |b: &&Builtin| {
        let path = b.path.trim_end_matches(".toml");
        b.name == wanted || path == wanted || path.rsplit('/').next() == Some(wanted)
    };
    LIBRARY.iter().find(is_it).ok_or_else(|| {
        let help = suggest(name, "there are", LIBRARY.iter().map(|b| b.name));
        format!("no scenario is called `{name}`; {help}")
    })
}
