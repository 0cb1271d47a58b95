//! The servers whose ways are known.

use super::Model;

/// A server whose ways are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is the server it is named for")]
pub enum Server {
    Uvicorn,
    Gunicorn,
    Hypercorn,
    Granian,
    FlaskRun,
    FastapiRun,
    DjangoRunserver,
    Streamlit,
    PythonHttp,
}

impl Server {
    /// The port it listens on when nothing else is said.
    pub const fn default_port(self) -> u16 {
        match self {
            Self::FlaskRun => 5000,
            Self::Streamlit => 8501,
            _ => 8000,
        }
    }

    /// Its name as people write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Uvicorn => "uvicorn",
            Self::Gunicorn => "gunicorn",
            Self::Hypercorn => "hypercorn",
            Self::Granian => "granian",
            Self::FlaskRun => "flask run",
            Self::FastapiRun => "fastapi run",
            Self::DjangoRunserver => "manage.py runserver",
            Self::Streamlit => "streamlit",
            Self::PythonHttp => "python -m http.server",
        }
    }
}

impl Model<'_> {
    /// The port that the server listens on: what its command or its variable says, what the learner says, its default.
    pub fn port(&self) -> Option<u16> {
        let launch = self.launch()?;
        let named = launch.has_option(&["--port", "-p", "--bind", "-b", "--server.port"]);
        let variable = match launch.server() {
            Some(Server::Uvicorn) => "UVICORN_PORT",
            Some(Server::Gunicorn) => "PORT",
            Some(Server::Granian) => "GRANIAN_PORT",
            Some(Server::FlaskRun) => "FLASK_RUN_PORT",
            Some(Server::Streamlit) => "STREAMLIT_SERVER_PORT",
            _ => "",
        };
        let port = match self.final_env(variable) {
            Some(variable) if !named => variable.value.and_then(|port| port.parse().ok()),
            _ => launch.port(),
        };
        port.or(self.choices().port)
    }
}
