//! The rows of a sweep that is not done, kept in a file beside its place: `results.csv.part`.
//!
//! The first line says which sweep it is, then come the header and the rows in the order of the
//! runs, each written at once and whole. So whatever ends the program, the file has a sound
//! beginning; the same command cuts off what is torn behind it and goes on from there.

use super::super::Failure;
use super::super::run::{cannot_write, write_file};
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

/// The file beside the place of the results.
pub(super) struct Kept {
    /// Where the results go.
    out: PathBuf,
    path: PathBuf,
    file: File,
    /// The length of the first line, which is not part of the results.
    first_line: u64,
}

impl Kept {
    /// Opens the file and reads what is sound of it: each line is given to `take`, first the header,
    /// which says whether it belongs there. `fresh` throws away what there was.
    pub(super) fn open(
        out: &Path,
        digest: &str,
        fresh: bool,
        take: impl FnMut(&[String]) -> bool,
    ) -> Result<Self, Failure> {
        let mut path = OsString::from(out);
        path.push(".part");
        let path = PathBuf::from(path);
        let name = out.display();
        if out.exists() && !path.exists() && !fresh {
            let help = format!(
                "help: `--fresh` makes it anew, `framestep sweep --summary {name}` sums it up"
            );
            return Err(Failure::Usage(format!("error: `{name}` is there already\n{help}")));
        }
        let failed = |error: io::Error| cannot_write(&path, &error);
        let options =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).clone();
        let file = options.open(&path).map_err(failed)?;
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            let help = "help: wait for it, or name another file";
            let words = format!("error: another sweep is writing `{name}`\n{help}");
            return Err(Failure::Usage(words));
        }
        let first_line = format!("# framestep sweep {digest}\n");
        let mut kept = Self { out: out.into(), path, file, first_line: first_line.len() as u64 };
        kept.begin(&first_line, fresh, take)?;
        Ok(kept)
    }

    /// Reads the sound beginning and cuts off the rest.
    fn begin(
        &mut self,
        first_line: &str,
        fresh: bool,
        take: impl FnMut(&[String]) -> bool,
    ) -> Result<(), Failure> {
        let found = if fresh { Ok(String::new()) } else { self.first_line() };
        let found = found.map_err(|error| self.failed(&error))?;
        let sound = if found == first_line {
            self.sound(take)
        } else if found.ends_with('\n') {
            let (part, out) = (self.path.display(), self.out.display());
            return Err(Failure::Usage(format!(
                "error: `{part}` was begun by another sweep: the scenario or the command has \
                 changed since\nhelp: `--fresh` throws it away and begins anew; or name another \
                 file than `{out}`"
            )));
        } else {
            // Not even that line was finished.
            Ok(0)
        };
        let cut = |kept: &mut Self, length: u64| {
            kept.file.set_len(length)?;
            kept.file.seek(SeekFrom::Start(length))?;
            if length == 0 { kept.file.write_all(first_line.as_bytes()) } else { Ok(()) }
        };
        sound.and_then(|length| cut(self, length)).map_err(|error| self.failed(&error))
    }

    /// The first line, as much as there is of it.
    fn first_line(&mut self) -> io::Result<String> {
        let mut line = Vec::new();
        BufReader::new(&self.file).take(256).read_until(b'\n', &mut line)?;
        Ok(String::from_utf8_lossy(&line).into_owned())
    }

    /// How many octets belong to lines that are whole and taken.
    fn sound(&mut self, mut take: impl FnMut(&[String]) -> bool) -> io::Result<u64> {
        let mut length = self.first_line;
        self.file.seek(SeekFrom::Start(length))?;
        let mut reader = BufReader::new(&self.file);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line)? > 0 {
            if !cells(&line).is_some_and(|cells| take(&cells)) {
                break;
            }
            length += line.len() as u64;
            line.clear();
        }
        Ok(length)
    }

    /// Appends a line.
    pub(super) fn push(&mut self, line: &[u8]) -> Result<(), Failure> {
        self.file.write_all(line).map_err(|error| self.failed(&error))
    }

    /// All lines are there: they become the results.
    pub(super) fn finish(mut self) -> Result<(), Failure> {
        let begin = self.file.seek(SeekFrom::Start(self.first_line));
        begin.map_err(|error| self.failed(&error))?;
        write_file(&self.out, |out| {
            io::copy(&mut self.file, out)?;
            out.flush()?;
            out.get_ref().sync_all()
        })?;
        fs::remove_file(&self.path).map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &io::Error) -> Failure {
        cannot_write(&self.path, error)
    }
}

/// The cells of a line; `None` if this is no line that was written here.
fn cells(written: &[u8]) -> Option<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(written);
    let record = reader.records().next()?.ok()?;
    let cells: Vec<String> = record.iter().map(str::to_owned).collect();
    // After a loss of power there may be anything, zeros above all.
    let is_ours = line(&cells) == written && !cells.iter().any(|c| c.contains(char::is_control));
    is_ours.then_some(cells)
}

/// A line of a table with these cells.
pub(super) fn line(cells: &[String]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(cells).expect("memory takes everything");
    writer.into_inner().expect("memory takes everything")
}
