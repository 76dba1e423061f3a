//! Each fault as a client meets it, seen through [`crate::web::Api`]; calls as a webhook meets them.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use reqwest::Method;

use super::*;
use crate::contract::{Failure, Outside, Reason, Settings, Unfenced};
use crate::simulator::{Fault, FrozenClock, Plan};
use crate::web::{Answer, Api, host_of};

/// Counts what it is told.
struct Counting {
    front: Front<u32>,
    done: Arc<AtomicU32>,
    address: SocketAddr,
    clock: Arc<FrozenClock>,
}

struct Curt;

impl Manners for Curt {
    fn place(&self, request: &Parts) -> &'static str {
        if request.method == Method::GET { "reading" } else { "acting" }
    }

    fn account(&self, request: &Parts) -> Option<String> {
        Some(request.headers.get("account")?.to_str().ok()?.to_lowercase())
    }

    fn refusal(&self, fault: WebFault, _: &Parts) -> Response {
        let status = match fault {
            WebFault::TooMany => StatusCode::TOO_MANY_REQUESTS,
            WebFault::OutOfOrder => StatusCode::BAD_GATEWAY,
            WebFault::Refused => StatusCode::BAD_REQUEST,
            _ => StatusCode::UNAUTHORIZED,
        };
        (status, [(header::RETRY_AFTER, "7")], fault.name()).into_response()
    }
}

async fn counting() -> Counting {
    let clock = FrozenClock::at(1_791_277_331_000);
    let front: Front<u32> = Front::open(clock.clone(), 1, None).expect("no file is asked for");
    let done = Arc::new(AtomicU32::new(0));
    let (counted, noted) = (done.clone(), front.clone());
    let act = move |body: String| async move {
        let now = counted.fetch_add(1, Ordering::SeqCst) + 1;
        noted.note(now);
        (StatusCode::CREATED, format!("done {now} times, last {body}"))
    };
    let router = Router::new()
        .route("/act", post(act))
        .route("/read", get(|| async { "{\"fine\":true}" }))
        .route("/large", get(|| async { vec![b'x'; 9 << 20] }));
    let address = front.serve(0, Curt, router).await.expect("there is a free port");
    Counting { front, done, address, clock }
}

impl Counting {
    fn api(&self) -> Api {
        let base = format!("http://{}/", self.address);
        let outside = Outside::new(Arc::new(|| 0), None).expect("the system's certificates can be read");
        let hosts = host_of(&base).into_iter().collect();
        Api::new(outside.narrowed(hosts, &Settings::new()), &base)
    }

    async fn act(&self) -> Result<Answer, Failure> {
        let api = self.api();
        let request =
            api.request(Method::POST, "/act").header("account", "Ada").bearer_auth("secret").body("this");
        api.tell(request.timeout(Duration::from_millis(700)), &Unfenced).await
    }

    async fn read(&self) -> Result<Answer, Failure> {
        let api = self.api();
        api.ask(api.request(Method::GET, "/read?page=2").timeout(Duration::from_millis(700))).await
    }

    fn done(&self) -> u32 {
        self.done.load(Ordering::SeqCst)
    }
}

fn status(result: &Result<Answer, Failure>) -> Option<u16> {
    result.as_ref().ok().map(|answer| answer.status)
}

#[tokio::test]
async fn what_is_asked_and_answered_is_written_down_without_its_secret() {
    let platform = counting().await;
    let answer = platform.act().await.expect("all is well");
    assert_eq!((answer.status, answer.body.as_slice()), (201, &b"done 1 times, last this"[..]));
    let read: serde_json::Value = platform.read().await.expect("all is well").json().expect("it is JSON");
    assert_eq!(read["fine"], true);
    let asked = platform.front.ledger.pick(|line| line.what.asked().cloned());
    assert_eq!(asked[0].target, "/act");
    assert_eq!((asked[0].body.as_str(), asked[0].status), ("this", Some(201)));
    assert!(asked[0].headers.contains(&("authorization".to_owned(), "Bearer".to_owned())));
    assert_eq!((asked[1].target.as_str(), asked[1].answer.as_str()), ("/read?page=2", "{\"fine\":true}"));
    assert_eq!(platform.front.ledger.pick(|line| line.what.own().copied()), [1]);
    assert_eq!(platform.front.ledger.count("POST /act"), 1);
    platform.front.end().await;
    assert!(matches!(platform.read().await, Err(Failure::Transient { .. })), "nobody is there any more");
}

#[tokio::test]
async fn a_platform_that_says_no_has_done_nothing() {
    for (fault, expected) in
        [("429", 429), ("5xx", 502), ("expired", 401), ("revoked", 401), ("refused", 400)]
    {
        let platform = counting().await;
        platform
            .front
            .faults
            .switch_on(format!("acting/{fault}:1@ada").parse::<Plan<WebFault>>().expect(fault));
        assert_eq!(status(&platform.read().await), Some(200), "it is another door");
        let refused = platform.act().await;
        assert_eq!(status(&refused), Some(expected), "{fault}");
        assert_eq!(refused.expect("it answered").retry_after_ms(0), Some(7_000));
        assert_eq!(platform.done(), 0, "{fault}");
        assert_eq!(status(&platform.act().await), Some(201), "once only");
        let asked = platform.front.ledger.pick(|line| line.what.asked().cloned());
        assert_eq!(asked[1].fault.as_deref(), Some(fault));
    }
}

