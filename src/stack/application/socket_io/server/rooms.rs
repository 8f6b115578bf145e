//! Who is in which room. Everybody is also in the room of its own id, so "to one" and "to all but
//! one" are rooms like any other.

use crate::stack::session::id::SessionId;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Whom an event is for: everybody in a namespace who is in one of the rooms (or in any, if none is
/// named) and in none of the excepted ones. A connection's id is a room that it alone is in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reach {
    /// The namespace.
    pub namespace: Rc<str>,
    /// The rooms; none for all.
    pub rooms: Vec<Rc<str>>,
    /// The rooms whose members are left out.
    pub except: Vec<Rc<str>>,
}

impl Reach {
    /// Everybody in a namespace.
    pub fn all(namespace: &str) -> Self {
        Self { namespace: Rc::from(namespace), rooms: Vec::new(), except: Vec::new() }
    }

    /// Only who is in that room, or another one that is named so.
    #[must_use]
    pub fn to(mut self, room: &str) -> Self {
        self.rooms.push(Rc::from(room));
        self
    }

    /// Nobody who is in that room.
    #[must_use]
    pub fn except(mut self, room: &str) -> Self {
        self.except.push(Rc::from(room));
        self
    }

    /// Whether somebody who is in these rooms is meant.
    pub(super) fn includes(&self, rooms: &BTreeSet<Rc<str>>) -> bool {
        let named = self.rooms.is_empty() || self.rooms.iter().any(|room| rooms.contains(room));
        named && !self.except.iter().any(|room| rooms.contains(room))
    }
}

/// A namespace and a room in it; `None` is the room of everybody.
type Room = (Rc<str>, Option<Rc<str>>);

/// All rooms of all namespaces.
#[derive(Clone, Debug, Default)]
pub(super) struct Rooms {
    members: BTreeMap<Room, BTreeSet<SessionId>>,
    joined: BTreeMap<SessionId, BTreeSet<Rc<str>>>,
}

impl Rooms {
    /// A connection comes into a namespace, and into these rooms.
    pub(super) fn enter(
        &mut self,
        namespace: &Rc<str>,
        socket: SessionId,
        rooms: impl IntoIterator<Item = Rc<str>>,
    ) {
        self.members.entry((Rc::clone(namespace), None)).or_default().insert(socket);
        self.joined.entry(socket).or_default();
        self.join(namespace, socket, Rc::from(socket.as_str()));
        rooms.into_iter().for_each(|room| self.join(namespace, socket, room));
    }

    pub(super) fn join(&mut self, namespace: &Rc<str>, socket: SessionId, room: Rc<str>) {
        self.joined.entry(socket).or_default().insert(Rc::clone(&room));
        self.members.entry((Rc::clone(namespace), Some(room))).or_default().insert(socket);
    }

    pub(super) fn leave(&mut self, namespace: &Rc<str>, socket: SessionId, room: &Rc<str>) {
        self.joined.entry(socket).or_default().remove(room);
        self.drop_member(&(Rc::clone(namespace), Some(Rc::clone(room))), socket);
    }

    /// A connection is over; the rooms that it was in.
    pub(super) fn exit(&mut self, namespace: &Rc<str>, socket: SessionId) -> BTreeSet<Rc<str>> {
        let rooms = self.joined.remove(&socket).unwrap_or_default();
        for room in &rooms {
            self.drop_member(&(Rc::clone(namespace), Some(Rc::clone(room))), socket);
        }
        self.drop_member(&(Rc::clone(namespace), None), socket);
        rooms
    }

    /// The rooms of a connection besides its own, in order.
    pub(super) fn of(&self, socket: SessionId) -> impl Iterator<Item = &Rc<str>> {
        let own = move |room: &&Rc<str>| &***room != socket.as_str();
        self.joined.get(&socket).into_iter().flatten().filter(own)
    }

    /// Whom an event is for, in the order of their ids.
    pub(super) fn reached(&self, reach: &Reach) -> BTreeSet<SessionId> {
        let members = |room: Option<&Rc<str>>| {
            let key = (Rc::clone(&reach.namespace), room.cloned());
            self.members.get(&key).into_iter().flatten().copied()
        };
        let mut reached: BTreeSet<SessionId> = if reach.rooms.is_empty() {
            members(None).collect()
        } else {
            reach.rooms.iter().flat_map(|room| members(Some(room))).collect()
        };
        for socket in reach.except.iter().flat_map(|room| members(Some(room))) {
            reached.remove(&socket);
        }
        reached
    }

    fn drop_member(&mut self, room: &Room, socket: SessionId) {
        if let Some(members) = self.members.get_mut(room) {
            members.remove(&socket);
            if members.is_empty() {
                self.members.remove(room);
            }
        }
    }
}
