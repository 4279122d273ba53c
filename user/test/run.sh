#!/bin/sh
# run.sh BOX [RUNNER [EXPECT]]: runs each script of this folder twice and compares what they print and their status:
#   sh/*.sh     with dash, and with our shell and the machine's own tools
#   tools/*.sh  with dash and the machine's own tools, and with our shell and tools
#   tty/*.keys  on a terminal: EXPECT types what is there (expect.c tells how)
# RUNNER, if given, runs BOX (qemu-riscv64); the tools are left out then, since our shell could not start them.
set -u
export LC_ALL=C TZ=UTC
here=$(cd "$(dirname "$0")" && pwd)
box=$(realpath "$1")
runner=${2-}
expect=${3:+$(realpath "$3")}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/shell"
printf '#!/bin/dash\nexec %s %s sh "$@"\n' "$runner" "$box" > "$work/shell/sh"
chmod +x "$work/shell/sh"
for tool in $($runner "$box"); do ln -s "$box" "$work/bin/$tool"; done
passed=0 failed=0

# run SHELL PATH SCRIPT OUT: in an empty directory of the same name, so that paths printed agree
run()
{
    rm -rf "$work/dir"
    mkdir "$work/dir"
    (cd "$work/dir" && timeout -k 5 60 env PATH="$2" $1 "$3" one 'two words' three) > "$4" 2> "$4.err"
    echo "status $?" >> "$4"
}

compare()
{
    run dash /usr/bin:/bin "$1" "$work/expected"
    run "$runner $box sh" "$2" "$1" "$work/actual"
    if cmp -s "$work/expected" "$work/actual"; then
        passed=$((passed + 1))
        return
    fi
    failed=$((failed + 1))
    echo "FAILED ${1#$here/}"
    diff "$work/expected" "$work/actual" | head -n 20
    head -n 5 "$work/actual.err"
}

for script in "$here"/sh/*.sh; do compare "$script" "$work/shell:/usr/bin:/bin"; done
if [ -z "$runner" ]; then
    for script in "$here"/tools/*.sh; do compare "$script" "$work/bin"; done
fi
for script in ${expect:+"$here"/tty/*.keys}; do
    rm -rf "$work/dir"
    mkdir "$work/dir"
    if (cd "$work/dir" && env PS1='% ' HOME="$work/dir" PATH="$work/shell:/usr/bin:/bin" \
            timeout -k 5 120 "$expect" "$script" $runner "$box" sh); then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED ${script#$here/}"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
