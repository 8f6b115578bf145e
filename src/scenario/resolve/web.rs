//! Servers and clients of the web.

use super::super::value::{Fields, Value};
use super::programs::Maker;
use crate::base::{Chunk, Duration};
use crate::plan::program::Plan;
use crate::stack::application::http::{self, Method, Request};
use crate::stack::application::web::{
    Action, Endpoint, Gathering, Manner, Push, Reaction, Route, Rule, Site, Speaks, Step, Visit,
};
use crate::stack::application::websocket::{self, Opening, Parameters};
use crate::stack::application::{Message, engine_io, socket_io};
use std::sync::Arc;

impl Maker<'_, '_> {
    /// A program of the web's.
    pub(super) fn web(&mut self, name: &'static str, fields: &Fields) -> Option<Plan> {
        if name == "web_server" {
            let port = self.port(fields, "tcp", name)?;
            return Some(Plan::WebServer { port, site: Arc::new(self.site(fields)?) });
        }
        let to = fields.text("to")?;
        let host = to.text().strip_suffix(":80").unwrap_or_else(|| to.text()).to_owned();
        let visit = match name {
            "http_client" => self.http_client(fields, host)?,
            "websocket_client" => self.websocket_client(fields, host)?,
            _ => self.socket_io_client(fields, host)?,
        };
        let to = self.endpoint(to)?;
        Some(Plan::WebClient { to, at: self.moment(fields), visit: Arc::new(visit) })
    }

    fn site(&mut self, fields: &Fields) -> Option<Site> {
        let route = |fields: &Fields| Route {
            path: text(fields, "path", "/"),
            status: http::Status(fields.number("status").unwrap_or(200) as u16),
            content_type: text(fields, "type", "text/plain; charset=utf-8"),
            body: fields.text("body").map(|body| body.text().to_owned()),
        };
        if let (Some(entry), true) = (fields.entry("engine_io"), fields.has("socket_io")) {
            self.error(
                &entry.key_span,
                "`engine_io` beside `socket_io`".into(),
                "keep one of them",
            );
            return None;
        }
        let engine = |fields: &Fields| {
            let default = engine_io::server::Config::default();
            engine_io::server::Config {
                ping_interval: fields.time("ping_interval").unwrap_or(default.ping_interval),
                ping_timeout: fields.time("ping_timeout").unwrap_or(default.ping_timeout),
                websocket: fields.flag("websocket").unwrap_or(true),
                ..default
            }
        };
        let gathering = match (fields.table("socket_io"), fields.table("engine_io")) {
            (Some(fields), _) => Some(self.gathering(fields, engine(fields))),
            (None, Some(fields)) => Some(Gathering {
                path: text(fields, "path", "/engine.io/"),
                engine: engine(fields),
                socket_io: None,
                token: None,
                rules: Vec::new(),
            }),
            (None, None) => None,
        };
        Some(Site {
            http: http::ServerConfig::default(),
            routes: fields.tables("serve").map(route).collect(),
            endpoints: fields.tables("websocket").map(endpoint).collect(),
            gathering,
        })
    }

    fn gathering(&mut self, fields: &Fields, engine: engine_io::server::Config) -> Gathering {
        let default = socket_io::server::Config::default();
        let recovery = fields.time("recovery").map(|duration| socket_io::server::Recovery {
            duration,
            ..socket_io::server::Recovery::default()
        });
        let namespaces = texts(fields, "namespaces");
        let mut rules = Vec::new();
        for fields in fields.tables("on") {
            rules.push(Rule {
                event: text(fields, "event", ""),
                reaction: reaction(fields),
                emit: fields.text("emit").map(|name| name.text().to_owned()),
                with: fields.text("with").map(|value| self.json_array(value)),
                room: fields.text("room").map(|room| room.text().to_owned()),
                volatile: fields.flag("volatile").unwrap_or(false),
            });
        }
        Gathering {
            path: text(fields, "path", "/socket.io/"),
            engine,
            socket_io: Some(socket_io::server::Config {
                namespaces: if namespaces.is_empty() { default.namespaces } else { namespaces },
                connect_timeout: fields.time("connect_timeout").unwrap_or(default.connect_timeout),
                recovery,
                ..default
            }),
            token: fields.text("token").map(|token| token.text().to_owned()),
            rules,
        }
    }

