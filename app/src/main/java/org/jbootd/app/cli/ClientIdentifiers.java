package org.jbootd.app.cli;

import org.jbootd.domain.net.Octets;

/** A client identifier (option 61) as people write it. */
final class ClientIdentifiers {

    private ClientIdentifiers() {}

    /** @throws IllegalArgumentException saying how to write it */
    static Octets parse(String text) {
        String digits = text.replaceAll("[-:]", "");
        if (!digits.matches("([0-9a-fA-F]{2}){1,255}")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a client identifier: write 1 to 255 octets as two hex digits each");
        }
        return Octets.parseHex(digits);
    }
}
