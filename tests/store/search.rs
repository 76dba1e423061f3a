//! Finding what was said.

use super::bed::{Bed, House, NOW, conversation, each_engine, message, patron};
use deskbell::model::conversation::{Conversation, State, View};
use deskbell::model::search::{Surroundings, parse};
use deskbell::store::lists::{self, Query};
use deskbell::store::{Error, conversations, messages, search};
use sqlx::{Connection, Executor, PgConnection, SqliteConnection};

/// Keeps conversations, numbered from 1, each with these messages (subject, text).
async fn said(bed: &Bed, house: &House, said: &[&[(&str, &str)]]) -> Vec<Conversation> {
    let (patron, address) = patron(bed, "Zoë Ångström", "zoe.a@patrons.example").await;
    let mut rows: Vec<Conversation> =
        (1..).zip(said).map(|(number, _)| conversation(house, &patron, number)).collect();
    let mut all = Vec::new();
    for (row, said) in rows.iter_mut().zip(said) {
        for (subject, text) in *said {
            row.seq = i64::try_from(all.len()).unwrap() + 1;
            all.push(message(row, &address, row.seq, subject, text));
        }
    }
    let kept = rows.clone();
    bed.write(move |tx| {
        Box::pin(async move {
            for row in &kept {
                conversations::insert(tx, row).await?;
            }
            for message in &all {
                messages::insert(tx, message).await?;
                search::index(tx, message.seq).await?;
            }
            Ok::<_, Error>(())
        })
    })
    .await
    .unwrap();
    rows
}

fn asking(house: &House, view: View, text: &str) -> Query {
    Query {
        view,
        staff: house.ana.id,
        desk: None,
        channel: None,
        tag: None,
        sought: Some(parse(text, &Surroundings::nameless(house.ana.id, NOW))),
        now: NOW,
        limit: 50,
        after: None,
    }
}

/// Page after page: one may end before it is full.
async fn finds(bed: &Bed, query: &Query) -> Vec<i64> {
    let mut conn = bed.read().await.unwrap();
    let (mut query, mut found) = (query.clone(), Vec::new());
    loop {
        let page = lists::conversations(&mut conn, &query).await.unwrap();
        found.extend(page.items.iter().map(|row| row.number));
        query.after = page.next;
        if page.next.is_none() {
            return found;
        }
    }
}

