//! Words of the model as columns that may be empty, which a derived `try_from` cannot read.

use sqlx::database::Database;
use sqlx::error::BoxDynError;
use sqlx::{Decode, Type};

use crate::model::closure::Outcome;

impl<DB: Database> Type<DB> for Outcome
where
    String: Type<DB>,
{
    fn type_info() -> DB::TypeInfo {
        String::type_info()
    }

    fn compatible(given: &DB::TypeInfo) -> bool {
        String::compatible(given)
    }
}

impl<'r, DB: Database> Decode<'r, DB> for Outcome
where
    String: Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(String::decode(value)?.parse::<Self>()?)
    }
}
