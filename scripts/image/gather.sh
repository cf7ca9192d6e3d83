#!/bin/sh
# Copies Node.js and the libraries that it is linked with to the folder that becomes the image.
# Asks ldd for the libraries, so that it works on every architecture.
set -eu
root=$1

linked() {
  ldd "$@" | sed -n 's/.* => \(\/[^ ]*\) .*/\1/p; s/^[[:space:]]*\(\/[^ ]*\) (.*/\1/p' | sort -u
}

# Debian's package of a library, with which it is listed and licensed. The list of files has the
# paths before /lib became a link to /usr/lib, or those after it.
package_of() {
  { dpkg -S "$1" || dpkg -S "$(realpath "$1")" || dpkg -S "/usr$1"; } 2>/dev/null |
    head -n 1 | cut -d: -f1
}

node=$(command -v node)
mkdir -p "$root/etc" "$root/home/nonroot" "$root/usr/local/bin" "$root/var/lib/dpkg/status.d"
cp -L "$node" "$root/usr/local/bin/node"

addons=$(find "$root/app/node_modules" -name '*.node')
# shellcheck disable=SC2086 # each addon is a word
for library in $(linked "$node" $addons); do
  mkdir -p "$root$(dirname "$library")"
  cp -L "$library" "$root$library"
  package=$(package_of "$library")
  # Vulnerability scanners find versions here, as in "distroless" images.
  dpkg -s "$package" >"$root/var/lib/dpkg/status.d/$package"
  mkdir -p "$root/usr/share/doc/$package"
  cp -L "/usr/share/doc/$package/copyright" "$root/usr/share/doc/$package/"
done
mkdir -p "$root/usr/share/doc/nodejs"
cp "$(dirname "$node")/../LICENSE" "$root/usr/share/doc/nodejs/copyright"

cp -L /etc/os-release "$root/etc/os-release"
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
echo 'root:x:0:0:root:/:/nonexistent
nonroot:x:65532:65532:nonroot:/home/nonroot:/nonexistent' >"$root/etc/passwd"
echo 'root:x:0:
nonroot:x:65532:' >"$root/etc/group"

# Every user must be able to read the files, as the image may run as any user.
chmod -R a+rX "$root"
