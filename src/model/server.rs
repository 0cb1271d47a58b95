//! The servers whose ways are known: for whom they are made, and where they listen.

use super::wrappers::is_in;
use super::{Launch, Model, expand};
use crate::syntax::{Kind, Word};

/// For whom a server is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// For users.
    Production,
    /// For one developer.
    Development,
    /// For one developer: it builds the front end again at every change.
    Frontend,
}

/// What is known of a server. Lists are words set apart by blanks.
#[derive(Debug, PartialEq, Eq)]
pub struct Server {
    /// Its name as people write it: `flask run`.
    pub name: &'static str,
    /// For whom it is made.
    pub purpose: Purpose,
    /// The language it is written in and serves, where that is one.
    pub language: &'static str,
    /// The port it listens on when nothing else is said; 0 where there is none.
    pub port: u16,
    /// Its programs.
    programs: &'static str,
    /// What must stand among its arguments: lists, with `|` between alternatives.
    words: &'static str,
    /// Options and variables that name the port, maybe behind an address.
    port_options: &'static str,
    port_variables: &'static str,
    /// Options and variables that name the address.
    host_options: &'static str,
    host_variables: &'static str,
    /// Whether only the container itself reaches it when nothing else is said.
    is_local: bool,
    /// Whether a plain argument names the port, maybe behind an address.
    has_address_word: bool,
    /// Options that move it to where nobody can tell: a socket, a file of settings.
    elsewhere: &'static str,
    /// Variables that make it a server for users when they are `production`.
    production: &'static str,
}

const ANY: Server = Server {
    name: "",
    purpose: Purpose::Production,
    language: "",
    port: 0,
    programs: "",
    words: "",
    port_options: "",
    port_variables: "",
    host_options: "",
    host_variables: "",
    is_local: false,
    has_address_word: false,
    elsewhere: "",
    production: "",
};

/// The same with its usual options.
const fn server(name: &'static str, programs: &'static str, port: u16) -> Server {
    Server { name, programs, port, port_options: "--port -p", host_options: "--host", ..ANY }
}

const fn python(name: &'static str, programs: &'static str, port: u16) -> Server {
    Server { language: "python", is_local: true, ..server(name, programs, port) }
}

const fn frontend(name: &'static str, programs: &'static str, port: u16) -> Server {
    Server {
        language: "node",
        purpose: Purpose::Frontend,
        is_local: true,
        ..server(name, programs, port)
    }
}

