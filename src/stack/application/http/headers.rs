//! Header fields (RFC 9110 §5).

/// Header fields in the order in which they stand. Names are the same in any case (§5.1).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// None.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Puts a field behind the others. A line's end within the value would begin another field, so
    /// it becomes a space (§5.5).
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let mut value = value.into();
        if value.contains(['\r', '\n', '\0']) {
            value = value.replace(['\r', '\n', '\0'], " ");
        }
        self.0.push((name.into(), value));
    }

    /// Puts a field in place of all that have its name.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.retain(|field| !field.0.eq_ignore_ascii_case(name));
        self.push(name, value);
    }

    /// The first value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|field| field.0.eq_ignore_ascii_case(name)).map(|field| field.1)
    }

    /// All values of a name, in their order.
    pub fn get_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.iter().filter(move |field| field.0.eq_ignore_ascii_case(name)).map(|field| field.1)
    }

    /// The members of a list: all values of a name joined by commas, taken apart again (§5.6.1).
    pub fn list<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let members = self.get_all(name).flat_map(|value| value.split(','));
        members.map(str::trim).filter(|member| !member.is_empty())
    }

    /// Whether a list has a token, in any case.
    pub fn has_token(&self, name: &str, token: &str) -> bool {
        self.list(name).any(|member| member.eq_ignore_ascii_case(token))
    }

    /// All fields: name and value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(fields: &[(&str, &str)]) -> Headers {
        let mut headers = Headers::new();
        for (name, value) in fields {
            headers.push(*name, *value);
        }
        headers
    }

    #[test]
    fn names_are_the_same_in_any_case_and_order_is_kept() {
        let mut headers = headers(&[("Via", "a"), ("HOST", "b"), ("via", "c")]);
        assert_eq!(headers.get("host"), Some("b"));
        assert_eq!(headers.get_all("VIA").collect::<Vec<_>>(), ["a", "c"]);
        headers.set("Via", "d");
        assert_eq!(headers.iter().collect::<Vec<_>>(), [("HOST", "b"), ("Via", "d")]);
        assert_eq!((headers.len(), headers.get("none")), (2, None));
    }

    #[test]
    fn a_token_is_found_in_a_list_over_several_fields() {
        let headers = headers(&[("Connection", "keep-alive ,, Upgrade"), ("connection", "x")]);
        assert!(headers.has_token("Connection", "upgrade") && headers.has_token("connection", "X"));
        assert!(!headers.has_token("Connection", "up"));
    }

    #[test]
    fn a_value_cannot_begin_another_field() {
        let headers = headers(&[("A", "b\r\nEvil: c")]);
        assert_eq!(headers.get("A"), Some("b  Evil: c"));
    }
}
