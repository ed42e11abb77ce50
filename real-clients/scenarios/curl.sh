# curl: its default options, none, and large blocks.
. "$(dirname "$0")/../lib.sh"
needs curl
. "$HERE/tftp.sh"

options=()
sizes=("${SIZES[@]:1}") # with options not the empty file: this curl takes an OACK with tsize=0 for an error
fetch() { # NAME FILE
    on_client curl --silent --show-error --path-as-is --max-time 60 "${options[@]}" --output "$2" "tftp://$SERVER_ADDRESS/$1"
}

tftp_network
fetch_all "${sizes[@]}"
options=(--tftp-blksize 1428)
fetch_all "${sizes[@]}"
options=(--tftp-blksize 65464)
fetch_all "${sizes[@]}"
options=(--tftp-no-options)
fetch_all
refused nothing.here
refused ../canary
refused /../canary
refused escape

stop
say "all sizes with and without options"
