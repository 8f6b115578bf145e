//! What holds whatever comes.

use super::client::Client;
use super::reading::{requests, responses};
use super::server::Server;
use super::*;
use proptest::prelude::*;

#[test]
fn a_note_is_small_and_has_both_voices() {
    use crate::stack::Telling as _;
    assert!(size_of::<Note>() <= 16);
    for note in [Note::Continue, Note::Refused(Fault::NoHost), Note::Unasked { octets: 1 }] {
        assert!(!note.to_string().is_empty() && note.friend().is_some());
        assert!(note.source().starts_with("RFC "));
    }
}

proptest! {
    #[test]
    fn what_is_emitted_is_read_again_however_it_is_cut(
        headers in prop::collection::vec(("[A-Z][a-z-]{1,9}x", "([!-~]{1,9}( [!-~]{1,5})?)?"), 0..5),
        body in prop::collection::vec(any::<u8>(), 0..9000),
        chunked: bool,
        piece in 1usize..5000,
    ) {
        let mut request = Request::new(Method::Put, "/a").with("Host", "b").with_body(chunk(&body));
        let mut response = Response::new(Status::OK).with_body(chunk(&body));
        if chunked {
            request.headers.push("Transfer-Encoding", "chunked");
            response.headers.push("Transfer-Encoding", "chunked");
        }
        for (name, value) in &headers {
            request.headers.push(name.as_str(), value.as_str());
            response.headers.push(name.as_str(), value.as_str());
        }
        let mut read = requests(&request.emit(), piece).unwrap().remove(0);
        let mut answer = responses(&response.emit(false), piece).unwrap().remove(0);
        if !chunked {
            let length = body.len().to_string();
            request.headers.push("Content-Length", length.as_str());
            response.headers.push("Content-Length", length.as_str());
        }
        prop_assert_eq!(std::mem::take(&mut read.body), chunk(&body));
        prop_assert_eq!(std::mem::take(&mut answer.body), chunk(&body));
        (request.body, response.body) = (Chunk::EMPTY, Chunk::EMPTY);
        prop_assert_eq!(read, request);
        prop_assert_eq!(answer, response);
    }

    #[test]
    fn arbitrary_octets_keep_within_the_limits_and_cuts_do_not_matter(
        pieces in prop::collection::vec(
            prop_oneof![
                prop::collection::vec(any::<u8>(), 0..20),
                Just(GET.as_bytes().to_vec()),
                Just(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec()),
                Just(b"5\r\nabcde\r\n".to_vec()),
            ],
            0..12,
        ),
        cut in 1usize..40,
    ) {
        let octets = pieces.concat();
        prop_assert_eq!(requests(&octets, cut), requests(&octets, usize::MAX));
        prop_assert_eq!(responses(&octets, cut), responses(&octets, usize::MAX));
        let (mut server, mut client) = (Server::new(), Client::new());
        client.ask();
        for piece in octets.chunks(cut) {
            server.octets(piece);
            client.handle(ClientInput::Received(chunk(piece)));
            prop_assert!(server.machine.waiting() <= 100);
        }
    }
}
