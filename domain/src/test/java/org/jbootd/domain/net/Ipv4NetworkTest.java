package org.jbootd.domain.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Ipv4NetworkTest {

    @ParameterizedTest
    @CsvSource({
        "10.20.30.40, 0.0.0.0, 0.0.0.0/0, 255.255.255.255",
        "10.20.30.40, 128.0.0.0, 0.0.0.0/1, 127.255.255.255",
        "10.20.30.40, 255.255.0.0, 10.20.0.0/16, 10.20.255.255",
        "10.20.30.40, 255.255.255.192, 10.20.30.0/26, 10.20.30.63",
        "10.20.30.41, 255.255.255.254, 10.20.30.40/31, 10.20.30.41",
        "10.20.30.40, 255.255.255.255, 10.20.30.40/32, 10.20.30.40"
    })
    void aMemberAndAMaskNameANetwork(String member, String mask, String network, String broadcast) {
        Ipv4Network named = Ipv4Network.of(Ipv4.parse(member), Ipv4.parse(mask));

        assertThat(named).hasToString(network);
        assertThat(named.mask()).hasToString(mask);
        assertThat(named.broadcast()).hasToString(broadcast);
    }

    @ParameterizedTest
    @ValueSource(strings = {"255.0.255.0", "0.0.0.255", "255.255.255.1", "127.255.255.255"})
    void aMaskWithHolesIsRefused(String mask) {
        assertThatThrownBy(() -> Ipv4Network.of(Ipv4.parse("10.0.0.1"), Ipv4.parse(mask)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(mask + " is not a netmask: write ones, then zeros, as in 255.255.255.0");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 33})
    void aPrefixThatNoAddressHasIsRefused(int prefix) {
        assertThatThrownBy(() -> new Ipv4Network(Ipv4.parse("10.0.0.0"), prefix))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a network prefix is 0 to 32, not " + prefix);
    }

    /** A /31 has two hosts and nothing else (RFC 3021), a /32 one. */
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0, 24, 10.0.0.0, true, false",
        "10.0.0.0, 24, 10.0.0.1, true, true",
        "10.0.0.0, 24, 10.0.0.254, true, true",
        "10.0.0.0, 24, 10.0.0.255, true, false",
        "10.0.0.0, 24, 10.0.1.1, false, false",
        "10.0.0.0, 24, 9.255.255.255, false, false",
        "10.0.0.0, 30, 10.0.0.0, true, false",
        "10.0.0.0, 30, 10.0.0.3, true, false",
        "10.0.0.0, 31, 10.0.0.0, true, true",
        "10.0.0.0, 31, 10.0.0.1, true, true",
        "10.0.0.0, 31, 10.0.0.2, false, false",
        "10.0.0.7, 32, 10.0.0.7, true, true",
        "0.0.0.0, 0, 192.0.2.1, true, true"
    })
    void someAddressesOfANetworkAreNoHosts(String base, int prefix, String address, boolean member, boolean host) {
        Ipv4Network network = new Ipv4Network(Ipv4.parse(base), prefix);

        assertThat(network.contains(Ipv4.parse(address))).isEqualTo(member);
        assertThat(network.hasHost(Ipv4.parse(address))).isEqualTo(host);
    }

    @Test
    void anyMemberNamesTheSameNetwork() {
        assertThat(new Ipv4Network(Ipv4.parse("10.0.0.77"), 24)).isEqualTo(new Ipv4Network(Ipv4.parse("10.0.0.0"), 24));
    }
}
