//! What an address behind the `#` asks for.

/// A page over the right column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// `#lessons`: the sections of both lessons.
    Lessons,
    /// `#lesson/slug`: one section.
    Lesson(String),
    /// `#rules`: every rule.
    Rules,
    /// `#rule/id`: one rule.
    Rule(String),
}

impl Address {
    /// Reads what stands behind the `#`, with or without it. `None` where it asks for no page.
    pub fn parse(hash: &str) -> Option<Self> {
        let hash = hash.strip_prefix('#').unwrap_or(hash);
        match hash.split_once('/') {
            None if hash == "lessons" => Some(Self::Lessons),
            None if hash == "rules" => Some(Self::Rules),
            Some(("lesson", slug)) => Some(Self::Lesson(slug.to_owned())),
            Some(("rule", id)) => Some(Self::Rule(id.to_owned())),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_have_addresses_and_links_are_none() {
        assert_eq!(Address::parse("#lessons"), Some(Address::Lessons));
        assert_eq!(Address::parse("rules"), Some(Address::Rules));
        assert_eq!(Address::parse("#lesson/a-b"), Some(Address::Lesson("a-b".to_owned())));
        assert_eq!(Address::parse("#rule/"), Some(Address::Rule(String::new())));
        for other in ["", "#", "#v1=AAAA", "#v1=lesson/a", "#lesson", "#rules/x", "#issue-a-0"] {
            assert_eq!(Address::parse(other), None, "{other}");
        }
    }
}
