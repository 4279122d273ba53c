# Quotes, escapes and what they protect.
p() { for a; do printf '<%s>' "$a"; done; printf '\n'; }
p a\ b 'a b' "a b" a' 'b a" "b
p '' "" a'' ''b "$none" $none ''$none
p "\$x \" \\ \` \a" '\$x' \$x \\ \'
p 'it'\''s' "it's" "a\
b" a\
b
x='a  b'
p $x "$x" '$x' x"$x"y $x$x "$x"$x
p "${x}" ${x}c "a${x#a}"
p a#b #comment
p "#no" \#no
p "`echo \"q\"`" "$(echo "q")" `echo \\\\`
p "$(printf '%s\n' 'a"b' "c'd")"
p ~ "~" '~' a~ ~/x | sed "s|$HOME|H|g"
y=~/a:~/b; p "$y" | sed "s|$HOME|H|g"
p "*" '*' \* "/etc/pass*d" /etc/passwd*d
p a"b"'c'd\e
p "a'b'c" 'a"b"c'
p $(echo a b) "$(echo a b)"
p "$(echo)" $(echo)
p 'a
b'
p {a,b} a=b =a a=
p "${x:-"q r"}" "${none:-a b}" ${none:-a b} ${none:-"a b"} ${none:-'a b'} "${none:-'a b'}"
p "\z" "\\z" '\z' "a\!b"
p "$" $ "$ x" a$
p "${x}" "$x}" "{$x}"
