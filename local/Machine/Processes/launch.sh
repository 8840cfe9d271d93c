# Runs a program and appends its output to a file. First writes a note that names the process, because the caller may die meanwhile.
# This process becomes the program. If there is no new note, the program did not start, and the reason is on standard error.
# With a file for the end, this process starts the program as its child, waits for it and writes its exit code there: nobody else can
# know how a program ended whose caller may have died. A shell starts such a child with SIGINT and SIGQUIT ignored.
# Usage: sh launch.sh NOTE_FILE LOG_FILE END_FILE PROGRAM [ARGUMENTS…]; an empty END_FILE for none
set -eu
note=$1
log=$2
end=$3
shift 3

if [ -n "$end" ]; then
    rm -f "$end"
    /bin/sh "$0" "$note" "$log" "" "$@" &
    child=$!

    # The caller reads what this process had open until nobody holds it any more.
    exec </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
    code=0
    wait "$child" || code=$?
    printf '{"pid":%d,"exitCode":%d}' "$child" "$code" >"$end.partial"
    mv -f "$end.partial" "$end"
    exit 0
fi

# Closes inherited files, as InheritedFiles.cs does on Linux for those above 9, too. A lock that a caller's shell holds through an
# open file would otherwise last as long as the program.
exec 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
exec 3>>"$log" </dev/null
if ! command -v "$1" >/dev/null; then
    echo "it is not on the PATH" >&2
    exit 127
fi

# The start as ProcessIdentity.cs writes it on Linux. Elsewhere a shell cannot find it out, and DetachedProcess.cs adds it.
start=
field20() {
    shift 19
    echo "$1"
}
if [ -r /proc/sys/kernel/random/boot_id ]; then
    stat=$(cat "/proc/$$/stat")
    start=$(cat /proc/sys/kernel/random/boot_id)/$(field20 ${stat##*) })
fi
rm -f "$note.partial"
(umask 077 && printf '{"pid":%d,"start":"%s"}' "$$" "$start" >"$note.partial")
mv -f "$note.partial" "$note"
exec "$@" >&3 2>&3 3>&-
