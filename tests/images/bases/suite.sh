#!/usr/bin/env bash
# Makes DIR/SUITE.tar and DIR/SUITE-slim.tar, the file systems of debian:SUITE and debian:SUITE-slim, from Debian's archive.
# The settings are those of the official images (debuerreotype): with others, apt and dpkg would leave other files behind.
set -euo pipefail
suite=$1 mirror=$2 dir=$3
root=$dir/$suite
umask 022

rm -rf "$root" "$dir/$suite"*.tar
debootstrap --variant=minbase "$suite" "$root" "$mirror"

conf=$root/etc/apt/apt.conf.d
cat >"$conf/docker-clean" <<'EOF'
DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; };
APT::Update::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; };
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
EOF
echo 'Acquire::GzipIndexes "true";' >"$conf/docker-gzip-indexes"
echo 'Acquire::Languages "none";' >"$conf/docker-no-languages"
echo 'Apt::AutoRemove::SuggestsImportant "false";' >"$conf/docker-autoremove-suggests"
echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/docker-apt-speedup"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"

rm -f "$root/etc/apt/sources.list"
cat >"$root/etc/apt/sources.list.d/debian.sources" <<EOF
Types: deb
URIs: $mirror
Suites: $suite $suite-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: $mirror-security
Suites: $suite-security
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
EOF
cp /etc/resolv.conf "$root/etc/resolv.conf"
[ ! -f "$dir/apt.conf" ] || cp "$dir/apt.conf" "$conf/host"
chroot "$root" sh -c 'apt-get update && DEBIAN_FRONTEND=noninteractive apt-get -y dist-upgrade' </dev/null
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/* "$root"/var/log/* "$root"/var/cache/ldconfig/aux-cache "$root"/etc/resolv.conf "$root"/etc/hostname

pack() { tar --numeric-owner -C "$root" -cf "$dir/$1.part" . && mv "$dir/$1.part" "$dir/$1.tar"; }
pack "$suite"

cat >"$root/etc/dpkg/dpkg.cfg.d/docker" <<'EOF'
path-exclude /usr/share/doc/*
path-include /usr/share/doc/*/copyright
path-exclude /usr/share/groff/*
path-exclude /usr/share/info/*
path-exclude /usr/share/linda/*
path-exclude /usr/share/lintian/*
path-exclude /usr/share/locale/*
path-include /usr/share/locale/locale.alias
path-exclude /usr/share/man/*
EOF
find "$root/usr/share/doc" ! -type d ! -name copyright -delete
find "$root"/usr/share/{groff,info,linda,lintian,locale,man} ! -type d ! -name locale.alias -delete 2>/dev/null || true
find "$root"/usr/share/{doc,groff,info,linda,lintian,locale,man} -type d -empty -delete 2>/dev/null || true
pack "$suite-slim"
rm -rf "$root"
