//! A library moves to another store, and a store is looked through.

use std::sync::{Arc, Mutex};

use super::bed::{Bed, House, NOW, conversation, message, patron};
use bytes::Bytes;
use deskbell::clock::Clock;
use deskbell::model::away::Text;
use deskbell::model::block::Block;
use deskbell::model::cascade::Step;
use deskbell::model::conversation::{Conversation, View};
use deskbell::model::delivery;
use deskbell::model::delivery::Delivery;
use deskbell::model::draft::{self, Draft};
use deskbell::model::event::Kind;
use deskbell::model::handoff::{Handoff, Outcome, Reason};
use deskbell::model::hours::written;
use deskbell::model::merge::Merge;
use deskbell::model::message::Attachment;
use deskbell::model::patron as about;
use deskbell::model::review::{self, Review};
use deskbell::model::rule::{Act, Body, Condition, Fit, Rule};
use deskbell::model::saved::Saved;
use deskbell::model::search::{Surroundings, parse};
use deskbell::model::session::{Scopes, Session, Token};
use deskbell::model::signin::{Signin, Stage};
use deskbell::model::split::Split;
use deskbell::model::tag::Tag;
use deskbell::model::union::Union;
use deskbell::model::viewing::Viewing;
use deskbell::model::wait::Wait;
use deskbell::model::webhook::{Attempt, Webhook};
use deskbell::store::blobs::Blobs;
use deskbell::store::check::check;
use deskbell::store::copy::{Copied, TABLES, copy};
use deskbell::store::envelopes::Envelope;
use deskbell::store::events::Appending;
use deskbell::store::hours::{self, Closure};
use deskbell::store::lists::{self, Query};
use deskbell::store::rates::{self, Rate};
use deskbell::store::spendings::{self, Spending};
use deskbell::store::uploads::{self, Upload};
use deskbell::store::{
    Db, Error, away, blocks, cascades, conversations, deliveries, drafts, envelopes, events, handoffs,
    merges, messages, opt_outs, patron_notes, people, refreshes, reviews, rules, saved, search, sessions,
    settings, signins, splits, streams, subscriptions, tags, unions, viewers, waits, watches, webhooks,
};
use futures::FutureExt;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use tempfile::TempDir;

/// A library with something in every table, and more messages than one transaction carries.
async fn fill(bed: &Bed, blobs: &Blobs) -> House {
    let house = House::build(bed).await;
    let (patron, address) = patron(bed, "Zoë Ångström", "zoe.a@patrons.example").await;
    let clock = Clock::frozen(NOW);
    let (ana, desk, channel) = (house.ana.id, house.reference.id, house.channel.id);
    let rows: Vec<Conversation> =
        (20_001..20_004).map(|number| conversation(&house, &patron, number)).collect();
    let file = blobs.put(&Bytes::from_static(b"a photograph of a torn page")).await.unwrap();
    bed.write(move |tx| {
        async move {
            people::add_member(tx, desk, ana).await?;
            hours::set_week(tx, desk, Some(&written::week("Mon-Fri 9:00-17:00").unwrap())).await?;
            let closure = Closure {
                id: clock.id(),
                desk_id: desk,
                first_day: "2026-12-24".into(),
                last_day: "2026-12-26".into(),
                name: "Christmas".into(),
                intervals: String::new(),
            };
            hours::add_closure(tx, &closure).await?;
            let text = Text { text: "Closed until {opening}.".into(), short: None, changed_at: NOW };
            away::put(tx, desk, &text).await?;
            let step = Step { desk_id: desk, to_desk_id: None, live_ms: 40_000, other_ms: 3_600_000 };
            cascades::set(tx, desk, &[step]).await?;
            settings::set(tx, "retention", "90 days, é and \u{1f4da}").await?;
            streams::put(tx, channel, "inbox", "Inbox", false).await?;
            streams::put(tx, channel, "Archive", "Archive", true).await?;
            for row in &rows {
                conversations::next_number(tx).await?;
                conversations::insert(tx, row).await?;
                conversations::add_address(tx, row.id, address.id).await?;
            }
            let tag = Tag { id: clock.id(), name: "Holds".into(), created_at: NOW, removed_at: None };
            tags::insert(tx, &tag).await?;
            tags::mark(tx, tag.id, rows[0].id, true).await?;
            rules::insert(tx, &rule(clock.id())).await?;
            conversations::link(tx, rows[0].id, rows[1].id, "same_message").await?;
            for number in 1..=1_100 {
                let line = Appending {
                    at: NOW + number,
                    kind: Kind::Message,
                    conversation_id: rows[2].id,
                    message_id: None,
                    staff_id: None,
                    actor_name: patron.name.clone(),
                    detail: None,
                };
                let seq = events::append(tx, line).await?;
                let said =
                    message(&rows[2], &address, seq, "Renewal", &format!("Please renew book {number}"));
                messages::insert(tx, &said).await?;
                search::index(tx, seq).await?;
                if number == 1 {
                    keep_the_rest(tx, &clock, &rows[2], said.id, file.clone(), ana).await?;
                }
            }
            Ok::<_, Error>(())
        }
        .boxed()
    })
    .await
    .unwrap();
    house
}

