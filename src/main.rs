//! The program: arguments, the command, the exit code.

use std::process::ExitCode;

use dateline::cli::Cli;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

// Several threads: migrations block one of them while the connection needs another.
#[tokio::main]
async fn main() -> ExitCode {
    Cli::of_arguments().run().await
}