const SERVERS: [Server; 43] = [
    Server {
        port_variables: "UVICORN_PORT",
        host_variables: "UVICORN_HOST",
        elsewhere: "--uds --fd",
        ..python("uvicorn", "uvicorn", 8000)
    },
    Server {
        port_options: "-b --bind",
        port_variables: "PORT",
        host_options: "-b --bind",
        host_variables: "PORT GUNICORN_CMD_ARGS",
        elsewhere: "-c --config",
        ..python("gunicorn", "gunicorn", 8000)
    },
    Server {
        port_options: "-b --bind",
        host_options: "-b --bind",
        elsewhere: "-c --config",
        ..python("hypercorn", "hypercorn", 8000)
    },
    Server {
        port_variables: "GRANIAN_PORT",
        host_variables: "GRANIAN_HOST",
        ..python("granian", "granian", 8000)
    },
    Server {
        host_options: "-b --bind",
        elsewhere: "-u --unix-socket -e --endpoint --fd",
        ..python("daphne", "daphne", 8000)
    },
    Server {
        port_options: "--port --listen",
        is_local: false,
        elsewhere: "--unix-socket",
        ..python("waitress", "waitress-serve", 8080)
    },
    Server {
        port_options: "--http --http-socket",
        is_local: false,
        elsewhere: "--ini --yaml --socket",
        ..python("uwsgi", "uwsgi", 0)
    },
    Server { host_options: "--host -H", ..python("sanic", "sanic", 8000) },
    Server {
        words: "run",
        purpose: Purpose::Development,
        port_variables: "FLASK_RUN_PORT",
        host_options: "--host -h",
        host_variables: "FLASK_RUN_HOST",
        ..python("flask run", "flask", 5000)
    },
    Server { words: "run", is_local: false, ..python("fastapi run", "fastapi", 8000) },
    Server {
        words: "dev",
        purpose: Purpose::Development,
        ..python("fastapi dev", "fastapi", 8000)
    },
    Server {
        words: "runserver",
        purpose: Purpose::Development,
        has_address_word: true,
        ..python("manage.py runserver", "manage.py django-admin python", 8000)
    },
    Server {
        words: "run",
        port_options: "--server.port",
        port_variables: "STREAMLIT_SERVER_PORT",
        host_options: "--server.address",
        host_variables: "STREAMLIT_SERVER_ADDRESS",
        is_local: false,
        ..python("streamlit", "streamlit", 8501)
    },
    Server {
        purpose: Purpose::Development,
        has_address_word: true,
        host_options: "-b --bind",
        is_local: false,
        ..python("python -m http.server", "http.server", 8000)
    },
    Server {
        language: "ruby",
        words: "server|s",
        purpose: Purpose::Development,
        port_variables: "PORT",
        host_options: "-b --binding",
        host_variables: "BINDING",
        is_local: true,
        production: "RAILS_ENV RACK_ENV",
        ..server("rails server", "rails", 3000)
    },
    Server {
        language: "ruby",
        port_options: "--port -p -b --bind",
        port_variables: "PORT",
        host_options: "-b --bind",
        elsewhere: "-C --config",
        ..server("puma", "puma", 9292)
    },
    Server {
        language: "ruby",
        host_options: "-o --host",
        is_local: true,
        ..server("rackup", "rackup", 9292)
    },
    Server {
        language: "ruby",
        port_options: "-p --port -l --listen",
        elsewhere: "-c --config-file",
        ..server("unicorn", "unicorn", 8080)
    },
    Server {
        language: "php",
        words: "-S",
        purpose: Purpose::Development,
        port_options: "-S",
        host_options: "-S",
        ..server("php -S", "php", 0)
    },
    Server {
        language: "php",
        words: "artisan serve",
        purpose: Purpose::Development,
        is_local: true,
        ..server("php artisan serve", "php", 8000)
    },
    Server { language: "php", elsewhere: "-y --fpm-config", ..server("php-fpm", "php-fpm", 9000) },
    Server { elsewhere: "-c", ..server("nginx", "nginx", 80) },
    server("apache", "httpd httpd-foreground apache2 apache2-foreground apachectl apache2ctl", 80),
    Server { words: "run|file-server", elsewhere: "--config", ..server("caddy", "caddy", 80) },
    Server {
        language: "node",
        words: "start",
        port_variables: "PORT",
        host_options: "-H --hostname",
        host_variables: "HOSTNAME",
        ..server("next start", "next", 3000)
    },
    Server {
        words: "dev",
        port_variables: "PORT",
        is_local: false,
        ..frontend("next dev", "next", 3000)
    },
    Server { words: "dev", ..frontend("nuxt dev", "nuxt nuxi", 3000) },
    Server { words: "preview", ..frontend("vite preview", "vite", 4173) },
    frontend("vite", "vite", 5173),
    Server { words: "serve|s", ..frontend("ng serve", "ng", 4200) },
    Server {
        words: "start",
        port_variables: "PORT",
        is_local: false,
        ..frontend("react-scripts start", "react-scripts", 3000)
    },
    Server {
        words: "serve",
        is_local: false,
        ..frontend("vue-cli-service serve", "vue-cli-service", 8080)
    },
    Server { words: "serve|server", ..frontend("webpack serve", "webpack", 8080) },
    frontend("webpack-dev-server", "webpack-dev-server", 8080),
    Server { words: "develop", ..frontend("gatsby develop", "gatsby", 8000) },
    Server { words: "dev|preview", ..frontend("astro dev", "astro", 4321) },
    Server { words: "serve", is_local: false, ..frontend("ember serve", "ember", 4200) },
    Server { purpose: Purpose::Development, ..frontend("json-server", "json-server", 3000) },
    Server { language: "node", ..server("http-server", "http-server", 8080) },
    Server {
        language: "node",
        port_options: "-l --listen -p",
        port_variables: "PORT",
        ..server("serve", "serve", 3000)
    },
    Server { language: "node", port_variables: "PORT", ..server("node", "node bun deno tsx", 0) },
    Server {
        language: "java",
        port_options: "--server.port -Dserver.port",
        port_variables: "SERVER_PORT",
        ..server("java", "java", 0)
    },
    Server {
        language: "dotnet",
        port_options: "--urls --http_ports",
        port_variables: "ASPNETCORE_HTTP_PORTS ASPNETCORE_URLS",
        ..server("dotnet", "dotnet", 0)
    },
];

