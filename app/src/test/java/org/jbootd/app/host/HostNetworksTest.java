package org.jbootd.app.host;

import static org.assertj.core.api.Assertions.assertThat;

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
}
