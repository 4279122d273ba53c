# if, while, until, for, case, lists, groups, break, continue.
if true; then echo 1; fi; if false; then echo 2; else echo 3; fi
if false; then :; elif true; then echo 4; else echo 5; fi
if false; then :; elif false; then :; fi; echo $?
if false
then echo a
elif
 true
then
 echo b
fi
while false; do :; done; echo $?
until true; do :; done; echo $?
i=0; until [ $i = 3 ]; do i=$((i+1)); echo u$i; done
for x in; do echo never; done; echo $?
for x in a b c
do
 echo $x
done
for x; do echo "arg $x"; done
for x do echo "arg $x"; done
set -- p q; for x
do echo $x; done
for i in 1 2 3; do for j in a b c; do [ $j = b ] && continue; [ $i = 2 ] && continue 2; [ $i$j = 3c ] && break 2; echo $i$j; done; done
for i in 1 2 3; do while :; do break; done; echo $i; done
while :; do while :; do break 2; done; echo never; done
for i in 1 2; do for j in 1 2; do continue 5; done; echo never; done; echo end
case abc in a*) echo star;; esac
case abc in abd|abc) echo alt;; *) echo no;; esac
case abc in (abc) echo paren;; esac
case x in a) echo a;; esac; echo $?
case "" in "") echo empty;; esac
case a in [a-c]) echo range;; esac; case d in [!a-c]) echo notrange;; esac
case '*' in \*) echo quoted;; esac; case 'a' in '*') echo bad;; *) echo good;; esac
v='a*'; case abc in $v) echo expanded;; esac; case abc in "$v") echo bad;; *) echo literal;; esac
case a in a) ;; esac; echo $?
case a in b) false;; a) (exit 3);; esac; echo $?
case if in if) echo keyword;; esac
true && echo and; false && echo no; true || echo no; false || echo or
true && false || echo chain; false || true && echo chain2
! true; echo $?; ! false; echo $?; ! false | true; echo $?
{ echo g1; echo g2; }; { echo g3
echo g4; } | cat
(echo s1; echo s2) | wc -l | tr -d ' '
(exit 5); echo $?; { (exit 6); }; echo $?
false; echo $?; true; echo $?
echo a; echo b & wait; echo c
x=1; if [ $x = 1 ]; then if [ $x = 2 ]; then echo no; else echo nested; fi; fi
i=0; while i=$((i+1)); [ $i -lt 4 ]; do echo $i; done
while read line; do echo "[$line]"; done <<X
one
two
X
echo if then else fi done do while for case esac in
for if in a; do echo $if; done
x=for; echo $x
while true; do false; break; done; echo $?
for i in 1; do (exit 7); done; echo $?
if (exit 3); then :; else echo $?; fi
true | false; echo $?; false | true; echo $?
: | : | :; echo $?
a=1; false || a=2; echo $a
[ a = a ] && [ b = b ] && echo both
