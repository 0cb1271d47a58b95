//! The servers whose ways are known.

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
