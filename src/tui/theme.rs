//! Colours: one for each layer, in five palettes picked by hand.
//!
//! Nothing is said by colour alone. The monochrome palette shows what the others show in bold,
//! reverse and underline, and every mark has a glyph of its own.

use crate::stack::Layer;
use crate::view::code::Kind;
use ratatui::style::{Color, Modifier, Style};

/// Which palette to paint with.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Palette {
    /// 24-bit colours on a dark ground.
    #[default]
    True,
    /// The 256 colours of xterm on a dark ground.
    Indexed,
    /// The terminal's own sixteen colours on its own ground.
    Sixteen,
    /// 24-bit colours on a light ground.
    Light,
    /// No colours: bold, reverse and underline.
    Mono,
}

impl Palette {
    /// The palettes in the order in which the key for them goes through.
    const ALL: [Self; 5] = [Self::True, Self::Indexed, Self::Sixteen, Self::Light, Self::Mono];

    /// What this terminal can show, from the words of its environment: `NO_COLOR`, `COLORTERM`
    /// and `TERM` in this order.
    pub fn detect(no_color: Option<&str>, colorterm: Option<&str>, term: Option<&str>) -> Self {
        if no_color.is_some_and(|word| !word.is_empty()) {
            return Self::Mono;
        }
        match (colorterm, term.unwrap_or_default()) {
            (Some("truecolor" | "24bit"), _) => Self::True,
            (_, "dumb") => Self::Mono,
            (_, term) if term.contains("direct") => Self::True,
            (_, term) if term.contains("256color") => Self::Indexed,
            _ => Self::Sixteen,
        }
    }

    /// The one after this, round in a circle.
    #[must_use]
    pub fn next(self) -> Self {
        let place = Self::ALL.iter().position(|&palette| palette == self).unwrap_or(0);
        Self::ALL[(place + 1) % Self::ALL.len()]
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::True => "true colour",
            Self::Indexed => "256 colours",
            Self::Sixteen => "16 colours",
            Self::Light => "light",
            Self::Mono => "monochrome",
        }
    }
}

/// A palette's colours by what they are for.
#[derive(Clone, Copy, Debug)]
pub struct Theme {
    palette: Palette,
    ground: Color,
    raised: Color,
    text: Color,
    dim: Color,
    faint: Color,
    accent: Color,
    good: Color,
    bad: Color,
    /// Text on a filled ground.
    on_fill: Color,
    /// By layer number less one.
    layers: [Color; 7],
    /// A quiet ground for each layer.
    tints: [Color; 7],
}

const fn rgb(hex: u32) -> Color {
    Color::Rgb((hex >> 16) as u8, (hex >> 8 & 0xff) as u8, (hex & 0xff) as u8)
}

const fn all(colors: [u32; 7]) -> [Color; 7] {
    let mut out = [Color::Reset; 7];
    let mut place = 0;
    while place < 7 {
        out[place] = rgb(colors[place]);
        place += 1;
    }
    out
}

const fn indexed(colors: [u8; 7]) -> [Color; 7] {
    let mut out = [Color::Reset; 7];
    let mut place = 0;
    while place < 7 {
        out[place] = Color::Indexed(colors[place]);
        place += 1;
    }
    out
}

const TRUE: Theme = Theme {
    palette: Palette::True,
    ground: rgb(0x0d_11_17),
    raised: rgb(0x1a_21_2b),
    text: rgb(0xd5_dc_e6),
    dim: rgb(0x8a_95_a5),
    faint: rgb(0x46_50_5e),
    accent: rgb(0xf5_c2_4c),
    good: rgb(0x5c_c8_9b),
    bad: rgb(0xf6_5f_61),
    on_fill: rgb(0x0b_0f_14),
    layers: all([
        0x9d_aa_be, 0x5a_a9_f5, 0x52_c7_a5, 0xf2_bf_4a, 0xff_8b_5c, 0xe8_7f_b4, 0xb7_8c_ff,
    ]),
    tints: all([
        0x25_2c_36, 0x18_2f_49, 0x15_36_33, 0x3d_34_1b, 0x3e_29_20, 0x3a_26_35, 0x2f_28_49,
    ]),
};

