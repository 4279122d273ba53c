# cp, mv, rm, mkdir, ln, touch, chmod, stat, ls, find, du.
umask 022
mkdir -p a/b/c d; echo one > a/one; echo two > a/b/two; ln -s one a/link; chmod 750 a/b
cp a/one copy; cat copy; cp a/one a/b/two d; ls d; cp -r a e; ls -R e | head -n 20; readlink e/link
cp -a a f; stat -c '%a %F %s %n' f f/b f/one; cp a x 2>/dev/null || echo failed; cp missing x 2>/dev/null || echo failed
cp -r a d; ls d; cp copy copy 2>/dev/null || echo same
mv copy moved; ls; mv moved d; ls d; mv d/moved .; mv missing y 2>/dev/null || echo failed; mv e g; ls -d e g 2>/dev/null
touch n1 n2 n3; mkdir dd; mv n1 n2 n3 dd; ls dd; rm dd/n1; ls dd; rm -r dd; ls -d dd 2>/dev/null || echo gone
rm missing 2>/dev/null || echo failed; rm -f missing && echo ok; rm a 2>/dev/null || echo is directory; rm -rf a/b g; find . | sort
mkdir p p/q; rmdir p 2>/dev/null || echo not empty; rmdir p/q p && echo removed; mkdir -p r/s/t; rmdir -p r/s/t; ls -d r 2>/dev/null || echo all gone
mkdir x 2>/dev/null; mkdir x 2>/dev/null || echo exists; mkdir -p x && echo fine; mkdir -m 700 sec; stat -c %a sec
echo l > l1; ln l1 l2; stat -c %h l1; ln -s l1 l3; cat l3; ln -s l1 l3 2>/dev/null || echo exists; ln -sf l2 l3; readlink l3; ln -s /nowhere dang; readlink dang; ls dang
rm l3; cat l1
touch -d '2020-01-02 03:04:05' old; stat -c %Y old; date -u -d @1577934245 +%F_%T; touch -c nothing; ls nothing 2>/dev/null || echo none; touch -r old newer; stat -c %Y newer
chmod 644 old; stat -c %a old; chmod u+x,g-r old; stat -c %a old; chmod a=r old; stat -c %a old; chmod +w old; stat -c '%a %A' old; chmod u=rwx,go=u-w old; stat -c %a old; chmod -x old; stat -c %a old
mkdir -p tree/sub; touch tree/f tree/sub/g; chmod -R 700 tree; find tree | sort | xargs stat -c '%a %n'
echo hello > tree/f; mkdir tree/empty; find tree -type f | sort; find tree -type d -empty; find tree -name 'g*'; find tree -size +0 -type f; find tree -maxdepth 1 | sort; find tree -mindepth 2 | sort
find tree -type f -exec echo {} \; | sort; find tree -type f -exec echo + {} + | wc -l; find tree -name sub -prune -o -print | sort; find tree \( -name f -o -name g \) -print | sort; find tree ! -type d | sort
find tree -newer old -name f; find tree -perm 700 -name f; find tree -path '*sub*' | sort; find tree -name g -delete; find tree | sort; find missing 2>/dev/null || echo failed
ls -1 /etc/passwd; ls -a tree; ls -A tree; ls -F tree; ls -d tree; ls -r tree; ls missing 2>/dev/null || echo failed; ls tree dang old
cd tree; touch -d '2020-01-01' t1; touch -d '2021-01-01' t2; echo 12345 > big; touch -d '2019-01-01' big; ls -t; ls -tr; ls -S | head -n 1; cd ..
ls -l old | cut -c1-10; ls -ld tree | cut -c1-10; ls -l dang | sed 's/.*dang/dang/'; ls -n old | cut -c1-10; ls -lh old | cut -c1-10
du -s tree >/dev/null && echo du; basename a/b/; basename a/b.c .c; basename /; dirname a/b; dirname a; dirname /a; dirname a/b/; dirname /
mkfifo fifo; stat -c %F fifo; echo through > fifo & cat fifo; wait
t=$(mktemp ./tmpXXXXXX); test -f $t && echo made; d=$(mktemp -d ./tmpXXXXXX); test -d $d && echo dir
truncate -s 10 tr; stat -c %s tr; truncate -s 2k tr; stat -c %s tr; realpath tree/../tree | sed 's|.*/||'; which sh >/dev/null && echo found; which nothing_here || echo none
cp -rv tree tree2 | sort; cp -n old newer; cp -p old kept; stat -c %Y kept; ln -s tree tl; cp -r tl tl2; readlink tl2; cp tl/f fromlink; cat fromlink; rm -r tl2; ls tree | head -n 2
