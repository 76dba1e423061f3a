//! Answers over the wire: what leaves, what is refused, what is found again.

use std::sync::Arc;

use bytes::Bytes;
use uuid::Uuid;

use super::{AMPLE, drain, once, texts};
use crate::conformance::enclose;
use crate::contract::{
    Channel, Draft, Enclosure, Failure, Key, Media, Part, Reason, Sent, Unfenced, Visibility,
};
use crate::facebook::fake::{Fake, NOW, named_by};
use crate::simulator::graph::Happened;
use crate::simulator::web::WebFault;
use crate::simulator::{Clock, Plan};

const DAY_MS: i64 = 86_400_000;

fn key(n: u128) -> Key {
    Key(Uuid::from_u128(n))
}

fn parts(channel: &dyn Channel, draft: &Draft) -> Vec<Part> {
    channel.deliver().unwrap().compose(draft, NOW).unwrap()
}

async fn send(channel: &dyn Channel, draft: &Draft, n: u128) -> Result<Sent, Failure> {
    let parts = parts(channel, draft);
    assert_eq!(parts.len(), 1);
    channel.deliver().unwrap().deliver(&parts[0], &key(n), &Unfenced).await
}

fn file(kind: &str, name: &str) -> Enclosure {
    enclose(name, kind, &b"bytes of a file"[..])
}

#[tokio::test]
async fn an_answer_carries_the_name_of_its_delivery() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let sent = send(&*channel, &fake.draft("We open at nine."), 5).await.unwrap();
    let taken = fake.taken();
    assert_eq!(named_by(&taken[0]), Some(key(5)));
    assert!(matches!(&taken[0], Happened::Taken { id, .. } if Some(id) == sent.id.as_ref()));
    assert_eq!(fake.patron.heard()[0].text, "We open at nine.");
}

#[tokio::test]
async fn words_and_files_go_as_messages_of_their_own() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let mut draft = fake.draft(&format!("{}\n\n{}", "é".repeat(1990), "🦉".repeat(1500)));
    draft.enclosures = vec![file("image/png", "plan.png"), file("application/pdf", "form é.pdf")];
    let parts = parts(&*channel, &draft);
    for (n, part) in parts.iter().enumerate() {
        channel.deliver().unwrap().deliver(part, &key(n as u128), &Unfenced).await.unwrap();
    }
    let heard = fake.patron.heard();
    let files: Vec<_> = heard.iter().filter_map(|heard| heard.file.clone()).collect();
    assert_eq!(files, ["plan.png", "form é.pdf"]);
    assert_eq!(
        (heard[0].text.as_str(), heard[1].text.as_str()),
        ("é".repeat(1990).as_str(), "🦉".repeat(1500).as_str())
    );
    assert_eq!(parts[3].text, "form é.pdf", "the timeline names the file");
    let size = |taken: Happened| match taken {
        Happened::Taken { files, .. } => files,
        other => panic!("{other:?}"),
    };
    let sizes: Vec<usize> = fake.taken().into_iter().flat_map(size).collect();
    assert_eq!(sizes, [15, 15], "the platform wrote down what it took");
}

#[tokio::test]
async fn an_answer_after_a_day_carries_the_mark_and_one_after_a_week_is_refused() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let deliver = channel.deliver().unwrap();
    let part = &parts(&*channel, &fake.draft("Sorry for the wait."))[0];
    fake.clock.advance(2 * DAY_MS);
    deliver.deliver(part, &key(1), &Unfenced).await.unwrap();
    let asked = fake.platform.ledger().pick(|line| line.what.asked().map(|asked| asked.body.clone()));
    assert!(asked.iter().any(|body| body.contains("HUMAN_AGENT") && body.contains("MESSAGE_TAG")));
    fake.clock.advance(6 * DAY_MS);
    let late = deliver.deliver(part, &key(2), &Unfenced).await;
    assert!(matches!(late, Err(Failure::Permanent { reason: Reason::WindowClosed, .. })), "{late:?}");
    fake.patron.write(&fake.page.id, "Are you still there?");
    let mut again = fake.draft("Yes!");
    again.patron_wrote_at = Some(fake.clock.now_ms());
    assert!(send(&*channel, &again, 3).await.is_ok(), "the window opens when they write");
}

#[tokio::test]
async fn without_metas_approval_late_answers_say_what_to_change() {
    let fake = Fake::with(|options| options.human_agent = false).await;
    let channel = fake.channel();
    let part = &parts(&*channel, &fake.draft("Sorry for the wait."))[0];
    fake.clock.advance(2 * DAY_MS);
    let refused = channel.deliver().unwrap().deliver(part, &key(1), &Unfenced).await;
    let Err(Failure::Permanent { reason: Reason::WindowClosed, why }) = refused else {
        panic!("{refused:?}")
    };
    assert!(why.contains("Human Agent"), "{why}");
}

