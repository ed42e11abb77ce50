# A web server that the daemon asks: Debian's nginx in the server's namespace, with nothing of the host's own settings.

needs nginx curl openssl
readonly NGINX=$WORK/nginx
readonly ACCESS_LOG=$NGINX/access.log
web= # the group of nginx's processes while it runs

# web_server CONFIGURATION: writes nginx's settings around what belongs between `http {` and `}`, and starts it.
web_server() {
    mkdir -p "$NGINX"
    : >"$ACCESS_LOG"
    cat >"$NGINX/nginx.conf" <<CONF
# the scenario's directory is root's alone
user root;
worker_processes 1;
daemon off;
pid $NGINX/pid;
error_log $NGINX/error.log info;
events { worker_connections 1024; }
http {
    log_format question '\$status \$scheme \$request \$http_range';
    access_log $ACCESS_LOG question;
    client_body_temp_path $NGINX/body;
    default_type application/octet-stream;
    sendfile on;
    map_hash_bucket_size 128;
    server {
        listen 127.0.0.1:80;
        access_log off;
        return 204;
    }
$1
}
CONF
    web_on
}

web_on() {
    spawn ip netns exec "$SERVER_NS" nginx -p "$NGINX" -e "$NGINX/error.log" -c "$NGINX/nginx.conf"
    web=$started
    within 10 web_answers || {
        show "$NGINX/error.log" 10
        fail "nginx does not answer"
    }
}
web_answers() { on_server curl -s -o /dev/null http://127.0.0.1/; }

# Ends nginx as a crash would; its port refuses connections then.
web_killed() {
    kill -KILL -- "-$web"
    wait "$web" 2>/dev/null || true
    web=
    say "nginx killed"
}

# nginx takes connections, which the kernel does for it, and never answers.
web_hung() { kill -STOP -- "-$web" && say "nginx hung"; }
web_goes_on() { kill -CONT -- "-$web" && say "nginx goes on"; }

# Makes two certification authorities, one that issued nginx's certificate and one that did not.
certificates() {
    local name
    mkdir -p "$NGINX"
    for name in ours other; do
        openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$name" \
            -keyout "$NGINX/$name.key" -out "$NGINX/$name.pem" 2>/dev/null
    done
    openssl req -newkey rsa:2048 -nodes -subj "/CN=$SERVER_ADDRESS" \
        -keyout "$NGINX/server.key" -out "$NGINX/server.csr" 2>/dev/null
    openssl x509 -req -in "$NGINX/server.csr" -CA "$NGINX/ours.pem" -CAkey "$NGINX/ours.key" -CAcreateserial -days 2 \
        -extfile <(echo "subjectAltName=IP:$SERVER_ADDRESS") -out "$NGINX/server.pem" 2>/dev/null
}

# How many lines of the access log match a pattern.
requests() { grep -cE -- "$1" "$ACCESS_LOG" || true; }

# Serves $ROOT under http://…/files, and has the daemon take its files from there; $1 are locations of nginx's besides.
web_root() {
    ROOT_URL=http://$SERVER_ADDRESS/files
    web_server "
    server {
        listen $SERVER_ADDRESS:80;
        location /files/ { alias $ROOT/; }
        ${1:-}
    }"
}
