//! The program from its start to an orderly stop.

use std::io::{BufReader, Write as _};
use std::net::TcpStream;

use super::{
    Folder, begin, first_calls, line_of, no_process_left, program, signal, spawn_draining, spawn_program, spawn_with,
    status_of, wait_until, wait_until_ready,
};

#[test]
fn before_it_stops_it_says_so_and_still_serves() {
    let folder = Folder::new("drained");
    let mut program = spawn_draining(&folder.0, 3600);
    let address = wait_until_ready(&mut program);
    wait_until("readiness", || status_of(&address, "/health/ready") == "HTTP/1.1 200 OK");
    signal("-TERM", program.id());
    wait_until("red", || status_of(&address, "/health/ready") == "HTTP/1.1 503 Service Unavailable");
    assert_eq!(status_of(&address, "/health/live"), "HTTP/1.1 200 OK");
    assert_eq!(status_of(&address, "/v1"), "HTTP/1.1 200 OK");
    // A second signal ends the wait.
    signal("-TERM", program.id());
    assert!(program.wait().unwrap().success());
    no_process_left(&folder.0);
}

#[test]
fn it_answers_while_the_demo_data_is_loaded_and_says_when_it_is_ready() {
    let folder = Folder::new("demo");
    let clients = folder.0.join("demo-clients.json");
    let mut program = spawn_with(&folder.0, &["serve", "--demo"], 0);
    let address = wait_until_ready(&mut program);
    assert_eq!(status_of(&address, "/v1"), "HTTP/1.1 200 OK");
    assert_eq!(status_of(&address, "/health/ready"), "HTTP/1.1 503 Service Unavailable");
    assert!(!clients.exists());
    // Asked to stop it does not finish the load; the next start does.
    signal("-TERM", program.id());
    assert!(program.wait().unwrap().success());
    assert!(!clients.exists());
    let mut program = spawn_with(&folder.0, &["serve", "--demo"], 0);
    let address = wait_until_ready(&mut program);
    wait_until("the demo data", || status_of(&address, "/health/ready") == "HTTP/1.1 200 OK");
    assert!(clients.exists());
    first_calls::work_as_written(&address, &clients);
    signal("-TERM", program.id());
    assert!(program.wait().unwrap().success());
    no_process_left(&folder.0);
}

#[test]
fn demo_data_that_cannot_be_loaded_ends_the_program_which_says_why() {
    let folder = Folder::new("taken");
    let other = ["client", "create", "--new-organisation", "Proef", "--name", "Proef"];
    assert!(program(&folder.0, &other).output().unwrap().status.success());
    let refused = program(&folder.0, &["serve", "--demo"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("holds other data"));
    no_process_left(&folder.0);
}

#[test]
fn asked_to_stop_it_answers_what_it_began_and_ends_by_itself() {
    let folder = Folder::new("stopped");
    let mut program = spawn_program(&folder.0);
    let address = wait_until_ready(&mut program);
    // The server has begun with each of them: it asked for the body, which comes after the signal.
    let head = "POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n\
                Expect: 100-continue\r\nContent-Length: 29\r\n\r\n";
    let mut streams: Vec<BufReader<TcpStream>> = (0..8).map(|_| BufReader::new(begin(&address, head))).collect();
    for stream in &mut streams {
        assert_eq!(line_of(stream), "HTTP/1.1 100 Continue");
        assert_eq!(line_of(stream), "");
    }

    signal("-TERM", program.id());
    wait_until("the end of listening", || TcpStream::connect(&address).is_err());
    for stream in &mut streams {
        stream.get_mut().write_all(b"grant_type=client_credentials").unwrap();
        assert_eq!(line_of(stream), "HTTP/1.1 401 Unauthorized");
    }
    drop(streams);
    assert!(program.wait().unwrap().success());
    no_process_left(&folder.0);
}