fn rule(id: uuid::Uuid) -> Rule {
    let body = Body {
        fit: Fit::Any,
        conditions: vec![Condition::Text { says: "Öffnungs*".to_owned() }],
        acts: vec![Act::Spam {}],
    };
    Rule { id, name: "Unwanted".to_owned(), active: true, body, version: 1, created_at: NOW, changed_at: NOW }
}

async fn rules_of_platforms(tx: &mut deskbell::store::Tx, channel: uuid::Uuid) -> Result<(), Error> {
    let rate = Rate { scope: "account/7".to_owned(), until: NOW, why: "slow down".to_owned(), noted_at: NOW };
    rates::note(tx, &rate).await?;
    let spending =
        Spending { channel_id: channel, day: 0, currency: "USD".to_owned(), ..Spending::default() };
    spendings::add(tx, &spending).await?;
    opt_outs::put(tx, channel, "+15550100", true, NOW).await?;
    subscriptions::put(tx, channel, NOW).await?;
    refreshes::take(tx, channel, channel, NOW, NOW).await?;
    let webhook = Webhook {
        id: channel,
        url: "https://hooks.harbour.example/".to_owned(),
        kinds: "closed".to_owned(),
        with_text: true,
        sealed_secret: vec![1, 0, 255],
        created_at: NOW,
        seq: 0,
        tries: 0,
        failing_since: None,
        next_at: 0,
        last_success_at: None,
        off_since: None,
        off_why: None,
    };
    webhooks::insert(tx, &webhook).await?;
    let call = Attempt {
        id: channel,
        webhook_id: channel,
        seq: Some(1),
        kind: "closed".to_owned(),
        at: NOW,
        took_ms: 12,
        status: Some(500),
        why: Some("It answered 500.".to_owned()),
    };
    webhooks::remember(tx, &call).await?;
    Ok(())
}