#[tokio::test]
async fn what_breaks_is_transient_when_read_and_ambiguous_when_told() {
    for (fault, done) in [
        (WebFault::Silent, 0),
        (WebFault::Reset, 0),
        (WebFault::Slow, 1),
        (WebFault::Half, 1),
        (WebFault::Lost, 1),
        (WebFault::Mute, 1),
    ] {
        let platform = counting().await;
        platform.front.faults.switch_on(fault);
        let told = platform.act().await;
        assert!(matches!(told, Err(Failure::Ambiguous { .. })), "{fault:?}: {told:?}");
        assert_eq!(platform.done(), done, "{fault:?}");
        let asked = platform.read().await;
        assert!(matches!(asked, Err(Failure::Transient { .. })), "{fault:?}: {asked:?}");
        platform.front.faults.clear();
        assert_eq!(status(&platform.read().await), Some(200), "{fault:?} is over");
    }
}

#[tokio::test]
async fn nonsense_is_malformed_only_where_it_is_read() {
    let platform = counting().await;
    platform.front.faults.switch_on(WebFault::Nonsense);
    let answer = platform.read().await.expect("it answered something");
    let failure = answer.json::<serde_json::Value>().expect_err("a page is no JSON");
    assert!(matches!(failure, Failure::Malformed { ref raw, .. } if raw == &answer.body), "{failure:?}");
}

#[tokio::test]
async fn nobody_there_means_that_nothing_was_told() {
    let platform = counting().await;
    platform.front.end().await;
    let told = platform.act().await;
    assert!(matches!(told, Err(Failure::Transient { .. })), "{told:?}");
}

#[tokio::test]
async fn an_answer_too_large_is_not_taken() {
    let platform = counting().await;
    let api = platform.api();
    let asked = api.ask(api.request(Method::GET, "/large")).await;
    assert!(matches!(asked, Err(Failure::Malformed { ref raw, .. }) if raw.len() <= 64 << 10), "{asked:?}");
    let told = api.tell(api.request(Method::GET, "/large"), &Unfenced).await;
    assert!(matches!(told, Err(Failure::Ambiguous { .. })), "{told:?}");
    let fetched =
        api.download(api.request(Method::GET, "/large"), 9 << 20).await.expect("it may be that large");
    assert_eq!(fetched.body.len(), 9 << 20);
    let refused = api.download(api.request(Method::GET, "/large"), (9 << 20) - 1).await;
    assert!(matches!(refused, Err(Failure::Permanent { reason: Reason::TooLong, .. })), "{refused:?}");
    let elsewhere = api.ask(api.request(Method::GET, "https://elsewhere.example/large")).await;
    assert!(matches!(elsewhere, Err(Failure::AccountBlocked { .. })), "{elsewhere:?}");
}

fn caller(platform: &Counting) -> Caller<u32> {
    let sign: Sign = Arc::new(|call| vec![("proof".to_owned(), format!("{} bytes", call.body.len()))]);
    Caller::new(platform.front.clone(), sign, Persistence::default()).expect("the certificates can be read")
}

fn call(platform: &Counting, body: &str) -> Callback {
    Callback { url: format!("http://{}/act", platform.address), body: body.into(), ..Callback::default() }
}

fn called(platform: &Counting) -> Vec<(String, u32, Option<u16>)> {
    platform
        .front
        .ledger
        .pick(|line| line.what.called().map(|call| (call.body.clone(), call.attempt, call.status)))
}

#[tokio::test]
async fn a_call_is_signed_and_made_again_until_it_is_taken() {
    let platform = counting().await;
    platform.front.faults.switch_on("acting/5xx:2".parse::<Plan<WebFault>>().expect("a plan"));
    let caller = caller(&platform);
    caller.call(call(&platform, "news"));
    for after_ms in [1_000, 10_000] {
        let tried = called(&platform).len();
        platform.front.ledger.until(|_| called(&platform).len() > tried).await;
        // The next try is entered just after the line is written.
        while platform.front.next_due_ms().is_none() {
            tokio::task::yield_now().await;
        }
        platform.clock.advance(after_ms);
        platform.front.run_due();
    }
    caller.settled().await;
    let news = |attempt, status| ("news".to_owned(), attempt, Some(status));
    assert_eq!(called(&platform), [news(1, 502), news(2, 502), news(3, 201)]);
    let asked = platform.front.ledger.pick(|line| line.what.asked().cloned());
    assert!(asked.iter().all(|asked| asked.headers.contains(&("proof".to_owned(), "4 bytes".to_owned()))));
}

#[tokio::test]
async fn calls_come_twice_and_out_of_turn_when_told_to() {
    let platform = counting().await;
    platform.front.faults.switch_on(Plan::new(WebFault::Duplicate).times(1));
    let caller = caller(&platform);
    caller.call(call(&platform, "a"));
    caller.settled().await;
    platform.front.faults.switch_on(Plan::new(WebFault::Reorder).times(1));
    caller.call(call(&platform, "b"));
    assert_eq!(called(&platform).len(), 2, "it is held back");
    caller.call(call(&platform, "c"));
    caller.settled().await;
    let bodies: Vec<String> = called(&platform).into_iter().map(|(body, ..)| body).collect();
    assert_eq!(bodies, ["a", "a", "c", "b"]);
    // With nobody to overtake it, it goes after a while.
    platform.front.faults.switch_on(Plan::new(WebFault::Reorder).times(1));
    caller.call(call(&platform, "d"));
    platform.clock.advance(2_000);
    platform.front.run_due();
    caller.settled().await;
    assert_eq!(called(&platform).len(), 5);
}

#[tokio::test]
async fn a_handshake_is_asked_once() {
    let platform = counting().await;
    let answer = caller(&platform).ask(&format!("http://{}/read?challenge=1", platform.address)).await;
    assert_eq!(answer.expect("it answered").body, b"{\"fine\":true}");
    assert_eq!(called(&platform).len(), 1);
}
