package org.jbootd.udp.notify;

/** Where notifications go. @param host an IPv4 address, or a name that is looked up while the daemon runs */
public record ListenerAddress(String host, int port) {

    public ListenerAddress {
        if (host.isEmpty()) {
            throw new IllegalArgumentException("a listener has a host");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("a port is 1 to 65535, not " + port);
        }
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
