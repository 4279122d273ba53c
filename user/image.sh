#!/bin/sh
# image.sh BUILD OUT SOURCE...: packs BUILD/riscv64/box, a link for each tool, and etc/ into OUT/rootfs.cpio.gz.
# Beside it go the digests of the sources, and of what compiled them: the test of the module compares both.
set -eu
export LC_ALL=C TZ=UTC
build=$1 out=$2
shift 2
root=$build/root

rm -rf "$root"
mkdir -p "$root" "$out"
for dir in bin dev etc mnt proc root sbin sys tmp usr usr/bin var var/log var/run; do mkdir "$root/$dir"; done
cp "$build/riscv64/box" "$root/bin/box"
cp etc/* "$root/etc/"
sed -n 's/^TOOL("\([^"]*\)".*/\1/p' src/tools.def | while read -r tool; do ln -s box "$root/bin/$tool"; done
ln -s ../bin/box "$root/sbin/init"
ln -s bin/box "$root/init"
find "$root" -type d -exec chmod 755 {} +
find "$root" -type f -exec chmod 644 {} +
chmod 755 "$root/bin/box"
chmod 1777 "$root/tmp"
chmod 700 "$root/root"
find "$root" -exec touch -h -d @0 {} +

(cd "$root" && find . -mindepth 1 | sort | cpio -o -H newc --quiet --reproducible -R +0:+0) > "$build/rootfs.cpio"
gzip -9nc "$build/rootfs.cpio" > "$out/rootfs.cpio.gz"

sha256sum "$@" > "$out/sources.sha256"
{
    "${CROSS}gcc" --version | head -n 1
    "${CROSS}ld" --version | head -n 1
    sha256sum < "$("${CROSS}gcc" -print-file-name=libc.a)"
} > "$out/toolchain"
