//! A connection to a file store, and the statements on their way to it.
//!
//! sqlx runs each of these connections on a thread of its own: every statement is a journey there and back, dearer than
//! most statements are. So what nobody awaits an answer to is gathered, and travels with the next statement that has one:
//! filing a message takes two journeys in place of twenty. A server has no such thread and is sent each statement at once.

use futures::TryStreamExt;
use sqlx::error::BoxDynError;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments, AssertSqlSafe, Either, Encode, Executor, FromRow, Sqlite, SqliteConnection, Type};

use super::fit::Fit;
use super::sequences::Numbers;
use super::several::{Slot, values};
use super::trouble;

/// So many gathered statements travel on their own: a message of many files must not make a text of any length.
const MOST_GATHERED: usize = 24;
const BEGIN: &str = "BEGIN IMMEDIATE";
const MARK: &str = "SAVEPOINT job";

/// A connection to a file.
pub struct File {
    conn: PoolConnection<Sqlite>,
    gathered: Vec<Gathered>,
    arguments: SqliteArguments,
    unfit: Option<BoxDynError>,
    numbers: Option<Numbers>,
    spoilt: bool,
    /// Why the file could not be written, if so, since somebody last asked.
    unwritable: Option<String>,
}

struct Gathered {
    text: &'static str,
    /// How many arguments come before its `$1`.
    before: usize,
}

/// Where a job began, and the numbers as they were.
#[derive(Default)]
pub struct Mark(Option<Numbers>);

/// What a statement gave.
#[derive(Default)]
pub struct Answer {
    rows: Vec<SqliteRow>,
    touched: u64,
}

impl Answer {
    /// Its rows.
    pub fn read<R: for<'r> FromRow<'r, SqliteRow>>(&self) -> Result<Vec<R>, sqlx::Error> {
        self.rows.iter().map(R::from_row).collect()
    }

    /// How many rows it changed.
    pub fn touched(&self) -> u64 {
        self.touched
    }
}

impl File {
    pub(super) fn new(conn: PoolConnection<Sqlite>) -> Self {
        Self {
            conn,
            gathered: Vec::new(),
            arguments: SqliteArguments::default(),
            unfit: None,
            numbers: None,
            spoilt: false,
            unwritable: None,
        }
    }

    /// Gathers a statement; [`Self::with`] then gives its `$1`, `$2`…
    pub fn add(&mut self, text: &'static str) -> &mut Self {
        self.gathered.push(Gathered { text, before: self.arguments.len() });
        self
    }

    /// The next argument of the statement gathered last.
    pub(crate) fn with<'q, T>(&mut self, value: T) -> &mut Self
    where
        T: Fit<Fitted: Encode<'q, Sqlite> + Type<Sqlite>>,
    {
        if let Err(error) = self.arguments.add(value.fit()) {
            self.unfit.get_or_insert(error);
        }
        self
    }

    /// Sends what was gathered and gives the answer to the last of it.
    pub async fn ask(&mut self) -> Result<Answer, sqlx::Error> {
        Ok(self.send(1).await?.pop().unwrap_or_default())
    }

    /// Sends what was gathered and gives the answers to the last so many, in their order.
    pub async fn ask_for(&mut self, answers: usize) -> Result<Vec<Answer>, sqlx::Error> {
        self.send(answers).await
    }

    /// Lets what was gathered wait for company, unless it is much.
    pub async fn tell(&mut self) -> Result<(), sqlx::Error> {
        if self.gathered.len() < MOST_GATHERED { Ok(()) } else { self.flush().await }
    }

    /// Why the file could not be written since this was last asked, in words.
    pub(super) fn unwritable(&mut self) -> Option<String> {
        self.unwritable.take()
    }

    /// Closes the connection when this is dropped: whoever uses it next would find it in the middle of something.
    pub fn close_on_drop(&mut self) {
        self.conn.close_on_drop();
    }

    /// The connection itself, after everything that was gathered.
    pub async fn ready(&mut self) -> Result<&mut SqliteConnection, sqlx::Error> {
        self.flush().await?;
        Ok(&mut self.conn)
    }

    /// Sends what was gathered; the same text told for several rows becomes one statement where it can.
    pub(super) async fn flush(&mut self) -> Result<(), sqlx::Error> {
        if self.gathered.is_empty() { Ok(()) } else { self.send(0).await.map(|_| ()) }
    }

