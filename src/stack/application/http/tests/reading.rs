//! What is read, and what is refused.

use super::*;

/// All messages in the octets, given in pieces of `piece`, with their bodies put in.
fn read_all<H: reader::Head>(
    mut reader: Reader<H>,
    octets: &[u8],
    piece: usize,
    body_of: impl Fn(&mut H, Chunk),
) -> Result<Vec<H>, Fault> {
    let (mut messages, mut current, mut body) = (Vec::new(), None, Gather::default());
    for piece in octets.chunks(piece.max(1)) {
        let mut input = chunk(piece);
        while let Some(part) = reader.read(&mut input)? {
            match part {
                Part::Head(head) => current = Some(head),
                Part::Body(piece) => body.push(piece),
                Part::End => {
                    let mut message = current.take().expect("a head before its end");
                    body_of(&mut message, body.take());
                    messages.push(message);
                }
            }
        }
    }
    if reader.finish()?.is_some() {
        let mut message = current.take().expect("a head before its end");
        body_of(&mut message, body.take());
        messages.push(message);
    }
    Ok(messages)
}

pub(super) fn requests(octets: &[u8], piece: usize) -> Result<Vec<Request>, Fault> {
    let reader = Reader::new(Limits::default());
    read_all(reader, octets, piece, |request: &mut Request, body| request.body = body)
}

pub(super) fn responses(octets: &[u8], piece: usize) -> Result<Vec<Response>, Fault> {
    let reader = Reader::new(Limits::default());
    read_all(reader, octets, piece, |response: &mut Response, body| response.body = body)
}

#[test]
fn a_request_is_read_however_it_is_cut() {
    let octets = b"\r\nPOST /a?b=c&d HTTP/1.1\r\nhOST: bob\r\nX:  y z\t\r\nEmpty:\r\n\
                   Content-Length: 3\r\n\r\nabcGET / HTTP/1.0\r\n\r\n";
    for piece in 1..octets.len() {
        let read = requests(octets, piece).unwrap();
        let [post, get] = &read[..] else { panic!("{read:?}") };
        assert_eq!((post.method.name(), post.path()), ("POST", "/a"));
        assert_eq!(
            (post.query("b"), post.query("d"), post.query("e")),
            (Some("c"), Some(""), None)
        );
        assert_eq!((post.headers.get("Host"), post.headers.get("x")), (Some("bob"), Some("y z")));
        assert_eq!((post.headers.get("empty"), &*post.body), (Some(""), &b"abc"[..]));
        assert_eq!((get.version, get.target.as_str()), (Version::Http10, "/"));
    }
}

#[test]
fn requests_that_break_a_rule_are_refused_with_its_status() {
    let long = "x".repeat(9000);
    let many = "A: b\r\n".repeat(101);
    let large = format!("A: {long}\r\n").repeat(2);
    let host = "GET / HTTP/1.1\r\nHost: b\r\n";
    let table: Vec<(String, Fault, u16)> = vec![
        ("GET / HTTP/1.1\nHost: b\r\n\r\n".into(), Fault::BareLineFeed, 400),
        ("GET / HTTP/1.1\r\nHost: b\n\r\n".into(), Fault::BareLineFeed, 400),
        ("GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n".into(), Fault::BareCarriageReturn, 400),
        ("GET /\r\n".into(), Fault::RequestLine, 400),
        ("GET  / HTTP/1.1\r\n".into(), Fault::RequestLine, 400),
        ("GET / x HTTP/1.1\r\n".into(), Fault::RequestLine, 400),
        ("G@T / HTTP/1.1\r\n".into(), Fault::RequestLine, 400),
        ("GET /\u{e4} HTTP/1.1\r\n".into(), Fault::RequestLine, 400),
        ("GET / HTTP/1\r\n".into(), Fault::RequestLine, 400),
        ("GET / http/1.1\r\n".into(), Fault::RequestLine, 400),
        ("GET / HTTP/2.0\r\n".into(), Fault::Version, 505),
        (format!("GET /{long} HTTP/1.1\r\n"), Fault::LineTooLong, 414),
        (format!("GET /{long}"), Fault::LineTooLong, 414),
        (format!("{host}{many}\r\n"), Fault::FieldsTooLarge, 431),
        (format!("{host}{large}\r\n"), Fault::FieldsTooLarge, 431),
        (format!("{host}A: {long}{long}"), Fault::FieldsTooLarge, 431),
        ("\r\n".repeat(9000), Fault::FieldsTooLarge, 431),
        ("GET / HTTP/1.1\r\nHost : b\r\n\r\n".into(), Fault::SpaceBeforeColon, 400),
        (format!("{host} folded\r\n\r\n"), Fault::FoldedLine, 400),
        (format!("{host}no colon\r\n\r\n"), Fault::FieldLine, 400),
        (format!("{host}: no name\r\n\r\n"), Fault::FieldLine, 400),
        (format!("{host}A: \u{1}\r\n\r\n"), Fault::FieldLine, 400),
        ("GET / HTTP/1.1\r\n\r\n".into(), Fault::NoHost, 400),
        (format!("{host}host: c\r\n\r\n"), Fault::ManyHosts, 400),
    ];
    refused_with(&table);
}

