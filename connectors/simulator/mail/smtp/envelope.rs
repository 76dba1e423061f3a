//! MAIL and RCPT: reading paths and parameters, and gathering them (RFC 5321 section 4.1.1).

use crate::simulator::mail::entry::Recipient;

/// No message has more.
const MOST_RECIPIENTS: usize = 1000;

/// A reply that refuses, code first.
pub(super) type Refusal = &'static str;

const BAD_PATH: Refusal = "501 5.1.7 That is no address";
const BAD_PARAMETER: Refusal = "555 5.5.4 A parameter is not known here";
const NEEDS_UTF8: Refusal = "553 5.6.7 That address needs SMTPUTF8";

/// What is known of a message before its DATA.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Envelope {
    pub from: String,
    pub to: Vec<Recipient>,
    pub envelope_id: Option<String>,
    pub ret: Option<String>,
    pub eight_bit: bool,
    pub utf8: bool,
}

impl Envelope {
    /// Reads what follows `MAIL`.
    pub fn mail(arguments: &str, max_mail_bytes: usize) -> Result<Self, Refusal> {
        let (from, parameters) = path(arguments, "FROM:")?;
        let mut envelope = Self { from, ..Self::default() };
        for (name, value) in parameters {
            match (name.as_str(), value) {
                ("SIZE", Some(size)) => match size.parse::<usize>() {
                    Ok(size) if size > max_mail_bytes => {
                        return Err("552 5.3.4 That is more than this server takes");
                    }
                    Ok(_) => {}
                    Err(_) => return Err("501 5.5.4 That is no size"),
                },
                ("BODY", Some(body)) => envelope.eight_bit = body.eq_ignore_ascii_case("8BITMIME"),
                ("SMTPUTF8", None) => envelope.utf8 = true,
                ("RET", Some(ret)) => {
                    let ret = ret.to_ascii_uppercase();
                    if !matches!(ret.as_str(), "FULL" | "HDRS") {
                        return Err("501 5.5.4 RET is FULL or HDRS");
                    }
                    envelope.ret = Some(ret);
                }
                ("ENVID", Some(id)) => {
                    let decoded = from_xtext(&id).ok_or("501 5.5.4 ENVID is not in xtext")?;
                    envelope.envelope_id = Some(decoded);
                }
                // Who first submitted it (RFC 4954 section 5); nobody here asks.
                ("AUTH", Some(_)) => {}
                _ => return Err(BAD_PARAMETER),
            }
        }
        if !envelope.utf8 && !envelope.from.is_ascii() {
            return Err(NEEDS_UTF8);
        }
        Ok(envelope)
    }

    /// Reads what follows `RCPT`. The recipient is not yet added.
    pub fn recipient(&self, arguments: &str) -> Result<Recipient, Refusal> {
        let (address, parameters) = path(arguments, "TO:")?;
        if !address.rsplit_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty()) {
            return Err(BAD_PATH);
        }
        if self.to.len() >= MOST_RECIPIENTS {
            return Err("452 4.5.3 That is too many recipients");
        }
        let mut recipient = Recipient { address, notify: None, original: None };
        for (name, value) in parameters {
            match (name.as_str(), value) {
                ("NOTIFY", Some(notify)) => {
                    let notify = notify.to_ascii_uppercase();
                    let mut words = notify.split(',');
                    if notify != "NEVER" && !words.all(|word| matches!(word, "SUCCESS" | "FAILURE" | "DELAY"))
                    {
                        return Err("501 5.5.4 NOTIFY is NEVER or some of SUCCESS, FAILURE, DELAY");
                    }
                    recipient.notify = Some(notify);
                }
                ("ORCPT", Some(original)) => {
                    let decoded = from_xtext(&original).ok_or("501 5.5.4 ORCPT is not in xtext")?;
                    recipient.original = Some(decoded);
                }
                _ => return Err(BAD_PARAMETER),
            }
        }
        if !self.utf8 && !recipient.address.is_ascii() {
            return Err(NEEDS_UTF8);
        }
        Ok(recipient)
    }
}