    /// The last `awaited` statements belong to the caller, who may be told of their failure and go on. The failure of any
    /// other is not the caller's to judge: nothing of the transaction can be kept.
    async fn send(&mut self, awaited: usize) -> Result<Vec<Answer>, sqlx::Error> {
        let gathered = std::mem::take(&mut self.gathered);
        let arguments = std::mem::take(&mut self.arguments);
        if let Some(error) = self.unfit.take() {
            self.spoilt = true;
            return Err(sqlx::Error::Encode(error));
        }
        if self.spoilt {
            return Err(sqlx::Error::Protocol("an earlier change of this group was refused".to_owned()));
        }
        let mut done = 0;
        let mut answer = Answer::default();
        let mut answers = Vec::with_capacity(awaited);
        let mut may_sleep = gathered.len() < 2;
        let outcome = {
            let query = match &gathered[..] {
                [one] => sqlx::query_with(one.text, arguments),
                several => {
                    let merged = if awaited == 0 { merged(several) } else { None };
                    sqlx::query_with(AssertSqlSafe(merged.unwrap_or_else(|| joined(several))), arguments)
                }
            };
            let mut steps = Executor::fetch_many(&mut *self.conn, query);
            loop {
                let step = steps.try_next().await;
                if !may_sleep {
                    // The first answer has woken us while the thread is at the others. Each that finds us asleep again wakes us
                    // again, which is dearer than most statements: the thread is let through first.
                    std::thread::yield_now();
                    may_sleep = true;
                }
                match step {
                    Ok(Some(Either::Right(row))) => answer.rows.push(row),
                    Ok(Some(Either::Left(result))) => {
                        if gathered.get(done).is_some_and(|one| one.text == Numbers::READ) {
                            self.numbers = answer.rows.first().map(Numbers::from_row).transpose()?;
                        }
                        answer.touched = result.rows_affected();
                        let answer = std::mem::take(&mut answer);
                        if done + awaited >= gathered.len() {
                            answers.push(answer);
                        }
                        done += 1;
                    }
                    Ok(None) => break Ok(()),
                    Err(error) => break Err(error),
                }
            }
        };
        if let Some(why) = outcome.as_ref().err().and_then(trouble::of_the_disk) {
            self.unwritable = Some(why);
        }
        match outcome {
            Ok(()) => Ok(answers),
            Err(error) if done + awaited >= gathered.len() => Err(error),
            // It never began: whoever asks first is told as it is.
            Err(error) if gathered.first().is_some_and(|one| done == 0 && one.text == BEGIN) => {
                self.spoilt = true;
                Err(error)
            }
            Err(error) => {
                self.spoilt = true;
                Err(sqlx::Error::Protocol(error.to_string()))
            }
        }
    }
}

/// A transaction on a file: what its one writer does between the jobs of others.
impl File {
    /// Begins; the numbers come along.
    pub(super) fn begin(&mut self) {
        // Those of the transaction before may be left over from a commit that read them on its way and needed none.
        self.numbers = None;
        self.add(BEGIN).add(Numbers::READ);
    }

    /// Keeps everything.
    pub(super) async fn commit(&mut self) -> Result<(), sqlx::Error> {
        if let Some((event, conversation)) = self.numbers.take().and_then(Numbers::to_keep) {
            self.add(Numbers::KEEP).with(event).with(conversation);
        }
        self.add("COMMIT").ask().await.map(|_| ())
    }

    /// Undoes everything; what was gathered never leaves.
    pub(super) async fn roll_back(&mut self) -> Result<(), sqlx::Error> {
        self.forget();
        self.numbers = None;
        self.add("ROLLBACK").ask().await.map(|_| ())
    }

    /// Marks where a job begins, so that it can be undone alone.
    pub(super) async fn mark(&mut self) -> Result<Mark, sqlx::Error> {
        self.flush().await?;
        self.add(MARK);
        Ok(Mark(self.numbers))
    }

    /// The job since the mark stays. An error: it could not, and is still to be undone.
    pub(super) async fn release(&mut self) -> Result<(), sqlx::Error> {
        self.add("RELEASE job").ask().await.map(|_| ())
    }

    /// The job since the mark never was.
    pub(super) async fn return_to(&mut self, mark: Mark) -> Result<(), sqlx::Error> {
        let marked = !self.gathered.iter().any(|one| one.text == MARK);
        self.forget();
        self.numbers = mark.0;
        if marked {
            self.add("ROLLBACK TO job").add("RELEASE job").ask().await?;
        }
        Ok(())
    }

    /// The numbers to hand out, from the transaction that this connection is in.
    pub(super) async fn numbers(&mut self) -> Result<&mut Numbers, sqlx::Error> {
        if self.numbers.is_none() {
            self.flush().await?;
        }
        let outside = || sqlx::Error::Protocol("a number was asked for outside of a transaction".to_owned());
        self.numbers.as_mut().ok_or_else(outside)
    }

    fn forget(&mut self) {
        self.gathered.clear();
        self.arguments = SqliteArguments::default();
        self.unfit = None;
        self.spoilt = false;
    }
}

/// One statement of several that are the same but for their arguments.
fn merged(several: &[Gathered]) -> Option<String> {
    let (first, others) = several.split_first()?;
    let same = others.iter().all(|one| one.text == first.text);
    if same { values(first.text, several.len(), Slot::Plain) } else { None }
}

/// One text of several, each `$n` counted on from the arguments before it.
fn joined(several: &[Gathered]) -> String {
    let length: usize = several.iter().map(|one| one.text.len() + 8).sum();
    let mut whole = String::with_capacity(length + several.len() * 24);
    for Gathered { text, before } in several {
        let mut pieces = text.split('$');
        whole.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
            let number: usize = piece[..digits].parse().unwrap_or_default();
            whole.push('$');
            whole.push_str(&(number + before).to_string());
            whole.push_str(&piece[digits..]);
        }
        whole.push(';');
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_statement_finds_its_own_arguments() {
        let several = [
            Gathered { text: "INSERT INTO a VALUES ($1, $2)", before: 0 },
            Gathered { text: "UPDATE b SET c = $1", before: 2 },
            Gathered { text: "SELECT 1", before: 3 },
            Gathered { text: "DELETE FROM d WHERE e = $10 OR f = $2", before: 3 },
        ];
        assert_eq!(
            joined(&several),
            "INSERT INTO a VALUES ($1, $2);UPDATE b SET c = $3;SELECT 1;DELETE FROM d WHERE e = $13 OR f = $5;"
        );
    }
}
