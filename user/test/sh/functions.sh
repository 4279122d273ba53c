# Functions, local, return, recursion.
f() { echo f: $# "$@"; }
f; f a 'b c'; f "$@"
g() { return 3; echo never; }; g; echo $?
h() { g; }; h; echo $?
k() { false; return; }; k; echo $?
fact() { if [ $1 -le 1 ]; then echo 1; else echo $(( $1 * $(fact $(($1-1))) )); fi; }; fact 6
l() { local x=in y; y=2; echo $x $y; x=changed; }; x=out; y=9; l; echo $x $y
m() { local x; x=1; n; echo m $x; }; n() { echo n $x; x=2; }; m; echo $x
set -- 1 2 3; o() { shift; echo $#; set -- q; echo $1; }; o a b c; echo $# $1
p() (cd /; x=sub; pwd); p; echo $x
q() { echo out; echo err >&2; } 2>&1; q | wc -l | tr -d ' '
r() if [ "$1" ]; then echo yes; else echo no; fi; r; r 1
s() { for i in 1 2 3; do if [ $i = 2 ]; then return 9; fi; echo $i; done; }; s; echo $?
t() { echo t1; t() { echo t2; }; }; t; t
u()
{
    echo newline
}
u
unset -f u; u 2>/dev/null; echo $?
v() { x=global; }; v; echo $x
w() { case $0 in *functions.sh) echo name;; esac; }; w
even() { [ $1 = 0 ] && return 0; odd $(($1-1)); }; odd() { [ $1 = 0 ] && return 1; even $(($1-1)); }
even 10; echo $?; odd 10; echo $?
echo_() { echo "$@"; }; echo_ -x
a() { return $1; }; for i in 0 1 255; do a $i; echo $?; done
z() { while :; do return 4; done; }; z; echo $?
aa() { cat; }; echo piped | aa; aa <<E
here $1
E
bb() { eval 'return 6'; }; bb; echo $?
X=before; cc() { echo $X; }; X=during cc; echo $X
dd() { local X=in; sh -c 'echo ${X-none}'; }; dd
export X; dd
true() { echo mine; }; true; command true; unset -f true; true
ee() { local a=1; ff; echo $a; }; ff() { local a=2; a=3; }; ee
gg() { set -- "$@" more; echo $#; for i; do shift; done; echo $#; }; gg 1 2; echo $#
hh() { return; }; false; hh; echo $?; ii() { (return 5); echo $?; }; ii
jj() { echo $1; [ $1 -gt 0 ] && jj $(($1-1)); echo back $1; }; jj 3
kk() { cat <<X; }
body $1 $(ll)
X
ll() { echo from ll; }; kk one; kk two
