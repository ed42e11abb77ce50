package org.jbootd.domain.client;

import java.util.Optional;

/** A processor architecture type of IANA's registry (RFC 4578 §2.1, option 93), 0 to 65535. */
public record ClientArchitecture(int code) {

    public ClientArchitecture {
        if (code < 0 || code > 0xffff) {
            throw new IllegalArgumentException("an architecture is 0 to 65535, not " + code);
        }
    }

    /** The architecture in a vendor class such as {@code PXEClient:Arch:00007:UNDI:003000} (RFC 4578 §3). */
    public static Optional<ClientArchitecture> inVendorClass(String vendorClass) {
        String[] parts = vendorClass.split(":", 4);
        if (parts.length < 3 || !parts[1].equalsIgnoreCase("Arch") || !parts[2].matches("\\d{1,5}")) {
            return Optional.empty();
        }
        int code = Integer.parseInt(parts[2]);
        return code > 0xffff ? Optional.empty() : Optional.of(new ClientArchitecture(code));
    }
}
