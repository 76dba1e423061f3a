//! The language in which the Graph API is asked for fields: `id,messages.limit(5){id,from{name}}`.

/// One field, with what is said of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Field {
    /// `messages`.
    pub name: String,
    /// `limit(5)` as `("limit", "5")`.
    pub said: Vec<(String, String)>,
    /// What is wanted of it; none: the usual.
    pub within: Vec<Field>,
}

impl Field {
    /// What is said under this name.
    pub fn said(&self, name: &str) -> Option<&str> {
        self.said.iter().find(|(said, _)| said == name).map(|(_, value)| value.as_str())
    }
}

/// None where braces or names do not fit.
pub fn parse(text: &str) -> Option<Vec<Field>> {
    let mut rest = text;
    let fields = list(&mut rest)?;
    rest.is_empty().then_some(fields)
}

/// Fields as they are written.
pub fn written(fields: &[Field]) -> String {
    let one = |field: &Field| {
        let said: String = field.said.iter().map(|(name, value)| format!(".{name}({value})")).collect();
        let within =
            if field.within.is_empty() { String::new() } else { format!("{{{}}}", written(&field.within)) };
        format!("{}{said}{within}", field.name)
    };
    fields.iter().map(one).collect::<Vec<_>>().join(",")
}

fn list(rest: &mut &str) -> Option<Vec<Field>> {
    let mut fields = Vec::new();
    loop {
        fields.push(field(rest)?);
        match rest.strip_prefix(',') {
            Some(after) => *rest = after,
            None => return Some(fields),
        }
    }
}

fn field(rest: &mut &str) -> Option<Field> {
    let mut field = Field { name: name(rest)?, ..Field::default() };
    while let Some(after) = rest.strip_prefix('.') {
        *rest = after;
        let said = name(rest)?;
        let (value, after) = rest.strip_prefix('(')?.split_once(')')?;
        field.said.push((said, value.to_owned()));
        *rest = after;
    }
    if let Some(after) = rest.strip_prefix('{') {
        *rest = after;
        field.within = list(rest)?;
        *rest = rest.strip_prefix('}')?;
    }
    Some(field)
}

fn name(rest: &mut &str) -> Option<String> {
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    let (name, after) = rest.split_at(end);
    *rest = after;
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_nest_and_carry_what_is_said_of_them() {
        let fields =
            parse("id,comments.filter(stream).limit(5){id,from{name}},message").expect("it is right");
        assert_eq!(fields.len(), 3);
        assert_eq!(fields[1].said("limit"), Some("5"));
        assert_eq!(fields[1].within[1].within[0].name, "name");
        for wrong in ["", "id,", "a{b", "a}", "a.limit(5", "a.limit", "a b", "{}"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
