//! A server for the harbour: one address that is well, and nothing else.

use signal_hook::consts::SIGTERM;
use signal_hook::iterator::Signals;
use std::{error::Error, process, thread};
use tiny_http::{Response, Server};

fn main() -> Result<(), Box<dyn Error>> {
    let mut signals = Signals::new([SIGTERM])?;
    thread::spawn(move || {
        for _ in signals.forever() {
            process::exit(0);
        }
    });
    let server = Server::http("0.0.0.0:7878").map_err(|error| error.to_string())?;
    for request in server.incoming_requests() {
        let answer = match request.url() {
            "/health" => Response::from_string("ok"),
            _ => Response::from_string("nothing here").with_status_code(404),
        };
        request.respond(answer)?;
    }
    Ok(())
}
