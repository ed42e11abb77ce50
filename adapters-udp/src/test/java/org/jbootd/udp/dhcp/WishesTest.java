package org.jbootd.udp.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;
import org.jbootd.domain.net.Octets;
import org.junit.jupiter.api.Test;

class WishesTest {

    @Test
    void areReadInTheClientsOrder() {
        assertThat(wishes("060301").codes().map(Stream::toList))
                .hasValueSatisfying(codes -> assertThat(codes).containsExactly(6, 3, 1));
        assertThat(wishes("0603").include(3)).isTrue();
        assertThat(wishes("0603").include(1)).isFalse();
        assertThat(new Wishes(Options.NONE).codes()).isEmpty();
    }

    @Test
    void areNotReadBeyondWhatOneOptionHolds() {
        String list = "06".repeat(Wishes.MAX_CODES - 1);
        assertThat(wishes(list + "0103").include(1)).as("the last one").isTrue();
        assertThat(wishes(list + "0103").include(3)).as("behind the last one").isFalse();
    }

    private static Wishes wishes(String hex) {
        return new Wishes(Options.of(Map.of(OptionCode.PARAMETER_LIST, Octets.parseHex(hex))));
    }
}
