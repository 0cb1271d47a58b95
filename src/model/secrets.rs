//! What looks like a secret: names by whole words, values by shape.

/// Words of a name that mean a secret.
const SECRET: [&str; 12] = [
    "apikey",
    "auth",
    "credential",
    "credentials",
    "key",
    "passphrase",
    "passwd",
    "password",
    "psw",
    "pword",
    "secret",
    "token",
];
/// Short for "password", but only as the last word of several: `DB_PASS`, not `PASS_THROUGH`.
const SHORT: [&str; 2] = ["pass", "pwd"];
/// Words that say that the name is about a secret, or about something open, and holds none.
const OPEN: [&str; 45] = [
    "algorithm",
    "audience",
    "backend",
    "checksum",
    "days",
    "dir",
    "domain",
    "enabled",
    "endpoint",
    "expire",
    "expires",
    "expiry",
    "file",
    "fingerprint",
    "format",
    "gpg",
    "header",
    "host",
    "hours",
    "id",
    "issuer",
    "length",
    "lifetime",
    "location",
    "method",
    "minutes",
    "mode",
    "name",
    "path",
    "pgp",
    "port",
    "prefix",
    "provider",
    "public",
    "realm",
    "seconds",
    "server",
    "sha256",
    "size",
    "sock",
    "timeout",
    "ttl",
    "type",
    "url",
    "version",
];
/// How keys of well-known services start.
const PREFIXES: [&str; 7] =
    ["AKIA", "ghp_", "github_pat_", "glpat-", "sk_live_", "xoxb-", "-----BEGIN"];

/// No value with the shape of a secret has fewer bytes: `a://b:c@`.
pub const SHORTEST: usize = 8;

/// Whether a variable's name says that it holds a secret.
pub fn is_secret_name(name: &str) -> bool {
    let words: Vec<String> = name.split(['_', '-']).map(str::to_ascii_lowercase).collect();
    let is_any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let ends_short =
        words.len() > 1 && words.last().is_some_and(|word| SHORT.contains(&word.as_str()));
    (is_any(&SECRET) || ends_short) && !is_any(&OPEN)
}

/// Whether a web address brings a password along; `None` where it is none, or has nobody's name.
fn has_password(value: &str) -> Option<bool> {
    let mut colons = value.bytes().enumerate().filter(|&(_, byte)| byte == b':');
    let rest = colons.find_map(|(at, _)| value.get(at..)?.strip_prefix("://"))?;
    let (login, _) = rest.split(['/', '?']).next()?.rsplit_once('@')?;
    let (_, password) = login.split_once(':')?;
    Some(!password.is_empty() && !password.contains('$'))
}

/// Whether a value is a secret whatever its name: a key of a known shape, or an address with a password in it.
pub fn is_secret_value(value: &str) -> bool {
    let is_key = |prefix: &&str| value.starts_with(*prefix) && value.len() >= prefix.len() + 12;
    PREFIXES.iter().any(is_key) || has_password(value) == Some(true)
}

/// Whether a value of a secret name can be a secret: not a switch, a number, a path, an address or another variable.
pub fn may_be_secret(value: &str) -> bool {
    let switches = ["true", "false", "yes", "no", "on", "off", "none", "null"];
    !value.is_empty()
        && !value.contains('$')
        && !value.starts_with('/')
        && !value.contains("://")
        && !value.chars().all(|c| c.is_ascii_digit())
        && !switches.contains(&value.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_by_whole_words() {
        for name in
            ["DB_PASSWORD", "API_TOKEN", "SECRET_KEY", "apikey", "SMTP_PASS", "DB_PSW", "AUTH"]
        {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "GPG_KEY",
            "SSH_AUTH_SOCK",
            "KEY_NAME",
            "GOPRIVATE",
            "USERNAME",
            "TOKEN_FILE",
            "PUBLIC_KEY",
            "KEY_PATH",
            "TOKEN_VERSION",
            "AWS_ACCESS_KEY_ID",
            "PASS_THROUGH",
            "PWD",
            "KEYBOARD",
            "AUTHOR",
            "MONKEY",
            "AUTH_URL",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn values_by_shape() {
        for value in [
            "AKIAIOSFODNN7EXAMPLE",
            "ghp_0123456789abcdefghij",
            "-----BEGIN RSA PRIVATE KEY-----",
            "postgres://app:hunter2@db/app",
        ] {
            assert!(is_secret_value(value), "{value}");
        }
        for value in [
            "postgres://app:$PW@db/app",
            "postgres://app@db/app",
            "https://example.org/a:b@c",
            "AKIA",
            "hunter2",
        ] {
            assert!(!is_secret_value(value), "{value}");
        }
        assert!(may_be_secret("hunter2"));
        for value in ["", "$OTHER", "/run/secrets/key", "https://a/b", "3600", "True"] {
            assert!(!may_be_secret(value), "{value}");
        }
    }
}
