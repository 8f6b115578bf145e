//! The library: JavaScript that a program finds without bringing it along, a line a file.

/// Name of a module → its text. Those below `internal/` are the library's own.
const FILES: &[(&str, &str)] = &[
    ("assert", include_str!("library/assert.js")),
    ("assert/strict", include_str!("library/assert/strict.js")),
    ("buffer", include_str!("library/buffer.js")),
    ("console", include_str!("library/console.js")),
    ("crypto", include_str!("library/crypto.js")),
    ("dgram", include_str!("library/dgram.js")),
    ("encoding", include_str!("library/encoding.js")),
    ("event-target", include_str!("library/event-target.js")),
    ("events", include_str!("library/events.js")),
    ("fetch", include_str!("library/fetch.js")),
    ("http", include_str!("library/http.js")),
    ("internal/abort", include_str!("library/internal/abort.js")),
    ("internal/address", include_str!("library/internal/address.js")),
    ("internal/backlog", include_str!("library/internal/backlog.js")),
    ("internal/base64", include_str!("library/internal/base64.js")),
    ("internal/blob", include_str!("library/internal/blob.js")),
    ("internal/bounds", include_str!("library/internal/bounds.js")),
    ("internal/buffer-codes", include_str!("library/internal/buffer-codes.js")),
    ("internal/buffer-numbers", include_str!("library/internal/buffer-numbers.js")),
    ("internal/checks", include_str!("library/internal/checks.js")),
    ("internal/compare", include_str!("library/internal/compare.js")),
    ("internal/core", include_str!("library/internal/core.js")),
    ("internal/date", include_str!("library/internal/date.js")),
    ("internal/dom-exception", include_str!("library/internal/dom-exception.js")),
    ("internal/duplex", include_str!("library/internal/duplex.js")),
    ("internal/emitter-target", include_str!("library/internal/emitter-target.js")),
    ("internal/errors", include_str!("library/internal/errors.js")),
    ("internal/events-on", include_str!("library/internal/events-on.js")),
    ("internal/fetch-body", include_str!("library/internal/fetch-body.js")),
    ("internal/fetch-headers", include_str!("library/internal/fetch-headers.js")),
    ("internal/fetch-messages", include_str!("library/internal/fetch-messages.js")),
    ("internal/format", include_str!("library/internal/format.js")),
    ("internal/globals", include_str!("library/internal/globals.js")),
    ("internal/handles", include_str!("library/internal/handles.js")),
    ("internal/hashes", include_str!("library/internal/hashes.js")),
    ("internal/heap", include_str!("library/internal/heap.js")),
    ("internal/http-client", include_str!("library/internal/http-client.js")),
    ("internal/http-fields", include_str!("library/internal/http-fields.js")),
    ("internal/http-incoming", include_str!("library/internal/http-incoming.js")),
    ("internal/http-joined", include_str!("library/internal/http-joined.js")),
    ("internal/http-names", include_str!("library/internal/http-names.js")),
    ("internal/http-outgoing", include_str!("library/internal/http-outgoing.js")),
    ("internal/http-response", include_str!("library/internal/http-response.js")),
    ("internal/http-server", include_str!("library/internal/http-server.js")),
    ("internal/http-socket", include_str!("library/internal/http-socket.js")),
    ("internal/http-upgrade", include_str!("library/internal/http-upgrade.js")),
    ("internal/inspect", include_str!("library/internal/inspect.js")),
    ("internal/inspect-error", include_str!("library/internal/inspect-error.js")),
    ("internal/inspect-kinds", include_str!("library/internal/inspect-kinds.js")),
    ("internal/inspect-text", include_str!("library/internal/inspect-text.js")),
    ("internal/io-arguments", include_str!("library/internal/io-arguments.js")),
    ("internal/io-catch-all", include_str!("library/internal/io-catch-all.js")),
    ("internal/io-client-socket", include_str!("library/internal/io-client-socket.js")),
    ("internal/io-emitter", include_str!("library/internal/io-emitter.js")),
    ("internal/io-handshake", include_str!("library/internal/io-handshake.js")),
    ("internal/io-manager", include_str!("library/internal/io-manager.js")),
    ("internal/io-namespace", include_str!("library/internal/io-namespace.js")),
    ("internal/io-operator", include_str!("library/internal/io-operator.js")),
    ("internal/io-socket", include_str!("library/internal/io-socket.js")),
    ("internal/ip", include_str!("library/internal/ip.js")),
    ("internal/lazy", include_str!("library/internal/lazy.js")),
    ("internal/listener", include_str!("library/internal/listener.js")),
    ("internal/net-errors", include_str!("library/internal/net-errors.js")),
    ("internal/net-socket", include_str!("library/internal/net-socket.js")),
    ("internal/queue", include_str!("library/internal/queue.js")),
    ("internal/readable", include_str!("library/internal/readable.js")),
    ("internal/start", include_str!("library/internal/start.js")),
    ("internal/stream-destroy", include_str!("library/internal/stream-destroy.js")),
    ("internal/stream-ends", include_str!("library/internal/stream-ends.js")),
    ("internal/stream-iterate", include_str!("library/internal/stream-iterate.js")),
    ("internal/stream-pipe", include_str!("library/internal/stream-pipe.js")),
    ("internal/symbols", include_str!("library/internal/symbols.js")),
    ("internal/table", include_str!("library/internal/table.js")),
    ("internal/timers", include_str!("library/internal/timers.js")),
    ("internal/transform", include_str!("library/internal/transform.js")),
    ("internal/types", include_str!("library/internal/types.js")),
    ("internal/url-codes", include_str!("library/internal/url-codes.js")),
    ("internal/url-host", include_str!("library/internal/url-host.js")),
    ("internal/url-legacy", include_str!("library/internal/url-legacy.js")),
    ("internal/url-parser", include_str!("library/internal/url-parser.js")),
    ("internal/url-search-params", include_str!("library/internal/url-search-params.js")),
    ("internal/utf8", include_str!("library/internal/utf8.js")),
    ("internal/words", include_str!("library/internal/words.js")),
    ("internal/writable", include_str!("library/internal/writable.js")),
    ("internal/ws-faults", include_str!("library/internal/ws-faults.js")),
    ("internal/ws-server", include_str!("library/internal/ws-server.js")),
    ("internal/ws-socket", include_str!("library/internal/ws-socket.js")),
    ("module", include_str!("library/module.js")),
    ("net", include_str!("library/net.js")),
    ("path", include_str!("library/path.js")),
    ("perf_hooks", include_str!("library/perf_hooks.js")),
    ("process", include_str!("library/process.js")),
    ("querystring", include_str!("library/querystring.js")),
    ("socket.io", include_str!("library/socket.io.js")),
    ("socket.io-client", include_str!("library/socket.io-client.js")),
    ("stream", include_str!("library/stream.js")),
    ("stream/promises", include_str!("library/stream/promises.js")),
    ("string_decoder", include_str!("library/string_decoder.js")),
    ("structured-clone", include_str!("library/structured-clone.js")),
    ("timers", include_str!("library/timers.js")),
    ("timers/promises", include_str!("library/timers/promises.js")),
    ("url", include_str!("library/url.js")),
    ("util", include_str!("library/util.js")),
    ("websocket", include_str!("library/websocket.js")),
    ("ws", include_str!("library/ws.js")),
];

/// What is evaluated first of all.
pub(super) const LOADER: &str = include_str!("library/internal/loader.js");

/// The text of a module.
pub(super) fn text(name: &str) -> Option<&'static str> {
    FILES.iter().find(|(own, _)| *own == name).map(|(_, text)| *text)
}

/// What a program finds as globals alone, as in node.
const GLOBAL: &[&str] = &["encoding", "event-target", "fetch", "structured-clone", "websocket"];

/// Whether a program may load it.
pub(super) fn is_public(name: &str) -> bool {
    !name.starts_with("internal/") && !GLOBAL.contains(&name) && text(name).is_some()
}

/// What a program may load, in the order of the alphabet.
pub(super) fn public() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(name, _)| *name).filter(|name| is_public(name))
}
