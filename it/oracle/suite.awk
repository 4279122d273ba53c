# Reads a conformance suite (format: it/README.md).
#   mode=split: writes each command to DIR/0001, DIR/0002...
#   mode=merge: prints the suite with what DIR/0001 and DIR/0001.status say in place of the old expectations
function finish(   file, line, text, whole, lines, count, i) {
    if (!open) return
    open = 0
    file = sprintf("%s/%04d", dir, n)
    if (mode == "split") { printf "%s", command > file; close(file); return }
    RS = "\001"; text = ""; getline text < file; close(file)
    getline line < (file ".status"); close(file ".status"); RS = "\n"
    sub(/\n$/, "", line)
    if (text != "") {
        whole = sub(/\n$/, "", text)
        count = split(text, lines, "\n")
        for (i = 1; i <= count; i++) print (lines[i] == "" ? "|" : "| " lines[i])
        if (!whole) print "\\"
    }
    print "? " line
}
/^\$ /      { finish(); n++; open = 1; command = substr($0, 3); if (mode == "merge") print; next }
/^>/ && open { command = command "\n" substr($0, 3); if (mode == "merge") print; next }
/^[|?\\]/   { next }
            { finish(); if (mode == "merge") print }
END         { finish() }
