# Parameters and their operators.
p() { for a; do printf '<%s>' "$a"; done; printf '\n'; }
p $# "$@" $1 "$2" ${3} $*
p "$*" "$@" $@ "a$@b" "a$*b"
p "${@}" "${*}" ${#} ${#1} ${#2}
set -- ; p "$@" x "$*" $# ; p "a$@b"
set -- a b c d e f g h i j k l; p $10 ${10} ${11} $#
shift; p $1 $#; shift 3; p $1 $#
set -- -a -b; p "$@"; set -- "$@" c; p "$@"
unset u; e=; s=set
p "${u-1}" "${e-1}" "${s-1}" "${u:-1}" "${e:-1}" "${s:-1}"
p "${u+1}" "${e+1}" "${s+1}" "${u:+1}" "${e:+1}" "${s:+1}"
p ${u:-a b c} "${u:-a b c}" ${u-$s} "${u-"$s"}" ${u:-$(echo x y)}
p ${v=assigned} $v ${v:=again} ${w:=a b} "$w"
(p ${u?message}) 2>/dev/null; p $?
(: ${u:?}) 2>/dev/null; p $?
f=/usr/local/lib/libx.so.1.2
p ${f#*/} ${f##*/} ${f%.*} ${f%%.*} ${f#nope} ${f%nope} ${f#/usr} ${f%/*}
p "${f##*/}" ${f%"${f##*/}"} ${f#"/usr"*}
x='a*b'; p "${x#a*}" "${x#a\*}" "${x#"a*"}" "${x%'*b'}"
x=aaa; p ${x#a} ${x##a} ${x##a*} ${x%a} ${x%%a*} ${#x}
x='[x]y'; p "${x#[x]}" "${x#\[x\]}" "${x#?}" "${x#[[]}"
n=5; p $((n)) ${#n} $(($n+1))
IFS=,; set -- a b c; p "$*" $* "$@"; IFS=; p "$*"; unset IFS; p "$*"
IFS=:; v='a:b::c:'; p $v "$v"; v=':a'; p $v; v='::'; p $v; v=' a : b '; p $v
IFS=' :'; v=' a : b  c:'; p $v; v='a : : b'; p $v; unset IFS
v='  lead  trail  '; p $v x$v "$v"
x=1; { x=2; }; p $x; (x=3); p $x; x=4 true; p $x; x=5 :; p $x
y=$x$x z=$y; p $y $z
a=1 b=$a; p $b
readonly r=9; (r=8) 2>/dev/null; p $? $r
unset x; p ${x-unset}; x=; p ${x-unset}
export E1=v; sh -c 'echo $E1'; E2=w sh -c 'echo $E2'; p ${E2-none}
p "${#u}" ${#e} "$?" ${?} ${##}
x=abc; p "${x%"${x#?}"}" "${x#"${x%?}"}"
p "${u:-}" "${u:-"a"b}" ${u:-a"b c"d}
p "${1+"$@"}"; set --; p "${1+"$@"}"
p ${u:+"x"} "${u:+x}" ${s:+"a b" c}
