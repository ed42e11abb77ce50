package org.jbootd.udp;

/**
 * A socket that could not be had. The message is one line for the operator: address and port, what is wrong, and what
 * mends it.
 */
public final class BindFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private BindFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * @param where for instance {@code "0.0.0.0"} or {@code "0.0.0.0 (eth0)"}
     * @param port the UDP port that was asked for
     */
    public static BindFailure of(String where, int port, Throwable cause) {
        String what = String.valueOf(cause.getMessage());
        return new BindFailure("cannot listen on " + where + ", UDP port " + port + ": " + explain(what, port), cause);
    }

    private static String explain(String what, int port) {
        if (what.contains("in use")) {
            return "the port is in use by " + PortOwner.describe(port) + "; stop that program, or choose another port";
        }
        if (what.contains("Permission denied") || what.contains("not permitted")) {
            return "permission denied; run as root, or grant the capabilities CAP_NET_BIND_SERVICE and CAP_NET_RAW";
        }
        if (what.contains("assign requested address")) {
            return "this host has no such address; choose one of its own";
        }
        if (what.contains("No such device")) {
            return "there is no such interface; 'ip link' lists those that exist";
        }
        return what;
    }
}
