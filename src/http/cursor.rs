//! Where a list goes on: opaque to callers, a versioned tuple to us. It names the last row seen and never a page number,
//! so that rows which come or go meanwhile neither repeat nor vanish.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::problem::{Problem, Result};

/// A cursor from another version is refused rather than misread.
const VERSION: u8 = 1;
const LONGEST: usize = 512;

/// Rows in one answer: asked for, or the usual number.
pub(super) fn limit(asked: Option<usize>) -> Result<usize> {
    match asked {
        None => Ok(50),
        Some(limit @ 1..=200) => Ok(limit),
        Some(limit) => Err(Problem::invalid(format!("`limit` is {limit}. It may be 1 to 200."))),
    }
}

/// A cursor of this list (`list` names it) that goes on after `position`.
pub(super) fn write<T: Serialize>(list: &str, position: &T) -> String {
    // Positions are numbers and ids: they always become JSON.
    let tuple = serde_json::to_vec(&(VERSION, list, position)).unwrap_or_default();
    URL_SAFE_NO_PAD.encode(tuple)
}

/// What a cursor names.
pub(super) fn read<T: DeserializeOwned>(list: &str, cursor: Option<&str>) -> Result<Option<T>> {
    let Some(cursor) = cursor else { return Ok(None) };
    let refused = || {
        Problem::unreadable(
            "This cursor belongs to another list or another version. Begin again without a cursor.",
        )
    };
    if cursor.len() > LONGEST {
        return Err(refused());
    }
    let tuple = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refused())?;
    let (version, of, position): (u8, String, T) = serde_json::from_slice(&tuple).map_err(|_| refused())?;
    if version == VERSION && of == list { Ok(Some(position)) } else { Err(refused()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    proptest! {
        #[test]
        fn what_was_written_is_read(at: i64, id: u128) {
            let position = (at, Uuid::from_u128(id));
            let cursor = write("held", &position);
            prop_assert!(cursor.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)));
            prop_assert_eq!(read("held", Some(&cursor)).expect("our own"), Some(position));
            prop_assert!(read::<(i64, Uuid)>("mine", Some(&cursor)).is_err());
        }

        #[test]
        fn anything_else_is_refused(cursor in ".{0,80}") {
            prop_assert!(read::<(i64, Uuid)>("held", Some(&cursor)).is_err());
        }
    }

    #[test]
    fn another_versions_cursor_is_refused() {
        let old = URL_SAFE_NO_PAD.encode(r#"[0,"held",[1,"00000000-0000-0000-0000-000000000000"]]"#);
        assert!(read::<(i64, Uuid)>("held", Some(&old)).is_err());
    }
}
