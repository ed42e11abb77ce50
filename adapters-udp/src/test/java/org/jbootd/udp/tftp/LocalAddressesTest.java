package org.jbootd.udp.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Which addresses several hosts answer to: requests to them are passed over (RFC 1123 §4.2.3.5). */
class LocalAddressesTest {

    private final LocalAddresses locals = new LocalAddresses();

    @Test
    void everybodyAndGroupsAreShared() throws Exception {
        for (String shared : List.of("255.255.255.255", "224.0.1.2", "239.1.2.3")) {
            assertThat(locals.isShared(InetAddress.getByName(shared)))
                    .as(shared)
                    .isTrue();
        }
        assertThat(locals.isShared(InetAddress.getByName("127.0.0.1"))).isFalse();
    }

    @Test
    void soAreTheBroadcastAddressesOfThisHostsNetworks() throws Exception {
        List<InterfaceAddress> own = NetworkInterface.networkInterfaces()
                .flatMap(card -> card.getInterfaceAddresses().stream())
                .toList();
        assertThat(own.stream().map(InterfaceAddress::getBroadcast).filter(Objects::nonNull))
                .allMatch(locals::isShared);
        assertThat(own.stream().map(InterfaceAddress::getAddress)).noneMatch(locals::isShared);
    }
}
