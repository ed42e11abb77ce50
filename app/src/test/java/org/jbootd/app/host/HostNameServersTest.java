package org.jbootd.app.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostNameServersTest {

    @TempDir
    private Path directory;

    private List<Ipv4> read(String first, String second) throws IOException {
        return new HostNameServers(List.of(
                        Files.writeString(directory.resolve("first"), first),
                        Files.writeString(directory.resolve("second"), second)))
                .read();
    }

    @Test
    void theFirstThreeIpv4AddressesCount() throws IOException {
        assertThat(read(
                        "# c\nsearch a\nnameserver fe80::1\nnameserver 10.0.0.1\n nameserver\t10.0.0.2 \nnameserver x\n"
                                + "nameserver 10.0.0.1\nnameserver 10.0.0.3\nnameserver 10.0.0.4\n",
                        ""))
                .containsExactly(Ipv4.parse("10.0.0.1"), Ipv4.parse("10.0.0.2"), Ipv4.parse("10.0.0.3"));
    }

    @Test
    void aResolverOnLoopbackStandsForThoseItAsks() throws IOException {
        assertThat(read("nameserver 127.0.0.53\n", "nameserver 10.0.0.9\n")).containsExactly(Ipv4.parse("10.0.0.9"));
    }

    @Test
    void aFileThatIsNotThereNamesNone() {
        assertThat(new HostNameServers(List.of(directory.resolve("nowhere"), directory)).read())
                .isEmpty();
    }
}
