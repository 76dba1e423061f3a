use axum::body::Body;
use axum::http::{Request, header};
use bytes::Bytes;
use connectors::contract::{Enclosure, Failure, Files};
use deskbell::channel::files::door;
use deskbell::config::BlobPlace;
use deskbell::outbound::upload::{self, LARGEST_BYTES};
use deskbell::store::check;
use deskbell::store::uploads::{self, Upload};
use serde_json::{Value, json};

use super::replies::connect;
use crate::support::app::{Answer, Client, TestApp, on_each_engine};

const DAY_MS: i64 = 24 * 3_600_000;

/// A picture of so many bytes, no two of which are alike for long.
fn picture(size: usize) -> Bytes {
    let noise = (0_u32..).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[0]);
    b"\x89PNG\r\n\x1a\n".iter().copied().chain(noise).take(size).collect()
}

pub(super) async fn add(client: &Client, name: &str, bytes: impl Into<Body>) -> Answer {
    let request = Request::post(format!("/api/v1/uploads?name={name}"))
        .header(header::CONTENT_TYPE, "application/octet-stream")
        .body(bytes.into());
    client.send(request.expect("a request")).await
}

async fn added(client: &Client, name: &str, bytes: Bytes) -> Value {
    let answer = add(client, name, bytes).await;
    assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
    answer.json()
}

async fn waiting(client: &Client) -> usize {
    client.get("/uploads").await.json()["items"].as_array().expect("a list").len()
}

async fn nothing_is_wrong(app: &TestApp) {
    let found = check::check(&app.db, &app.blobs, &mut |_| ()).await.unwrap();
    assert_eq!(found.wrong, [""; 0]);
}

