//! The house rules of ARCHITECTURE.md, held by reading the source. Each rule is first shown planted violations, which
//! it must report, and innocent neighbours, which it must not; then the tree itself.

mod arrow;
mod onlys;
mod sizes;
mod source;

use source::{Source, tree};

/// Runs a rule over planted files and over the whole tree.
fn hold(rule: impl Fn(&[Source]) -> Vec<String>, planted: &[(&str, &str)], innocent: &[(&str, &str)]) {
    for &(path, text) in planted {
        let found = rule(&[Source::new(path, text)]);
        assert!(!found.is_empty(), "the rule does not see what is wrong in {path}:\n{text}");
    }
    for &(path, text) in innocent {
        let found = rule(&[Source::new(path, text)]);
        assert!(found.is_empty(), "the rule is wrong about {path}:\n{text}\n{found:#?}");
    }
    let found = rule(tree());
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn the_lock_file_holds_no_second_tls_and_no_c_library_for_it() {
    let banned = |lock: &str| -> Vec<String> {
        lock.lines()
            .filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'))
            .filter(|name| ["native-tls", "openssl", "openssl-sys", "aws-lc-sys", "curl-sys"].contains(name))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(banned("[[package]]\nname = \"openssl-sys\"\nversion = \"0.9.1\"\n"), ["openssl-sys"]);
    assert_eq!(banned("[[package]]\nname = \"openssl-probe\"\n"), [""; 0]);
    let lock = std::fs::read_to_string(source::root().join("Cargo.lock")).expect("it is committed");
    assert!(lock.contains("name = \"rustls\""), "the lock file is not what this test takes it for");
    assert_eq!(banned(&lock), [""; 0]);
}

#[test]
fn nothing_in_the_project_points_outside_it() {
    let outside = [concat!("..", "/shared"), concat!("/work", "/shared"), concat!("/work", "/wt")];
    let rule = |files: &[Source]| -> Vec<String> {
        let mut found = Vec::new();
        // The one file that may look for material beside the project.
        for file in files.iter().filter(|file| file.path != ".ci/run") {
            for (number, line) in (1..).zip(file.text.lines()) {
                if outside.iter().any(|word| line.contains(word)) {
                    found.push(format!(
                        "{}:{number}: points outside the project: {}",
                        file.path,
                        line.trim()
                    ));
                }
            }
        }
        found
    };
    let planted = format!("cp {}/corpora/a.eml .", outside[0]);
    hold(rule, &[("Makefile", &planted), ("docs/a.md", &planted)], &[(".ci/run", &planted)]);
}