#[test]
fn bodies_that_break_a_rule_are_refused_with_its_status() {
    let long = "x".repeat(9000);
    let large = format!("A: {long}\r\n").repeat(2);
    let host = "GET / HTTP/1.1\r\nHost: b\r\n";
    let table: Vec<(String, Fault, u16)> = vec![
        (format!("{host}Content-Length: -1\r\n\r\n"), Fault::Length, 400),
        (format!("{host}Content-Length: 1x\r\n\r\n"), Fault::Length, 400),
        (format!("{host}Content-Length:\r\n\r\n"), Fault::Length, 400),
        (format!("{host}Content-Length: 1, 2\r\n\r\n"), Fault::LengthsDiffer, 400),
        (format!("{host}Content-Length: 9999999\r\n\r\n"), Fault::BodyTooLarge, 413),
        (format!("{host}Content-Length: {}\r\n\r\n", "9".repeat(40)), Fault::BodyTooLarge, 413),
        (
            format!("{host}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"),
            Fault::LengthAndCoding,
            400,
        ),
        (format!("{host}Transfer-Encoding: gzip, chunked\r\n\r\n"), Fault::UnknownCoding, 501),
        (format!("{host}Transfer-Encoding: gzip\r\n\r\n"), Fault::UnknownCoding, 501),
        (format!("{host}Transfer-Encoding: chunked, chunked\r\n\r\n"), Fault::MisplacedCoding, 400),
        (
            "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n".into(),
            Fault::MisplacedCoding,
            400,
        ),
        (format!("{host}Transfer-Encoding: chunked\r\n\r\nx\r\n"), Fault::Chunk, 400),
        (format!("{host}Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n"), Fault::Chunk, 400),
        (format!("{host}Transfer-Encoding: chunked\r\n\r\nfffffff\r\n"), Fault::BodyTooLarge, 413),
        (
            format!("{host}Transfer-Encoding: chunked\r\n\r\n{}\r\n", "f".repeat(40)),
            Fault::BodyTooLarge,
            413,
        ),
        (format!("{host}Transfer-Encoding: chunked\r\n\r\n1;{long}"), Fault::Chunk, 400),
        (
            format!("{host}Transfer-Encoding: chunked\r\n\r\n0\r\n{large}"),
            Fault::FieldsTooLarge,
            431,
        ),
        (format!("{host}\r\nGET"), Fault::Truncated, 400),
    ];
    refused_with(&table);
}

fn refused_with(table: &[(String, Fault, u16)]) {
    for (octets, fault, status) in table {
        for piece in [1, 7, octets.len()] {
            assert_eq!(requests(octets.as_bytes(), piece), Err(*fault), "{octets:.60}");
        }
        assert_eq!(fault.status(), Status(*status));
        assert!(!fault.to_string().is_empty() && fault.source().starts_with("RFC "));
    }
}

#[test]
fn chunks_are_put_together_their_extensions_and_trailers_dropped() {
    let octets = b"POST / HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: Chunked\r\n\r\n\
                   3;a=\"b\"\r\nabc\r\n00a \r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n";
    for piece in 1..octets.len() {
        let read = requests(octets, piece).unwrap();
        assert_eq!(&*read[0].body, b"abc0123456789");
        assert_eq!(read[0].headers.get("Trailer"), None);
    }
}

#[test]
fn equal_lengths_are_one_length() {
    let octets =
        b"POST / HTTP/1.1\r\nHost: b\r\nContent-Length: 1, 1\r\ncontent-length: 1\r\n\r\nx";
    assert_eq!(&*requests(octets, 99).unwrap()[0].body, b"x");
}

/// The body that comes out, or why none does.
type Read = Result<&'static [u8], Fault>;

#[test]
fn who_has_a_body_and_where_it_ends() {
    let table: [(&[u8], Read); 9] = [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab", Ok(b"ab")),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n", Ok(b"ab")),
        (b"HTTP/1.0 200\r\n\r\nuntil the end", Ok(b"until the end")),
        (b"HTTP/1.1 204 None\r\nContent-Length: 2\r\n\r\n", Ok(b"")),
        (b"HTTP/1.1 304 Same\r\nContent-Length: 2\r\n\r\n", Ok(b"")),
        (b"HTTP/1.1 103 Soon\r\nContent-Length: 2\r\n\r\n", Ok(b"")),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab", Err(Fault::Truncated)),
        (b"HTTP/1.1 20 OK\r\n\r\n", Err(Fault::StatusLine)),
        (b"HTTP/3.1 200 OK\r\n\r\n", Err(Fault::Version)),
    ];
    for (octets, body) in table {
        for piece in 1..octets.len() {
            let read = responses(octets, piece).map(|read| read[0].body.clone());
            assert_eq!(read.as_deref(), body.as_ref().map(|body| &**body));
        }
    }
    let mut reader = Reader::<Response>::new(Limits::default());
    reader.answers_head(true);
    let mut input = chunk("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nHTTP");
    assert!(matches!(reader.read(&mut input), Ok(Some(Part::Head(_)))));
    assert_eq!(reader.read(&mut input), Ok(Some(Part::End)), "the answer to HEAD has no body");
}

#[test]
fn what_is_emitted_states_its_length() {
    let text = |chunk: Chunk| String::from_utf8(chunk.to_vec()).unwrap();
    let get = Request::new(Method::Get, "/").with("Host", "b");
    assert_eq!(text(get.emit()), "GET / HTTP/1.1\r\nHost: b\r\n\r\n");
    let post = Request::new(Method::Post, "/");
    assert_eq!(text(post.emit()), "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n");
    let ok = Response::new(Status::OK).with_body(chunk("hi"));
    assert_eq!(text(ok.emit(false)), "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
    assert_eq!(text(ok.emit(true)), "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
    let chunked = ok.with("Transfer-Encoding", "chunked");
    assert!(text(chunked.emit(false)).ends_with(": chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"));
    let none = Response::new(Status::NO_CONTENT).with_body(chunk("hi"));
    assert_eq!(text(none.emit(false)), "HTTP/1.1 204 No Content\r\n\r\n");
}