async fn keep_the_rest(
    tx: &mut deskbell::store::Tx,
    clock: &Clock,
    of: &Conversation,
    message_id: uuid::Uuid,
    file: String,
    staff: uuid::Uuid,
) -> Result<(), Error> {
    let upload = Upload {
        id: clock.id(),
        staff_id: staff,
        filename: "map.png".to_owned(),
        content_type: "image/png".to_owned(),
        size: 3,
        blob: None,
        created_at: NOW,
    };
    uploads::insert(tx, &upload, Some(b"map")).await?;
    let attachment = Attachment {
        id: clock.id(),
        message_id,
        position: 0,
        filename: Some("page.jpg".to_owned()),
        content_type: "image/jpeg".to_owned(),
        size: 27,
        sha256: Some(file),
        content_id: None,
        inline_shown: true,
        reference: None,
        state: "kept".to_owned(),
        why: None,
    };
    messages::insert_attachment(tx, &attachment, None).await?;
    let told = away::Answer {
        message_id,
        conversation_id: of.id,
        patron_id: of.patron_id,
        at: NOW,
        opens_at: NOW + 1,
    };
    away::keep(tx, &told).await?;
    rules_of_platforms(tx, of.channel_id).await?;
    let handoff = Handoff {
        id: clock.id(),
        conversation_id: of.id,
        from_staff_id: staff,
        from_desk_id: of.desk_id,
        to_staff_id: None,
        to_desk_id: Some(of.desk_id),
        reason: Reason::MyShiftEnds,
        summary: "She has the red edition".to_owned(),
        at: NOW,
        falls_back_at: None,
        settled_at: Some(NOW),
    };
    handoffs::insert(tx, &handoff, Some(Outcome::AtDesk)).await?;
    watches::put(tx, staff, of.id, NOW).await?;
    let other = people::desks(tx).await?.into_iter().find(|desk| desk.id != of.desk_id).expect("two desks");
    let there = Conversation { desk_id: other.id, ..of.clone() };
    conversations::update(tx, of, &there).await?;
    conversations::update(tx, &there, &Conversation { seq: 1, ..of.clone() }).await?;
    let viewing = Viewing { conversation_id: of.id, staff_id: staff, seen_at: NOW, wrote_at: NOW };
    viewers::beat(tx, &viewing).await?;
    let draft = Draft {
        conversation_id: of.id,
        kind: draft::Kind::Reply,
        text: "Yes, the réd one".to_owned(),
        caret: 3,
        changed_at: NOW,
    };
    drafts::put(tx, staff, &draft).await?;
    drafts::hold(tx, staff, of.id, &[upload.id]).await?;
    let envelope = Envelope {
        id: clock.id(),
        channel_id: of.channel_id,
        external_id: "7".to_owned(),
        fingerprint: None,
        received_at: NOW,
        at: NOW,
        content_type: "message/pigeon".to_owned(),
        size: 4,
        raw: Some(vec![0, 255, 39, 0]),
        blob: None,
        held: Some("automatic".to_owned()),
        held_why: Some("An absence note".to_owned()),
        held_from: None,
        held_subject: None,
    };
    envelopes::insert(tx, &envelope).await?;
    let block = Block {
        id: clock.id(),
        key: "@prizes.example".to_owned(),
        shown: "@Prizes.example".to_owned(),
        reason: Some("adverts, ä".to_owned()),
        conversation_id: Some(of.id),
        blocked_at: NOW,
        blocked_by: Some(staff),
        blocked_name: "Ana".to_owned(),
        until: Some(NOW + 1),
        lifted_at: None,
        lifted_name: None,
        held: 0,
    };
    let review = Review {
        id: clock.id(),
        conversation_id: of.id,
        author_id: staff,
        author_name: "Ana".to_owned(),
        reviewer_id: Some(staff),
        text: "Yes, the réd one".to_owned(),
        subject: None,
        way: None,
        done: true,
        seen: 1,
        asked_at: NOW,
        state: review::State::Open,
        settled_at: None,
        settled_by: None,
        settled_name: None,
        changed: false,
        word: None,
        message_id: None,
    };
    reviews::insert(tx, &review, &[upload.id]).await?;
    blocks::insert(tx, &block).await?;
    blocks::hold(tx, block.id, envelope.id).await?;
    let wait = Wait {
        id: clock.id(),
        conversation_id: of.id,
        channel_id: of.channel_id,
        desk_id: of.desk_id,
        is_first: true,
        opened_at: NOW,
        opened_by: message_id,
        closed_at: None,
        closed_by: None,
        staff_id: None,
    };
    waits::open(tx, &wait).await?;
    let merge = Merge {
        id: clock.id(),
        from_id: of.id,
        into_id: of.id,
        seq: 1,
        at: NOW,
        staff_id: staff,
        kept: "{}".to_owned(),
        undone_at: None,
    };
    let note = about::Note {
        id: clock.id(),
        patron_id: of.patron_id,
        staff_id: staff,
        text: "Large print, please".to_owned(),
        at: NOW,
        changed_at: None,
    };
    patron_notes::insert(tx, &note).await?;
    let union = Union {
        id: clock.id(),
        from_id: of.patron_id,
        into_id: of.patron_id,
        at: NOW,
        staff_id: staff,
        same_address: false,
        checked: "card number seen".to_owned(),
        took_goes_by: false,
        took_pronouns: true,
        took_answer_by: false,
        undone_at: None,
    };
    unions::go(tx, &union).await?;
    merges::insert(tx, &merge).await?;
    merges::undo(tx, merge.id, NOW + 1).await?;
    let split = Split {
        id: clock.id(),
        from_id: of.id,
        into_id: of.id,
        home_id: of.id,
        seq: 1,
        at: NOW,
        staff_id: staff,
    };
    let saved_search = Saved {
        id: clock.id(),
        staff_id: staff,
        desk_id: Some(of.desk_id),
        name: "Late".to_owned(),
        query: "is:late".to_owned(),
        version: 1,
        created_at: NOW,
        changed_at: NOW,
    };
    saved::insert(tx, &saved_search).await?;
    splits::go(tx, &split, &[(message_id, of.id)], of.patron_id).await?;
    let part = Delivery {
        id: clock.id(),
        message_id,
        conversation_id: of.id,
        channel_id: of.channel_id,
        position: 0,
        part: "{}".to_owned(),
        state: delivery::State::Queued,
        release_at: NOW,
        due_at: NOW,
        tries: 0,
        external_id: None,
        reason: None,
        why: None,
        created_at: NOW,
        settled_at: None,
    };
    deliveries::insert(tx, &part).await?;
    let session = Session {
        id: clock.id(),
        staff_id: staff,
        created_at: NOW,
        last_seen_at: NOW,
        expires_at: NOW + 1,
        user_agent: String::new(),
        address: String::new(),
    };
    sessions::insert(tx, &session, b"session").await?;
    let token = Token {
        id: clock.id(),
        staff_id: staff,
        name: "Reports".to_owned(),
        created_at: NOW,
        revoked_at: None,
        scopes: Scopes::all(),
        last_used_at: None,
        expires_at: None,
    };
    sessions::insert_token(tx, &token, b"token").await?;
    sessions::insert_link(tx, b"link", staff, NOW, NOW + 1).await?;
    let signin = Signin {
        id: clock.id(),
        session_id: session.id,
        staff_id: staff,
        channel_id: Some(of.channel_id),
        stage: Stage::Failed,
        sealed: vec![0, 255, 39],
        why: Some("It was refused.".to_owned()),
        ends_at: NOW,
    };
    signins::insert(tx, &signin, b"state").await
}

