package org.jbootd.domain.transfer;

import java.util.Locale;
import java.util.Optional;

/** How a file travels (RFC 1350 §1). Mail is long gone, and not among them. */
public enum TransferMode {
    /** Octet for octet. */
    OCTET,
    /** Text, its line ends converted by {@link Netascii}. */
    NETASCII;

    /** Upper and lower case are the same (RFC 1350 §5). Empty for a mode nobody serves. */
    public static Optional<TransferMode> parse(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "octet" -> Optional.of(OCTET);
            case "netascii" -> Optional.of(NETASCII);
            default -> Optional.empty();
        };
    }
}
