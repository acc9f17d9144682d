//! Where a cluster lies and whose it is. PostgreSQL refuses to run as root, so root hands it to another user, who must
//! be able to reach every folder on the way.

use std::fs::{self, Metadata};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Failure, Result, failed_to};
use crate::base::id::hex;
use crate::base::secret::sha256;

/// A socket's path has at most 107 bytes, of which `/.s.PGSQL.5432` takes 14.
const LONGEST_SOCKET_FOLDER: usize = 93;

/// Whom the server runs as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    uid: u32,
    /// Only root has to change to it, and its group.
    change_to_group: Option<u32>,
}

impl Owner {
    /// The user who runs this program, or for root `postgres`, or else `nobody`.
    ///
    /// # Errors
    /// When there is neither.
    pub fn of_the_server() -> Result<Self> {
        let uid = own_uid()?;
        if uid != 0 {
            return Ok(Self { uid, change_to_group: None });
        }
        let users = fs::read_to_string("/etc/passwd").map_err(failed_to("read /etc/passwd"))?;
        let (uid, gid) = ["postgres", "nobody"]
            .iter()
            .find_map(|name| ids_of(name, &users))
            .ok_or_else(|| Failure::new("PostgreSQL does not run as root, and there is no user postgres or nobody."))?;
        Ok(Self { uid, change_to_group: Some(gid) })
    }

    /// Lets the command run as this user, in a folder that is always there, apart from the keyboard's signals.
    pub fn runs<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        if let Some(gid) = self.change_to_group {
            command.uid(self.uid).gid(gid);
        }
        command.current_dir("/").env("LC_ALL", "C").process_group(0)
    }

    /// Makes a folder that only this user may enter, or checks the one that is there.
    ///
    /// # Errors
    /// When it cannot be made, or something else stands in its place.
    pub fn makes_private(&self, folder: &Path) -> Result<()> {
        let made = fs::DirBuilder::new().mode(0o700).create(folder);
        if let Err(error) = made
            && error.kind() != std::io::ErrorKind::AlreadyExists
        {
            return Err(failed_to(format!("make the folder {}", folder.display()))(error));
        }
        let there = fs::symlink_metadata(folder).map_err(failed_to(format!("look at {}", folder.display())))?;
        if !there.is_dir() || (there.uid() != self.uid && !(there.uid() == 0 && self.change_to_group.is_some())) {
            return Err(Failure::new(format!("{} is not a folder of the database's user.", folder.display())));
        }
        self.takes(folder)?;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
            .map_err(failed_to(format!("set the rights of {}", folder.display())))
    }

    /// Gives the file or folder to this user.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn takes(&self, path: &Path) -> Result<()> {
        let Some(gid) = self.change_to_group else { return Ok(()) };
        chown(path, Some(self.uid), Some(gid)).map_err(failed_to(format!("hand over {}", path.display())))
    }

    /// Whether this user can pass through every folder on the way that is there already.
    fn reaches(&self, path: &Path) -> bool {
        let Some(gid) = self.change_to_group else { return true };
        let passes = |folder: &Metadata| {
            let bit = match (folder.uid() == self.uid, folder.gid() == gid) {
                (true, _) => 0o100,
                (_, true) => 0o010,
                _ => 0o001,
            };
            folder.mode() & bit != 0
        };
        path.ancestors().filter_map(|folder| fs::metadata(folder).ok()).all(|folder| passes(&folder))
    }

    /// Makes and answers the folder that was wanted, or for root a reachable one that stands for it.
    ///
    /// # Errors
    /// When none can be made.
    pub fn settles(&self, wanted: &Path) -> Result<PathBuf> {
        let wanted = std::path::absolute(wanted).map_err(failed_to("find the data folder"))?;
        let hash = short_hash(&wanted);
        let elsewhere =
            [PathBuf::from("/var/lib/dateline").join(&hash), PathBuf::from(format!("/tmp/dateline-{hash}"))];
        if self.reaches(&wanted) {
            let made = makes_all(&wanted).and_then(|()| self.takes(&wanted));
            if made.is_ok() || self.change_to_group.is_none() {
                return made.map(|()| wanted);
            }
        }
        self.makes_one_of(&elsewhere)
    }

    /// Makes and answers the first of these folders that can be made. Everybody knows their names, so one that is there
    /// already is taken only if it is a folder of this user's own and no link to somewhere else.
    fn makes_one_of(&self, folders: &[PathBuf]) -> Result<PathBuf> {
        let mut trouble = None;
        for folder in folders.iter().filter(|folder| self.reaches(folder)) {
            let above = folder.parent().map_or(Ok(()), makes_all);
            match above.and_then(|()| self.makes_private(folder)) {
                Ok(()) => return Ok(folder.clone()),
                Err(failure) => trouble = Some(failure),
            }
        }
        Err(trouble.unwrap_or_else(|| Failure::new("The database's user reaches no folder for its data.")))
    }

    /// Makes and answers the folder of the socket: beside the data, or under `/tmp` where that path is too long for a
    /// socket or has characters that mean something in the server's settings.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn makes_socket_folder(&self, folder: &Path) -> Result<PathBuf> {
        let mut run = folder.join("run");
        let plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
        let fits = |path: &str| path.len() <= LONGEST_SOCKET_FOLDER && path.chars().all(plain);
        if !run.to_str().is_some_and(fits) {
            run = PathBuf::from(format!("/tmp/dateline-{}-run", short_hash(folder)));
        }
        self.makes_private(&run)?;
        Ok(run)
    }
}

