# atftp with options: block size, window size, transfer size.
. "$(dirname "$0")/../lib.sh"
needs atftp
. "$HERE/tftp.sh"

options=()
fetch() { # NAME FILE
    on_client atftp "${options[@]}" --get --remote-file "$1" --local-file "$2" "$SERVER_ADDRESS"
}

tftp_network
fetch_all
options=(--option "tsize enable" --option "blksize 1428" --option "timeout 3")
fetch_all
options=(--option "blksize 1428" --option "windowsize 16")
fetch_all
options=(--option "blksize 65464")
fetch_all
refused nothing.here
refused ../canary
refused escape

stop
say "all sizes with and without options"
