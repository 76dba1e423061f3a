//! How large a file may be.

use super::source::{Source, tree};

const MEDIAN: usize = 130;
const LARGE: usize = 400;
const LARGEST: usize = 600;
const LARGEST_TEST: usize = 800;

#[test]
fn files_are_small() {
    let file = |path: &str, lines: usize| Source::new(path, &"x\n".repeat(lines));
    let many = |lines: usize| -> Vec<Source> { (0..40).map(|_| file("src/a.rs", lines)).collect() };
    assert_eq!(too_large(&many(MEDIAN)), [""; 0]);
    assert_eq!(too_large(&many(MEDIAN + 1)).len(), 1, "the median");
    let with = |path: &str, lines: usize, count: usize| {
        let mut files = many(100);
        files.extend((0..count).map(|_| file(path, lines)));
        too_large(&files)
    };
    assert_eq!(with("web/src/a.svelte", LARGEST, 1), [""; 0]);
    assert_eq!(with("web/src/a.svelte", LARGEST + 1, 1).len(), 1, "one is over the limit");
    assert_eq!(with("connectors/a.rs", LARGE, 3).len(), 1, "three of 43 are more than one in twenty");
    assert_eq!(with("web/src/api/schema.d.ts", 5000, 1), [""; 0], "nobody wrote it");
    assert_eq!(with("src/store/tests.rs", LARGEST_TEST, 1), [""; 0]);
    assert_eq!(with("tests/a.rs", LARGEST_TEST + 1, 1).len(), 1, "tests have a limit too");

    let found = too_large(tree());
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

fn too_large(files: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    let mut sizes: Vec<(usize, &str)> = Vec::new();
    for file in files.iter().filter(|file| file.is_code()) {
        let lines = file.lines();
        if file.ships_in(&["src/", "connectors/", "web/src/"]) {
            sizes.push((lines, &file.path));
        } else if lines > LARGEST_TEST {
            found.push(format!("{}: {lines} lines are more than {LARGEST_TEST}", file.path));
        }
    }
    sizes.sort_unstable();
    for (lines, path) in sizes.iter().filter(|(lines, _)| *lines > LARGEST) {
        found.push(format!("{path}: {lines} lines are more than {LARGEST}"));
    }
    let large: Vec<_> = sizes.iter().filter(|(lines, _)| *lines >= LARGE).collect();
    if large.len() * 20 > sizes.len() {
        found.push(format!("more than one file in twenty has {LARGE} lines or more: {large:?}"));
    }
    let median = sizes.get(sizes.len() / 2).map_or(0, |(lines, _)| *lines);
    if median > MEDIAN {
        found.push(format!(
            "half of {} files have more than {MEDIAN} lines: the median is {median}",
            sizes.len()
        ));
    }
    found
}
