echo hello "world  x" 'a b' $((1+2*3)) 
x=5; echo ${x:-y} ${z:-def} ${#x}
for i in 1 2 3; do echo $i; done | while read a; do echo got $a; done
if [ 1 -lt 2 ]; then echo yes; else echo no; fi
f() { local y=1; echo "f $1 $# $y"; return 3; }
f a b; echo $?
cat <<EOF | tr a-z A-Z
heredoc $x
 $(echo sub) `echo bq`
EOF
case foo.c in *.h) echo h;; *.c) echo c;; esac
y=/usr/local/lib.so.6; echo ${y##*/} ${y%.*} ${y%%.*} ${y#*/}
set -- a "b c" d; echo $# "$2"; for i; do echo "<$i>"; done
(echo sub; exit 4); echo $?
i=0; while [ $i -lt 3 ]; do i=$((i+1)); [ $i = 2 ] && continue; echo $i; done
sleep 0.1 & wait $!; echo $?
trap 'echo bye' EXIT
echo "$@" "$*" | wc -c
! false && echo notfalse
echo /etc/pass* "*" \*
IFS=:; v=a:b::c; for k in $v; do echo "[$k]"; done
