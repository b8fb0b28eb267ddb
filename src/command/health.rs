//! `health`: the probe of the container image.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use clap::Args;

use super::Failure;

/// `health`
#[derive(Debug, Args)]
pub struct Arguments {
    /// Address of the admin listener.
    #[arg(long, env = "ADMIN_LISTEN", default_value = "127.0.0.1:9090")]
    address: SocketAddr,
}

/// Asks `/health/ready`.
pub(super) fn ask(arguments: &Arguments) -> Result<(), Failure> {
    const PATIENCE: Duration = Duration::from_secs(3);
    let mut stream = TcpStream::connect_timeout(&arguments.address, PATIENCE).map_err(Failure::of)?;
    stream.set_read_timeout(Some(PATIENCE)).map_err(Failure::of)?;
    stream
        .write_all(b"GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .map_err(Failure::of)?;
    let mut head = [0_u8; 12];
    stream.read_exact(&mut head).map_err(Failure::of)?;
    if head.ends_with(b" 200") { Ok(()) } else { Err(Failure::Failed("not ready".to_owned())) }
}
