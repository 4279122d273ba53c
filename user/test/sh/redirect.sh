# Redirections and here-documents.
echo a > f; cat f; echo b >> f; cat f; cat < f
echo err >&2 2>e; cat e; { echo o; echo e >&2; } >o 2>&1; cat o
{ echo o; echo e >&2; } 2>&1 >/dev/null; { echo o; echo e >&2; } 2>/dev/null
ls /nonexistent 2>/dev/null || echo failed
exec 3>three; echo to3 >&3; exec 3>&-; cat three
exec 4<three; read x <&4; echo $x; exec 4<&-
(echo x >&4) 2>/dev/null || echo failed
>empty; wc -c <empty | tr -d ' '; : >empty2
x=5
cat <<A
x $((1+1)) $(echo sub) `echo bq` \$x \\ \" "q" 'q'
A
cat <<'A'
x $((1+1)) $(echo sub) \$x
A
cat <<"A B"
$x
A B
cat <<\E
$y
E
cat <<-T
	tabs
		more
	T
cat <<ONE; cat <<TWO
1
ONE
2
TWO
cat <<A | tr a-z A-Z; echo after
lower
A
while read a b; do echo "$b $a"; done <<EOF
1 2
3 4 5
EOF
f() { cat <<X
in function $1
X
}
f one; f two
if true; then cat <<X
in if
X
fi
x=$(cat <<X
in substitution
X
); echo "$x"
cat <<X
line \
continued
X
cat <<X
${x:-default} ${none:-'single'} ${none:-a b}
X
cat <<X
$
X
X
echo 1 > f; echo 2 1<> f; cat f
cat < /nonexistent 2>/dev/null || echo failed
echo never > /nonexistent/x 2>/dev/null || echo failed
set -C; echo x > f 2>/dev/null || echo failed; echo y >| f; cat f; set +C
for i in 1 2 3; do echo $i; done > f; cat f
{ cat; } < f; (cat) < f; while read x; do echo "r$x"; done < f
if true; then echo x; fi > g; cat g; case a in a) echo cs;; esac > g; cat g
echo a b > "file with space"; cat 'file with space'
t=target; echo via > $t; cat target
echo 2>f; cat f; echo 2 >f; cat f; echo a2>f; cat f
cat 0<f; cat <f >h; cat h
echo a | { read x; echo $x; cat; }
(echo one; echo two >&2) 2>&1 | sort
cat <<X - </dev/null
not read
X
i=0; while [ $i -lt 2000 ]; do echo "line $i of a long here-document"; i=$((i+1)); done > long
eval "cat <<X | wc -c | tr -d ' '
$(cat long)
X"
exec 5<<X
kept open
X
cat <&5; exec 5<&-
{ echo a; echo b >&3; } 3>&1 | tr ab xy
exec 6>&1; x=$(echo captured; echo around >&6); echo "[$x]"; exec 6>&-
g() { echo $1; } >gout; g 1; cat gout; g 2; cat gout
echo hidden >/dev/null; echo shown
read first rest <<X
a b c
X
echo $rest
(exec >inner; echo to inner); cat inner; echo still here
x=$(exec 2>&1; echo e >&2); echo $x
echo x 1>&2 2>/dev/null | cat; { echo y 1>&2; } 2>&1