const INDEXED: Theme = Theme {
    palette: Palette::Indexed,
    ground: Color::Indexed(233),
    raised: Color::Indexed(235),
    text: Color::Indexed(253),
    dim: Color::Indexed(246),
    faint: Color::Indexed(240),
    accent: Color::Indexed(221),
    good: Color::Indexed(79),
    bad: Color::Indexed(203),
    on_fill: Color::Indexed(232),
    layers: indexed([146, 75, 79, 221, 209, 175, 141]),
    // The cube has no quiet dark hues, so two greys take turns: neighbours stay apart.
    tints: indexed([235, 238, 236, 238, 236, 238, 236]),
};

const SIXTEEN: Theme = Theme {
    palette: Palette::Sixteen,
    ground: Color::Reset,
    raised: Color::Reset,
    text: Color::Reset,
    dim: Color::Gray,
    faint: Color::DarkGray,
    accent: Color::LightYellow,
    good: Color::LightGreen,
    bad: Color::LightRed,
    on_fill: Color::Black,
    layers: [
        Color::Gray,
        Color::LightBlue,
        Color::LightCyan,
        Color::LightYellow,
        Color::Yellow,
        Color::Magenta,
        Color::LightMagenta,
    ],
    tints: [Color::Reset; 7],
};

const LIGHT: Theme = Theme {
    palette: Palette::Light,
    ground: rgb(0xfb_fb_f8),
    raised: rgb(0xec_ee_ef),
    text: rgb(0x1f_26_2e),
    dim: rgb(0x5d_67_72),
    faint: rgb(0xb4_bd_c6),
    accent: rgb(0xa8_5a_00),
    good: rgb(0x10_7c_50),
    bad: rgb(0xc6_28_2c),
    on_fill: rgb(0xff_ff_ff),
    layers: all([
        0x5a_66_76, 0x0f_62_bf, 0x0d_7a_5c, 0x96_65_00, 0xb8_47_10, 0xa8_2c_76, 0x74_3b_c4,
    ]),
    tints: all([
        0xe6_e9_ec, 0xdc_ea_fa, 0xd9_f0_e7, 0xf8_ec_cd, 0xfb_e3_d6, 0xf7_de_ec, 0xe9_df_f9,
    ]),
};

const MONO: Theme = Theme {
    palette: Palette::Mono,
    ground: Color::Reset,
    raised: Color::Reset,
    text: Color::Reset,
    dim: Color::Reset,
    faint: Color::Reset,
    accent: Color::Reset,
    good: Color::Reset,
    bad: Color::Reset,
    on_fill: Color::Reset,
    layers: [Color::Reset; 7],
    tints: [Color::Reset; 7],
};

impl Theme {
    /// The theme of that palette.
    pub const fn of(palette: Palette) -> Self {
        match palette {
            Palette::True => TRUE,
            Palette::Indexed => INDEXED,
            Palette::Sixteen => SIXTEEN,
            Palette::Light => LIGHT,
            Palette::Mono => MONO,
        }
    }

    /// The palette it was made of.
    pub const fn palette(&self) -> Palette {
        self.palette
    }

    const fn mono(&self) -> bool {
        matches!(self.palette, Palette::Mono)
    }

    /// The ground of everything.
    pub const fn ground(&self) -> Style {
        Style::new().fg(self.text).bg(self.ground)
    }

    /// A strip that stands out from the ground a little: the head line, the key bar.
    pub const fn raised(&self) -> Style {
        Style::new().fg(self.text).bg(self.raised)
    }

    /// Words to be read.
    pub const fn text(&self) -> Style {
        Style::new().fg(self.text)
    }

    /// Words to be read first.
    pub const fn strong(&self) -> Style {
        Style::new().fg(self.text).add_modifier(Modifier::BOLD)
    }

    /// Words beside the point.
    pub const fn dim(&self) -> Style {
        Style::new().fg(self.dim)
    }

