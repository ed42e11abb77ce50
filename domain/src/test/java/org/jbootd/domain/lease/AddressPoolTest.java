package org.jbootd.domain.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressPoolTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.99, false, -1",
        "10.0.0.100, true, 0",
        "10.0.0.102, true, 2",
        "10.0.0.103, false, 3",
        "200.0.0.100, false, 3187671040"
    })
    void anAddressIsInItOrSoManyStepsAway(String address, boolean inside, long index) {
        AddressPool pool = new AddressPool(Ipv4.parse("10.0.0.100"), 3);

        assertThat(pool.contains(Ipv4.parse(address))).isEqualTo(inside);
        assertThat(pool.indexOf(Ipv4.parse(address))).isEqualTo(index);
    }

    @Test
    void itMayBeEmptyAndGoOverTheMiddleOfAllAddresses() {
        assertThat(new AddressPool(Ipv4.parse("10.0.0.100"), 0).contains(Ipv4.parse("10.0.0.100")))
                .isFalse();
        AddressPool middle = new AddressPool(Ipv4.parse("127.255.255.255"), 2);
        assertThat(middle.at(1)).isEqualTo(Ipv4.parse("128.0.0.0"));
        assertThat(middle.contains(Ipv4.parse("128.0.0.0"))).isTrue();
    }

    @Test
    void itEndsWithTheLastAddressThereIs() {
        assertThat(new AddressPool(Ipv4.parse("255.255.255.254"), 2).at(1)).isEqualTo(Ipv4.BROADCAST);
        assertThatThrownBy(() -> new AddressPool(Ipv4.parse("255.255.255.254"), 3))
                .hasMessage("a pool of 3 from 255.255.255.254 runs past 255.255.255.255");
        assertThatThrownBy(() -> new AddressPool(Ipv4.parse("10.0.0.1"), -1))
                .hasMessage("a pool holds no negative number of addresses: -1");
    }
}