/// Nobody looks at more ports than these; one line can name all that there are.
const MOST_PORTS: usize = 1000;

impl Launch<'_> {
    /// The server that it starts, where it is a known one.
    pub fn server(&self) -> Option<&'static Server> {
        let name = self.program();
        let plain = super::wrappers::plain_name(name);
        SERVERS.iter().find(|server| {
            (is_in(server.programs, name) || is_in(server.programs, plain))
                && (name != "http.server" || self.is_module())
                // Behind Poetry it is a script of the project.
                && (name != "serve" || !self.is_run_by("poetry uv pipenv pdm hatch"))
                && self.words_of(server).is_some()
        })
    }

    /// The words that make it that server: from the program to the last one that it wants.
    pub fn server_words(&self) -> &[Word] {
        let count = self.server().and_then(|server| self.words_of(server)).unwrap_or_default();
        self.words.get(self.program..=self.program + count).unwrap_or_default()
    }

    /// Whether one of the programs, as `poetry run` does, starts what follows.
    fn is_run_by(&self, programs: &str) -> bool {
        let before = self.words.get(..self.program).unwrap_or_default();
        before.iter().any(|word| is_in(programs, &word.text))
    }

    /// How many arguments the server's words reach over; `None` where one of them is not there.
    fn words_of(&self, server: &Server) -> Option<usize> {
        let place = |wanted: &str| self.arguments().iter().position(|word| word.text == wanted);
        server.words.split('|').find_map(|all| {
            let mut last = 0;
            for word in all.split_whitespace() {
                last = last.max(place(word)? + 1);
            }
            Some(last)
        })
    }

    /// The word that one of the options gives.
    fn value_of(&self, options: &str) -> Option<&str> {
        let options: Vec<&str> = options.split_whitespace().collect();
        self.option_value(&options)
    }
}

