package org.jbootd.domain.lease;

/** Whose doing a change of a lease was. Each is stored by {@link #code}, which never changes its meaning. */
public enum Cause {
    /** Not recorded: the change was stored by a version that did not. */
    UNKNOWN(0),
    /** A REQUEST that took up an offer (RFC 2131 §4.3.2, SELECTING). */
    SELECT(1),
    /** A REQUEST of a machine that starts again with the address it had (INIT-REBOOT). */
    REBOOT(2),
    /** A REQUEST by unicast to go on using an address (RENEWING). */
    RENEW(3),
    /** A REQUEST by broadcast, or through a relay, to go on using an address (REBINDING). */
    REBIND(4),
    /** A BOOTP request (RFC 951). */
    BOOTP(5),
    /** A RELEASE. */
    RELEASE(6),
    /** A DECLINE. */
    DECLINE(7),
    /** This server asked the network, and somebody has the address ({@code ping_check}). */
    PROBE(8),
    /** The lease ran out. */
    TIME(9),
    /** Another configuration: clients are known by something else ({@code identity}). */
    SETTINGS(10),
    /** A command of the operator's. */
    OPERATOR(11),
    /** The leases of another server, taken over. */
    IMPORT(12);

    private final int code;

    Cause(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** @throws IllegalArgumentException for a code that no cause has */
    public static Cause ofCode(int code) {
        for (Cause cause : values()) {
            if (cause.code == code) {
                return cause;
            }
        }
        throw new IllegalArgumentException("no cause has code " + code);
    }
}