#[tokio::test]
async fn a_comment_is_answered_in_public_as_often_as_wanted_and_once_in_private() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let comment = fake.patron.comment(&fake.post, "May I bring my dog?").unwrap();
    let thread = format!("comment:{comment}");
    for n in 0..2 {
        send(&*channel, &fake.public(&thread, &comment, "Guide dogs, yes."), n).await.unwrap();
    }
    assert_eq!(fake.patron.heard()[1].under.as_deref(), Some(comment.as_str()));
    let private =
        Draft { visibility: Visibility::Private, ..fake.public(&thread, &comment, "For you, yes.") };
    send(&*channel, &private, 7).await.unwrap();
    assert_eq!(fake.patron.heard()[2].under, None, "it came in Messenger");
    let twice = send(&*channel, &private, 8).await;
    assert!(matches!(twice, Err(Failure::Permanent { .. } | Failure::Ambiguous { .. })), "{twice:?}");
    assert_eq!(fake.taken().len(), 3);
    let (all, _) = drain(
        &*channel,
        "comments",
        Some(crate::contract::Cursor(serde_json::json!({"v": 1, "mark": 0, "floor": 0, "given": []}))),
        AMPLE,
    )
    .await;
    assert_eq!(
        texts(&all).iter().filter(|text| text.starts_with("echo: Guide dogs")).count(),
        2,
        "seen as ours"
    );
}

#[tokio::test]
async fn a_public_answer_can_show_a_picture() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let comment = fake.patron.comment(&fake.post, "Where is the ramp?").unwrap();
    let mut draft = fake.public(&format!("comment:{comment}"), &comment, "Here:");
    draft.enclosures = vec![file("image/jpeg", "ramp.jpg")];
    send(&*channel, &draft, 1).await.unwrap();
    draft.enclosures = vec![file("application/pdf", "ramp.pdf")];
    let refused = channel.deliver().unwrap().compose(&draft, NOW).unwrap_err();
    assert_eq!(refused.reason, Reason::BadAttachment);
}

#[tokio::test]
async fn a_lost_answer_is_found_and_never_sent_twice() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let deliver = channel.deliver().unwrap();
    let comment = fake.patron.comment(&fake.post, "And tomorrow?").unwrap();
    let thread = format!("comment:{comment}");
    let private =
        Draft { visibility: Visibility::Private, ..fake.public(&thread, &comment, "Just for you: at ten.") };
    let mut with_file = fake.draft("");
    with_file.enclosures = vec![file("image/png", "plan.png")];
    let drafts = [fake.draft("At ten."), fake.public(&thread, &comment, "At ten!"), private, with_file];
    for (n, draft) in drafts.iter().enumerate() {
        let part = &parts(&*channel, draft)[0];
        fake.platform.faults().switch_on(Plan::new(WebFault::Lost).times(1));
        let lost = deliver.deliver(part, &key(n as u128), &Unfenced).await;
        assert!(matches!(lost, Err(Failure::Ambiguous { .. })), "{lost:?}");
        let found = deliver.find(part, &key(n as u128)).await;
        let Ok(Some(Sent { id: Some(id), .. })) = found else { panic!("{n}: {found:?}") };
        assert!(matches!(&fake.taken()[n], Happened::Taken { id: taken, .. } if *taken == id));
        // Found once, it is known: a second try is none.
        assert_eq!(deliver.deliver(part, &key(n as u128), &Unfenced).await.unwrap().id, Some(id));
    }
    assert_eq!(fake.taken().len(), drafts.len());
}

#[tokio::test]
async fn a_private_answer_that_surely_never_left_may_be_sent_again() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let comment = fake.patron.comment(&fake.post, "And tomorrow?").unwrap();
    let draft = Draft {
        visibility: Visibility::Private,
        ..fake.public(&format!("comment:{comment}"), &comment, "At ten.")
    };
    let part = &parts(&*channel, &draft)[0];
    let deliver = channel.deliver().unwrap();
    fake.platform.faults().switch_on(Plan::new(WebFault::Reset).times(1));
    assert!(deliver.deliver(part, &key(1), &Unfenced).await.is_err());
    assert_eq!(deliver.find(part, &key(1)).await.unwrap(), None);
}

#[tokio::test]
async fn the_same_words_twice_are_left_to_a_person() {
    let fake = Fake::start().await;
    let part = {
        let channel = fake.channel();
        for n in 0..2 {
            send(&*channel, &fake.draft("You are welcome."), n).await.unwrap();
        }
        parts(&*channel, &fake.draft("You are welcome.")).remove(0)
    };
    // Another process knows nothing of the two.
    let found = fake.channel().deliver().unwrap().find(&part, &key(9)).await;
    assert!(matches!(found, Err(Failure::Ambiguous { .. })), "{found:?}");
}