on_each_engine! {
    async fn files_leave_with_an_answer_and_arrive_as_they_were(app: TestApp) {
        let loft = connect(&app);
        let id = app.patron_asks("Amara Osei", "Where is the ramp?").await;
        let ana = app.signed_in(&app.ana).await;
        // One lies in its row, the other in the place of large files.
        let (small, large) = (Bytes::from_static(b"%PDF-1.7 opening hours"), picture(300_000));
        let form = added(&ana, "..%2F%C3%96ffnungszeiten%20%E5%9B%B3.pdf", small.clone()).await;
        assert_eq!((&form["filename"], &form["size"]), (&json!("Öffnungszeiten 図.pdf"), &json!(small.len())));
        assert_eq!(form["content_type"], "application/pdf", "by its bytes, whatever was declared");
        let plan = added(&ana, "plan.png", large.clone()).await;
        assert_eq!((waiting(&ana).await, plan["content_type"].as_str()), (2, Some("image/png")));

        let key = uuid::Uuid::now_v7();
        let reply = json!({ "text": "", "seen": 99, "key": key, "files": [plan["id"], form["id"]] });
        let preview = json!({ "text": "", "files": [plan["id"], form["id"]] });
        let seen = ana.post(&format!("/conversations/{id}/preview"), preview).await.json();
        assert_eq!((&seen["parts"], &seen["refused"]), (&json!(1), &Value::Null));
        let replies = format!("/conversations/{id}/replies");
        let said = ana.post(&replies, reply.clone()).await.json();
        let shown: Vec<_> = said["attachments"].as_array().unwrap().iter().map(|file| &file["filename"]).collect();
        assert_eq!(shown, [&plan["filename"], &form["filename"]], "in the order of the reply");
        assert_eq!(waiting(&ana).await, 0);
        assert_eq!(ana.post(&replies, reply).await.json(), said, "asked again, it is the same reply");
        let twice = ana.post(&replies, json!({ "text": "And this", "seen": 99, "files": [plan["id"]] })).await;
        assert_eq!((twice.status, twice.problem().as_str()), (422, "cannot-send"), "it left with another");

        loft.next_flight(Err(Failure::Transient { after_ms: None, why: "Rain.".to_owned() }));
        app.clock.advance(10_000);
        deskbell::worker::settle(&app.app).await.unwrap();
        assert!(loft.carried().is_empty());
        app.clock.advance(DAY_MS);
        deskbell::worker::settle(&app.app).await.unwrap();
        let names = ["plan.png", "Öffnungszeiten 図.pdf"].map(str::to_owned);
        assert_eq!(loft.carried(), names.into_iter().zip([large.clone(), small.clone()]).collect::<Vec<_>>());
        for (file, bytes) in said["attachments"].as_array().unwrap().iter().zip([large, small]) {
            let kept = ana.get(&format!("/attachments/{}", file["id"].as_str().unwrap())).await;
            assert_eq!((kept.status, kept.body == bytes), (200, true), "{file}");
        }
        nothing_is_wrong(&app).await;
    }

    async fn an_answer_that_is_taken_back_gives_its_files_back(app: TestApp) {
        let loft = connect(&app);
        let id = app.patron_asks("Amara Osei", "Where is the ramp?").await;
        let ana = app.signed_in(&app.ana).await;
        let files = [added(&ana, "a.png", picture(100)).await, added(&ana, "b.png", picture(90_000)).await];
        let replies = format!("/conversations/{id}/replies");
        let body = json!({ "text": "Here.", "seen": 99, "files": [files[0]["id"], files[1]["id"]] });
        let said = ana.post(&replies, body).await.json();
        let back = ana.delete(&format!("{replies}/{}", said["id"].as_str().unwrap())).await.json();
        assert_eq!(back, json!({ "text": "Here.", "files": files }));
        nothing_is_wrong(&app).await;
        let again = ana.post(&replies, json!({ "text": "Here!", "seen": 99, "files": [files[1]["id"]] })).await;
        assert_eq!(again.status, 201);
        app.clock.advance(10_000);
        deskbell::worker::settle(&app.app).await.unwrap();
        assert_eq!(loft.carried(), [("b.png".to_owned(), picture(90_000))]);
    }

    async fn what_cannot_go_is_refused_before_anything_is_kept(app: TestApp) {
        connect(&app);
        let id = app.patron_asks("Amara Osei", "Where is the ramp?").await;
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let one = |answer: Value| answer["id"].clone();
        let mut pictures = Vec::new();
        for name in ["a.png", "b.png", "c.png"] {
            pictures.push(one(added(&ana, name, picture(50)).await));
        }
        let page = one(added(&ana, "page.png", Bytes::from_static(b"<script>alert(1)</script>")).await);
        let others = one(added(&bryan, "b.png", picture(50)).await);
        let (preview, replies) = (format!("/conversations/{id}/preview"), format!("/conversations/{id}/replies"));
        for (files, why) in [
            (json!(pictures), "two files"),
            (json!([page]), "pictures and nothing else"),
            (json!([others]), "no longer here"),
            (json!([uuid::Uuid::nil()]), "no longer here"),
        ] {
            let seen = ana.post(&preview, json!({ "text": "See:", "files": files })).await.json();
            let sent = ana.post(&replies, json!({ "text": "See:", "seen": 99, "files": files })).await;
            assert_eq!((sent.status, sent.problem().as_str()), (422, "cannot-send"));
            assert_eq!(seen["refused"], sent.told()["detail"], "the same sentence");
            assert!(seen["refused"].as_str().is_some_and(|said| said.contains(why)), "{seen}");
        }
        let twice = ana.post(&replies, json!({ "text": "", "seen": 99, "files": [pictures[0], pictures[0]] })).await;
        assert_eq!((twice.status, twice.problem().as_str()), (422, "invalid"));
        let whole = ana.get(&format!("/conversations/{id}")).await.json();
        assert_eq!(whole["messages"].as_array().unwrap().len(), 1);
        assert_eq!((waiting(&ana).await, waiting(&bryan).await), (4, 1), "the files are still there");

        let empty = add(&ana, "empty.png", Body::empty()).await;
        assert_eq!((empty.status, empty.problem().as_str()), (422, "invalid"));
        let announced = Request::post("/api/v1/uploads?name=long.mp4")
            .header(header::CONTENT_LENGTH, LARGEST_BYTES + 1)
            .body(Body::empty());
        let announced = ana.send(announced.unwrap()).await;
        assert_eq!((announced.status, announced.problem().as_str()), (413, "too-large"));
        assert_eq!(announced.told()["detail"], "long.mp4 is larger than the 64 MB that Deskbell takes, so it was not added.");
        let piece = Bytes::from(vec![0; 1 << 20]);
        let pieces = futures::stream::repeat_with(move || Ok::<_, std::io::Error>(piece.clone()));
        let endless = add(&ana, "long.mp4", Body::from_stream(pieces)).await;
        assert_eq!((endless.status, endless.problem().as_str()), (413, "too-large"));
        let broken = futures::stream::iter([Ok(picture(100_000)), Err(std::io::Error::other("gone"))]);
        let broken = add(&ana, "half.png", Body::from_stream(broken)).await;
        assert_eq!((broken.status, broken.problem().as_str()), (422, "invalid"));
        assert_eq!(waiting(&ana).await, 4, "nothing of these was kept");

        let vera = app.signed_in(&app.vera).await;
        assert_eq!(add(&vera, "a.png", picture(50)).await.status, 403);
        assert_eq!(app.stranger().get("/uploads").await.status, 401);
        let gone = format!("/uploads/{}", others.as_str().unwrap());
        assert_eq!(ana.delete(&gone).await.status, 204);
        assert_eq!(waiting(&bryan).await, 1, "nobody removes another's");
        assert_eq!((bryan.delete(&gone).await.status, bryan.delete(&gone).await.status), (204, 204));
        assert_eq!(waiting(&bryan).await, 0);
    }

    async fn what_nobody_sends_is_thrown_away_after_a_day(app: TestApp) {
        connect(&app);
        let id = app.patron_asks("Amara Osei", "Where is the ramp?").await;
        let ana = app.signed_in(&app.ana).await;
        let sent = added(&ana, "sent.png", picture(90_000)).await;
        let left = [added(&ana, "a.png", picture(100)).await, added(&ana, "b.png", picture(90_001)).await];
        ana.post(&format!("/conversations/{id}/replies"), json!({ "text": "", "seen": 99, "files": [sent["id"]] }))
            .await
            .json();
        // One that broke off in the middle because the program did: nobody sees it, and it goes with the others.
        let half = Upload {
            id: uuid::Uuid::now_v7(),
            staff_id: app.ana.id,
            filename: "half.png".to_owned(),
            content_type: "image/png".to_owned(),
            size: 0,
            blob: Some(uuid::Uuid::now_v7().to_string()),
            created_at: app.clock.now(),
        };
        app.db.write(move |tx| Box::pin(async move { uploads::insert(tx, &half, None).await })).await.unwrap();
        nothing_is_wrong(&app).await;
        app.clock.advance(DAY_MS - 1);
        deskbell::worker::settle(&app.app).await.unwrap();
        assert_eq!(waiting(&ana).await, 2);
        let name = left[1]["id"].as_str().unwrap();
        assert!(app.blobs.has(name, 90_001).await.unwrap());
        app.clock.advance(1);
        deskbell::worker::settle(&app.app).await.unwrap();
        assert_eq!(waiting(&ana).await, 0);
        assert!(!app.blobs.has(name, 90_001).await.unwrap(), "its bytes are gone too");
        let kept = ana.get(&format!("/attachments/{}", sent["id"].as_str().unwrap())).await;
        assert_eq!(kept.body, picture(90_000), "what was sent stays");
        assert_eq!(uploads::oldest(&mut app.db.read().await.unwrap(), 0).await.unwrap(), None, "no row is left");
        nothing_is_wrong(&app).await;
    }

    async fn a_place_of_files_that_does_not_answer_is_left_alone_for_a_minute(app: TestApp) {
        let BlobPlace::Folder(folder) = &app.config.blobs else { panic!("a folder") };
        let ana = app.signed_in(&app.ana).await;
        let left = added(&ana, "a.png", picture(90_000)).await;
        // What is no file cannot be removed as one.
        let path = folder.join("uploads").join(left["id"].as_str().unwrap());
        std::fs::remove_file(&path).unwrap();
        std::fs::create_dir_all(path.join("in the way")).unwrap();
        app.clock.advance(DAY_MS);
        deskbell::worker::settle(&app.app).await.unwrap();
        let overdue = || async { upload::overdue(&app.app).await.unwrap().len() };
        assert_eq!((waiting(&ana).await, overdue().await), (0, 1), "nobody's any more, and not forgotten");
        std::fs::remove_dir_all(&path).unwrap();
        app.clock.advance(60_000);
        deskbell::worker::settle(&app.app).await.unwrap();
        assert_eq!(overdue().await, 0);
    }

    async fn a_channel_reaches_the_files_of_its_own_answers_and_no_other(app: TestApp) {
        connect(&app);
        let id = app.patron_asks("Amara Osei", "Where is the ramp?").await;
        let ana = app.signed_in(&app.ana).await;
        let file = added(&ana, "a.png", picture(100)).await;
        let named = |size: u64| Enclosure {
            id: file["id"].as_str().unwrap().parse().unwrap(),
            filename: "a.png".to_owned(),
            content_type: "image/png".to_owned(),
            size,
        };
        let (ours, others) = (door(&app.roster, app.channel.id), door(&app.roster, uuid::Uuid::nil()));
        let never = async |door: &dyn Files, size: u64| {
            matches!(door.read(&named(size)).await, Err(Failure::Permanent { .. }))
        };
        assert!(never(&*ours, 100).await, "no answer encloses it yet");
        ana.post(&format!("/conversations/{id}/replies"), json!({ "text": "", "seen": 99, "files": [file["id"]] }))
            .await
            .json();
        assert_eq!(ours.read(&named(100)).await.unwrap(), picture(100));
        assert!(never(&*others, 100).await && never(&*ours, 99).await);
        assert_eq!(ours.link(&named(100)), None, "nobody outside could follow it");
    }
}

