# tftp-hpa: files of every interesting size, and what must not be fetched.
. "$(dirname "$0")/../lib.sh"
needs tftp
. "$HERE/tftp.sh"

fetch() { # NAME FILE
    on_client tftp -4 -m octet "$SERVER_ADDRESS" -c get "$1" "$2"
}

tftp_network
fetch_all
refused nothing.here
refused ../canary
refused /../canary
refused '..\canary'
refused x/../../canary
refused escape
refused "$WORK/canary"

# text mode turns line feeds into CR LF on the wire and the client turns them back
seq 1 2000 >"$ROOT/text"
on_client tftp -4 -m netascii "$SERVER_ADDRESS" -c get text "$WORK/got"
cmp "$ROOT/text" "$WORK/got" || fail "netascii: the text differs"

stop
say "all sizes, netascii, and nothing from outside the root"
