//! `mail inspect FILE`, `mail reply --input text|html|eml FILE`, `mail html FILE`: what the connector reads out of one mail.

use connectors::email::{inspect, read, trim};
use connectors::markup;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match run(&args.iter().map(String::as_str).collect::<Vec<_>>()) {
        Ok(out) => println!("{out}"),
        Err(error) => {
            eprintln!("{error}");
            std::process::exit(1);
        }
    }
}

fn run(args: &[&str]) -> Result<String, String> {
    let said = |error: &dyn std::fmt::Display| error.to_string();
    let bytes = |file: &str| std::fs::read(file).map_err(|error| said(&error));
    match args {
        ["inspect", file] => {
            let mail = inspect::inspect(&bytes(file)?).map_err(|held| said(&held))?;
            serde_json::to_string(&mail).map_err(|error| said(&error))
        }
        ["reply", "--input", kind, file] => {
            let bytes = bytes(file)?;
            let text = String::from_utf8_lossy(&bytes);
            let trimmed = match *kind {
                "html" => trim::reply_html(&text),
                "eml" => trim::of_mail(&read::read(&bytes).map_err(|held| said(&held))?),
                _ => trim::reply(&text),
            };
            serde_json::to_string(&trimmed).map_err(|error| said(&error))
        }
        ["html", file] => {
            let mail = read::read(&bytes(file)?).map_err(|held| said(&held))?;
            let source = mail.html.unwrap_or_else(|| markup::from_text(&mail.text));
            Ok(markup::frame_document(&markup::sanitise(&source, &|_| None)))
        }
        _ => {
            Err("usage: mail inspect FILE | mail reply --input text|html|eml FILE | mail html FILE"
                .to_owned())
        }
    }
}
