//! One small library in many languages, and what is found in it: worked out by hand, the same on both engines.

use deskbell::model::Millis;
use deskbell::model::conversation::{Conversation, State, View, Visibility};
use deskbell::model::draft::{self, Draft};
use deskbell::model::message::{Direction, Kind, Message};
use deskbell::model::search::{Names, Surroundings, parse};
use deskbell::store::lists::{self, Query};
use deskbell::store::{conversations, drafts, messages, search, tags};
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::bed::{Bed, House, NOW, conversation, each_engine, message, patron};

const DAY: Millis = 86_400_000;

/// Who, and what they said: subject, text. Numbered from 1.
const SAID: [(&str, &str, &str); 20] = [
    ("Zoë Ångström", "Öffnungszeiten", "Wann hat das Café am Sonntag geöffnet? Grüße aus Łódź."),
    ("Amara Okafor", "Kindle and holds", "My Kindle won't open the e-book. It says: hold expired."),
    ("Amara Okafor", "Large print", "Jane Eyre in large print? This print is not large enough."),
    ("Σοφία Παππά", "Ωράριο", "Πότε ανοίγει η βιβλιοθήκη στην ΟΔΟΣ Αθηνάς;"),
    ("Пётр Ёлкин", "Книга", "Где моя книга про ёжика и йод?"),
    ("أحمد", "كتاب", "أين كِتَابٌ التاريخ؟ رقم ٤٢"),
    ("山田", "図書館の開館時間", "日曜日は開いていますか。"),
    ("李", "借书证", "我想要新的借书证。"),
    ("Kofi", "Party 🎉", "Thanks 👍🏽 and ❤️"),
    ("Máire O'Brien", "Don't renew", "It is my mother-in-law's. Livres de l'école."),
    ("Ines", "Address", "Write to zoe.a@patrons.example or ill-desk@harbour.example."),
    ("Piotr", "Call me", "+49 (30) 1234-567, or 030 1234567, ext. 42"),
    ("Rosa", "Link", "https://harbour.example/hours?day=sun#top and www.harbour.example"),
    ("Efua", "Shelf mark", "813.54 or ISBN 978-0-14-143955-6, paid 1.000,50 on 2026-10-01"),
    ("Jón Þór", "Straße", "smørrebrød, encyclopædia, İstanbul, naïve, STRASSE"),
    ("สมชาย", "ห้องสมุด", "ห้องสมุดเปิดกี่โมง"),
    ("김민수", "도서관", "도서관 시간"),
    ("आशा", "हिन्दी", "हिन्दी किताब"),
    ("Winner", "Kindle casino", "You won a kindle"),
    ("Bo", "Long", "a e-reader: e reader, ereader"),
];

