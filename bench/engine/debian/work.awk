# Words counted, fields summed, lines matched.
{ for (i = 1; i <= NF; i++) count[$i]++; length_ += length($0) }
/[aeiou]{2}/ { matched++ }
END { for (w in count) { words++; if (count[w] > most) most = count[w] } print words, most, length_, matched }
