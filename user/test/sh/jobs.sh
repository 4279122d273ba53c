# Processes in the background, wait, $!.
sleep 0.1 & echo started; wait; echo done
(exit 3) & wait $!; echo $?
false & true & wait; echo $?
x=$(sleep 0.1; echo late); echo $x
{ sleep 0.1; echo bg; } & wait
p=; (exit 4) & p=$!; (exit 5) & wait $p; echo $?; wait $!; echo $?
wait 99999; echo $?
sleep 5 & kill $!; wait $! ; echo $?
sleep 5 & kill -KILL $!; wait $! 2>/dev/null; echo $?
echo a | cat | cat | cat
yes | head -n 2
seq 1000 | sort -n | tail -n 1
cat /dev/null | wc -c | tr -d ' '
(echo 1; sleep 0.1; echo 2) | cat
f() { echo in; sleep 0.1; echo out; }; f & wait
for i in 1 2 3; do (sleep 0.$i; echo $i) & done; wait
read x </dev/null & wait $!; echo $?
cat & wait $!; echo $?
(sleep 0.1 & wait; echo inner); echo outer
echo $(echo $(echo $(echo deep)))
sh -c 'exit 3' | true; echo $?
true | sh -c 'exit 3'; echo $?
[ $$ = $(sh -c 'echo $PPID') ] && echo parent
[ $$ = $(echo $$) ] && echo same