/// What is typed, and the numbers of what is found, newest first.
const FOUND: &[(&str, &[i64])] = &[
    // Case, accents and letters of their own.
    ("cafe", &[1]),
    ("CAFÉ", &[1]),
    ("cafe\u{301}", &[1]),
    ("geoffnet", &[1]),
    ("grusse", &[1]),
    ("gruesse", &[]),
    ("lodz", &[1]),
    ("Łódź", &[1]),
    ("strasse", &[15]),
    ("Straße", &[15]),
    ("smorrebrod", &[15]),
    ("encyclopaedia", &[15]),
    ("istanbul", &[15]),
    ("thor", &[15]),
    ("naive", &[15]),
    // Other scripts.
    ("οδός", &[4]),
    ("βιβλιοθηκη", &[4]),
    ("ёжика", &[5]),
    ("ежика", &[5]),
    ("книга", &[5]),
    ("елкин", &[5]),
    ("كتاب", &[6]),
    ("احمد", &[6]),
    ("42", &[12, 6]),
    ("٤٢", &[12, 6]),
    ("日曜日", &[7]),
    ("曜日", &[7]),
    ("図書", &[7]),
    ("書図", &[]),
    ("開館時間", &[7]),
    ("借书", &[8]),
    ("证", &[8]),
    ("ห้องสมุด", &[16]),
    ("เปิด", &[16]),
    ("도서", &[17]),
    ("\"도서\"", &[]),
    ("हिन्दी", &[18]),
    ("किताब", &[18]),
    // Pictographs.
    ("🎉", &[9]),
    ("👍", &[9]),
    ("❤", &[9]),
    ("👎", &[]),
    // Apostrophes, hyphens, dots and everything else that parts words.
    ("don't", &[10]),
    ("don\u{2019}t", &[10]),
    ("dont", &[]),
    ("ecole", &[10]),
    ("l'école", &[10]),
    ("mother-in-law", &[10]),
    ("law in mother", &[10]),
    ("law-in-mother", &[]),
    ("o'brien", &[10]),
    ("e-book", &[2]),
    ("e-reader", &[20]),
    ("ereader", &[20]),
    ("zoe.a@patrons.example", &[11]),
    ("harbour.example", &[13, 11]),
    ("desk@harbour.example", &[11]),
    ("https://harbour.example/hours", &[13]),
    ("day=sun", &[13]),
    ("1234-567", &[12]),
    ("1234567", &[12]),
    ("813.54", &[14]),
    ("54.813", &[]),
    ("978-0-14-143955-6", &[14]),
    ("1.000,50", &[14]),
    ("2026-10-01", &[14]),
    // The last word may go on; one of two letters must be whole.
    ("kind", &[1, 13, 2]),
    ("kin le", &[]),
    ("ki", &[]),
    ("an", &[]),
    ("exp", &[2]),
    ("\"exp\"", &[]),
    // Phrases, what is not to be said, one or the other.
    ("\"large print\"", &[3]),
    ("\"print large\"", &[]),
    ("print large", &[3]),
    ("\"large enough", &[3]),
    ("kindle", &[1, 13, 2]),
    ("kindle -hold", &[1, 13]),
    ("kindle -webmaster", &[1, 2]),
    ("-\"large print\" from:amara", &[2]),
    ("cafe OR книга OR \"jane eyre\"", &[5, 3, 1]),
    ("kindle hold OR danke", &[1, 2]),
    ("kindle or hold", &[]),
    ("hold OR is:done", &[10, 2]),
    ("hold -hold", &[]),
    ("NEAR(kindle) * ^ {", &[]),
    ("?!", &[]),
    // People.
    ("from:amara", &[3, 2]),
    ("from:amara hold", &[2]),
    ("from:ana", &[2]),
    ("from:zoe", &[1]),
    ("from:bryan", &[13]),
    ("to:amara", &[2]),
    ("to:ana", &[]),
    ("from:okafor is:late -unicorn \"kindle\"", &[2]),
    // Where it stands.
    ("is:late", &[2]),
    ("is:mine", &[2]),
    ("owner:me", &[2]),
    ("owner:bryan", &[3]),
    ("owner:none -is:done -is:snoozed is:urgent", &[9]),
    ("owner:zed", &[]),
    ("is:waiting", &[3]),
    ("is:done", &[10]),
    ("is:snoozed", &[12]),
    ("is:public", &[9]),
    ("is:urgent", &[9]),
    ("is:spam", &[19]),
    ("casino", &[]),
    ("casino is:spam", &[19]),
    ("casino -is:spam", &[]),
    ("is:late -is:mine", &[]),
    ("is:due from:kofi", &[9]),
    ("desk:children", &[3]),
    ("desk:child print", &[3]),
    ("branch:central from:rosa", &[13]),
    ("channel:\"ask us\" from:rosa", &[13]),
    ("channel:nowhere from:rosa", &[]),
    ("tag:\"large print\"", &[14]),
    ("-tag:\"large print\" has:file", &[]),
    ("has:file", &[14]),
    ("has:note", &[13]),
    ("has:draft", &[11]),
    ("unicorn", &[]),
    ("webmaster", &[13]),
    ("has:followup", &[15]),
    // When.
    ("before:2026-09", &[1]),
    ("on:2026-08-22", &[1]),
    ("on:2026-08-22 kindle", &[]),
    ("on:2026-09-30", &[3]),
    ("after:2026-09-30 print", &[]),
    ("after:2026-09-29 print", &[3]),
    ("on:today kindle", &[1, 13, 2]),
    ("on:yesterday", &[3]),
    ("-on:today", &[3, 1]),
    ("on:2025", &[]),
];

struct Library {
    house: House,
    around: Surroundings,
}

