package org.jbootd.app.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.util.List;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.Test;

class HostNetworksTest {

    @Test
    void loopbackIsAmongTheNetworksOfThisHost() {
        HostNetworks host = HostNetworks.ofThisHost();

        assertThat(host.hasAddress(Ipv4.parse("127.0.0.1"))).isTrue();
        assertThat(host.all())
                .filteredOn(network -> network.address().equals(Ipv4.parse("127.0.0.1")))
                .singleElement()
                .satisfies(network -> {
                    assertThat(network.network().contains(Ipv4.parse("127.77.0.100")))
                            .isTrue();
                    assertThat(host.hasDevice(network.device())).isTrue();
                });
    }

    /** The main address of an interface comes before those added to it; Java has it the other way round. */
    @Test
    void networksComeInTheOrderThatTheSystemListsThem() throws InterruptedException {
        List<String> listed = listedByIp();

        assertThat(HostNetworks.ofThisHost().all())
                .extracting(HostNetwork::toString)
                .filteredOn(listed::contains)
                .isEqualTo(listed);
    }

    /** Of interfaces that are up, as {@code lo 127.0.0.1/8}. */
    private static List<String> listedByIp() throws InterruptedException {
        try {
            Process ip = new ProcessBuilder("ip", "-4", "-o", "address", "show", "up").start();
            List<String> lines = ip.inputReader()
                    .lines()
                    .map(line -> line.split("\\s+"))
                    .filter(words -> words[2].equals("inet") && words[3].contains("/"))
                    .map(words -> words[1] + " " + words[3])
                    .toList();
            ip.waitFor();
            return lines;
        } catch (IOException none) {
            return abort("left out: there is no program 'ip' (" + none.getMessage() + ")");
        }
    }
}
