package org.jbootd.udp.tftp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/** Read requests of real clients, each as its octets on the wire. */
final class RealRequests {

    private RealRequests() {}

    static List<byte[]> all() throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                RealRequests.class.getResourceAsStream("read-requests.hex"), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(HexFormat.of()::parseHex)
                    .toList();
        }
    }
}
