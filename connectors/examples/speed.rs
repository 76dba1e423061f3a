//! Scratch: how long one mail takes.
use connectors::email::{read, trim};
use connectors::markup;
use std::time::Instant;
fn main() {
    let files: Vec<_> = std::env::args().skip(1).collect();
    let (mut tr, mut tt, mut ts) = (0.0, 0.0, 0.0);
    let mut n = 0.0;
    for f in &files {
        let b = std::fs::read(f).expect("file");
        if b.len() > 200_000 {
            continue;
        }
        let rounds = 200;
        let mail = read::read(&b).expect("read");
        let t = Instant::now();
        for _ in 0..rounds {
            std::hint::black_box(read::read(std::hint::black_box(&b)).expect("read"));
        }
        let r = t.elapsed().as_secs_f64() * 1e6 / rounds as f64;
        let t = Instant::now();
        for _ in 0..rounds {
            std::hint::black_box(trim::of_mail(std::hint::black_box(&mail)));
        }
        let tm = t.elapsed().as_secs_f64() * 1e6 / rounds as f64;
        let t = Instant::now();
        for _ in 0..rounds {
            if let Some(h) = &mail.html {
                std::hint::black_box(markup::sanitise(std::hint::black_box(h), &|_| None));
            }
        }
        let s = t.elapsed().as_secs_f64() * 1e6 / rounds as f64;
        if files.len() < 40 {
            println!(
                "{:60} {:7} bytes html {:6}  read {r:7.1} us trim {tm:7.1} us sanitise {s:7.1} us",
                f.rsplit('/').next().unwrap_or(""),
                b.len(),
                mail.html.as_ref().map_or(0, |h| h.len())
            );
        }
        tr += r;
        tt += tm;
        ts += s;
        n += 1.0;
    }
    println!(
        "mean of {n}: read {:.1} us, trim {:.1} us, sanitise {:.1} us, all {:.1} us",
        tr / n,
        tt / n,
        ts / n,
        (tr + tt + ts) / n
    );
}
