//! What is known of package managers: their words, options, lists and caches.

use super::wrappers::parts;

/// A package manager.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is the manager it is named for")]
pub enum Manager {
    Apt,
    Apk,
    Dnf,
    Pip,
    Poetry,
    Uv,
    Pipenv,
    Npm,
    Yarn,
    Pnpm,
    Bun,
    Bundler,
    Gem,
    Composer,
    Go,
    Cargo,
    Maven,
    Gradle,
    Dotnet,
}

impl Manager {
    /// Whether it installs packages of the system rather than of a language.
    pub const fn is_of_system(self) -> bool {
        matches!(self, Self::Apt | Self::Apk | Self::Dnf)
    }

    /// Whether it installs packages of Python.
    pub const fn is_of_python(self) -> bool {
        matches!(self, Self::Pip | Self::Poetry | Self::Uv | Self::Pipenv)
    }

    /// Whether it installs packages of Node.js.
    pub const fn is_of_node(self) -> bool {
        matches!(self, Self::Npm | Self::Yarn | Self::Pnpm | Self::Bun)
    }

    /// What is known of it.
    pub fn row(self) -> &'static Row {
        ROWS.iter().find(|row| row.manager == self).unwrap_or(&NOTHING)
    }
}

/// What a command of a package manager does besides installing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Fetches the index of packages: `apt-get update`.
    Update,
    /// Installs newer versions of everything: `apt-get upgrade`.
    Upgrade,
    /// Takes packages away: `apt-get purge`.
    Remove,
    /// Empties the cache: `pip cache purge`.
    Clean,
    /// Compiles or bundles the program: `npm run build`.
    Build,
}

