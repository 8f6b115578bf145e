//! What keys mean. One table says it all: the bindings, the key bar and the help page come from it.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// What a person wants done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    /// One step at the current grain.
    Step(Way),
    /// To the next packet sent, arrived or lost.
    Packet(Way),
    /// To the beginning of the run.
    Start,
    /// To the end of the run.
    End,
    /// Play, or stop playing.
    Play,
    /// Play the other way round.
    Reverse,
    /// Play faster.
    Faster,
    /// Play slower.
    Slower,
    /// The next grain of stepping.
    Grain,
    /// To a pane.
    Pane(Pane),
    /// To the next pane.
    NextPane,
    /// To the pane before.
    PreviousPane,
    /// One pane alone, or all of them.
    Zoom,
    /// Up or down within the pane.
    Move(Way),
    /// Up or down within the pane by a screen.
    Page(Way),
    /// Open what the pane's cursor is on.
    Enter,
    /// Mark the line of code under the cursor, or unmark it.
    Mark,
    /// To the next or the last step in which a marked line runs.
    Marked(Way),
    /// The next program or file of the code pane.
    File,
    /// The friend's voice, or the field's.
    Friend,
    /// Read the layers from the top or from the wire.
    Order,
    /// OSI's or TCP/IP's names.
    Names,
    /// Lose the frame at hand on its way.
    Drop,
    /// Cut the cable of the frame at hand, or mend it.
    Cut,
    /// Take back what was changed last.
    Undo,
    /// The next palette.
    Palette,
    /// The page of keys.
    Help,
    /// Close what is open: the help page, a zoomed pane.
    Close,
    /// Leave the screen.
    Leave,
    /// End the program.
    Quit,
    /// Let a shell have the terminal until the program is called back.
    Suspend,
}

/// One of two directions: in time, or on the screen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Way {
    /// Back in time; up.
    Back,
    /// On in time; down.
    On,
}

/// How much one step is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Grain {
    /// One layer of one device, or one sentence of the story.
    Layer,
    /// One event of the simulation.
    #[default]
    Event,
    /// From one packet's sending or arrival to the next.
    Packet,
}

impl Grain {
    /// The next coarser one, round in a circle.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Layer => Self::Event,
            Self::Event => Self::Packet,
            Self::Packet => Self::Layer,
        }
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Layer => "layer",
            Self::Event => "event",
            Self::Packet => "packet",
        }
    }
}

/// A pane of the walk.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Pane {
    /// Devices and cables.
    #[default]
    Network,
    /// Packets in order of time.
    Ladder,
    /// The OSI stacks side by side.
    Layers,
    /// Fields and octets.
    Packet,
    /// The state diagram, variables, tables.
    State,
    /// What happened and why.
    Story,
    /// The whole run.
    Timeline,
    /// One message on its way through all layers.
    Journey,
    /// The source of a program, and the line that runs.
    Code,
}

impl Pane {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 9] = [
        Self::Network,
        Self::Ladder,
        Self::Layers,
        Self::Packet,
        Self::State,
        Self::Story,
        Self::Timeline,
        Self::Journey,
        Self::Code,
    ];

    /// The key that goes to it.
    pub const fn number(self) -> u8 {
        self as u8 + 1
    }

    /// Its title.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Network => "Network",
            Self::Ladder => "Ladder",
            Self::Layers => "Layers",
            Self::Packet => "Packet",
            Self::State => "State",
            Self::Story => "Story",
            Self::Timeline => "Timeline",
            Self::Journey => "Journey",
            Self::Code => "Code",
        }
    }
}

/// A line of the table of keys.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// The keys that do it.
    pub codes: &'static [(KeyCode, KeyModifiers)],
    /// What they do.
    pub action: Action,
    /// The keys as they are written.
    pub shown: &'static str,
    /// What they do, for the help page; empty joins this line to the one before.
    pub words: &'static str,
    /// The same in a word, for the key bar; `None` is not shown there.
    pub bar: Option<&'static str>,
}

