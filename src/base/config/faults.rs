//! What is wrong with the settings, in words that help.

use std::fmt;

/// One wrong setting: its name, the fault and the fix. It never holds a secret's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingFault {
    /// Name of the variable.
    pub name: String,
    /// What is wrong with it.
    pub fault: String,
    /// What to do about it.
    pub fix: String,
}

impl SettingFault {
    /// A fault and its fix.
    pub fn new(name: impl Into<String>, fault: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { name: name.into(), fault: fault.into(), fix: fix.into() }
    }
}

/// All wrong settings at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults(pub Vec<SettingFault>);

impl Faults {
    /// The value, or nothing and the fault kept.
    pub(super) fn keep<T>(&mut self, outcome: Result<T, SettingFault>) -> Option<T> {
        outcome.map_err(|fault| self.0.push(fault)).ok()
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.len() {
            1 => f.write_str("A setting is wrong.")?,
            many => write!(f, "{many} settings are wrong.")?,
        }
        for SettingFault { name, fault, fix } in &self.0 {
            write!(f, "\n\n  {name} {fault}\n    fix: {fix}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}