    fn http_client(&mut self, fields: &Fields, host: String) -> Option<Visit> {
        let mut steps = Vec::new();
        for fields in fields.tables("requests") {
            let chosen = fields.table.choose.iter().find(|method| fields.has(method))?;
            let method = Method::named(&chosen.to_uppercase());
            let mut request = Request::new(method, fields.text(chosen)?.text());
            for value in fields.get("headers").map_or(&[][..], Value::elements) {
                let Some((name, content)) = value.text().split_once(':') else {
                    let message = format!("`{}` is no header field", value.text());
                    self.error(&value.span, message, "write `\"Name: value\"`");
                    continue;
                };
                request = request.with(name.trim(), content.trim());
            }
            if let Some(body) = fields.get("body") {
                request = request.with_body(self.body(body)?);
            }
            steps.push(Step { after: after(fields), action: Action::Request(request) });
        }
        let config = http::ClientConfig::default();
        Some(Visit { speaks: Speaks::Http { host, config }, steps })
    }

    fn websocket_client(&mut self, fields: &Fields, host: String) -> Option<Visit> {
        let config = websocket::Config {
            fragment_max: fields.size("fragment").map(|octets| octets as usize),
            ..websocket_config(fields)
        };
        let opening = Opening {
            host,
            target: text(fields, "path", "/"),
            origin: fields.text("origin").map(|origin| origin.text().to_owned()),
        };
        let mut steps = Vec::new();
        for fields in fields.tables("steps") {
            let action = if let Some(payload) = fields.get("send") {
                Action::Send(Message::Text(self.body(payload)?))
            } else if let Some(payload) = fields.get("binary") {
                Action::Send(Message::Binary(self.body(payload)?))
            } else if let Some(payload) = fields.get("part") {
                let last = fields.flag("last").unwrap_or(false);
                Action::Part { text: true, octets: self.body(payload)?, last }
            } else if let Some(payload) = fields.text("ping") {
                Action::Ping(Chunk::from(payload.text().as_bytes()))
            } else {
                let code = fields.number("close").map(|code| code as u16);
                Action::Close { code, reason: text(fields, "reason", "") }
            };
            steps.push(Step { after: after(fields), action });
        }
        Some(Visit { speaks: Speaks::WebSocket { opening, config }, steps })
    }

    fn socket_io_client(&mut self, fields: &Fields, host: String) -> Option<Visit> {
        let transports = fields.get("transports").map_or(&[][..], Value::elements);
        let transports: Vec<_> =
            transports.iter().filter_map(|name| engine_io::Transport::named(name.text())).collect();
        let mut engine = engine_io::client::Config::default();
        if !transports.is_empty() {
            engine.transports = transports;
        }
        let mut config = socket_io::client::Config::default();
        if fields.flag("reconnection") == Some(false) {
            config.reconnection = None;
        }
        let mut steps = Vec::new();
        for fields in fields.tables("steps") {
            let namespace = fields.text("namespace").map(|name| name.text().to_owned());
            let action = if let Some(event) = fields.text("emit") {
                let arguments = fields.text("args").map(|value| self.json_array(value));
                let arguments = arguments.unwrap_or_default();
                let octets = match fields.get("octets") {
                    Some(payload) => vec![self.body(payload)?],
                    None => Vec::new(),
                };
                let within = fields.time("ack_within");
                let asks = fields.flag("ack").unwrap_or_else(|| within.is_some());
                let volatile = fields.flag("volatile").unwrap_or(false);
                let (event, ack) = (event.text().to_owned(), asks.then_some(within));
                Action::Emit { namespace, event, arguments, octets, ack, volatile }
            } else if let Some(namespace) = fields.text("join") {
                let auth = self.auth(fields);
                Action::Join { namespace: namespace.text().to_owned(), auth }
            } else {
                Action::Leave { namespace: fields.text("leave").map(|name| name.text().to_owned()) }
            };
            steps.push(Step { after: after(fields), action });
        }
        let speaks = Speaks::SocketIo {
            host,
            path: text(fields, "path", "/socket.io/"),
            query: String::new(),
            headers: http::Headers::default(),
            engine,
            config,
            namespace: text(fields, "namespace", "/"),
            auth: self.auth(fields),
        };
        Some(Visit { speaks, steps })
    }

