//! Help that helps: an example for each command, and each example is understood.

use super::bed::House;

/// Every command there is and every group of them, as `--help` itself lists them.
fn commands(house: &House, above: &[String]) -> Vec<Vec<String>> {
    let mut args: Vec<&str> = above.iter().map(String::as_str).collect();
    args.push("--help");
    let help = house.run(&args).well().out;
    let Some((_, list)) = help.split_once("Commands:\n") else { return vec![above.to_vec()] };
    let names = list.lines().take_while(|line| line.starts_with("  ")).filter_map(|line| {
        let name = line.trim().split(' ').next()?;
        (name != "help").then(|| name.to_owned())
    });
    let below = names.flat_map(|name| commands(house, &[above, &[name]].concat()));
    below.chain((!above.is_empty()).then(|| above.to_vec())).collect()
}

/// The words of a command line as a shell would cut them.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            _ => words.last_mut().unwrap().push(c),
        }
    }
    words
}

#[test]
fn each_command_has_an_example_and_each_example_is_understood() {
    let house = House::new();
    let all = commands(&house, &[]);
    assert!(all.len() >= 20, "the help lists fewer commands than there are: {all:?}");
    let mut tried = 0;
    for command in &all {
        let args: Vec<&str> = command.iter().map(String::as_str).chain(["--help"]).collect();
        let help = house.run(&args).well().out;
        let examples: Vec<&str> = help.lines().filter_map(|line| line.strip_prefix("  deskbell ")).collect();
        assert!(!examples.is_empty(), "{command:?} has no example:\n{help}");
        for example in examples {
            // Those that stay are started by their own tests.
            if ["serve", "demo"].contains(&command[0].as_str()) {
                continue;
            }
            let line = example.split(" > ").next().unwrap();
            let cut = words(line);
            let without_data: Vec<&str> = cut
                .iter()
                .map(String::as_str)
                .filter(|word| !["--data", "/srv/deskbell"].contains(word))
                .collect();
            let said = house.run(&without_data);
            assert_ne!(said.code, 2, "the example `deskbell {example}` is not understood: {said:#?}");
            tried += 1;
        }
    }
    assert!(tried >= 20, "{tried}");
}

#[test]
fn what_is_not_understood_ends_with_two_and_what_fails_with_one() {
    let house = House::new();
    assert_eq!(house.run(&["steff"]).code, 2);
    assert_eq!(house.run(&["staff", "add"]).code, 2);
    assert_eq!(house.run(&["serve", "--listen", "eighty"]).code, 2);
    house
        .run(&["staff", "link", "nobody@fernhill.example"])
        .with_a_sentence("Nobody on the staff signs in as");
    house.run(&["setup", "L", "--zone", "Mars/Olympus"]).with_a_sentence("Mars/Olympus is no time zone");
}

#[test]
fn a_mistake_in_the_settings_file_is_a_sentence_with_its_line() {
    let house = House::new();
    let file = house.file("wrong.toml", "listen = \"127.0.0.1:1\"\nstoer = \"sqlite:x\"\n");
    let said = house.run(&["staff", "list", "--config", file.to_str().unwrap()]);
    said.with_a_sentence("wrong.toml line 2: unknown field `stoer`");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let house = House::new();
    let mut child = house.command(&["openapi"]).spawn().unwrap();
    drop(child.stdout.take());
    let mut said = String::new();
    std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut said).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(said, "");
}
