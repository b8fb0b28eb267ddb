//! The binary: reads the command line, calls the library, sets the exit code.

use std::process::ExitCode;

use clap::Parser as _;
use stagepunt::command::{Command, run};

/// Open API for regional internship placement in Dutch GP care. Without a subcommand it does `serve --demo`.
#[derive(Debug, clap::Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[actix_web::main]
async fn main() -> ExitCode {
    let told = std::env::args_os().len() > 1;
    let arguments = if told { Arguments::parse() } else { Arguments::parse_from(["stagepunt", "serve", "--demo"]) };
    run(arguments.command).await
}