type Parameters = Vec<(String, Option<String>)>;

/// Reads `FROM:<a@b> NAME=VALUE …`. A source route is dropped (RFC 5321 appendix C).
fn path(arguments: &str, word: &str) -> Result<(String, Parameters), Refusal> {
    let start = arguments.get(..word.len()).ok_or("501 5.5.4 An address is missing")?;
    if !start.eq_ignore_ascii_case(word) {
        return Err("501 5.5.4 An address is missing");
    }
    let inside = arguments[word.len()..].trim_start().strip_prefix('<').ok_or(BAD_PATH)?;
    let mut quoted = false;
    let mut escaped = false;
    let end = inside.find(|letter| {
        let ends = letter == '>' && !quoted;
        quoted ^= letter == '"' && !escaped;
        escaped = letter == '\\' && !escaped;
        ends
    });
    let (address, rest) = inside.split_at(end.ok_or(BAD_PATH)?);
    let address = match address.strip_prefix('@').and_then(|route| route.split_once(':')) {
        Some((_, address)) => address,
        None => address,
    };
    if address.chars().any(char::is_control) {
        return Err(BAD_PATH);
    }
    let parameters = rest[1..].split_ascii_whitespace().map(|parameter| match parameter.split_once('=') {
        Some((name, value)) => (name.to_ascii_uppercase(), Some(value.to_owned())),
        None => (parameter.to_ascii_uppercase(), None),
    });
    Ok((address.to_owned(), parameters.collect()))
}

/// Undoes xtext (RFC 3461 section 4): `+` and two hexadecimal digits stand for a byte. What would break a line is refused.
fn from_xtext(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    loop {
        match rest {
            [] => break,
            [b'+', code @ ..] => {
                let (digits, after) = code.split_at_checked(2)?;
                bytes.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
                rest = after;
            }
            [byte, after @ ..] => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok().filter(|text| !text.chars().any(char::is_control))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_asked_for_a_message() {
        let envelope = Envelope::mail(
            "from: <ask@library.example> SIZE=99 BODY=8BITMIME SMTPUTF8 RET=hdrs ENVID=a+2Bb AUTH=<>",
            100,
        )
        .unwrap();
        assert_eq!(envelope.from, "ask@library.example");
        assert_eq!(envelope.envelope_id.as_deref(), Some("a+b"));
        assert_eq!(envelope.ret.as_deref(), Some("HDRS"));
        assert!(envelope.eight_bit && envelope.utf8);
        let to =
            envelope.recipient("TO:<@relay.example:\"a>b\"@c.example> NOTIFY=failure,delay ORCPT=rfc822;x");
        let to = to.unwrap();
        assert_eq!(to.address, "\"a>b\"@c.example");
        assert_eq!(to.notify.as_deref(), Some("FAILURE,DELAY"));
        assert_eq!(Envelope::mail("FROM:<>", 1).unwrap().from, "");
    }

    #[test]
    fn refuses_what_it_cannot_read() {
        for (arguments, code) in [
            ("FROM", "501"),
            ("FROM:a@b", "501"),
            ("FROM:<a@b", "501"),
            ("FROM:<a@b> SIZE=x", "501"),
            ("FROM:<a@b> SIZE=11", "552"),
            ("FROM:<a@b> WHAT", "555"),
            ("FROM:<a@b> RET=SOME", "501"),
            ("FROM:<a@b> ENVID=+zz", "501"),
            ("FROM:<a@b> ENVID=a+0D+0Ab", "501"),
            ("FROM:<ä@b>", "553"),
            ("FRÖM:<a@b>", "501"),
        ] {
            let refusal = Envelope::mail(arguments, 10).unwrap_err();
            assert!(refusal.starts_with(code), "{arguments}: {refusal}");
        }
        for arguments in ["TO:<>", "TO:<a>", "TO:<@b>", "TO:<a@b> NOTIFY=SOON", "TO:<a@b> NOTIFY="] {
            assert!(Envelope::default().recipient(arguments).is_err(), "{arguments}");
        }
    }
}
