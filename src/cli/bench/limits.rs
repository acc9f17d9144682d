//! Limits that other programs set: PostgreSQL giving the same documents to pgbench, and nginx giving them from its cache.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::load::write;
use super::server::{Server, free_address};
use crate::cli::failure::{Failure, Outcome};

/// How many clients are tried at first, to find out how many PostgreSQL serves best.
const CLIENTS: [usize; 3] = [4, 8, 16];

/// What pgbench can be asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Task {
    /// Read finished documents by key.
    Read,
    /// Insert the rows of a new draft in one transaction.
    Create,
    /// Insert the rows of a publication in one transaction.
    Publish,
    /// Delete what the other two inserted.
    Remove,
}

/// pgbench with its scripts, on the database that is measured.
pub(super) struct Pgbench<'a> {
    folder: &'a Path,
    database: &'a str,
    clients: HashMap<Task, usize>,
}

impl<'a> Pgbench<'a> {
    /// Writes the scripts and finds the best number of clients for each; none without pgbench.
    ///
    /// # Errors
    /// When a script cannot be written or run.
    pub(super) fn find(
        folder: &'a Path,
        database: &'a str,
        scripts: &[(Task, String)],
        seconds: u64,
    ) -> Outcome<Option<Self>> {
        if Command::new("pgbench").arg("--version").output().is_err() {
            return Ok(None);
        }
        let mut found = Self { folder, database, clients: HashMap::new() };
        for (task, script) in scripts {
            write(&found.script(*task), script)?;
        }
        for (task, _) in scripts.iter().filter(|(task, _)| *task != Task::Remove) {
            let mut best = (0.0, 0);
            for clients in CLIENTS {
                let rate = found.once(*task, clients, seconds)?;
                best = if rate > best.0 { (rate, clients) } else { best };
            }
            found.clients.insert(*task, best.1);
        }
        Ok(Some(found))
    }

    /// How often a second it does the task, with the number of clients that was best.
    ///
    /// # Errors
    /// When it fails.
    pub(super) fn rate(&self, task: Task, seconds: u64) -> Outcome<f64> {
        self.once(task, self.clients.get(&task).copied().unwrap_or(1), seconds)
    }

    fn once(&self, task: Task, clients: usize, seconds: u64) -> Outcome<f64> {
        let rate = self.run(task, &["-c", &clients.to_string(), "-T", &seconds.to_string()])?;
        if matches!(task, Task::Create | Task::Publish) {
            self.run(Task::Remove, &["-c", "1", "-t", "1"])?;
        }
        Ok(rate)
    }

    fn run(&self, task: Task, how: &[&str]) -> Outcome<f64> {
        let mut command = Command::new("pgbench");
        command.args(["-n", "-M", "prepared", "-j", "1", "-D", "n=0"]).args(how).arg("-f").arg(self.script(task));
        let output = command.arg(self.database).output().map_err(|error| Failure::new(error.to_string()))?;
        let said = String::from_utf8_lossy(&output.stdout);
        let rate = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
        let failed = || Failure::new(format!("pgbench failed: {}", String::from_utf8_lossy(&output.stderr)));
        rate.filter(|_| output.status.success()).ok_or_else(failed)
    }

    fn script(&self, task: Task) -> PathBuf {
        self.folder.join(format!("{task:?}.sql"))
    }
}

/// A script that reads one of so many documents by key.
pub(super) fn reading(documents: usize) -> String {
    format!("\\set id random(1, {documents})\nSELECT body FROM bench_documents WHERE id = :id;\n")
}

/// An nginx that keeps the answers of a server; none where it is not installed.
///
/// # Errors
/// When it is installed and does not come up.
pub(super) fn nginx(folder: &Path, behind: SocketAddr) -> Outcome<Option<Server>> {
    let places = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/bin/nginx", "/opt/homebrew/bin/nginx"];
    let Some(program) = places.iter().map(PathBuf::from).find(|place| place.exists()) else { return Ok(None) };
    let folder = folder.join("nginx");
    std::fs::create_dir_all(&folder).map_err(|error| Failure::new(format!("{}: {error}.", folder.display())))?;
    let address = free_address()?;
    let here = folder.display();
    let user = if std::env::var_os("HOME").is_some_and(|home| home == "/root") { "user root;" } else { "" };
    let settings = format!(
        "{user} daemon off; worker_processes auto; pid {here}/pid; error_log {here}/error.log crit;
         events {{ worker_connections 4096; }}
         http {{
           access_log off; keepalive_requests 1000000000; sendfile on; open_file_cache max=20000 inactive=1h;
           client_body_temp_path {here}/body; proxy_temp_path {here}/proxy; fastcgi_temp_path {here}/fastcgi;
           uwsgi_temp_path {here}/uwsgi; scgi_temp_path {here}/scgi;
           proxy_cache_path {here}/kept keys_zone=kept:64m max_size=4g inactive=1h;
           server {{
             listen {address};
             location / {{
               proxy_pass http://{behind}; proxy_cache kept; proxy_cache_valid 200 1h;
               proxy_ignore_headers Cache-Control Expires Vary;
               proxy_buffer_size 64k; proxy_buffers 8 64k; proxy_busy_buffers_size 128k;
             }}
           }}
         }}\n"
    );
    let file = folder.join("nginx.conf");
    write(&file, &settings)?;
    let mut command = Command::new(program);
    command.arg("-p").arg(&folder).arg("-c").arg(&file);
    Server::start(command, address, "/healthz").map(Some)
}