fn makes_all(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).map_err(failed_to(format!("make the data folder {}", folder.display())))
}

fn short_hash(path: &Path) -> String {
    hex(&sha256(path.as_os_str().as_encoded_bytes())).chars().take(12).collect()
}

fn own_uid() -> Result<u32> {
    if let Ok(own) = fs::metadata("/proc/self") {
        return Ok(own.uid());
    }
    let said = Command::new("id").arg("-u").output().map_err(failed_to("run id"))?;
    String::from_utf8_lossy(&said.stdout).trim().parse().map_err(failed_to("read the user's id"))
}

/// The ids of a user; macOS writes that of `nobody` as -2.
fn ids_of(name: &str, users: &str) -> Option<(u32, u32)> {
    let mut fields = users.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?.split(':').skip(1);
    let mut id = || fields.next()?.parse::<i64>().ok().map(|id| u32::try_from(id).unwrap_or(u32::MAX - 1));
    Some((id()?, id()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const USERS: &str =
        "root:x:0:0:root:/root:/bin/sh\npostgresql:x:7:7::/:/bin/false\nnobody:*:-2:-2:Nobody:/:/bin/false\n";

    #[test]
    fn a_user_is_found_by_the_whole_name() {
        assert_eq!(ids_of("root", USERS), Some((0, 0)));
        assert_eq!(ids_of("postgres", USERS), None);
        assert_eq!(ids_of("nobody", USERS), Some((u32::MAX - 1, u32::MAX - 1)));
    }

    #[test]
    fn a_link_that_somebody_laid_where_the_data_would_go_is_not_followed() {
        let mine = fs::metadata("/proc/self").unwrap().uid();
        let owner = Owner { uid: mine, change_to_group: (mine == 0).then_some(0) };
        let temp = std::env::temp_dir().join(format!("dateline-laid-{}", std::process::id()));
        let (target, link, free) = (temp.join("target"), temp.join("link"), temp.join("free"));
        fs::create_dir_all(&target).unwrap();
        fs::set_permissions(&target, fs::Permissions::from_mode(0o755)).unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        assert!(owner.makes_one_of(std::slice::from_ref(&link)).is_err());
        assert_eq!(owner.makes_one_of(&[link, free.clone()]).unwrap(), free);
        assert_eq!(owner.makes_one_of(std::slice::from_ref(&free)).unwrap(), free, "its own is taken again");
        let mode = |folder: &Path| fs::metadata(folder).unwrap().mode() & 0o777;
        assert_eq!((mode(&target), mode(&free)), (0o755, 0o700));
        fs::remove_dir_all(&temp).unwrap();
    }

    #[test]
    fn a_folder_that_others_may_not_pass_is_not_reached() {
        let stranger = Owner { uid: 4_000_000, change_to_group: Some(4_000_000) };
        let private = std::env::temp_dir().join(format!("dateline-private-{}", std::process::id()));
        fs::DirBuilder::new().mode(0o700).create(&private).unwrap();
        assert!(!stranger.reaches(&private.join("data")));
        assert!(stranger.reaches(Path::new("/usr/data")));
        fs::remove_dir(&private).unwrap();
    }
}
