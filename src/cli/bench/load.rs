//! The load: `wrk` with a generated script that takes its requests at random, or one after another, from a file.

use std::io::{ErrorKind, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::cli::failure::{Failure, Outcome};

/// What is asked for. `headers` are lines of Lua for the table of headers.
#[derive(Clone, Debug, Default)]
pub(super) struct Load {
    pub method: &'static str,
    /// Each a path, and after a tab the value of `If-None-Match`.
    pub lines: Vec<String>,
    pub token: Option<String>,
    /// JSON, in which `%d` becomes a number of its own for every request.
    pub body: Option<String>,
    /// Each line once, and then no more.
    pub once: bool,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(super) struct Figures {
    pub requests: f64,
    /// Microseconds.
    pub duration: f64,
    /// Answers that are no success, and failures of connections.
    pub errors: f64,
    /// Microseconds.
    pub p50: f64,
    /// Microseconds.
    pub p99: f64,
}

impl Figures {
    pub(super) fn per_second(&self) -> f64 {
        (self.requests - self.errors).max(0.0) / (self.duration.max(1.0) / 1e6)
    }
}

const SCRIPT: &str = r#"
local method, once, token, body = "@METHOD@", @ONCE@, "@TOKEN@", [==[@BODY@]==]
local requests, at, threads = {}, 0, {}
local ffi = require("ffi")
ffi.cdef("typedef struct { long s, us; } instant; int gettimeofday(instant *, void *);")
local clock = ffi.new("instant")
local function now()
  ffi.C.gettimeofday(clock, nil)
  return tonumber(clock.s) * 1e6 + tonumber(clock.us)
end
local function formed(path, known)
  local headers = {}
  if known then headers["If-None-Match"] = known end
  if token ~= "" then headers["Authorization"] = "Bearer " .. token end
  if method ~= "GET" then headers["If-Match"] = "*" end
  if body == "" then return wrk.format(method, path, headers) end
  headers["Content-Type"] = "application/json"
  at = at + 1
  return wrk.format(method, path, headers, (body:gsub("%%d", string.format("%d%06d", os.time(), at))))
end
function setup(thread)
  threads[#threads + 1] = thread
end
function init(args)
  math.randomseed(@SEED@)
  for line in io.lines("@FILE@") do
    local path, known = line:match("^([^\t]*)\t?(.*)$")
    if known == "" then known = nil end
    requests[#requests + 1] = body == "" and formed(path, known) or path
  end
end
function request()
  local which
  if once then
    first = first or now()
    at = at + 1
    if at >= #requests then wrk.thread:stop() end
    which = requests[math.min(at, #requests)]
  else
    which = requests[math.random(#requests)]
  end
  if body ~= "" then return formed(which) end
  return which
end
-- wrk waits for its end when all was sent long ago: what is sent once is timed by its answers.
if once then
  function response()
    last = now()
  end
end
function done(summary, latency, requests)
  local e, duration = summary.errors, summary.duration
  if once then duration = threads[1]:get("last") - threads[1]:get("first") end
  io.write(string.format(
    '@@{"requests":%d,"duration":%d,"errors":%d,"p50":%f,"p99":%f}\n', summary.requests, duration,
    e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(50), latency:percentile(99)))
end
"#;

/// Drives the server for so many seconds.
///
/// # Errors
/// When wrk is missing or fails.
pub(super) fn drive(
    folder: &Path,
    server: SocketAddr,
    load: &Load,
    connections: usize,
    seconds: u64,
) -> Outcome<Figures> {
    let (paths, script) = (folder.join("paths.txt"), folder.join("load.lua"));
    write(&paths, &load.lines.join("\n"))?;
    let text = SCRIPT
        .replace("@METHOD@", load.method)
        .replace("@ONCE@", if load.once { "true" } else { "false" })
        .replace("@TOKEN@", load.token.as_deref().unwrap_or_default())
        .replace("@BODY@", load.body.as_deref().unwrap_or_default())
        .replace("@SEED@", "7")
        .replace("@FILE@", &paths.display().to_string());
    write(&script, &text)?;
    let mut wrk = Command::new("wrk");
    wrk.args(["-t1", &format!("-c{connections}"), &format!("-d{seconds}s"), "--timeout", "10s", "-s"]).arg(&script);
    let output = wrk.arg(format!("http://{server}")).stderr(Stdio::inherit()).output().map_err(|error| {
        Failure::new(match error.kind() {
            ErrorKind::NotFound => {
                "The load generator wrk is not installed.\n  fix: apt install wrk (Debian, Ubuntu), \
                 brew install wrk (macOS), or build https://github.com/wg/wrk."
                    .to_owned()
            }
            _ => format!("wrk could not be run: {error}."),
        })
    })?;
    let said = String::from_utf8_lossy(&output.stdout);
    let figures = said.lines().find_map(|line| serde_json::from_str(line.strip_prefix("@@")?).ok());
    figures.ok_or_else(|| Failure::new(format!("wrk said nothing that can be read:\n{said}")))
}

/// Writes a file of the measurement.
///
/// # Errors
/// When the folder cannot be written to.
pub(super) fn write(path: &Path, text: &str) -> Outcome {
    let written = std::fs::File::create(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| Failure::new(format!("Could not write {}: {error}.", path.display())))
}
