package org.jbootd.domain.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.Test;

class AssignedNamesTest {

    private static final Ipv4 FIRST = Ipv4.parse("10.0.0.100");

    private final AssignedNames names = new AssignedNames();

    @Test
    void whatWasSaidLastHolds() {
        names.assign(FIRST, Optional.of("a"));
        names.assign(FIRST, Optional.of("dir/b"));
        assertThat(names.of(FIRST)).isEqualTo(RequestedPath.parse("dir/b"));

        names.assign(FIRST, Optional.empty());
        assertThat(names.of(FIRST)).isEmpty();
    }

    @Test
    void aNameThatIsNeverServedIsNone() {
        names.assign(FIRST, Optional.of("a"));
        names.assign(FIRST, Optional.of("../etc/passwd"));

        assertThat(names.of(FIRST)).isEmpty();
    }

    @Test
    void theOneNotAskedForTheLongestGoes() {
        for (int i = 0; i < AssignedNames.MAX; i++) {
            names.assign(address(i), Optional.of("a"));
        }
        assertThat(names.of(address(0))).isPresent();

        names.assign(address(AssignedNames.MAX), Optional.of("a"));

        assertThat(names.of(address(0))).isPresent();
        assertThat(names.of(address(1))).isEmpty();
    }

    private static Ipv4 address(int i) {
        return new Ipv4(FIRST.bits() + i);
    }
}