impl Model<'_> {
    /// The server for developers that answers the users of the final image.
    pub fn dev_server(&self, launch: &Launch<'_>) -> Option<&'static Server> {
        let is_production = |name: &str| {
            let variable = self.final_env(name);
            variable
                .is_some_and(|variable| variable.value.is_none_or(|value| value == "production"))
        };
        launch.server().filter(|server| {
            server.purpose != Purpose::Production
                && !server.production.split_whitespace().any(is_production)
        })
    }

    /// The port that the server listens on: what its command or its variable says, what the learner says, its default.
    pub fn port(&self) -> Option<u16> {
        let launch = self.launch()?;
        self.port_of(&launch).or(self.choices().port)
    }

    fn port_of(&self, launch: &Launch<'_>) -> Option<u16> {
        let server = launch.server()?;
        let is_elsewhere = |option: &str| launch.has_option(&[option]);
        if let Some(value) = launch.value_of(server.port_options) {
            return self.number(launch, value);
        }
        if server.elsewhere.split_whitespace().any(is_elsewhere) {
            return None;
        }
        if server.has_address_word {
            let words = launch.arguments().iter().rev();
            let mut ports = words.filter_map(|word| self.number(launch, &word.text));
            if let Some(port) = ports.next() {
                return Some(port);
            }
        }
        for name in server.port_variables.split_whitespace() {
            if let Some(variable) = self.final_env(name) {
                return variable.value.and_then(|value| last_number(&value));
            }
        }
        Some(server.port).filter(|&port| port > 0)
    }

    /// Whether nothing outside of the container can reach the server. `None` where that is not known.
    pub fn listens_locally(&self, launch: &Launch<'_>) -> Option<bool> {
        let server = launch.server()?;
        let is_elsewhere = |option: &str| launch.has_option(&[option]);
        let mut addresses = launch.arguments().iter().filter(|word| word.text.contains(['.', ':']));
        if let Some(value) = launch.value_of(server.host_options) {
            return Some(is_local(&self.filled(launch, value)?));
        }
        if server.elsewhere.split_whitespace().any(is_elsewhere) {
            return None;
        }
        if let Some(word) = addresses.next().filter(|_| server.has_address_word) {
            return Some(is_local(&word.text));
        }
        for name in server.host_variables.split_whitespace() {
            if let Some(variable) = self.final_env(name) {
                return Some(is_local(&variable.value?));
            }
        }
        Some(
            server.is_local
                && self.dev_server(launch).is_some() == (server.purpose != Purpose::Production),
        )
    }

    /// The ports that the image says it listens on, with the words of EXPOSE that do; those of a known base have none.
    pub fn exposed(&self) -> Vec<(u16, Option<&Word>)> {
        let mut ports = Vec::new();
        let of_base = self.final_image().and_then(|(_, image)| image.ports()).unwrap_or_default();
        ports.extend(of_base.iter().map(|&port| (port, None)));
        for (stage, step) in self.final_steps() {
            let Kind::Expose(words) = &step.instruction.kind else { continue };
            for word in words {
                let text = self.expand(stage, step.index, word).unwrap_or_default();
                let range = text.split('/').next().unwrap_or_default();
                let (first, last) = range.split_once('-').unwrap_or((range, range));
                if let (Ok(first), Ok(last)) = (first.parse::<u16>(), last.parse::<u16>()) {
                    let left = MOST_PORTS.saturating_sub(ports.len());
                    ports.extend((first..=last).take(left).map(|port| (port, Some(word))));
                }
            }
        }
        ports
    }

    /// The number of a port in a word of the command.
    fn number(&self, launch: &Launch<'_>, value: &str) -> Option<u16> {
        last_number(&self.filled(launch, value)?)
    }

    /// A word of the command with the image's variables filled in, where a shell does so.
    fn filled(&self, launch: &Launch<'_>, value: &str) -> Option<String> {
        if !value.contains('$') || launch.is_exec {
            return Some(value.to_owned());
        }
        let scope = self.final_stage()?.end.scope;
        let lookup = |name: &str| self.scopes.env(scope, name).map(super::Setting::value);
        expand::expand(value, '\\', None, &lookup)
    }
}

/// The port at the end of an address.
fn last_number(address: &str) -> Option<u16> {
    address.split(['/', ';']).rfind(|part| !part.is_empty())?.rsplit(':').next()?.parse().ok()
}

/// Whether an address, maybe with a port, is the container's own.
fn is_local(address: &str) -> bool {
    let host = address.rsplit("//").next().unwrap_or_default();
    host.starts_with("127.")
        || host.starts_with("localhost")
        || host.starts_with("[::1]")
        || host == "::1"
}

#[cfg(test)]
mod tests {
    use crate::input::Input;
    use crate::model::{Model, Purpose};
    use crate::syntax::parse;

    fn with<T>(lines: &str, ask: impl Fn(&Model) -> T) -> T {
        let (file, input) = (parse(lines), Input::new(lines));
        ask(&Model::build(&file, &input))
    }

