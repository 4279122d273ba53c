# Path names and patterns.
mkdir d d/sub .hid; touch a b c aa ab 'x y' .dot d/1 d/2 d/sub/f '[z]'
echo *; echo a*; echo ?; echo [ab]; echo [!a]; echo [a-b]*
echo d/*; echo */; echo d/*/*; echo */*; echo .*t; echo d/s*/f; echo ./a*
echo nomatch*; echo "a*"; echo \a*; echo 'a'*; x='a*'; echo $x "$x"
for f in *; do echo "<$f>"; done
set -f; echo *; set +f; echo ??
echo x*; echo "x "*; echo [[]*; echo \[*; echo [x
echo $(echo a*) "$(echo 'a*')"
case a.b in *.b) echo m;; esac; case .x in *) echo dot;; esac; case a/b in *) echo slash;; esac
case ab in a?) echo q;; esac; case ] in []]) echo bracket;; esac; case - in [a-]) echo dash;; esac
case a in [[:alpha:]]) echo class;; esac; case 1 in [[:alpha:]]) ;; [[:digit:]]) echo digit;; esac
v=*; echo "$v"; v='a b'; echo $v; IFS=b; echo $v
unset IFS; echo /e*c/pass?d; echo //etc/passw[d]; echo /etc/passw\d
