//! The program itself as a process of its own, in an empty folder and with nothing of the environment's settings.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use dateline::base::id::new_id;

use super::database::{TestDatabase, quick_folder};

const STARTED_WITHIN: Duration = Duration::from_mins(1);
/// How long a polite stop may take.
pub const STOPPED_WITHIN: Duration = Duration::from_secs(10);

/// The program, with nothing of the environment's own settings. `TEST_PROGRAM` names another one, such as a release build.
pub fn dateline(folder: &Path) -> Command {
    let given = std::env::var_os("TEST_PROGRAM");
    let mut command = Command::new(given.unwrap_or_else(|| env!("CARGO_BIN_EXE_dateline").into()));
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("DATELINE_") || name == "DATABASE_URL") {
            command.env_remove(name);
        }
    }
    command.current_dir(std::env::temp_dir()).stdin(Stdio::null());
    command.env("DATELINE_DATA_DIR", folder).env("DATELINE_BIND", "127.0.0.1:0").env("NO_COLOR", "1");
    // Tests ask as often as they like.
    command.env("DATELINE_RATE_TOKEN", "0").env("DATELINE_RATE_ADDRESS", "0");
    command
}

/// The program on a database that is given to it.
pub fn on_database(folder: &Path, url: &str) -> Command {
    let mut command = dateline(folder);
    command
        .env("DATABASE_URL", url)
        .env("DATELINE_PUBLIC_URL", "http://api.example.org")
        .env("DATELINE_JWT_SECRET", "5wVzT0nXkq8sD2yLr1Jc7GhBf4MpE9aQ");
    command
}

/// What a command that succeeds prints.
pub fn says(command: &mut Command) -> String {
    let done = command.output().expect("the program");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).expect("text").trim().to_owned()
}

/// An API token with these scopes, of a user of this role who is made for it.
pub fn tools_token(program: impl Fn() -> Command, role: &str, scopes: &str) -> String {
    let email = "tools@example.org";
    says(program().args(["user", "create", "--email", email, "--name", "Tools", "--role", role, "--generate"]));
    says(program().args(["token", "create", "--user", email, "--name", "tests", "--scopes", scopes]))
}

/// A started program with all that it needs, and a tool's token for it. All goes when this is dropped.
pub struct House {
    /// The program.
    pub server: Started,
    /// Where it listens: address and port.
    pub address: String,
    /// Of an editor's tool.
    pub token: String,
    _folder: Folder,
    _database: TestDatabase,
}

impl House {
    /// Starts it with two workers and these settings; the token has these scopes.
    pub async fn with(settings: &[(&str, &str)], scopes: &str) -> Self {
        let (folder, database) = (Folder::new(), TestDatabase::migrated().await);
        let program = || {
            let mut program = on_database(&folder.0, &database.url);
            program.env("DATELINE_WORKERS", "2").envs(settings.iter().copied());
            program
        };
        let token = tools_token(program, "editor", scopes);
        let server = Started::by(&mut program());
        let address = server.url("API ").replace("http://", "").replace("/v1/articles", "");
        Self { server, address, token, _folder: folder, _database: database }
    }
}

/// An empty folder that goes in the end.
pub struct Folder(pub PathBuf);