#[tokio::test]
async fn a_platform_fetches_one_file_by_its_address_and_only_for_a_while() {
    let base = "https://desk.example/";
    let app = TestApp::told(|config| config.public_url = Some(base.parse().unwrap())).await;
    connect(&app);
    let id = app.patron_asks("Amara Osei", "Where is the ramp?").await;
    let ana = app.signed_in(&app.ana).await;
    let file = added(&ana, "a.png", picture(100)).await;
    let body = json!({ "text": "", "seen": 99, "files": [file["id"]] });
    ana.post(&format!("/conversations/{id}/replies"), body).await.json();
    let enclosure = Enclosure {
        id: file["id"].as_str().unwrap().parse().unwrap(),
        filename: "a.png".to_owned(),
        content_type: "image/png".to_owned(),
        size: 100,
    };
    let link = door(&app.roster, app.channel.id).link(&enclosure).expect("an address");
    let path = link.strip_prefix("https://desk.example").expect("below our own");
    let get = async |path: &str| {
        app.stranger().send(Request::get(path).body(Body::empty()).expect("a request")).await
    };
    let given = get(path).await;
    assert_eq!((given.status, given.header("content-type"), &given.body), (200, "image/png", &picture(100)));
    assert!(given.header("content-security-policy").starts_with("sandbox"));
    assert!(given.header("content-disposition").starts_with("attachment"));
    let others = door(&app.roster, uuid::Uuid::nil()).link(&enclosure).expect("an address");
    let others = others.strip_prefix("https://desk.example").expect("below our own");
    for wrong in
        [others, &path[..path.len() - 1], &path.replace(&*enclosure.id.to_string(), &app.ana.id.to_string())]
    {
        assert_eq!(get(wrong).await.status, 404, "{wrong}");
    }
    app.clock.advance(5 * 3_600_000);
    assert_eq!(get(path).await.status, 404, "its time is over");
}
