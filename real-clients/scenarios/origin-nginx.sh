# nginx as the root of [tftp]: odd names, sizes, missing and changed files, a crowd that reads one file while it arrives,
# and an origin that is gone.
. "$(dirname "$0")/../lib.sh"
. "$HERE/nginx.sh"
needs tftp atftp curl
READERS=${READERS:-120} # of one file at once; the daemon allows 512 of one client's address
MOST_MB=400             # what the daemon may take of the memory meanwhile

NAMES=('with blank' 'ten%percent' 'not%41A' 'plus+plus' 'größe' 'a#b?c=d&e' "quote'd" 'semi;colon' 'dir.d/two words/x')

network 52:54:00:0b:21:01
ip -n "$CLIENT_NS" addr add 10.77.0.2/24 dev eth0
for name in "${NAMES[@]}"; do
    mkdir -p "$ROOT/$(dirname "$name")"
    { echo "$name" && head -c 3000 /dev/urandom; } >"$ROOT/$name"
done
head -c 52428800 /dev/urandom >"$ROOT/big"
echo first >"$ROOT/changing"
# the big file takes some 13 s from here, so that the crowd is there before it is
web_root "location = /files/big { alias $ROOT/big; limit_rate 4m; }"
settings
start

by_tftp() { on_client tftp -4 -m octet "$SERVER_ADDRESS" -c get "$1" "$2" </dev/null; }
by_atftp() { on_client atftp --get -r "$1" -l "$2" "$SERVER_ADDRESS" </dev/null; }
by_curl() { on_client curl -sS -v --path-as-is --max-time 30 -o "$2" "tftp://$SERVER_ADDRESS/$(escaped "$1")" 2>"$WORK/curl"; }

# Each octet of a name as a URL may hold it.
escaped() { printf %s "$1" | od -An -v -tx1 | tr -d '\n' | tr ' ' %; }

for name in "${NAMES[@]}"; do
    for client in by_tftp by_atftp by_curl; do
        rm -f "$WORK/got"
        "$client" "$name" "$WORK/got" || fail "$client: '$name' could not be fetched"
        cmp "$ROOT/$name" "$WORK/got" || fail "$client: '$name' is not what arrived"
    done
    grep -q "tsize parsed from OACK ($(stat -c %s "$ROOT/$name"))" "$WORK/curl" || fail "'$name': another tsize"
done
same "downloads of ${#NAMES[@]} files, three times each" ${#NAMES[@]} "$(requests '^200 http GET /files/')"
say "odd names by three clients"

by_curl nothing.here "$WORK/got" && status=0 || status=$?
same "curl's word for error 1, file not found" 68 "$status"
by_curl ../big "$WORK/got" && fail "a path out of the root was fetched"
say "a missing file is error 1"

is() { by_curl changing "$WORK/got" && [ "$(cat "$WORK/got")" = "$1" ]; }
is first || fail "the changing file is not there"
echo another >"$ROOT/changing"
within 15 is another || fail "the changed file is not seen"
say "a changed file is seen"

# reader NUMBER: adds the checksum of what it reads to the file $WORK/sums.
reader() {
    on_client curl -sS --tftp-blksize 16384 --max-time 240 "tftp://$SERVER_ADDRESS/big" | checksum >>"$WORK/sums"
}
checksum() { openssl dgst -sha256 -r; } # six times as fast as sha256sum

began=$(date +%s)
pids=()
for ((i = 0; i < READERS; i++)); do
    reader &
    pids+=($!)
done
if grep -q /files/big "$ACCESS_LOG"; then fail "the file was there before its readers were"; fi
say "$READERS readers after $(($(date +%s) - began)) s"
wait "${pids[@]}"
took=$(($(date +%s) - began))
same "checksums of what $READERS readers got" "$READERS $(checksum <"$ROOT/big")" "$(sort "$WORK/sums" | uniq -c | sed 's/^ *//')"
same "downloads of one file for $READERS readers" 1 "$(requests '/files/big')"
resident=$(($(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$daemon/status") / 1024))
[ "$resident" -le $MOST_MB ] || fail "the daemon took $resident MB of the memory"
say "$READERS readers, one download, $took s, at most $resident MB resident"

web_killed
is another || fail "a file that is here was not served without its origin"
by_curl never-asked-for "$WORK/got" && status=0 || status=$?
[ $status != 0 ] && [ $status != 68 ] || fail "a file that is not here: curl says $status"
web_on
is another || fail "the origin is back, and the file is not"

stop
say "${#NAMES[@]} odd names, changed, stale; $READERS readers of 50 MB: one GET, $took s, $resident MB"