fn folder() -> (TempDir, Blobs) {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::folder(folder.path()).unwrap();
    (folder, blobs)
}

/// Every row of a table as text, in an order of its own, as the engine itself writes it.
async fn rows_of(bed: &Bed, table: &str) -> Vec<String> {
    let mark = if table == "settings" { "WHERE name <> 'store_copy'" } else { "" };
    let mut rows: Vec<String> = if bed.is_shared() {
        let mut raw = PgConnection::connect(&bed.address).await.unwrap();
        let columns: Vec<(String, String)> = sqlx::query_as(
            "SELECT column_name::text, data_type::text FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name = $1 ORDER BY column_name",
        )
        .bind(table)
        .fetch_all(&mut raw)
        .await
        .unwrap();
        let shown = columns.iter().map(|(name, kind)| match kind.as_str() {
            "uuid" => format!("COALESCE(upper(replace({name}::text, '-', '')), '~')"),
            "bytea" => format!("COALESCE(upper(encode({name}, 'hex')), '~')"),
            "boolean" => format!("COALESCE({name}::int::text, '~')"),
            _ => format!("COALESCE({name}::text, '~')"),
        });
        let text = format!("SELECT {} FROM {table} {mark}", shown.collect::<Vec<_>>().join(" || '|' || "));
        sqlx::query_scalar(AssertSqlSafe(text)).fetch_all(&mut raw).await.unwrap()
    } else {
        let mut raw = SqliteConnection::connect(&bed.address).await.unwrap();
        let columns: Vec<(String, String)> =
            sqlx::query_as("SELECT name, type FROM pragma_table_info($1) ORDER BY name")
                .bind(table)
                .fetch_all(&mut raw)
                .await
                .unwrap();
        let shown = columns.iter().map(|(name, kind)| match kind.as_str() {
            "UUID" | "BYTEA" => format!("CASE WHEN {name} IS NULL THEN '~' ELSE hex({name}) END"),
            _ => format!("COALESCE(CAST({name} AS TEXT), '~')"),
        });
        let text = format!("SELECT {} FROM {table} {mark}", shown.collect::<Vec<_>>().join(" || '|' || "));
        sqlx::query_scalar(AssertSqlSafe(text)).fetch_all(&mut raw).await.unwrap()
    };
    rows.sort();
    rows
}

async fn assert_equal(one: &Bed, other: &Bed) {
    for table in TABLES {
        let (here, there) = (rows_of(one, table).await, rows_of(other, table).await);
        assert!(!here.is_empty(), "{table} is empty, so its copy proves nothing");
        assert_eq!(here, there, "{table}");
    }
}

