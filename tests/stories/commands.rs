//! What one types besides `serve`, beside a server that runs on the same folder.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use crate::support::program::{Folder, Started, dateline};

fn types(folder: &Folder, arguments: &[&str], input: &str) -> Output {
    let mut command = dateline(&folder.0);
    let mut child = command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program");
    // It may not want any.
    let _ = child.stdin.take().expect("its input").write_all(input.as_bytes());
    child.wait_with_output().expect("its output")
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn curl(arguments: &[&str]) -> String {
    let done = Command::new("curl").arg("-s").args(arguments).output().expect("curl");
    String::from_utf8(done.stdout).expect("text")
}

#[test]
fn a_user_and_a_token_made_from_the_machine_work_at_once() {
    let folder = Folder::new();
    let server = Started::in_folder(&folder.0);
    let base = server.url("API ").replace("/v1/articles", "");
    let add = ["user", "create", "--email", "Jo@Example.org", "--name", "Jo Field", "--role", "admin"];

    let weak = types(&folder, &add, "short\n");
    assert!(
        !weak.status.success() && said(&weak).contains("The password is shorter than 15 characters."),
        "{}",
        said(&weak)
    );
    let none = types(&folder, &add, "");
    assert!(!none.status.success() && said(&none).contains("No password came from standard input."), "{}", said(&none));

    let made = types(&folder, &add, "mangrove lantern quartz 7\n");
    assert!(made.status.success(), "{}", said(&made));
    assert!(said(&made).contains("Added Jo Field <jo@example.org> as admin."), "{}", said(&made));
    assert!(!said(&made).contains("mangrove"), "{}", said(&made));
    let signed_in = curl(&[
        &format!("{base}/v1/auth/token"),
        "-d",
        "grant_type=password&username=jo@example.org&password=mangrove+lantern+quartz+7",
    ]);
    assert!(signed_in.contains("access_token"), "{signed_in}");

    let again = types(&folder, &[&add[..], &["--generate"]].concat(), "");
    assert!(
        !again.status.success() && said(&again).contains("There is a user with this e-mail address."),
        "{}",
        said(&again)
    );

    let scopes = "newsroom:read,people:admin";
    let token =
        types(&folder, &["token", "create", "--user", "jo@example.org", "--name", "tool", "--scopes", scopes], "");
    assert!(token.status.success(), "{}", said(&token));
    let token = String::from_utf8(token.stdout).expect("text");
    assert_eq!(token.lines().count(), 1, "the token stands alone, so that a script can take it");
    let users = curl(&[&format!("{base}/v1/newsroom/users"), "-H", &format!("Authorization: Bearer {}", token.trim())]);
    assert!(users.contains("jo@example.org"), "{users}");
    assert!(server.stop().success());
}

#[test]
fn a_token_is_not_made_for_nobody_nor_beyond_the_role() {
    let folder = Folder::new();
    let server = Started::in_folder(&folder.0);
    let nobody = ["token", "create", "--user", "nobody@example.org", "--name", "tool", "--scopes", "newsroom:read"];
    let done = types(&folder, &nobody, "");
    assert!(!done.status.success() && said(&done).contains("There is no user nobody@example.org."), "{}", said(&done));
    let add = ["user", "create", "--email", "ed@example.org", "--name", "Ed", "--role", "editor", "--generate"];
    let added = types(&folder, &add, "");
    assert!(added.status.success() && said(&added).contains("shown this once"), "{}", said(&added));
    let long = "x".repeat(121);
    for name in [" ", &long] {
        let add = ["user", "create", "--email", "x@example.org", "--name", name, "--role", "editor", "--generate"];
        let done = types(&folder, &add, "");
        assert!(!done.status.success() && said(&done).contains("name "), "{}", said(&done));
        let make = ["token", "create", "--user", "ed@example.org", "--name", name, "--scopes", "newsroom:read"];
        let done = types(&folder, &make, "");
        assert!(!done.status.success() && said(&done).contains("name "), "{}", said(&done));
    }
    let twice =
        ["token", "create", "--user", "ed@example.org", "--name", "t", "--scopes", "newsroom:read,newsroom:read"];
    let done = types(&folder, &twice, "");
    assert!(!done.status.success() && said(&done).contains("stands twice"), "{}", said(&done));
    let beyond = ["token", "create", "--user", "ed@example.org", "--name", "tool", "--scopes", "people:admin"];
    let done = types(&folder, &beyond, "");
    assert!(!done.status.success() && said(&done).contains("is more than the user's role allows"), "{}", said(&done));
    assert!(server.stop().success());
}

#[test]
fn what_is_there_already_is_not_loaded_twice() {
    let folder = Folder::new();
    let server = Started::in_folder(&folder.0);
    let demo = types(&folder, &["demo"], "");
    assert!(demo.status.success() && said(&demo).contains("The demo newsroom is there already"), "{}", said(&demo));
    let regions = types(&folder, &["regions", "load"], "");
    assert!(regions.status.success() && said(&regions).contains("0 regions were added"), "{}", said(&regions));
    let migrated = types(&folder, &["migrate"], "");
    assert!(migrated.status.success() && said(&migrated).contains("The schema is up to date"), "{}", said(&migrated));
    assert!(server.stop().success());
}

#[test]
fn the_written_document_is_compared_without_a_database() {
    let folder = Folder::new();
    let path = folder.0.join("openapi.json");
    let path = path.to_str().expect("a path");
    assert!(types(&folder, &["openapi", "--output", path], "").status.success());
    assert!(types(&folder, &["openapi", "--check", "--output", path], "").status.success());
    std::fs::write(path, "{}\n").expect("a file");
    let differs = types(&folder, &["openapi", "--check", "--output", path], "");
    assert_eq!(differs.status.code(), Some(1), "{}", said(&differs));
    assert!(said(&differs).contains("fix: dateline openapi"), "{}", said(&differs));
}