    fn body(&mut self, value: &Value) -> Option<Chunk> {
        match &value.node {
            super::super::value::Node::Text { text, .. } if text.is_empty() => Some(Chunk::EMPTY),
            _ => self.payload(value, super::super::keys::PAYLOAD_MAX),
        }
    }

    /// JSON in a text, if it is of the kind that is wanted; tells what is wrong with it.
    fn json(
        &mut self,
        value: &Value,
        (wanted, fits): (&str, fn(&serde_json::Value) -> bool),
        help: &str,
    ) -> Option<serde_json::Value> {
        let message = match serde_json::from_str(value.text()) {
            Ok(json) if fits(&json) => return Some(json),
            Ok(_) => format!("expected {wanted}"),
            Err(error) => format!("this is no JSON: {error}"),
        };
        self.error(&value.span, message, help);
        None
    }

    /// Arguments; none where the text is at fault.
    fn json_array(&mut self, value: &Value) -> Vec<serde_json::Value> {
        let wanted = ("a JSON array", serde_json::Value::is_array as fn(&_) -> bool);
        match self.json(value, wanted, "put the arguments in brackets: `'[\"hi\", 1]'`") {
            Some(serde_json::Value::Array(values)) => values,
            _ => Vec::new(),
        }
    }

    /// The value of `auth`.
    fn auth(&mut self, fields: &Fields) -> Option<serde_json::Value> {
        let wanted = ("a JSON object", serde_json::Value::is_object as fn(&_) -> bool);
        self.json(fields.text("auth")?, wanted, "for example `'{\"token\": \"secret\"}'`")
    }

    fn error(&mut self, span: &std::ops::Range<usize>, message: String, help: &str) {
        self.draft.faults.error(span, message).help(help);
    }
}

fn after(fields: &Fields) -> Duration {
    fields.time("after").unwrap_or_default()
}

fn text(fields: &Fields, key: &str, default: &str) -> String {
    fields.text(key).map_or(default, Value::text).to_owned()
}

fn texts(fields: &Fields, key: &str) -> Vec<String> {
    let values = fields.get(key).map_or(&[][..], Value::elements);
    values.iter().map(|value| value.text().to_owned()).collect()
}

fn websocket_config(fields: &Fields) -> websocket::Config {
    let default = websocket::Config::default();
    let compress = fields.flag("compress").unwrap_or(false);
    websocket::Config {
        protocols: texts(fields, "protocols"),
        deflate: compress.then(Parameters::default),
        ping_interval: fields.time("ping_every"),
        pong_timeout: fields.time("pong_within").unwrap_or(default.pong_timeout),
        ..default
    }
}

fn endpoint(fields: &Fields) -> Endpoint {
    let default = websocket::Config::default();
    Endpoint {
        path: text(fields, "path", "*"),
        config: websocket::Config {
            origins: texts(fields, "origins"),
            message_max: fields.size("message_max").unwrap_or(default.message_max),
            ..websocket_config(fields)
        },
        manner: match fields.text("do").map(Value::text) {
            Some("broadcast") => Manner::Broadcast,
            Some("listen") => Manner::Listen,
            _ => Manner::Echo,
        },
        push: fields.text("push").map(|push| Push {
            text: push.text().to_owned(),
            every: fields.time("push_every").unwrap_or(Duration::from_secs(1)),
            times: fields.number("push_times").unwrap_or(1) as u32,
        }),
    }
}

fn reaction(fields: &Fields) -> Reaction {
    match fields.text("do").map_or("", Value::text) {
        "all" => Reaction::All,
        "others" => Reaction::Others,
        "room" => Reaction::Room,
        "join" => Reaction::Join,
        "leave" => Reaction::Leave,
        "acknowledge" => Reaction::Acknowledge,
        "disconnect" => Reaction::Disconnect,
        _ => Reaction::Reply,
    }
}