    #[test]
    fn ports() {
        for (lines, port) in [
            ("CMD uvicorn a:b", Some(8000)),
            ("CMD uvicorn a:b --port=80", Some(80)),
            ("ENV UVICORN_PORT=81\nCMD uvicorn a:b", Some(81)),
            ("CMD uvicorn a:b --port $PORT", None),
            ("CMD uvicorn a:b --port ${PORT:-82}", Some(82)),
            ("ENV PORT=83\nCMD exec uvicorn a:b --port $PORT", Some(83)),
            ("ENV PORT=83\nCMD [\"uvicorn\", \"a:b\", \"--port\", \"$PORT\"]", None),
            ("CMD uvicorn a:b --uds /s", None),
            ("CMD gunicorn -b 0.0.0.0:84 a:b", Some(84)),
            ("CMD gunicorn -c c.py a:b", None),
            ("CMD gunicorn -c c.py -b :85 a:b", Some(85)),
            ("CMD python manage.py runserver 0.0.0.0:86", Some(86)),
            ("CMD python manage.py runserver", Some(8000)),
            ("CMD python -m http.server 87", Some(87)),
            ("CMD puma -b tcp://0.0.0.0:88", Some(88)),
            ("CMD php -S 0.0.0.0:89 -t public", Some(89)),
            ("CMD nginx -g 'daemon off;'", Some(80)),
            ("CMD node server.js", None),
            ("ENV PORT=90\nCMD node server.js", Some(90)),
            ("CMD java -Dserver.port=91 -jar a.jar", Some(91)),
            ("ENV ASPNETCORE_URLS=http://+:92\nCMD dotnet a.dll", Some(92)),
            ("CMD ./app", None),
        ] {
            assert_eq!(
                with(&format!("FROM a\n{lines}\n"), |model| model.launch().and(model.port())),
                port,
                "{lines}"
            );
        }
    }

    #[test]
    fn for_whom_it_is_made() {
        use Purpose::{Development, Frontend};
        for (lines, expected) in [
            ("CMD flask run", Some(("flask run", Development))),
            ("CMD python -m flask --app x run", Some(("flask run", Development))),
            ("CMD rails s", Some(("rails server", Development))),
            ("ENV RAILS_ENV=production\nCMD bundle exec rails s", None),
            ("CMD npx vite --host", Some(("vite", Frontend))),
            ("CMD next start", None),
            ("CMD php artisan serve", Some(("php artisan serve", Development))),
            ("CMD php artisan queue:work", None),
            ("CMD gunicorn a:b", None),
        ] {
            let found = with(&format!("FROM a\n{lines}\n"), |model| {
                let server = model.dev_server(&model.launch()?)?;
                Some((server.name, server.purpose))
            });
            assert_eq!(found, expected, "{lines}");
        }
    }

    #[test]
    fn who_reaches_it() {
        for (lines, expected) in [
            ("CMD uvicorn a:b", Some(true)),
            ("CMD uvicorn a:b --host 0.0.0.0", Some(false)),
            ("CMD uvicorn a:b --host=localhost", Some(true)),
            ("ENV UVICORN_HOST=0.0.0.0\nCMD uvicorn a:b", Some(false)),
            ("CMD uvicorn a:b --host $HOST", None),
            ("CMD flask run -h 0.0.0.0", Some(false)),
            ("CMD gunicorn a:b", Some(true)),
            ("ENV PORT=80\nCMD gunicorn a:b", Some(false)),
            ("CMD python manage.py runserver 0.0.0.0:80", Some(false)),
            ("CMD python manage.py runserver 80", Some(true)),
            ("CMD uvicorn a:b --fd 3", None),
            ("CMD nginx", Some(false)),
            ("CMD rails s", Some(true)),
            ("ENV RAILS_ENV=production\nCMD rails s", Some(false)),
        ] {
            let found = with(&format!("FROM a\n{lines}\n"), |model| {
                model.listens_locally(&model.launch()?)
            });
            assert_eq!(found, expected, "{lines}");
        }
    }

    #[test]
    fn what_is_exposed() {
        for (text, expected) in [
            ("FROM a\nEXPOSE 80 90/udp\n", [80, 90].as_slice()),
            ("FROM a AS b\nENV P=81\nFROM b\nEXPOSE $P 8000-8002\n", &[81, 8000, 8001, 8002]),
            ("FROM nginx:1\n", &[80]),
            ("FROM a\nEXPOSE $X\n", &[]),
        ] {
            let found = with(text, |model| {
                model.exposed().iter().map(|(port, _)| *port).collect::<Vec<_>>()
            });
            assert_eq!(found, expected, "{text}");
        }
    }
}
