# Traps, set -e, set -u, set -x.
trap 'echo exit trap $?' EXIT
(trap 'echo sub exit' EXIT; echo in sub)
sh -c 'trap "echo bye" EXIT; exit 3'; echo $?
sh -c 'trap "echo bye; exit 4" EXIT; exit 3'; echo $?
sh -c 'trap "echo term" TERM; kill -TERM $$; echo alive'
sh -c 'trap "" TERM; kill -TERM $$; echo ignored'
sh -c 'trap "echo got" INT; kill -INT $$; (kill -INT $$); echo end'
sh -c 'kill -KILL $$'; echo $?
sh -c 'trap "echo usr; trap - USR1" USR1; kill -USR1 $$; echo once'
sh -c 'trap "echo a" EXIT; trap - EXIT; echo none'
sh -c 'trap "echo came" USR1; sleep 1 & p=$!; (sleep 0.1; kill -USR1 $$) & wait $p; [ $? -gt 128 ] && echo interrupted; kill $p'
sh -c 'set -e; false; echo never'; echo $?
sh -c 'set -e; false || true; if false; then :; fi; ! true; while false; do :; done; echo alive; (exit 3); echo never'; echo $?
sh -c 'set -e; f() { false; echo in f; }; f || echo tested; f; echo never'; echo $?
sh -c 'set -e; x=$(false); echo never'; echo $?
sh -c 'set -e; true && false; echo alive; false | true; echo alive2; true | false; echo never'; echo $?
sh -c 'set -e; { false; }; echo never'; echo $?
sh -c 'set -e; (false; echo never); echo never'; echo $?
sh -c 'set -e; for i in 1 2; do [ $i = 2 ] && echo two; done; echo end'; echo $?
sh -ec 'trap "echo trapped" EXIT; false'; echo $?
sh -c 'set -u; echo ${x-ok}; echo $x; echo never' 2>/dev/null; echo $?
sh -c 'set -u; echo "$@" $#; echo $1' 2>/dev/null; echo $?
sh -c 'set -x; echo a "b c"; x=1; for i in 1 2; do :; done' 2>&1
sh -c 'set -n; echo never'; echo $?
sh -c 'set -a; v=1; sh -c "echo \$v"'
sh -c 'set -f; echo *x*; echo $-' | grep -c f
sh -uec 'case $- in *u*) echo u;; esac'
echo ${-+set}
sh -c 'trap "echo in trap; false" USR1; kill -USR1 $$; echo $?'
sh -c 'trap "exit 7" USR1; kill -USR1 $$; echo never'; echo $?
trap 'echo last $?' EXIT
exit 6