/// What is known of a manager. Words are set apart by blanks; orders of several words by `|`, and a `*` at the end
/// of one stands for any ending.
#[derive(Debug)]
pub struct Row {
    /// The manager.
    pub manager: Manager,
    /// Its programs.
    pub programs: &'static str,
    /// Orders that install.
    pub install: &'static str,
    /// Orders that fetch the index, upgrade, remove, clean and build.
    pub acts: [(Act, &'static str); 5],
    /// Options that take the next word.
    pub values: &'static str,
    /// Options whose value is a file that lists packages.
    pub list_options: &'static str,
    /// The files that it reads where no package is named, the one that people write first.
    pub lists: &'static str,
    /// Characters between a package's name and its version.
    pub pins: &'static str,
    /// The folder of its cache for root, where it stays in the layer.
    pub cache: &'static str,
    /// Options that keep nothing in the cache.
    pub no_cache: &'static str,
    /// The variable that does the same.
    pub no_cache_env: &'static str,
    /// The folder of its index, where it stays in the layer after an update.
    pub index: &'static str,
    /// Options that answer its questions.
    pub yes: &'static str,
    /// Options that leave out what only development needs; where there are any, that comes along without them.
    pub no_dev: &'static str,
    /// The variable that does the same, and the value that it needs, if one.
    pub no_dev_env: (&'static str, &'static str),
    /// Whether its orders stand in any order among others, as goals of a build.
    pub(super) has_goals: bool,
}

impl Row {
    /// The row of the manager whose program is called `name`, without folder and version.
    pub(super) fn of_program(name: &str) -> Option<&'static Self> {
        ROWS.iter().find(|row| super::is_in(row.programs, name))
    }

    /// The first of `orders` that the words give, which are no options.
    pub(super) fn order(&self, orders: &'static str, words: &[&str]) -> Option<&'static str> {
        let is_it = |word: &str, text: &&str| match word.strip_suffix('*') {
            Some(start) => text.starts_with(start),
            None => *text == word,
        };
        parts(orders, b'|').filter(|order| !order.is_empty()).find(|order| {
            if self.has_goals {
                return words.contains(order);
            }
            let mut given = words.iter();
            parts(order, b' ').all(|word| given.next().is_some_and(|text| is_it(word, text)))
        })
    }
}

const fn acts(
    update: &'static str,
    upgrade: &'static str,
    remove: &'static str,
    clean: &'static str,
    build: &'static str,
) -> [(Act, &'static str); 5] {
    [
        (Act::Update, update),
        (Act::Upgrade, upgrade),
        (Act::Remove, remove),
        (Act::Clean, clean),
        (Act::Build, build),
    ]
}

const NOTHING: Row = Row {
    manager: Manager::Apt,
    programs: "",
    install: "",
    acts: acts("", "", "", "", ""),
    values: "",
    list_options: "",
    lists: "",
    pins: "",
    cache: "",
    no_cache: "",
    no_cache_env: "",
    index: "",
    yes: "",
    no_dev: "",
    no_dev_env: ("", ""),
    has_goals: false,
};

const ROWS: [Row; 19] = [
    Row {
        manager: Manager::Apt,
        programs: "apt-get apt aptitude",
        install: "install|build-dep",
        acts: acts(
            "update",
            "upgrade|dist-upgrade|full-upgrade|safe-upgrade",
            "remove|purge|autoremove|autopurge",
            "clean|autoclean|distclean",
            "",
        ),
        values: "-o --option -t --target-release --default-release -c --config-file",
        pins: "=",
        index: "/var/lib/apt/lists",
        yes: "-y --yes --assume-yes -qq --force-yes",
        ..NOTHING
    },
    Row {
        manager: Manager::Apk,
        programs: "apk",
        install: "add",
        acts: acts("update", "upgrade", "del", "cache clean", ""),
        values: "-t --virtual -X --repository -p --root --arch --keys-dir --repositories-file --cache-dir",
        pins: "=<>~",
        cache: "/var/cache/apk",
        no_cache: "--no-cache",
        index: "/var/cache/apk",
        ..NOTHING
    },
    Row {
        manager: Manager::Dnf,
        programs: "dnf yum microdnf",
        install: "install|reinstall|localinstall|groupinstall|group install|module install",
        acts: acts(
            "makecache|check-update",
            "update|upgrade|distro-sync|upgrade-minimal",
            "remove|erase|autoremove",
            "clean",
            "",
        ),
        values: "--enablerepo --disablerepo --repo --repoid --setopt -c --config --releasever --installroot -x --exclude --excludepkgs",
        cache: "/var/cache",
        index: "/var/cache",
        yes: "-y --yes --assumeyes",
        ..NOTHING
    },
    Row {
        manager: Manager::Pip,
        programs: "pip",
        install: "install|wheel|download",
        acts: acts("", "", "uninstall", "cache purge|cache remove", ""),
        values: PIP_VALUES,
        list_options: "-r --requirement -c --constraint",
        pins: PYTHON_PINS,
        cache: "/root/.cache/pip",
        no_cache: "--no-cache-dir --no-cache --cache-dir --no-index",
        no_cache_env: "PIP_NO_CACHE_DIR",
        ..NOTHING
    },
    Row {
        manager: Manager::Poetry,
        programs: "poetry",
        install: "install|sync|add",
        acts: acts("", "update", "remove", "cache clear", "build"),
        values: "--only --with --without -C --directory -P --project -E --extras -G --group --source --python",
        lists: "pyproject.toml poetry.lock",
        pins: "@=<>^~",
        cache: "/root/.cache/pypoetry",
        no_cache: "--no-cache",
        no_dev: "--only --without --no-dev",
        ..NOTHING
    },
    Row {
        manager: Manager::Uv,
        programs: "uv",
        install: "sync|add|pip install|pip sync|tool install",
        acts: acts(
            "",
            "",
            "remove|pip uninstall|tool uninstall",
            "cache clean|cache prune",
            "build",
        ),
        values: PIP_VALUES,
        list_options: "-r --requirement --requirements -c --constraint --constraints",
        lists: "pyproject.toml uv.lock",
        pins: PYTHON_PINS,
        cache: "/root/.cache/uv",
        no_cache: "--no-cache -n --no-cache-dir",
        no_cache_env: "UV_NO_CACHE",
        no_dev: "--no-dev --no-default-groups --only-group",
        no_dev_env: ("UV_NO_DEV", ""),
        ..NOTHING
    },
    Row {
        manager: Manager::Pipenv,
        programs: "pipenv",
        install: "install|sync",
        acts: acts("", "update|upgrade", "uninstall", "", ""),
        values: "--python --categories --extra-pip-args -i --index --pypi-mirror",
        list_options: "-r --requirements",
        lists: "Pipfile Pipfile.lock",
        pins: PYTHON_PINS,
        cache: "/root/.cache/pipenv",
        no_cache: "--clear",
        ..NOTHING
    },
    Row {
        manager: Manager::Npm,
        programs: "npm",
        install: "install|i|ci|add|clean-install|install-clean",
        acts: acts(
            "",
            "update|up|upgrade",
            "uninstall|remove|rm|un|prune",
            "cache clean|cache rm",
            NODE_BUILDS,
        ),
        values: NODE_VALUES,
        lists: "package.json package-lock.json",
        pins: "@",
        cache: "/root/.npm",
        no_dev: "--omit --production --only",
        no_dev_env: NODE_PRODUCTION,
        ..NOTHING
    },
    Row {
        manager: Manager::Yarn,
        programs: "yarn yarnpkg",
        install: "install|add|global add|workspaces focus",
        acts: acts("", "upgrade|up", "remove", "cache clean", NODE_BUILDS),
        values: "--cwd --registry --cache-folder --network-timeout --network-concurrency --modules-folder --mutex",
        lists: "package.json yarn.lock",
        pins: "@",
        cache: "/usr/local/share/.cache/yarn",
        no_dev: "--production --prod",
        no_dev_env: NODE_PRODUCTION,
        ..NOTHING
    },
    Row {
        manager: Manager::Pnpm,
        programs: "pnpm",
        install: "install|i|add|fetch|ci",
        acts: acts("", "update|up", "remove|rm|prune", "store prune|cache delete", NODE_BUILDS),
        values: NODE_VALUES,
        lists: "package.json pnpm-lock.yaml",
        pins: "@",
        cache: "/root/.local/share/pnpm/store",
        no_dev: "--prod -P --production",
        no_dev_env: NODE_PRODUCTION,
        ..NOTHING
    },
    Row {
        manager: Manager::Bun,
        programs: "bun",
        install: "install|i|add|ci",
        acts: acts("", "update", "remove", "pm cache rm", NODE_BUILDS),
        values: "--cwd --registry --cache-dir",
        lists: "package.json bun.lock",
        pins: "@",
        cache: "/root/.bun/install/cache",
        no_cache: "--no-cache",
        no_dev: "--production -p --omit",
        no_dev_env: NODE_PRODUCTION,
        ..NOTHING
    },
    Row {
        manager: Manager::Bundler,
        programs: "bundle bundler",
        install: "install",
        acts: acts("", "update", "remove", "clean", ""),
        values: "-j --jobs --retry --path --gemfile --without --with --shebang",
        lists: "Gemfile Gemfile.lock",
        cache: "/usr/local/bundle/cache",
        no_cache: "--no-cache",
        no_dev: "--without --deployment",
        no_dev_env: ("BUNDLE_WITHOUT", ""),
        ..NOTHING
    },
    Row {
        manager: Manager::Gem,
        programs: "gem",
        install: "install",
        acts: acts("", "update", "uninstall", "cleanup", "build"),
        values: "-v --version -i --install-dir -n --bindir -s --source -P --trust-policy",
        pins: ":",
        ..NOTHING
    },
    Row {
        manager: Manager::Composer,
        programs: "composer composer.phar",
        install: "install|i|require|global require|create-project",
        acts: acts("", "update|upgrade|u", "remove", "clear-cache|clearcache|cc", ""),
        values: "-d --working-dir --prefer-install --ignore-platform-req",
        lists: "composer.json composer.lock",
        pins: ":",
        cache: "/root/.cache/composer",
        no_cache: "--no-cache",
        no_dev: "--no-dev",
        no_dev_env: ("COMPOSER_NO_DEV", "1"),
        ..NOTHING
    },
    Row {
        manager: Manager::Go,
        programs: "go",
        install: "mod download|get|install",
        acts: acts("", "", "", "clean", "build|install"),
        values: "-C -mod -modfile -o -ldflags -tags -gcflags -asmflags -buildmode -p",
        lists: "go.mod go.sum",
        pins: "@",
        cache: "/go/pkg/mod",
        ..NOTHING
    },
    Row {
        manager: Manager::Cargo,
        programs: "cargo",
        install: "fetch|install|binstall",
        acts: acts("", "update", "uninstall", "clean", "build|b|install|rustc"),
        values: "--manifest-path --target --target-dir -F --features --bin --example -p --package --root --version --git --branch --tag --rev --path --profile -j --jobs --index --registry -Z --config",
        lists: "Cargo.toml Cargo.lock",
        pins: "@",
        cache: "/usr/local/cargo/registry",
        ..NOTHING
    },
    Row {
        manager: Manager::Maven,
        programs: "mvn mvnw mvnd",
        install: "dependency:go-offline|dependency:resolve|dependency:resolve-plugins|dependency:copy-dependencies",
        acts: acts("", "", "", "", "package|install|verify|deploy|compile"),
        values: "-f --file -P -s --settings -gs -pl --projects -T --threads -l --log-file",
        lists: "pom.xml",
        cache: "/root/.m2",
        has_goals: true,
        ..NOTHING
    },
    Row {
        manager: Manager::Gradle,
        programs: "gradle gradlew",
        install: "dependencies|resolveDependencies|downloadDependencies",
        acts: acts(
            "",
            "",
            "",
            "",
            "build|assemble|bootJar|bootWar|shadowJar|jar|war|installDist|distZip|nativeCompile",
        ),
        values: "-p --project-dir -b -c -x --exclude-task -g --gradle-user-home -I --init-script",
        lists: "build.gradle settings.gradle",
        cache: "/root/.gradle",
        has_goals: true,
        ..NOTHING
    },
    Row {
        manager: Manager::Dotnet,
        programs: "dotnet",
        install: "restore|tool install|add package|workload install",
        acts: acts("", "", "", "nuget locals", "publish|build|pack"),
        values: "-c --configuration -o --output -r --runtime -f --framework -v --verbosity -s --source --configfile -a --arch --os --version --tool-path --add-source --packages",
        cache: "/root/.nuget/packages",
        ..NOTHING
    },
];

const PYTHON_PINS: &str = "=<>~!@";
const PIP_VALUES: &str = "-e --editable -t --target --prefix --root --src -d --dest -w --wheel-dir -f --find-links \
    -i --index-url --extra-index-url --index --default-index --trusted-host --python --python-version --platform --abi \
    --implementation --cache-dir --proxy --timeout --retries --no-binary --only-binary --progress-bar --log \
    --upgrade-strategy --cert --config-settings --group --only-group --no-group --extra --package --project --directory -p";
const NODE_VALUES: &str = "--prefix -C --dir --filter -F --registry --cache --omit --include --only --loglevel \
    -w --workspace --store-dir --userconfig";
const NODE_BUILDS: &str = "run build*|run-script build*|build*";
const NODE_PRODUCTION: (&str, &str) = ("NODE_ENV", "production");