#[tokio::test]
async fn each_documented_refusal_leads_to_its_own_next_step() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let part = &parts(&*channel, &fake.draft("At ten."))[0];
    type Right = fn(&Failure) -> bool;
    let cases: [(i64, i64, Right); 9] = [
        (10, 2_018_278, |failure| matches!(failure, Failure::Permanent { reason: Reason::WindowClosed, .. })),
        (551, 1_545_041, |failure| {
            matches!(failure, Failure::Permanent { reason: Reason::RecipientUnavailable, .. })
        }),
        (100, 2_018_001, |failure| {
            matches!(failure, Failure::Permanent { reason: Reason::RecipientUnavailable, .. })
        }),
        (10, 1_893_063, |failure| matches!(failure, Failure::AccountBlocked { .. })),
        (200, 0, |failure| matches!(failure, Failure::AccountBlocked { .. })),
        (190, 460, |failure| matches!(failure, Failure::NeedsSignin { .. })),
        (613, 0, |failure| matches!(failure, Failure::RateLimited { .. })),
        (80_006, 0, |failure| matches!(failure, Failure::RateLimited { .. })),
        (2, 0, |failure| matches!(failure, Failure::Transient { .. })),
    ];
    for (n, (code, subcode, right)) in cases.into_iter().enumerate() {
        fake.platform.refuse_next(code, subcode);
        let failure = channel.deliver().unwrap().deliver(part, &key(n as u128), &Unfenced).await.unwrap_err();
        assert!(right(&failure), "{code}/{subcode}: {failure:?}");
    }
    assert!(fake.taken().is_empty(), "none of these was taken");
}

#[tokio::test]
async fn an_echo_may_be_called_out_before_the_answer_is_given() {
    let fake = Fake::with(|options| options.echo_first = true).await;
    let channel = fake.channel();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let came: Arc<std::sync::Mutex<Vec<_>>> = Arc::default();
    let (ours, kept) = (channel.clone(), came.clone());
    let router = axum::Router::new().fallback(
        move |uri: axum::http::Uri,
              headers: axum::http::HeaderMap,
              method: axum::http::Method,
              body: Bytes| async move {
            let headers: Vec<_> = headers
                .iter()
                .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
                .collect();
            let url = format!("https://desk.example{uri}");
            let request = crate::contract::Receiving {
                method: method.as_str(),
                url: &url,
                headers: &headers,
                body: &body,
                now: 0,
            };
            let received = ours.webhook().unwrap().receive(&request).unwrap();
            kept.lock().unwrap().extend(received.envelopes);
            received.reply.map(|reply| reply.body).unwrap_or_default()
        },
    );
    tokio::spawn(async move { axum::serve(listener, router).await });
    channel.webhook().unwrap().ensure_subscribed(&url).await.unwrap();
    let part = parts(&*channel, &fake.draft("At ten.")).remove(0);
    let seen_first = {
        let sent = channel.deliver().unwrap().deliver(&part, &key(3), &Unfenced).await.unwrap();
        let came = came.lock().unwrap();
        let echo = came.iter().find_map(|envelope: &crate::contract::Envelope| match &envelope.event {
            crate::contract::Event::Echo(echo) => Some(echo.clone()),
            _ => None,
        });
        let echo = echo.expect("it was called out before the answer");
        assert_eq!(echo.id, sent.id);
        echo.thread.proven
    };
    assert_eq!(seen_first, [key(3)], "it names the delivery by itself");
}

#[tokio::test]
async fn a_file_is_fetched_and_asked_for_anew_when_its_address_has_run_out() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let start = once(&*channel, "messages", None).await.unwrap().next;
    fake.clock.advance(60_000);
    fake.patron.send_file(&fake.page.id, "image/png", "page.png", b"a torn page".to_vec());
    let batch = once(&*channel, "messages", Some(&start)).await.unwrap();
    let crate::contract::Event::Message(said) = &batch.envelopes[0].event else { panic!("{batch:?}") };
    let crate::contract::Content::There { reference, size } = &said.attachments[0].content else {
        panic!("{said:?}")
    };
    assert_eq!((*size, said.attachments[0].filename.as_deref()), (Some(11), Some("page.png")));
    let media: &dyn Media = channel.media().unwrap();
    for run_out in [false, true] {
        if run_out {
            fake.platform.let_files_run_out();
        }
        let file = media.fetch(reference, 1000).await.unwrap();
        assert_eq!((file.bytes.as_ref(), file.content_type.as_str()), (&b"a torn page"[..], "image/png"));
    }
    let large = media.fetch(reference, 5).await;
    assert!(matches!(large, Err(Failure::Permanent { .. })), "{large:?}");
    let elsewhere = r#"{"url":"http://169.254.169.254/latest","nth":0}"#;
    assert!(media.fetch(elsewhere, 1000).await.is_err(), "only the hosts of the settings");
    assert!(media.fetch("nonsense", 1000).await.is_err());
}
