# Builtins.
(cd /usr; pwd; cd bin; pwd; cd ..; pwd; cd - ; cd /; pwd; cd ///usr//bin/../lib/.; pwd; cd /nonexistent 2>/dev/null || echo failed
(cd /tmp && pwd); pwd; OLDPWD=/etc; cd - >/dev/null; pwd; HOME=/usr; cd; pwd)
eval echo a b; eval 'x=1; echo $x'; eval; echo $?; eval false; echo $?; eval "echo 'q  q'"
command echo c; command -v cd; command -v nonexistent; echo $?; command -v if
type cd | grep -c builtin; type if | grep -c keyword
x=1; unset x; echo ${x-gone}; unset nothing; echo $?
echo 'a b  c' | { read x y; echo "$x|$y"; }
printf '%s\n' 'a\tb\\c' | { read x; printf '%s\n' "$x"; }; printf '%s\n' 'a\tb' | { read -r x; printf '%s\n' "$x"; }
printf 'a\\\nb\n' | { read x; echo "$x"; }
echo ' lead trail ' | { read x; echo "[$x]"; }; echo ' a b ' | { IFS= read x; echo "[$x]"; }
echo a:b:c | { IFS=: read x y; echo "$x $y"; }; echo a:b: | { IFS=: read x y; echo "$x $y"; }
echo a::b | { IFS=: read x y z; echo "$x|$y|$z"; }; echo a | { read x y; echo "$x|$y|"; }
echo 'x:' | { IFS=: read a; echo "[$a]"; }; echo 'x:y:' | { IFS=: read a b; echo "[$a][$b]"; }; echo 'x:y::' | { IFS=: read a b; echo "[$a][$b]"; }
printf 'no newline' | { read x; echo $? "$x"; }; read x </dev/null; echo $?
printf '%s-%d-%x-%o-%c-%5s-%-5s|%05d\n' str 42 255 8 char r l 7
printf '%s\n' a b c; printf '%s %s\n' a b c; printf 'x\ty\\n\n'; printf '%b\n' 'a\tb'; printf '%%\n'; printf '%s'; printf '\n'
printf '%d %d\n' 0x10 010; printf '%d\n' "'A"; printf '%.2f\n' 3.14159; printf '%5.1f|\n' 2.25; printf '%*d|\n' 5 3
printf '\101\n'; printf '%c%c\n' ab cd; printf '%x\n' -1; printf '%.3s|\n' abcdef; printf '%e\n' 12345.678
printf '%d\n' abc 2>/dev/null; echo $?
test a = a; echo $?; test a = b; echo $?; test; echo $?; test x; echo $?; test ""; echo $?; test ! ""; echo $?
[ 1 -eq 1 ]; echo $?; [ 2 -gt 1 -a 1 -lt 2 ]; echo $?; [ 1 = 2 -o 3 = 3 ]; echo $?; [ ! 1 = 1 ]; echo $?
[ -n a ]; echo $?; [ -z a ]; echo $?; [ -d / ]; echo $?; [ -f /etc/passwd ]; echo $?; [ -e /nonexistent ]; echo $?
[ -r /etc/passwd -a ! -d /etc/passwd ]; echo $?; [ '(' = '(' ]; echo $?; [ ! = ! ]; echo $?; [ -n ]; echo $?; [ = ]; echo $?
[ \( a = a \) ]; echo $?; [ \( a = b \) -o c ]; echo $?; [ -x /bin/sh ] && [ -s /etc/passwd ]; echo $?; [ -L /etc/passwd ]; echo $?
[ a 2>/dev/null; echo $?; [ 1 -eq x ] 2>/dev/null; echo $?; [ -t 0 ] </dev/null; echo $?; [ abc \< abd ]; echo $?; [ "" = "" ]; echo $?
umask 022; umask; umask 077; umask; touch priv; ls -l priv | cut -c1-10; umask u=rwx,g=rx,o=; umask; umask -S; umask 22
set -- a b c; echo $#; shift 2; echo $1; set -x 2>/dev/null; set +x 2>/dev/null; set -- ; echo $#
while getopts ab:c opt -a -b arg -c rest; do [ $opt = a ] || echo $OPTARG; echo "$opt $OPTIND"; done; echo $OPTIND
OPTIND=1; while getopts :ab: o -ab -x 2>/dev/null; do echo "$o $OPTARG"; done
OPTIND=1; set -- -ca -bvalue -- -z; while getopts ab:c o; do [ $o = b ] && echo $OPTARG; echo "$o"; done; shift $((OPTIND-1)); echo "$@"
OPTIND=1; getopts a o -q 2>/dev/null; echo "$? $o"; OPTIND=1; getopts :b: o -b; echo "$? $o $OPTARG"
exec 5>&1; echo five >&5; exec 5>&-
echo 'y=5; echo sourced $1; return 3; echo never' > src; . ./src; echo $? $y
(exit); echo $?; (exit 300) ; echo $?; (false; exit); echo $?
sh -c 'echo $0 $1 $#' name a b; sh -c 'exit 9'; echo $?; echo 'echo from stdin $1' | sh -s arg; echo 'echo script $0 $1' > sc; sh sc x
nonexistent_command 2>/dev/null; echo $?; ./src 2>/dev/null; echo $?; / 2>/dev/null; echo $?
: a b; echo $?; true; false; echo $?
kill -0 $$; echo $?; kill -l 9; kill -l 15
times | wc -l | tr -d ' '; ulimit -n >/dev/null; echo $?
export A=1 B='x y'; export -p | grep -E "^export [AB]="; readonly C=z; readonly -p | grep C=
set | grep -E '^(A|B)='
pwd -P >/dev/null; echo $?
trap 'echo usr1' USR1; kill -USR1 $$; echo after; trap - USR1; trap