impl Folder {
    /// Makes one.
    pub fn new() -> Self {
        let folder = quick_folder(&format!("start-{}", new_id().simple()));
        std::fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A started program and the lines it prints.
pub struct Started {
    child: Child,
    lines: Receiver<String>,
    /// What it says on standard error.
    log: PathBuf,
    /// What it printed at its start.
    pub banner: String,
    /// Until the banner was complete.
    pub took: Duration,
}

impl Started {
    /// Starts it on this folder.
    pub fn in_folder(folder: &Path) -> Self {
        Self::by(&mut dateline(folder))
    }

    /// Starts it and reads its banner up to the line that is empty at the end.
    pub fn by(command: &mut Command) -> Self {
        let began = Instant::now();
        let log = tempfile();
        let words = File::create(&log).expect("a file for its words");
        let mut child = command.stdout(Stdio::piped()).stderr(words).spawn().expect("the program");
        let stdout = BufReader::new(child.stdout.take().expect("its output"));
        let (tell, lines) = channel();
        thread::spawn(move || stdout.lines().map_while(Result::ok).all(|line| tell.send(line).is_ok()));
        let mut started = Self { child, lines, log, banner: String::new(), took: Duration::ZERO };
        started.read_banner(began);
        started
    }

    fn read_banner(&mut self, began: Instant) {
        while !self.banner.contains("Database ") {
            match self.lines.recv_timeout(STARTED_WITHIN) {
                Ok(line) => self.banner = format!("{}{line}\n", self.banner),
                Err(RecvTimeoutError::Timeout) => panic!("no banner in time, only: {}{}", self.banner, self.said()),
                Err(RecvTimeoutError::Disconnected) => panic!("it ended with only: {}{}", self.banner, self.said()),
            }
        }
        self.took = began.elapsed();
        while let Ok(line) = self.lines.recv_timeout(Duration::from_millis(200)) {
            self.banner = format!("{}{line}\n", self.banner);
        }
    }

    /// The first line of the banner that has this.
    pub fn line(&self, with: &str) -> &str {
        self.banner.lines().find(|line| line.contains(with)).unwrap_or_else(|| panic!("no {with} in {}", self.banner))
    }

    /// The URL in this line of the banner.
    pub fn url(&self, with: &str) -> String {
        let line = self.line(with);
        let at = line.find("http://").unwrap_or_else(|| panic!("no URL in {line}"));
        line.get(at..).and_then(|rest| rest.split_whitespace().next()).expect("a URL").to_owned()
    }

    /// What the system tells of it in this file below `/proc`.
    pub fn told(&self, file: &str) -> String {
        std::fs::read_to_string(format!("/proc/{}/{file}", self.child.id())).unwrap_or_default()
    }

    /// Memory that it has in use, in KiB.
    pub fn memory(&self) -> u64 {
        let status = self.told("status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
        line.trim().trim_end_matches(" kB").parse().expect("a number")
    }

    /// Sends a signal, such as TERM.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").arg(format!("-{name}")).arg(self.child.id().to_string()).status();
        assert!(sent.expect("kill").success());
    }

    /// Waits for its end.
    pub fn ends_within(&mut self, time: Duration) -> ExitStatus {
        let give_up = Instant::now() + time;
        while Instant::now() < give_up {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return status;
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("it still runs after {time:?}");
    }

    /// What it said on standard error so far.
    pub fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Asks it to stop, and waits.
    pub fn stop(mut self) -> ExitStatus {
        self.signal("TERM");
        self.ends_within(STOPPED_WITHIN)
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_file(&self.log);
    }
}

fn tempfile() -> PathBuf {
    std::env::temp_dir().join(format!("dateline-said-{}", new_id().simple()))
}

/// What a program that does not start says.
pub fn refused(command: &mut Command) -> String {
    let done = command.output().expect("the program");
    let said = String::from_utf8(done.stderr).expect("text");
    assert_eq!(done.status.code(), Some(1), "{said}");
    assert!(done.stdout.is_empty(), "a banner, although it does not start");
    said
}

/// Status and body of what is there, without credentials.
pub async fn get(url: &str) -> (u16, String) {
    let answer = reqwest::Client::builder().no_proxy().build().expect("a client").get(url).send().await;
    let answer = answer.unwrap_or_else(|error| panic!("{url}: {error}"));
    (answer.status().as_u16(), answer.text().await.expect("a body"))
}

/// Runs a line of the banner as it would be pasted into a shell.
pub fn pasted(line: &str) -> String {
    let done = Command::new("sh").arg("-c").arg(line).output().expect("a shell");
    assert!(done.status.success(), "{line}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).expect("text")
}
