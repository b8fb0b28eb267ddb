//! A mail server that keeps what it takes: as much SMTP as a sender needs.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// How it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Takes,
    /// This answer to every recipient.
    ToRecipients(&'static str),
    /// This answer to every connection.
    ToEverybody(&'static str),
    /// Takes the mail and is gone before it says so.
    GoesSilent,
}

/// The mail server; it ends with the process.
pub struct Sink {
    address: SocketAddr,
    mood: Arc<Mutex<Mood>>,
    taken: Arc<Mutex<Vec<String>>>,
}

impl Sink {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let sink = Self {
            address: listener.local_addr().unwrap(),
            mood: Arc::new(Mutex::new(Mood::Takes)),
            taken: Arc::default(),
        };
        let (mood, taken) = (Arc::clone(&sink.mood), Arc::clone(&sink.taken));
        std::thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let (mood, taken) = (*mood.lock().unwrap(), Arc::clone(&taken));
                std::thread::spawn(move || converse(&connection, mood, &taken));
            }
        });
        sink
    }

    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    pub fn turn(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// Every mail that it took, headers and text as they are meant to be read.
    pub fn taken(&self) -> Vec<String> {
        self.taken.lock().unwrap().clone()
    }
}

/// Talks until the sender is gone.
fn converse(connection: &TcpStream, mood: Mood, taken: &Mutex<Vec<String>>) -> Option<()> {
    let say = |line: &str| (&*connection).write_all(format!("{line}\r\n").as_bytes()).ok();
    if let Mood::ToEverybody(answer) = mood {
        return say(answer);
    }
    say("220 sink.test ESMTP")?;
    let mut lines = BufReader::new(connection).lines().map_while(Result::ok);
    while let Some(line) = lines.next() {
        match line.split([' ', ':']).next().unwrap_or_default() {
            "RCPT" => match mood {
                Mood::ToRecipients(answer) => say(answer)?,
                _ => say("250 ok")?,
            },
            "DATA" => {
                say("354 go on")?;
                let mail: Vec<String> = lines.by_ref().take_while(|line| line != ".").collect();
                taken.lock().unwrap().push(read(&mail.join("\n")));
                if mood == Mood::GoesSilent {
                    return None;
                }
                say("250 ok")?;
            }
            "QUIT" => return say("221 bye"),
            _ => say("250 sink.test")?,
        }
    }
    None
}

/// Undoes quoted-printable.
pub fn read(mail: &str) -> String {
    let joined = mail.replace("\r\n", "\n").replace("=\n", "");
    let mut read = Vec::new();
    let mut bytes = joined.bytes();
    while let Some(byte) = bytes.next() {
        let pair: String = bytes.clone().take(2).map(char::from).collect();
        let code = u8::from_str_radix(&pair, 16).ok().filter(|_| byte == b'=');
        if code.is_some() {
            bytes.nth(1);
        }
        read.push(code.unwrap_or(byte));
    }
    String::from_utf8(read).unwrap()
}
