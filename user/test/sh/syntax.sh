# Odd but right layouts, and errors that only the status tells.
echo a;echo b;  echo c
echo a \
  b
{ echo a;echo b;};{ echo c; }
(echo a;(echo b))
((1+1)) 2>/dev/null; :
if true;then echo t;fi;while false;do :;done
a=1;b=2;echo $a$b
case x in x)echo x;;esac
case x in
  # a comment
  x) echo commented ;; # another
esac
for i in a b;do echo $i;done # comment
echo "a # b" # c
true &&
  echo joined
true |
  cat
false ||

  echo blank lines
f(){ echo f;};f
f () ( echo g );f
echo $(
  echo a
  # comment with ' quote
  echo b
)
echo "$(echo "nested $(echo "deep $(echo er)")")"
echo `echo a; echo \`echo b\``
echo "$(case x in x) echo paren;; esac)"
echo $(case x in (x) echo paren;; esac)
echo "${x:-$(echo "}")}"
x='
'; echo "[$x]"
for s in 'if' 'if true' 'fi' 'while' 'echo )' '(' 'echo "' "echo '" '{ echo' 'case x' 'for' 'for 1 in a; do :; done' '| cat' '&& a' ';' ';;' 'f(' 'echo ${' 'echo $(' 'echo `' 'a |' 'if true; then fi' 'done' '}' 'echo a; }' '<' 'echo >' '!' 'echo ${x!}'; do
    sh -c "$s" >/dev/null 2>&1; echo "$s: $?"
done
sh -c 'echo before
if' 2>/dev/null; echo $?
sh -c 'eval "fi"; echo never' 2>/dev/null; echo $?
sh -c 'echo a # b
echo c'
sh -c ''; echo $?
sh -c '
# only a comment
'; echo $?
printf 'echo no newline' | sh
echo 'cat <<X
unterminated' | sh 2>/dev/null
! echo not; echo $?
x=1 y=2 sh -c 'echo $x$y'
x=1 y=$x; echo "$y"
>created echo redirected first; cat created
echo a >two >three; cat two three
echo 1 2 3 | (read a b; echo $b; read c; echo "[$c]")
if ! false; then echo bang; fi
while ! true; do :; done; until ! false; do :; done
echo a&& echo b||echo c
echo a|cat;echo b&wait
