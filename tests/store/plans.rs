//! How the engines run the lists: by their index, without sorting and without looking through the table.

use super::bed::{Bed, House, patron};
use deskbell::store::texts;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
use uuid::Uuid;

/// The lists' texts, each with its place in its file.
fn lists() -> impl Iterator<Item = &'static str> {
    let lists = texts::SHARED.iter().filter(|(file, _)| file.starts_with("lists"));
    lists.flat_map(|(_, texts)| texts.iter().copied()).filter(|text| text.contains("FROM conversations"))
}

/// Some thousands of conversations, mostly done, as a library's are after a year.
async fn fill(bed: &Bed) -> [(&'static str, Uuid); 5] {
    let house = House::build(bed).await;
    let (patron, _) = patron(bed, "Efua Osei", "efua@patrons.example").await;
    let (id, numbers) = if bed.is_shared() {
        ("CAST(md5(CAST(n AS text)) AS uuid)", "(SELECT generate_series(1, 20000) AS n)")
    } else {
        (
            "randomblob(16)",
            "(WITH RECURSIVE up (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 20000) SELECT n FROM up)",
        )
    };
    let text = format!(
        "INSERT INTO conversations (id, number, channel_id, desk_id, patron_id, patron_name, subject, preview, \
         visibility, state, owner_id, waiting_since, due_at, snoozed_until, last_patron_at, last_at, seq, has_attachments, created_at) \
         SELECT {id}, n, c.id, d.id, p.id, 'Efua', 'Question', '', 'private', \
         CASE WHEN n % 20 < 3 THEN 'open' WHEN n % 20 < 4 THEN 'waiting' WHEN n % 200 < 5 THEN 'snoozed' \
         WHEN n % 50 = 49 THEN 'spam' ELSE 'done' END, CASE WHEN n % 3 = 0 THEN s.id END, \
         CASE WHEN n % 7 > 0 THEN n END, n, n, n, n, n, false, n \
         FROM {numbers} numbers CROSS JOIN (SELECT id FROM channels) c CROSS JOIN (SELECT id FROM staff LIMIT 1) s \
         CROSS JOIN (SELECT id FROM patrons) p JOIN desks d ON (d.name = 'Children') = (n % 4 = 0)"
    );
    if bed.is_shared() {
        let mut raw = PgConnection::connect(&bed.address).await.unwrap();
        raw.execute(AssertSqlSafe(text)).await.unwrap();
        raw.execute("ANALYZE").await.unwrap();
    } else {
        let mut raw = SqliteConnection::connect(&bed.address).await.unwrap();
        raw.execute(AssertSqlSafe(text)).await.unwrap();
    }
    [
        ("desk_id = ", house.children.id),
        ("channel_id = ", house.channel.id),
        ("owner_id = ", house.ana.id),
        ("patron_id = ", patron.id),
        ("id <> ", Uuid::nil()),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_reads_every_list_from_its_index() {
    let bed = Bed::sqlite().await.unwrap();
    fill(&bed).await;
    let mut raw = SqliteConnection::connect(&bed.address).await.unwrap();
    // As a new file, and as one whose tables have been looked at.
    for looked_at in [false, true] {
        if looked_at {
            raw.execute("ANALYZE").await.unwrap();
        }
        for text in lists() {
            let plan = sqlite_plan(&mut raw, text).await;
            // Only a state's page, already in order and no longer than the page asked for, is sorted in with the others'.
            let sorts = plan.matches("CO-ROUTINE newest").count();
            let slow = plan.matches("TEMP B-TREE").count() > sorts || plan.contains("SCAN conversations");
            assert!(!slow && plan.contains("USING INDEX conversations_"), "{text}\n{plan}");
        }
    }
    let sorted = "SELECT id FROM conversations WHERE subject > $1 ORDER BY preview";
    let plan = sqlite_plan(&mut raw, sorted).await;
    assert!(plan.contains("TEMP B-TREE") && plan.contains("SCAN conversations"), "the check itself: {plan}");
}

/// What is read for each message that comes. An engine may remember a table as it was when the library was new: it must not
/// take that for a reason to read all of it ever after.
#[tokio::test(flavor = "multi_thread")]
async fn sqlite_reads_what_a_message_is_met_with_by_index_whatever_it_remembers() {
    let bed = Bed::sqlite().await.unwrap();
    House::build(&bed).await;
    let mut raw = SqliteConnection::connect(&bed.address).await.unwrap();
    let met = |file: &str| ["arrivals", "conversations", "envelopes", "messages", "patrons"].contains(&file);
    let tables = ["conversations", "messages", "addresses", "patrons", "envelopes"];
    let scans = |plan: &str| {
        let named = |of: &str| tables.contains(&of) || ["c", "m", "a"].contains(&of);
        plan.lines().any(|line| line.strip_prefix("SCAN ").is_some_and(named))
    };
    raw.execute("ANALYZE").await.unwrap();
    for small in tables {
        raw.execute("DELETE FROM sqlite_stat1").await.unwrap();
        let text = format!(
            "INSERT INTO sqlite_stat1 (tbl, idx, stat) SELECT tbl_name, i.name, \
             CASE tbl_name WHEN '{small}' THEN '40 ' ELSE '1000000 ' END || \
             (SELECT group_concat(1, ' ') FROM pragma_index_info(i.name)) FROM sqlite_schema i WHERE type = 'index'"
        );
        raw.execute(AssertSqlSafe(text)).await.unwrap();
        raw = SqliteConnection::connect(&bed.address).await.unwrap();
        for (_, texts) in texts::SHARED.iter().filter(|(file, _)| met(file)) {
            for text in texts.iter().filter(|text| text.contains("WHERE")) {
                let plan = sqlite_plan(&mut raw, text).await;
                assert!(!scans(&plan), "{small} remembered as small: {text}\n{plan}");
            }
        }
        let guessed = "SELECT id, subject FROM conversations WHERE id IN (SELECT conversation_id FROM messages \
             WHERE external_id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12))";
        let plan = sqlite_plan(&mut raw, guessed).await;
        assert_eq!(scans(&plan), small == "conversations", "the check itself: {plan}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_finds_waits_by_index() {
    let bed = Bed::sqlite().await.unwrap();
    let mut raw = SqliteConnection::connect(&bed.address).await.unwrap();
    let texts = texts::SHARED.iter().find(|(file, _)| *file == "waits").unwrap().1;
    let scans =
        |plan: &str| plan.lines().any(|line| line.starts_with("SCAN waits") || line.starts_with("SCAN w "));
    for text in texts.iter().filter(|text| text.contains("WHERE")) {
        let plan = sqlite_plan(&mut raw, text).await;
        assert!(!scans(&plan), "{text}\n{plan}");
    }
    raw.execute("DROP INDEX waits_closed_by").await.unwrap();
    raw = SqliteConnection::connect(&bed.address).await.unwrap();
    let by_answer = texts.iter().find(|text| text.contains("WHERE closed_by = $1")).unwrap();
    assert!(scans(&sqlite_plan(&mut raw, by_answer).await), "the check itself");
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_finds_what_the_absent_hold_by_who_holds_it() {
    let bed = Bed::sqlite().await.unwrap();
    let mut raw = SqliteConnection::connect(&bed.address).await.unwrap();
    let texts = texts::SHARED.iter().find(|(file, _)| *file == "standings").unwrap().1;
    let held = texts.iter().find(|text| text.contains("JOIN conversations")).unwrap();
    let plan = sqlite_plan(&mut raw, held).await;
    assert!(plan.contains("SEARCH c USING INDEX conversations_mine (owner_id=?"), "{plan}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_finds_handoffs_and_what_somebody_watches_by_index() {
    let bed = Bed::sqlite().await.unwrap();
    let mut raw = SqliteConnection::connect(&bed.address).await.unwrap();
    for (_, texts) in texts::SHARED.iter().filter(|(file, _)| {
        ["drafts", "handoffs", "tagged", "tags", "viewers", "watched", "watches"].contains(file)
    }) {
        for text in texts.iter().filter(|text| text.contains("WHERE")) {
            let plan = sqlite_plan(&mut raw, text).await;
            let next = text.contains("MIN(");
            let slow =
                plan.lines().any(|line| line.starts_with("SCAN ") && !line.contains("CONSTANT ROW") && !next);
            assert!(!slow && !plan.contains("TEMP B-TREE") && plan.contains("INDEX"), "{text}\n{plan}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_finds_the_top_of_each_stack_by_one_index() {
    let bed = Bed::sqlite().await.unwrap();
    fill(&bed).await;
    let mut raw = SqliteConnection::connect(&bed.address).await.unwrap();
    let texts = texts::SHARED.iter().find(|(file, _)| *file == "next").unwrap().1;
    let stacks = texts.iter().find(|text| text.contains("FROM stacks")).unwrap();
    for looked_at in [false, true] {
        if looked_at {
            raw.execute("ANALYZE").await.unwrap();
        }
        let plan = sqlite_plan(&mut raw, stacks).await;
        let seek = "SEARCH c USING COVERING INDEX conversations_stack (rung=? AND skill=? AND language=? AND offered=? AND \
                    desk_id=? AND channel_id=?)";
        assert!(plan.contains(seek) && !plan.contains("TEMP B-TREE"), "{plan}");
        for text in texts.iter().filter(|text| !text.contains("FROM stacks")) {
            let plan = sqlite_plan(&mut raw, text).await;
            assert!(
                plan.contains("USING INDEX conversations_") || plan.contains("COVERING INDEX"),
                "{text}\n{plan}"
            );
            assert!(!plan.contains("SCAN conversations"), "{text}\n{plan}");
        }
    }
    raw.execute("DROP INDEX conversations_stack").await.unwrap();
    raw = SqliteConnection::connect(&bed.address).await.unwrap();
    let plan = sqlite_plan(&mut raw, stacks).await;
    assert!(!plan.contains("conversations_stack"), "the check itself: {plan}");
}

/// A stack of ten thousand, and what is read of it.
#[tokio::test(flavor = "multi_thread")]
async fn postgres_finds_the_top_of_each_stack_by_one_index() {
    let Some(bed) = Bed::postgres().await else { return };
    fill(&bed).await;
    let mut raw = PgConnection::connect(&bed.address).await.unwrap();
    raw.execute(
        "INSERT INTO stacks (desk_id, channel_id, rung, skill, language, offered, conversations) \
         SELECT desk_id, channel_id, rung, skill, language, offered, COUNT(*) FROM conversations \
         WHERE state = 'open' AND owner_id IS NULL GROUP BY 1, 2, 3, 4, 5, 6",
    )
    .await
    .unwrap();
    let texts = texts::SHARED.iter().find(|(file, _)| *file == "next").unwrap().1;
    let stacks = texts.iter().find(|text| text.contains("FROM stacks")).unwrap().replace("$1", "0");
    // As a new table, of which nothing is remembered, and as one that was looked at.
    for looked_at in [false, true] {
        if looked_at {
            raw.execute("ANALYZE stacks").await.unwrap();
        }
        let lines: Vec<(String,)> =
            sqlx::query_as(AssertSqlSafe(format!("EXPLAIN {stacks}"))).fetch_all(&mut raw).await.unwrap();
        let plan: String = lines.into_iter().map(|(line,)| line + "\n").collect();
        assert!(
            plan.contains("conversations_stack") && !plan.contains("Seq Scan on conversations"),
            "{plan}"
        );
        assert!(!plan.contains("Sort"), "{plan}");
    }
}

async fn sqlite_plan(raw: &mut SqliteConnection, text: &str) -> String {
    let lines: Vec<(i64, i64, i64, String)> =
        sqlx::query_as(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {text}"))).fetch_all(raw).await.unwrap();
    lines.into_iter().map(|(.., line)| line + "\n").collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_reads_every_list_from_its_index() {
    let Some(bed) = Bed::postgres().await else { return };
    let ids = fill(&bed).await;
    let mut raw = PgConnection::connect(&bed.address).await.unwrap();
    for text in lists() {
        // A page of 50 from the beginning.
        let mut asked = text.replace("> ($1, $2)", &format!("> ({}, '{}')", i64::MIN, Uuid::nil()));
        asked = asked.replace("< ($1, $2)", &format!("< ({}, '{}')", i64::MAX, Uuid::max()));
        asked = asked.replace("AND id < $2", &format!("AND id < '{}'", Uuid::max()));
        asked = asked.replace("LIMIT $3", "LIMIT 51");
        for number in 1..9 {
            for (before, id) in ids {
                asked = asked.replace(&format!("{before}${number}"), &format!("{before}'{id}'"));
            }
        }
        let plan = postgres_plan(&mut raw, &asked).await;
        let slow = sorted_rows(&plan) > A_HANDFUL || plan.contains("Seq Scan");
        assert!(!slow && plan.contains("using conversations_"), "{text}\n{plan}");
    }
    let sorted = "SELECT id FROM conversations WHERE subject > '' ORDER BY preview";
    let plan = postgres_plan(&mut raw, sorted).await;
    assert!(sorted_rows(&plan) > A_HANDFUL && plan.contains("Seq Scan"), "the check itself: {plan}");
}

/// A page of 50 and one row more from each of the five states. Where a view holds as few rows at all, PostgreSQL rightly
/// does not care which index gives them.
const A_HANDFUL: u64 = 255;

/// The most rows that a plan means to sort.
fn sorted_rows(plan: &str) -> u64 {
    let sorts = plan.lines().filter(|line| line.contains("Sort  ("));
    let rows = sorts.map(|line| line.split("rows=").nth(1)?.split(' ').next()?.parse().ok());
    rows.map(|rows| rows.expect("a line of a plan says how many rows")).max().unwrap_or(0)
}

async fn postgres_plan(raw: &mut PgConnection, text: &str) -> String {
    let lines: Vec<(String,)> =
        sqlx::query_as(AssertSqlSafe(format!("EXPLAIN {text}"))).fetch_all(raw).await.unwrap();
    lines.into_iter().map(|(line,)| line + "\n").collect()
}
