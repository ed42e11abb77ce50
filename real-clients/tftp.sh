# What the scenarios of the TFTP clients share; each defines `fetch NAME FILE`.

readonly SIZES=(0 1 511 512 513 41943040)

# A client with an address, a daemon with files of the sizes above, and things which nobody may fetch.
tftp_network() {
    local size
    network 52:54:00:0b:06:01
    ip -n "$CLIENT_NS" addr add 10.77.0.2/24 dev eth0
    for size in "${SIZES[@]}"; do
        head -c "$size" /dev/urandom >"$ROOT/file-$size"
    done
    mkdir "$ROOT/x"
    echo canary >"$WORK/canary"
    ln -s "$WORK/canary" "$ROOT/escape"
    settings
    start
}

# Fetches the files of the sizes given, or else of all, and compares what arrived.
fetch_all() {
    local size began
    [ $# -gt 0 ] || set -- "${SIZES[@]}"
    for size in "$@"; do
        rm -f "$WORK/got"
        began=$(date +%s%N)
        fetch "file-$size" "$WORK/got" || fail "$size octets: the client failed"
        [ -e "$WORK/got" ] || : >"$WORK/got" # a client may write nothing for an empty file
        same "checksum of $size octets" "$(sha256sum <"$ROOT/file-$size")" "$(sha256sum <"$WORK/got")"
    done
    say "all sizes; the last one in $((($(date +%s%N) - began) / 1000000)) ms ${options[*]:-}"
}

# Expects the client to be told at once that there is no such file for it, and to get nothing of it.
refused() {
    local began=$SECONDS
    rm -f "$WORK/got"
    fetch "$1" "$WORK/got" && status=0 || status=$?
    if [ -s "$WORK/got" ]; then fail "$1: $(wc -c <"$WORK/got") octets arrived"; fi
    [ $((SECONDS - began)) -le 3 ] || fail "$1: no answer; the client gave up after $((SECONDS - began)) s"
    say "refused: $1"
}
