//! Values as both engines take them: a text with a NUL in it is refused by a server whatever it means, and whoever writes
//! to a library can put one into a letter. It becomes U+FFFD on its way in and in whatever is looked for.

use std::borrow::Cow;

use uuid::Uuid;

/// A value that is bound to a statement.
pub(crate) trait Fit {
    /// As it is bound.
    type Fitted;
    /// Makes it fit.
    fn fit(self) -> Self::Fitted;
}

/// A text that both engines take.
pub(super) fn text(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{fffd}")) } else { Cow::Borrowed(text) }
}

macro_rules! as_it_is {
    ($($kind:ty),+) => {
        $(impl Fit for $kind {
            type Fitted = Self;
            fn fit(self) -> Self {
                self
            }
        })+
    };
}
as_it_is!(
    i64,
    bool,
    Uuid,
    &i64,
    &Uuid,
    Option<i64>,
    Option<Uuid>,
    &Option<i64>,
    &[u8],
    Option<&[u8]>,
    &Vec<u8>,
    &Option<Vec<u8>>
);

impl<'t> Fit for &'t str {
    type Fitted = Cow<'t, str>;
    fn fit(self) -> Cow<'t, str> {
        text(self)
    }
}

impl<'t> Fit for &'t String {
    type Fitted = Cow<'t, str>;
    fn fit(self) -> Cow<'t, str> {
        text(self)
    }
}

impl Fit for String {
    type Fitted = Self;
    fn fit(self) -> Self {
        match text(&self) {
            Cow::Borrowed(_) => self,
            Cow::Owned(fitted) => fitted,
        }
    }
}

impl<'t> Fit for Option<&'t str> {
    type Fitted = Option<Cow<'t, str>>;
    fn fit(self) -> Self::Fitted {
        self.map(text)
    }
}

impl<'t> Fit for &'t Option<String> {
    type Fitted = Option<Cow<'t, str>>;
    fn fit(self) -> Self::Fitted {
        self.as_deref().map(text)
    }
}
