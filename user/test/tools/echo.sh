echo a b; printf "%s %d\n" x 3; cat /etc/hostname; head -n 2 /etc/passwd; basename /a/b.c .c