/// Every conversation above, and what became of some.
async fn fill(bed: &Bed) -> Library {
    let house = House::build(bed).await;
    let tag = tags_of(bed).await;
    let (mut rows, mut all) = (Vec::new(), Vec::new());
    let mut seq = 0;
    for (number, (who, subject, text)) in (1..).zip(SAID) {
        let (patron, address) = patron(bed, who, &format!("{number}@nowhere.example")).await;
        let mut row = conversation(&house, &patron, number);
        become_of(&mut row, &house, tag);
        let mut say = |row: &Conversation, change: &dyn Fn(&mut Message), subject: &str, text: &str| {
            seq += 1;
            let mut said = message(row, &address, seq, subject, text);
            change(&mut said);
            all.push(said);
        };
        let days_ago = [(1, 40), (3, 1)].iter().find(|(of, _)| *of == number).map_or(0, |(_, days)| *days);
        say(&row, &|said| said.at = NOW - days_ago * DAY, subject, text);
        if number == 2 {
            let answered = |said: &mut Message| {
                (said.direction, said.kind, said.author_name) =
                    (Direction::Out, Kind::Reply, "Ana Lima".to_owned());
            };
            say(&row, &answered, "", "Please borrow it again.");
        }
        if number == 13 {
            let noted = |said: &mut Message| {
                (said.direction, said.kind, said.author_name) =
                    (Direction::Inside, Kind::Note, "Bryan Cole".to_owned());
                (said.address_id, said.channel_id) = (None, None);
            };
            say(&row, &noted, "", "Ask the webmaster about the kindle page");
        }
        row.seq = seq;
        rows.push((row, address));
    }
    rows[0].0.seq = 100;
    let (first, address) = rows[0].clone();
    all.push(message(&first, &address, 100, "", "Danke, the kindle works now"));
    let (ana, writing) = (house.ana.id, rows[10].0.id);
    bed.write(move |tx| {
        Box::pin(async move {
            for (row, _) in &rows {
                conversations::insert(tx, row).await?;
            }
            for message in &all {
                messages::insert(tx, message).await?;
                search::index(tx, message.seq).await?;
            }
            let draft = Draft {
                conversation_id: writing,
                kind: draft::Kind::Reply,
                text: "A unicorn answers".to_owned(),
                caret: 0,
                changed_at: NOW,
            };
            drafts::put(tx, ana, &draft).await?;
            tags::mark(tx, tag, rows[13].0.id, true).await
        })
    })
    .await
    .unwrap();
    let called =
        |names: &[(&str, Uuid)]| Names(names.iter().map(|(name, id)| ((*name).to_owned(), *id)).collect());
    let desks = [house.reference.id, house.children.id];
    let around = Surroundings {
        zone: TimeZone::get("Europe/Berlin").unwrap(),
        staff: called(&[("Ana Lima", house.ana.id), ("Bryan Cole", house.bryan.id)]),
        desks: called(&[("Reference", desks[0]), ("Children", desks[1])]),
        branches: called(&[("Central", desks[0]), ("Central", desks[1])]),
        channels: called(&[("Ask us", house.channel.id)]),
        tags: called(&[("Large print", tag)]),
        ..Surroundings::nameless(house.ana.id, NOW)
    };
    Library { house, around }
}

async fn tags_of(bed: &Bed) -> Uuid {
    let tag = deskbell::model::tag::Tag {
        id: Uuid::from_u128(77),
        name: "Large print".to_owned(),
        created_at: NOW,
        removed_at: None,
    };
    let id = tag.id;
    bed.write(move |tx| Box::pin(async move { tags::insert(tx, &tag).await })).await.unwrap();
    id
}

fn become_of(row: &mut Conversation, house: &House, tag: Uuid) {
    match row.number {
        2 => (row.owner_id, row.due_at) = (Some(house.ana.id), NOW - 1),
        3 => {
            (row.owner_id, row.desk_id, row.state) = (Some(house.bryan.id), house.children.id, State::Waiting)
        }
        9 => (row.visibility, row.urgent) = (Visibility::Public, true),
        10 => row.state = State::Done,
        12 => (row.state, row.snoozed_until) = (State::Snoozed, Some(NOW + DAY)),
        14 => (row.has_attachments, row.tags) = (true, tag.to_string()),
        15 => row.follow_up_at = Some(NOW + DAY),
        19 => row.state = State::Spam,
        _ => {}
    }
}

async fn finds(bed: &Bed, library: &Library, typed: &str, limit: usize) -> Vec<i64> {
    let mut query = Query {
        view: View::All,
        staff: library.house.ana.id,
        desk: None,
        channel: None,
        tag: None,
        sought: Some(parse(typed, &library.around)),
        now: NOW,
        limit,
        after: None,
    };
    let mut conn = bed.read().await.unwrap();
    let mut found = Vec::new();
    loop {
        let page = lists::conversations(&mut conn, &query).await.unwrap();
        assert!(page.items.len() <= limit);
        found.extend(page.items.iter().map(|row| row.number));
        query.after = page.next;
        if page.next.is_none() {
            return found;
        }
    }
}

each_engine! {
    async fn every_script_and_operator_finds_what_was_worked_out_by_hand(bed: Bed) {
        let library = fill(&bed).await;
        let mut wrong = Vec::new();
        for (typed, expected) in FOUND {
            for limit in [50, 1] {
                let found = finds(&bed, &library, typed, limit).await;
                if found != *expected {
                    wrong.push(format!("{typed}, {limit} at a time: {found:?} and not {expected:?}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(FOUND.len() > 100);
    }
}