    /// Lines, and what has not happened yet.
    pub const fn faint(&self) -> Style {
        let style = Style::new().fg(self.faint);
        if self.mono() { style.add_modifier(Modifier::DIM) } else { style }
    }

    /// Where to look: the cursor, keys to press.
    pub const fn accent(&self) -> Style {
        Style::new().fg(self.accent).add_modifier(Modifier::BOLD)
    }

    /// It went well.
    pub const fn good(&self) -> Style {
        Style::new().fg(self.good)
    }

    /// It was lost, refused, broken.
    pub const fn bad(&self) -> Style {
        Style::new().fg(self.bad).add_modifier(Modifier::BOLD)
    }

    /// Bold, and nothing else: to lift a line out of others of its colour.
    pub const fn strong_line(&self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// A layer's own colour for words and lines.
    pub const fn layer(&self, layer: Layer) -> Style {
        Style::new().fg(self.layers[layer as usize - 1])
    }

    /// A label filled with the layer's colour.
    pub const fn pill(&self, layer: Layer) -> Style {
        self.filled(self.layers[layer as usize - 1])
    }

    /// A label filled with the accent colour.
    pub const fn accent_pill(&self) -> Style {
        self.filled(self.accent)
    }

    /// A label of something lost.
    pub const fn bad_pill(&self) -> Style {
        self.filled(self.bad)
    }

    const fn filled(&self, color: Color) -> Style {
        if self.mono() {
            return Style::new().add_modifier(Modifier::REVERSED.union(Modifier::BOLD));
        }
        Style::new().fg(self.on_fill).bg(color).add_modifier(Modifier::BOLD)
    }

    /// A label that is not the one at hand: the layer's colour on a quiet ground of the same hue.
    pub const fn tint(&self, layer: Layer) -> Style {
        let place = layer as usize - 1;
        match self.palette {
            Palette::Mono => Style::new(),
            Palette::Sixteen => Style::new().fg(self.layers[place]),
            _ => Style::new().fg(self.layers[place]).bg(self.tints[place]),
        }
    }

    /// A piece of a program's source.
    pub const fn code(&self, kind: Kind) -> Style {
        match kind {
            Kind::Keyword if self.mono() => self.strong(),
            Kind::Keyword => self.layer(Layer::Application),
            Kind::Text => self.good(),
            Kind::Number => self.layer(Layer::DataLink),
            Kind::Comment if self.mono() => self.faint(),
            Kind::Comment => self.dim(),
            Kind::Plain | Kind::Name => self.text(),
        }
    }

    /// A selected line in a list.
    pub const fn selected(&self) -> Style {
        match self.palette {
            Palette::Mono | Palette::Sixteen => Style::new().add_modifier(Modifier::REVERSED),
            _ => Style::new().fg(self.text).bg(self.raised).add_modifier(Modifier::BOLD),
        }
    }

    /// The trail behind a moving packet: `age` 0 is right behind it, 255 the end of the trail.
    pub fn trail(&self, layer: Layer, age: u8) -> Style {
        let head = self.layers[layer as usize - 1];
        match (head, self.faint) {
            (Color::Rgb(r, g, b), Color::Rgb(to_r, to_g, to_b)) => {
                let mix = |from: u8, to: u8| {
                    let age = u16::from(age);
                    ((u16::from(from) * (255 - age) + u16::from(to) * age) / 255) as u8
                };
                Style::new().fg(Color::Rgb(mix(r, to_r), mix(g, to_g), mix(b, to_b)))
            }
            _ if age < 128 => Style::new().fg(head),
            _ => self.faint(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_picks_the_palette() {
        let detect = Palette::detect;
        assert_eq!(detect(Some("1"), Some("truecolor"), Some("xterm-256color")), Palette::Mono);
        assert_eq!(detect(Some(""), Some("truecolor"), Some("xterm")), Palette::True);
        assert_eq!(detect(None, None, Some("tmux-256color")), Palette::Indexed);
        assert_eq!(detect(None, None, Some("linux")), Palette::Sixteen);
        assert_eq!(detect(None, None, Some("dumb")), Palette::Mono);
    }
}
