# Tools about the system and processes.
uname -s; uname -m; uname -n; uname -sm; hostname; whoami; id -u; id -un; id -g; id -G; id -Gn; nproc
env -i A=1 B=2 env; env -u HOME sh -c 'echo ${HOME-none}'; X=y env | grep ^X=; env nothing_here 2>/dev/null; echo $?
date -u -d @0; date -u -d @86400 +%Y-%m-%d; date -u -d '2024-02-29 12:00:00' +%s; date -u -d @1000000000 '+%a %b %d %H:%M:%S %Y'; date -u -d 2000-01-01 +%A
timeout 0.2 sleep 5; echo $?; timeout 5 true; echo $?; timeout 5 sh -c 'exit 3'; echo $?; timeout -s KILL 0.2 sleep 5; echo $?
sleep 0.1; echo $?; sleep x 2>/dev/null || echo failed; nice -n 5 nice; nice; nohup echo nohup 2>/dev/null; setsid echo setsid | cat
sh -c 'sleep 5 & echo $! > pid'; kill $(cat pid); kill -0 $(cat pid) 2>/dev/null; true
sleep 3 & p=$!; kill -STOP $p; kill -CONT $p; kill -TERM $p; wait $p; echo $?
kill -l 1; kill -l 9; kill nothing 2>/dev/null || echo failed
ps -o pid,comm >/dev/null && echo ps; free >/dev/null && echo free; uptime >/dev/null && echo uptime; df / >/dev/null && echo df; mount | grep -c ' on / '
top -b -n 1 | grep -c '^ *PID'; test -d /proc && [ -e /dev/null ] && echo proc; tty </dev/null; stty 2>/dev/null </dev/null || echo no tty
printf '%s %s\n' a b; true; echo $?; false; echo $?; test 1 -lt 2; echo $?; [ a = b ]; echo $?; echo -n x; echo; pwd -P >/dev/null && echo pwd
sync; chmod 755 /nonexistent 2>/dev/null || echo failed; chown 0:0 missing 2>/dev/null || echo failed; touch mine; chown "$(id -u):$(id -g)" mine && echo chowned; stat -c '%u %g' mine
sleep 9.5 & until pgrep -f 'sleep 9[.]5' >/dev/null; do :; done; pgrep -f 'sleep 9[.]5' | wc -l; pkill -f 'sleep 9[.]5'; wait $!; echo $?