each_engine! {
    async fn words_are_found_whatever_their_case_accents_and_order(bed: Bed) {
        let house = House::build(&bed).await;
        said(&bed, &house, &[
            &[("Öffnungszeiten", "Wann hat das Café am Sonntag offen?")],
            &[("Opening hours", "Is the reading room open on Sunday?")],
            &[("図書館の開館時間", "日曜日は開いていますか")],
            &[("Renewal", "e\u{301}tude no. 5, call number ML-410.B1")],
        ])
        .await;
        for (typed, expected) in [
            ("cafe", vec![1]),
            ("CAFÉ", vec![1]),
            ("offnungszeiten", vec![1]),
            ("sunday room", vec![2]),
            ("hours sunday", vec![2]),
            ("sund", vec![2]),
            ("sund ", vec![]),
            ("roo sunday", vec![]),
            ("étude", vec![4]),
            ("etude ml 410", vec![4]),
            ("ml-410.b1", vec![4]),
            ("日曜日", vec![3]),
            ("sunday cafe", vec![]),
            ("zoe angstrom", vec![4, 3, 2, 1]),
            ("zoe.a@patrons.example", vec![4, 3, 2, 1]),
            ("\" OR *", vec![]),
            ("' | !x & <->", vec![]),
            ("?!", vec![]),
        ] {
            assert_eq!(finds(&bed, &asking(&house, View::All, typed)).await, expected, "{typed}");
        }
    }

    async fn a_conversation_is_found_once_at_its_newest_match_and_only_in_the_view(bed: Bed) {
        let house = House::build(&bed).await;
        let rows = said(&bed, &house, &[
            &[("a", "renew"), ("b", "thanks"), ("c", "renew again")],
            &[("a", "renew")],
            &[("a", "nothing")],
            &[("a", "renew"), ("b", "renew"), ("c", "renew")],
        ])
        .await;
        let before = rows[1].clone();
        bed.write(move |tx| {
            Box::pin(async move {
                let after = Conversation { state: State::Done, ..before.clone() };
                conversations::update(tx, &before, &after).await
            })
        })
        .await
        .unwrap();
        assert_eq!(finds(&bed, &asking(&house, View::All, "renew")).await, [4, 2, 1]);
        assert_eq!(finds(&bed, &asking(&house, View::Unclaimed, "renew")).await, [4, 1]);
        assert_eq!(finds(&bed, &asking(&house, View::Done, "renew")).await, [2]);
        let other_desk = Query { desk: Some(house.children.id), ..asking(&house, View::All, "renew") };
        assert!(finds(&bed, &other_desk).await.is_empty());

        let paged = finds(&bed, &Query { limit: 1, ..asking(&house, View::All, "renew") }).await;
        assert_eq!(paged, [4, 2, 1], "a page at a time");
    }

    async fn a_seldom_word_is_found_under_many_others(bed: Bed) {
        let house = House::build(&bed).await;
        let many = ("Loan", "Please renew my loan");
        let seldom = ("Map", "Do you have the harbour chart of 1871?");
        let mut all: Vec<Vec<(&str, &str)>> = vec![vec![seldom]];
        all.extend((0..6).map(|_| vec![many; 1_000]));
        let all: Vec<&[(&str, &str)]> = all.iter().map(Vec::as_slice).collect();
        said(&bed, &house, &all).await;
        assert_eq!(finds(&bed, &asking(&house, View::All, "chart 1871")).await, [1]);
        assert_eq!(finds(&bed, &asking(&house, View::All, "renew")).await, [7, 6, 5, 4, 3, 2]);
    }

    async fn what_was_said_before_words_were_kept_is_found_bit_by_bit_and_the_newest_first(bed: Bed) {
        let house = House::build(&bed).await;
        said(&bed, &house, &[&[("a", "renew")], &[("b", "renew")], &[("c", "renew")]]).await;
        let forget = "DELETE FROM said; INSERT INTO message_words (seq) VALUES (1), (2), (3)";
        if bed.is_shared() {
            let text = "DELETE FROM said; INSERT INTO message_words (seq, words) VALUES (1, ''), (2, ''), (3, '')";
            sqlx::raw_sql(text).execute(&mut PgConnection::connect(&bed.address).await.unwrap()).await.unwrap();
        } else {
            sqlx::raw_sql(forget).execute(&mut SqliteConnection::connect(&bed.address).await.unwrap()).await.unwrap();
        }
        let all = asking(&house, View::All, "renew");
        for (found, left) in [(vec![], Some(NOW)), (vec![3, 2], Some(NOW)), (vec![3, 2, 1], None)] {
            assert_eq!(finds(&bed, &all).await, found);
            let since = search::complete_since(&mut bed.read().await.unwrap()).await.unwrap();
            assert_eq!(since, left);
            search::read_some(&bed, 2).await.unwrap();
        }
        assert_eq!(search::read_some(&bed, 2).await.unwrap(), 0);
    }

    async fn a_mail_of_hostile_words_is_indexed_all_the_same(bed: Bed) {
        let house = House::build(&bed).await;
        let endless = "\u{fdfa}".repeat(5_000);
        let different: String = (0..60_000).map(|n| format!("word{n} ")).collect();
        said(&bed, &house, &[&[("found", &endless)], &[("found", &different)], &[("found", "'\\ \u{1} \u{301}")]]).await;
        assert_eq!(finds(&bed, &asking(&house, View::All, "found")).await, [3, 2, 1]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_removed_leaves_no_byte_of_its_words_in_the_file() {
    let bed = Bed::sqlite().await.unwrap();
    let house = House::build(&bed).await;
    let fill: Vec<(&str, &str)> = vec![("Loan", "Please renew my loan"); 200];
    said(&bed, &house, &[&fill, &[("zyzzyvas", "quetzalcoatlus")], &fill]).await;
    let path = bed.address.trim_start_matches("sqlite:").to_owned();
    let occurs = |word: &str| {
        let holds = |file: &str| {
            let bytes = std::fs::read(file).unwrap_or_default();
            bytes.windows(word.len()).any(|window| window == word.as_bytes())
        };
        holds(&path) || holds(&format!("{path}-wal"))
    };
    assert!(occurs("zyzzyvas") && occurs("quetzalcoatlus"), "it was there");
    bed.write(|tx| Box::pin(async move { search::remove(tx, 201).await })).await.unwrap();
    let mut raw = SqliteConnection::connect(&bed.address).await.unwrap();
    raw.execute("PRAGMA secure_delete = on; DELETE FROM messages WHERE seq = 201").await.unwrap();
    raw.close().await.unwrap();
    assert!(finds(&bed, &asking(&house, View::All, "zyzzyvas")).await.is_empty());
    bed.close().await;
    assert!(!occurs("zyzzyvas") && !occurs("quetzalcoatlus"), "its words are still in the file");
}