const NONE: KeyModifiers = KeyModifiers::NONE;
const SHIFT: KeyModifiers = KeyModifiers::SHIFT;
const CONTROL: KeyModifiers = KeyModifiers::CONTROL;

const fn key(
    codes: &'static [(KeyCode, KeyModifiers)],
    action: Action,
    shown: &'static str,
    words: &'static str,
    bar: Option<&'static str>,
) -> Key {
    Key { codes, action, shown, words, bar }
}

/// Every key of the walk, in the order of the help page.
pub const KEYS: &[Key] = &[
    key(
        &[(KeyCode::Right, NONE), (KeyCode::Char('l'), NONE)],
        Action::Step(Way::On),
        "← →",
        "a step back, a step on (also h, l)",
        Some("step"),
    ),
    key(
        &[(KeyCode::Left, NONE), (KeyCode::Char('h'), NONE)],
        Action::Step(Way::Back),
        "",
        "",
        None,
    ),
    key(
        &[(KeyCode::Char('g'), NONE)],
        Action::Grain,
        "g",
        "grain of a step: a layer, an event, a packet",
        Some("grain"),
    ),
    key(
        &[(KeyCode::Right, SHIFT), (KeyCode::Char('.'), NONE)],
        Action::Packet(Way::On),
        "⇧← ⇧→",
        "a packet back, a packet on (also , and .)",
        Some("packet"),
    ),
    key(
        &[(KeyCode::Left, SHIFT), (KeyCode::Char(','), NONE)],
        Action::Packet(Way::Back),
        "",
        "",
        None,
    ),
    key(&[(KeyCode::Home, NONE)], Action::Start, "Home End", "start and end of the run", None),
    key(&[(KeyCode::End, NONE)], Action::End, "", "", None),
    key(&[(KeyCode::Char(' '), NONE)], Action::Play, "space", "play, pause", Some("play")),
    key(&[(KeyCode::Char('r'), NONE)], Action::Reverse, "r", "play backwards", None),
    key(
        &[(KeyCode::Char('+'), NONE), (KeyCode::Char('='), NONE)],
        Action::Faster,
        "+ -",
        "play faster, slower",
        None,
    ),
    key(&[(KeyCode::Char('-'), NONE)], Action::Slower, "", "", None),
    key(
        &[(KeyCode::Char('1'), NONE)],
        Action::Pane(Pane::Network),
        "1 … 9",
        "to the pane of that number",
        Some("panes"),
    ),
    key(&[(KeyCode::Char('2'), NONE)], Action::Pane(Pane::Ladder), "", "", None),
    key(&[(KeyCode::Char('3'), NONE)], Action::Pane(Pane::Layers), "", "", None),
    key(&[(KeyCode::Char('4'), NONE)], Action::Pane(Pane::Packet), "", "", None),
    key(&[(KeyCode::Char('5'), NONE)], Action::Pane(Pane::State), "", "", None),
    key(&[(KeyCode::Char('6'), NONE)], Action::Pane(Pane::Story), "", "", None),
    key(&[(KeyCode::Char('7'), NONE)], Action::Pane(Pane::Timeline), "", "", None),
    key(&[(KeyCode::Char('8'), NONE)], Action::Pane(Pane::Journey), "", "", None),
    key(&[(KeyCode::Char('9'), NONE)], Action::Pane(Pane::Code), "", "", None),
    key(&[(KeyCode::Tab, NONE)], Action::NextPane, "Tab", "the next pane", None),
    key(&[(KeyCode::BackTab, SHIFT)], Action::PreviousPane, "", "", None),
    key(&[(KeyCode::Char('z'), NONE)], Action::Zoom, "z", "this pane alone, or all", Some("zoom")),
    key(
        &[(KeyCode::Up, NONE), (KeyCode::Char('k'), NONE)],
        Action::Move(Way::Back),
        "↑ ↓",
        "within the pane: field, row, device (k, j)",
        None,
    ),
    key(&[(KeyCode::Down, NONE), (KeyCode::Char('j'), NONE)], Action::Move(Way::On), "", "", None),
    key(
        &[(KeyCode::PageUp, NONE)],
        Action::Page(Way::Back),
        "PgUp PgDn",
        "the same by a screen",
        None,
    ),
    key(&[(KeyCode::PageDown, NONE)], Action::Page(Way::On), "", "", None),
    key(
        &[(KeyCode::Enter, NONE)],
        Action::Enter,
        "Enter",
        "go to what the pane's cursor is on",
        None,
    ),
    key(
        &[(KeyCode::Char('b'), NONE)],
        Action::Mark,
        "b",
        "in the code: mark a line that calls or prints",
        None,
    ),
    key(
        &[(KeyCode::Char('n'), NONE)],
        Action::Marked(Way::On),
        "n N",
        "on, back to where a marked line runs",
        None,
    ),
    key(&[(KeyCode::Char('N'), NONE)], Action::Marked(Way::Back), "", "", None),
    key(
        &[(KeyCode::Char('p'), NONE)],
        Action::File,
        "p",
        "in the code: the next program or file",
        None,
    ),
    key(
        &[(KeyCode::Char('x'), NONE)],
        Action::Drop,
        "x",
        "what if this frame were lost on its way?",
        Some("lose it"),
    ),
    key(
        &[(KeyCode::Char('c'), NONE)],
        Action::Cut,
        "c",
        "cut this frame's cable, or mend it",
        None,
    ),
    key(&[(KeyCode::Char('u'), NONE)], Action::Undo, "u", "undo the last change", None),
    key(
        &[(KeyCode::Char('f'), NONE)],
        Action::Friend,
        "f",
        "tell it as to a friend",
        Some("friend"),
    ),
    key(&[(KeyCode::Char('o'), NONE)], Action::Order, "o", "layers top-down or bottom-up", None),
    key(
        &[(KeyCode::Char('L'), NONE)],
        Action::Names,
        "L",
        "names of the OSI or of the TCP/IP model",
        None,
    ),
    key(&[(KeyCode::Char('T'), NONE)], Action::Palette, "T", "other colours", None),
    key(&[(KeyCode::Char('?'), NONE)], Action::Help, "?", "these keys", Some("help")),
    key(&[(KeyCode::Esc, NONE)], Action::Close, "Esc", "close this page, leave the zoom", None),
    key(&[(KeyCode::Char('q'), NONE)], Action::Leave, "q", "leave (Ctrl-C ends it)", Some("quit")),
    key(&[(KeyCode::Char('c'), CONTROL)], Action::Quit, "", "", None),
    key(&[(KeyCode::Char('z'), CONTROL)], Action::Suspend, "", "", None),
];

