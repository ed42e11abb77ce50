package org.jbootd.app.leases.takeover;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Whose file can be taken over. */
public enum LeaseFormat {

    /** {@code dnsmasq.leases}. */
    DNSMASQ("dnsmasq", DnsmasqLeases::read),
    /** {@code dhcpd.leases}. */
    ISC_DHCPD("isc-dhcpd", DhcpdLeases::read),
    /** {@code kea-leases4.csv}. */
    KEA("kea", KeaLeases::read),
    /** {@code [static_dhcp]} of {@code pybootd.ini}. */
    PYBOOTD("pybootd", PybootdReservations::read);

    private interface Reader {
        void read(Path file, Instant now, Intake intake) throws IOException;
    }

    private final String word;
    private final Reader reader;

    LeaseFormat(String word, Reader reader) {
        this.word = word;
        this.reader = reader;
    }

    /** Reads how the command line names one. @throws IllegalArgumentException saying which there are */
    public static LeaseFormat parse(String text) {
        return Arrays.stream(values())
                .filter(format -> format.word.equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is none of "
                        + Arrays.stream(values()).map(LeaseFormat::toString).collect(Collectors.joining(", "))));
    }

    /** @param now leases that were given back before their end have ended by then */
    void read(Path file, Instant now, Intake intake) throws IOException {
        reader.read(file, now, intake);
    }

    /** As the command line has it. */
    @Override
    public String toString() {
        return word;
    }
}
