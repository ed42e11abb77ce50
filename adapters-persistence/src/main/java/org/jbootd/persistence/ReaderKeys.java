package org.jbootd.persistence;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The passwords of the two who may only read the embedded database.
 *
 * @param auditor of who asks at {@code sql_port}; may be empty. He can change it, as H2 lets everybody change his own
 * @param commands of this process itself, which asks for commands; nobody else knows it
 */
record ReaderKeys(String auditor, String commands) {

    private static final int OCTETS = 24;

    static ReaderKeys of(String auditor) {
        byte[] random = new byte[OCTETS];
        new SecureRandom().nextBytes(random);
        return new ReaderKeys(auditor, HexFormat.of().formatHex(random));
    }

    /** Shows none of them. */
    @Override
    public String toString() {
        return "ReaderKeys";
    }
}