/// What a key means.
///
/// Terminals differ in whether they report Shift with a letter or a sign, so for those the letter
/// alone decides.
pub fn action_of(event: KeyEvent) -> Option<Action> {
    let sign = matches!(event.code, KeyCode::Char(_) | KeyCode::BackTab);
    let relevant = if sign { CONTROL | KeyModifiers::ALT } else { KeyModifiers::all() };
    let pressed = event.modifiers & relevant;
    let fits = |&&(code, modifiers): &&(KeyCode, KeyModifiers)| {
        code == event.code && modifiers & relevant == pressed
    };
    KEYS.iter().find(|key| key.codes.iter().any(|code| fits(&code))).map(|key| key.action)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_means_two_things() {
        let codes: Vec<_> = KEYS.iter().flat_map(|key| key.codes).collect();
        for (place, code) in codes.iter().enumerate() {
            assert!(!codes[..place].contains(code), "{code:?} stands twice");
        }
    }

    #[test]
    fn shift_on_a_letter_is_the_letter() {
        for modifiers in [NONE, SHIFT] {
            let event = KeyEvent::new(KeyCode::Char('L'), modifiers);
            assert_eq!(action_of(event), Some(Action::Names));
        }
        let shifted = KeyEvent::new(KeyCode::Right, SHIFT);
        assert_eq!(action_of(shifted), Some(Action::Packet(Way::On)));
        assert_eq!(action_of(KeyEvent::new(KeyCode::Char('c'), CONTROL)), Some(Action::Quit));
    }
}