async fn finds(db: &Db, house: &House, text: &str) -> usize {
    let query = Query {
        view: View::All,
        staff: house.ana.id,
        desk: None,
        channel: None,
        tag: None,
        sought: Some(parse(text, &Surroundings::nameless(house.ana.id, NOW))),
        now: NOW,
        limit: 10,
        after: None,
    };
    lists::conversations(&mut db.read().await.unwrap(), &query).await.unwrap().items.len()
}

async fn moves(from: &Bed, to: &Bed) {
    let (_folder, blobs) = folder();
    let house = fill(from, &blobs).await;
    let mut told = Vec::new();
    let counts =
        copy(from, to, &mut |table, done, of| told.push((table.to_owned(), done, of))).await.unwrap();
    assert_eq!(counts.len(), TABLES.len());
    assert!(counts.iter().all(|Copied { from, to, .. }| from == to && *from > 0), "{counts:?}");
    assert!(told.contains(&("messages".to_owned(), 500, 1_100)), "half-way was told: {told:?}");
    assert_equal(from, to).await;
    assert_eq!(finds(to, &house, "book 1099").await, 1, "words are indexed where they arrive");
    let found = check(to, &blobs, &mut |_| {}).await.unwrap();
    assert_eq!(found.wrong, Vec::<String>::new());

    // Once more: nothing is left to do, and what was done at the target since is not undone.
    to.write(|tx| async move { settings::set(tx, "retention", "30 days").await }.boxed()).await.unwrap();
    let again = copy(from, to, &mut |table, _, _| panic!("{table} is written again")).await.unwrap();
    assert_eq!(again, counts);
    let retention = settings::get(&mut to.read().await.unwrap(), "retention").await.unwrap();
    assert_eq!(retention.as_deref(), Some("30 days"));

    // The next number carries on.
    let number = to.write(|tx| async move { conversations::next_number(tx).await }.boxed()).await.unwrap().0;
    assert_eq!(number, 20_004);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_moves_to_a_server() {
    let Some(server) = Bed::postgres().await else { return };
    moves(&Bed::sqlite().await.unwrap(), &server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_moves_back_to_a_file() {
    let Some(server) = Bed::postgres().await else { return };
    moves(&server, &Bed::sqlite().await.unwrap()).await;
}

async fn goes_on(from: &Bed, to: &Bed) {
    let (_folder, blobs) = folder();
    let house = fill(from, &blobs).await;
    for stop_at in [("branches", 0), ("messages", 500), ("messages", 1_000), ("events", 500), ("settings", 0)]
    {
        let cut = tokio_util::sync::CancellationToken::new();
        let telling = cut.clone();
        let mut progress = move |table: &str, done: i64, _: i64| {
            if (table, done) == stop_at {
                telling.cancel();
            }
        };
        tokio::select! {
            biased;
            () = cut.cancelled() => {}
            done = copy(from, to, &mut progress) => panic!("{stop_at:?} was never reached: {done:?}"),
        }
    }
    let told: Arc<Mutex<Vec<i64>>> = Arc::default();
    let telling = told.clone();
    let counts = copy(from, to, &mut move |table, done, _| {
        if table == "messages" {
            telling.lock().unwrap().push(done);
        }
    })
    .await
    .unwrap();
    assert!(counts.iter().all(|Copied { from, to, .. }| from == to), "{counts:?}");
    assert_eq!(*told.lock().unwrap(), [1_100], "no message was sent again");
    assert_equal(from, to).await;
    assert_eq!(finds(to, &house, "book 3").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_copy_to_a_server_goes_on_where_it_was() {
    let Some(server) = Bed::postgres().await else { return };
    goes_on(&Bed::sqlite().await.unwrap(), &server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_copy_to_a_file_goes_on_where_it_was() {
    goes_on(&Bed::sqlite().await.unwrap(), &Bed::sqlite().await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_to_a_store_that_holds_something_else() {
    let (_folder, blobs) = folder();
    let (from, to) = (Bed::sqlite().await.unwrap(), Bed::sqlite().await.unwrap());
    let nobody = copy(&from, &to, &mut |_, _, _| {}).await.unwrap_err().to_string();
    assert!(nobody.contains("no library"), "{nobody}");
    fill(&from, &blobs).await;
    House::build(&to).await;
    let before = rows_of(&to, "staff").await;
    let occupied = copy(&from, &to, &mut |_, _, _| {}).await.unwrap_err().to_string();
    assert!(occupied.contains("not empty") && occupied.contains("libraries"), "{occupied}");
    assert_eq!(rows_of(&to, "staff").await, before);

    // Interrupted, and the source goes on meanwhile: what was copied is out of date.
    let to = Bed::sqlite().await.unwrap();
    let cut = tokio_util::sync::CancellationToken::new();
    let telling = cut.clone();
    let mut progress = move |table: &str, _: i64, _: i64| {
        if table == "events" {
            telling.cancel();
        }
    };
    tokio::select! {
        biased;
        () = cut.cancelled() => {}
        _ = copy(&from, &to, &mut progress) => panic!("it was not interrupted"),
    }
    let (id,): (uuid::Uuid,) = sqlx::query_as("SELECT id FROM conversations LIMIT 1")
        .fetch_one(&mut SqliteConnection::connect(&from.address).await.unwrap())
        .await
        .unwrap();
    let line = Appending {
        at: NOW,
        kind: Kind::Note,
        conversation_id: id,
        message_id: None,
        staff_id: None,
        actor_name: "Ana".to_owned(),
        detail: None,
    };
    from.write(move |tx| async move { events::append(tx, line).await }.boxed()).await.unwrap();
    let stale = copy(&from, &to, &mut |_, _, _| {}).await.unwrap_err().to_string();
    assert!(stale.contains("another time"), "{stale}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_finds_each_thing_that_was_spoilt() {
    for bed in [Bed::sqlite().await, Bed::postgres().await].into_iter().flatten() {
        let (place, blobs) = folder();
        fill(&bed, &blobs).await;
        assert_eq!(check(&bed, &blobs, &mut |_| {}).await.unwrap().wrong, Vec::<String>::new());
        let spoil = |text: &'static str| {
            let bed = &bed;
            async move {
                if bed.is_shared() {
                    let mut raw = PgConnection::connect(&bed.address).await.unwrap();
                    sqlx::raw_sql(text).execute(&mut raw).await.unwrap();
                } else {
                    let mut raw = SqliteConnection::connect(&bed.address).await.unwrap();
                    let text = format!("PRAGMA foreign_keys = off; {text}");
                    sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut raw).await.unwrap();
                }
            }
        };
        spoil("UPDATE tallies SET conversations = conversations + 1").await;
        spoil("UPDATE intake SET received = received + 1").await;
        spoil("DELETE FROM events WHERE seq = 70").await;
        spoil("UPDATE sequences SET value = 20002 WHERE name = 'conversation'").await;
        if bed.is_shared() {
            spoil("DELETE FROM said WHERE seq = 8").await;
        } else {
            spoil("UPDATE messages SET text = 'rewritten' WHERE seq = 8").await;
            spoil("DELETE FROM patrons").await;
        }
        std::fs::remove_dir_all(place.path()).unwrap();
        let found = check(&bed, &blobs, &mut |_| {}).await.unwrap();
        let wrong = found.wrong.join("\n");
        let mut expected = vec![
            "The tally of desk",
            "Ask us received 1, but 0 messages",
            "The history has 1099 lines from 1 to 1100",
            "1 conversations have numbers",
            "(27 bytes)",
        ];
        expected.extend(if bed.is_shared() {
            vec!["1 messages cannot be found by the words"]
        } else {
            vec!["1 messages cannot be found by the words", "refer to something in patrons"]
        });
        for expected in expected {
            assert!(wrong.contains(expected), "{expected}: {wrong}");
        }
        assert!(found.counts.contains(&("messages", 1_100)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_table_is_among_those_that_are_copied() {
    let bed = Bed::sqlite().await.unwrap();
    let mut raw = SqliteConnection::connect(&bed.address).await.unwrap();
    let mut tables: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' \
         AND name NOT IN ('_sqlx_migrations', 'message_words')",
    )
    .fetch_all(&mut raw)
    .await
    .unwrap();
    tables.sort();
    let mut copied: Vec<String> = TABLES.iter().map(|table| (*table).to_owned()).collect();
    copied.sort();
    assert_eq!(tables, copied);
}
